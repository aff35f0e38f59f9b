package main

import (
	"bytes"
	"strconv"
)

// packet is a message of a call, taken apart as far as a phone needs. Its slices point into the
// received bytes; parse overwrites them.
type packet struct {
	raw            []byte
	method, uri    []byte // of a request
	status         int    // of a response, else 0
	branch         []byte // of the top Via
	fromTag, toTag []byte
	callID         []byte
	cseq           uint32
	of             []byte // method in the CSeq
	contact        []byte // URI
	routes         [][]byte
	challenges     [][]byte
	proven         bool // bears credentials
	hops           int  // Max-Forwards; -1: none
	body           []byte
}

func (p *packet) parse(raw []byte) error {
	*p = packet{raw: raw, hops: -1, routes: p.routes[:0], challenges: p.challenges[:0]}
	head, body, found := bytes.Cut(raw, []byte("\r\n\r\n"))
	if !found {
		return errMalformed
	}
	p.body = body
	line, rest, _ := bytes.Cut(head, []byte("\r\n"))
	if after, ok := bytes.CutPrefix(line, []byte("SIP/2.0 ")); ok && len(after) >= 3 {
		p.status, _ = strconv.Atoi(string(after[:3]))
	} else if p.method, after, ok = bytes.Cut(line, []byte(" ")); ok {
		p.uri, _, _ = bytes.Cut(after, []byte(" "))
	}
	length := -1
	for len(rest) > 0 {
		line, rest, _ = bytes.Cut(rest, []byte("\r\n"))
		name, value, ok := bytes.Cut(line, []byte(":"))
		if !ok {
			return errMalformed
		}
		name, value = bytes.TrimRight(name, " \t"), bytes.TrimSpace(value)
		switch {
		case isHeader(name, "Via", 'v') && p.branch == nil:
			p.branch = parameter(value, "branch")
		case isHeader(name, "From", 'f'):
			p.fromTag = parameter(value, "tag")
		case isHeader(name, "To", 't'):
			p.toTag = parameter(value, "tag")
		case isHeader(name, "Call-ID", 'i'):
			p.callID = value
		case equalFold(name, "CSeq"):
			number, of, _ := bytes.Cut(value, []byte(" "))
			n, err := strconv.ParseUint(string(number), 10, 32)
			if err != nil {
				return errMalformed
			}
			p.cseq, p.of = uint32(n), bytes.TrimSpace(of)
		case isHeader(name, "Contact", 'm'):
			p.contact = address(value)
		case equalFold(name, "Record-Route"):
			for route := range bytes.SplitSeq(value, []byte(",")) { // no URI here has a comma
				p.routes = append(p.routes, bytes.TrimSpace(route))
			}
		case equalFold(name, "Proxy-Authenticate"):
			p.challenges = append(p.challenges, value)
		case equalFold(name, "Proxy-Authorization"):
			p.proven = true
		case equalFold(name, "Max-Forwards"):
			p.hops, _ = strconv.Atoi(string(value))
		case isHeader(name, "Content-Length", 'l'):
			length, _ = strconv.Atoi(string(value))
		}
	}
	if p.branch == nil || len(p.callID) == 0 || p.cseq == 0 || length > len(p.body) || p.status == 0 && len(p.uri) == 0 {
		return errMalformed
	}
	if length >= 0 {
		p.body = p.body[:length]
	}
	return nil
}

// parameter is a parameter of a Via, or of a From or To whose URI is in brackets.
func parameter(value []byte, name string) []byte {
	if end := bytes.LastIndexByte(value, '>'); end >= 0 {
		value = value[end:]
	}
	for part := range bytes.SplitSeq(value, []byte(";")) {
		if v, ok := cutPrefixFold(part, name+"="); ok {
			return v
		}
	}
	return nil
}

// address is the URI in a name-addr.
func address(value []byte) []byte {
	if _, after, ok := bytes.Cut(value, []byte("<")); ok {
		value, _, _ = bytes.Cut(after, []byte(">"))
		return value
	}
	value, _, _ = bytes.Cut(value, []byte(";"))
	return value
}

// userOf is the user part of a SIP URI.
func userOf(uri []byte) []byte {
	_, rest, _ := bytes.Cut(uri, []byte(":"))
	user, _, ok := bytes.Cut(rest, []byte("@"))
	if !ok {
		return nil
	}
	return user
}

// appendAnswer appends a response to request as a phone gives it: with its tag in the To unless tag is
// empty, its Contact unless that is empty, and a body (SDP) unless that is empty.
func appendAnswer(dst, request []byte, status, tag, contact, body string) []byte {
	dst = append(append(append(dst, "SIP/2.0 "...), status...), "\r\n"...)
	_, rest, _ := bytes.Cut(request, []byte("\r\n"))
	for {
		line, after, found := bytes.Cut(rest, []byte("\r\n"))
		if !found || len(line) == 0 {
			break
		}
		rest = after
		name, _, _ := bytes.Cut(line, []byte(":"))
		name = bytes.TrimRight(name, " ")
		switch {
		case isHeader(name, "Via", 'v'), isHeader(name, "From", 'f'), isHeader(name, "Call-ID", 'i'), equalFold(name, "CSeq"),
			equalFold(name, "Record-Route") && contact != "":
			dst = append(append(dst, line...), "\r\n"...)
		case isHeader(name, "To", 't'):
			dst = append(dst, line...)
			if tag != "" && !bytes.Contains(line, []byte(";tag=")) {
				dst = append(append(dst, ";tag="...), tag...)
			}
			dst = append(dst, "\r\n"...)
		}
	}
	if contact != "" {
		dst = append(append(append(dst, "Contact: <"...), contact...), ">\r\n"...)
	}
	if body != "" {
		dst = append(dst, "Content-Type: application/sdp\r\n"...)
	}
	dst = append(dst, "Content-Length: "...)
	dst = strconv.AppendInt(dst, int64(len(body)), 10)
	return append(append(dst, "\r\n\r\n"...), body...)
}
