package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"

	"golang.org/x/net/ipv4"
)

// bareChallenge has a constant nonce: the responder measures transport and parsing, not security.
const bareChallenge = "WWW-Authenticate: Digest realm=\"sip.test\", nonce=\"00112233445566778899aabbccddeeff\", qop=\"auth\", algorithm=MD5\r\n"

// respondOn answers every REGISTER without credentials by 401 and every other by 200 with its own
// Contacts, and checks nothing. It is the ceiling: what two datagrams each way cost by themselves.
func respondOn(ctx context.Context, address string) error {
	at, err := net.ResolveUDPAddr("udp4", address)
	if err != nil {
		return fmt.Errorf("resolving -serve: %w", err)
	}
	socket, err := net.ListenUDP("udp4", at)
	if err != nil {
		return fmt.Errorf("opening socket: %w", err)
	}
	defer socket.Close()
	context.AfterFunc(ctx, func() { socket.Close() })
	socket.SetReadBuffer(4 << 20)
	packets := ipv4.NewPacketConn(socket)
	in, out := make([]ipv4.Message, batch), make([]ipv4.Message, batch)
	space := make([][]byte, batch)
	for i := range in {
		in[i].Buffers = [][]byte{make([]byte, 4096)}
		out[i].Buffers = make([][]byte, 1)
	}
	for {
		n, err := packets.ReadBatch(in, 0)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return fmt.Errorf("receiving: %w", err)
		}
		for i := range n {
			msg := in[i].Buffers[0][:in[i].N]
			if bytes.Contains(msg, []byte("\r\nAuthorization:")) {
				space[i] = appendResponse(space[i][:0], msg, "200 OK", nil)
			} else {
				space[i] = appendResponse(space[i][:0], msg, "401 Unauthorized", []byte(bareChallenge))
			}
			out[i].Buffers[0], out[i].Addr = space[i], in[i].Addr
		}
		for sent := 0; sent < n; {
			k, err := packets.WriteBatch(out[sent:n], 0)
			if err != nil && !errors.Is(err, net.ErrClosed) {
				return fmt.Errorf("sending: %w", err)
			}
			if err != nil {
				return nil
			}
			sent += k
		}
	}
}

// appendResponse appends a response to request: the headers RFC 3261 8.2.6.2 copies, then extra
// (whole lines), and to a REGISTER that is accepted its own Contacts with a lifetime.
func appendResponse(dst, request []byte, status string, extra []byte) []byte {
	dst = append(append(append(dst, "SIP/2.0 "...), status...), "\r\n"...)
	register := bytes.HasPrefix(request, []byte("REGISTER ")) && extra == nil && !bytes.Contains(request, []byte("\r\nExpires: 0\r\n"))
	_, rest, _ := bytes.Cut(request, []byte("\r\n"))
	for {
		line, after, found := bytes.Cut(rest, []byte("\r\n"))
		if !found || len(line) == 0 {
			break
		}
		rest = after
		colon := max(bytes.IndexByte(line, ':'), 0)
		name := bytes.TrimRight(line[:colon], " ")
		switch {
		case isHeader(name, "Via", 'v'), isHeader(name, "From", 'f'), isHeader(name, "Call-ID", 'i'), equalFold(name, "CSeq"):
			dst = append(append(dst, line...), "\r\n"...)
		case isHeader(name, "To", 't'):
			dst = append(dst, line...)
			if !bytes.Contains(line, []byte(";tag=")) {
				dst = append(dst, ";tag=sipload"...)
			}
			dst = append(dst, "\r\n"...)
		case register && isHeader(name, "Contact", 'm'):
			dst = append(append(dst, line...), ";expires=3600\r\n"...)
		}
	}
	dst = append(dst, extra...)
	return append(dst, "Content-Length: 0\r\n\r\n"...)
}
