package main

import (
	"bytes"
	"encoding/hex"
	"errors"
	"strconv"
)

// act is what a REGISTER is for (RFC 3261 10.2).
type act int

const (
	bind   act = iota // add or refresh the phone's Contact
	unbind            // remove it
	query             // ask which bindings exist: authenticates, changes nothing
)

// branchCookie starts every branch of ours; 16 hex digits follow that name the attempt.
const branchCookie = "z9hG4bK-"

// envelope is what all REGISTERs sent through one socket have in common.
type envelope struct {
	local     string // our host:port, in Via and Contact
	transport string // UDP, TCP, TLS
	uri       string // request URI
	domain    string
	expires   int
}

func (e envelope) contact(dst []byte, p *phone) []byte {
	dst = append(append(append(append(dst, "sip:"...), p.name...), '@'), e.local...)
	switch e.transport {
	case "TCP":
		dst = append(dst, ";transport=tcp"...)
	case "TLS":
		dst = append(dst, ";transport=tls"...)
	}
	return dst
}

// appendRegister appends one REGISTER; authorization is a whole header line or empty.
func (e envelope) appendRegister(dst []byte, p *phone, a act, branch uint64, authorization []byte) []byte {
	dst = append(append(append(dst, "REGISTER "...), e.uri...), " SIP/2.0\r\nVia: SIP/2.0/"...)
	dst = append(append(append(dst, e.transport...), ' '), e.local...)
	dst = append(append(dst, ";rport;branch="...), branchCookie...)
	dst = appendHex64(dst, branch)
	dst = append(dst, "\r\nMax-Forwards: 70\r\nFrom: <sip:"...)
	dst = append(append(append(append(dst, p.user...), '@'), e.domain...), ">;tag="...)
	dst = append(appendHex64(dst, branch), "\r\nTo: <sip:"...)
	dst = append(append(append(append(dst, p.user...), '@'), e.domain...), ">\r\nCall-ID: "...)
	dst = append(append(dst, p.callID...), "\r\nCSeq: "...)
	dst = append(strconv.AppendUint(dst, uint64(p.cseq), 10), " REGISTER\r\n"...)
	if a != query {
		dst = e.contact(append(dst, "Contact: <"...), p)
		dst = append(append(dst, `>;+sip.instance="`...), p.instance...)
		dst = append(dst, "\"\r\nExpires: "...)
		if a == bind {
			dst = strconv.AppendInt(dst, int64(e.expires), 10)
		} else {
			dst = append(dst, '0')
		}
		dst = append(dst, "\r\n"...)
	}
	dst = append(dst, authorization...)
	return append(dst, "User-Agent: sipload\r\nContent-Length: 0\r\n\r\n"...)
}

func appendHex64(dst []byte, v uint64) []byte {
	for shift := 60; shift >= 0; shift -= 4 {
		dst = append(dst, "0123456789abcdef"[v>>shift&15])
	}
	return dst
}

// answer is a parsed response. Its slices point into the message; parse overwrites them.
type answer struct {
	status     int
	branch     uint64
	cseq       uint32
	callID     []byte
	contacts   [][]byte
	challenges [][]byte
}

var (
	errNotAnswer = errors.New("not a SIP response")
	errMalformed = errors.New("malformed response")
)

// parse reads the headers that a registering phone needs and fails on a message without them.
func (m *answer) parse(msg []byte) error {
	rest, ok := bytes.CutPrefix(msg, []byte("SIP/2.0 "))
	if !ok || len(rest) < 3 {
		return errNotAnswer
	}
	*m = answer{contacts: m.contacts[:0], challenges: m.challenges[:0]}
	m.status, _ = strconv.Atoi(string(rest[:3]))
	_, rest, _ = bytes.Cut(rest, []byte("\r\n"))
	for {
		line, after, found := bytes.Cut(rest, []byte("\r\n"))
		if !found {
			return errMalformed
		}
		if len(line) == 0 {
			break
		}
		rest = after
		colon := bytes.IndexByte(line, ':')
		if colon < 0 {
			return errMalformed
		}
		name, value := bytes.TrimRight(line[:colon], " \t"), bytes.TrimSpace(line[colon+1:])
		switch {
		case isHeader(name, "Via", 'v') && m.branch == 0:
			_, b, _ := bytes.Cut(value, []byte(branchCookie))
			var raw [8]byte
			if len(b) < 16 {
				return errMalformed
			}
			if _, err := hex.Decode(raw[:], b[:16]); err != nil {
				return errMalformed
			}
			for _, octet := range raw {
				m.branch = m.branch<<8 | uint64(octet)
			}
		case isHeader(name, "Call-ID", 'i'):
			m.callID = value
		case equalFold(name, "CSeq"):
			number, _, _ := bytes.Cut(value, []byte(" "))
			n, err := strconv.ParseUint(string(number), 10, 32)
			if err != nil {
				return errMalformed
			}
			m.cseq = uint32(n)
		case isHeader(name, "Contact", 'm'):
			m.contacts = append(m.contacts, value)
		case equalFold(name, "WWW-Authenticate"):
			m.challenges = append(m.challenges, value)
		}
	}
	if m.branch == 0 || len(m.callID) == 0 || m.cseq == 0 {
		return errMalformed
	}
	return nil
}

// holds reports whether one of the Contacts is uri with a lifetime above zero.
func (m *answer) holds(uri []byte) bool {
	for _, value := range m.contacts {
		at := bytes.Index(value, uri)
		if at < 0 {
			continue
		}
		after := value[at+len(uri):]
		if len(after) == 0 || after[0] != '>' && after[0] != ';' {
			continue
		}
		_, lifetime, ok := bytes.Cut(after, []byte(";expires="))
		if ok && len(lifetime) > 0 && lifetime[0] >= '1' && lifetime[0] <= '9' {
			return true
		}
	}
	return false
}

func isHeader(name []byte, long string, short byte) bool {
	return len(name) == 1 && name[0]|0x20 == short || equalFold(name, long)
}

// equalFold compares ASCII without regard to case and without allocating.
func equalFold(b []byte, s string) bool {
	return len(b) == len(s) && bytes.EqualFold(b, []byte(s))
}

func cutPrefixFold(b []byte, prefix string) ([]byte, bool) {
	if len(b) < len(prefix) || !equalFold(b[:len(prefix)], prefix) {
		return b, false
	}
	return b[len(prefix):], true
}
