package peer

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Listen wraps a listener before which balancers of from pass TCP through: each of
// their connections must begin with a PROXY protocol header, version 1 or 2, and
// its RemoteAddr is the one that the header tells. Nobody else's word counts: a
// header from elsewhere is read as what it is, bytes of no protocol.
func Listen(l net.Listener, from Proxies) net.Listener { return &passing{l, from} }

type passing struct {
	net.Listener
	from Proxies
}

func (p *passing) Accept() (net.Conn, error) {
	c, err := p.Listener.Accept()
	if err != nil || !p.from.Has(parse(c.RemoteAddr().String())) {
		return c, err
	}
	// The header is awaited by who reads: one silent balancer must not stop all.
	return &passed{Conn: c, in: bufio.NewReaderSize(c, headerMost)}, nil
}

const (
	headerMost     = 2048
	headerPatience = 5 * time.Second
)

// passed is a connection from a balancer.
type passed struct {
	net.Conn
	in   *bufio.Reader
	once sync.Once
	addr net.Addr
	err  error
}

var errHeader = errors.New("peer: no PROXY protocol header")

func (p *passed) header() {
	p.once.Do(func() {
		// Whoever serves sets its own deadline before each read of its own.
		stop := time.AfterFunc(headerPatience, func() { _ = p.Close() })
		defer stop.Stop()
		var a netip.AddrPort
		if a, p.err = readHeader(p.in); p.err == nil && a.IsValid() {
			p.addr = net.TCPAddrFromAddrPort(a)
		}
	})
}

func (p *passed) Read(b []byte) (int, error) {
	if p.header(); p.err != nil {
		return 0, p.err
	}
	return p.in.Read(b)
}

// RemoteAddr waits for the header.
func (p *passed) RemoteAddr() net.Addr {
	if p.header(); p.addr != nil {
		return p.addr
	}
	return p.Conn.RemoteAddr()
}

var (
	signature1 = []byte("PROXY ")
	signature2 = []byte("\r\n\r\n\x00\r\nQUIT\n")
)

// readHeader reads one header; the zero value: the balancer speaks for itself, such
// as when it looks whether we are there.
func readHeader(r *bufio.Reader) (netip.AddrPort, error) {
	b, err := r.Peek(len(signature1))
	if err == nil && bytes.Equal(b, signature1) {
		return readVersion1(r)
	}
	if b, err = r.Peek(len(signature2)); err != nil || !bytes.Equal(b, signature2) {
		return netip.AddrPort{}, errHeader
	}
	return readVersion2(r)
}

// readVersion1 reads "PROXY TCP4 192.0.2.1 198.51.100.1 40000 443\r\n", 107 bytes
// at most.
func readVersion1(r *bufio.Reader) (a netip.AddrPort, err error) {
	var line []byte
	for !bytes.HasSuffix(line, []byte("\r\n")) {
		c, err := r.ReadByte()
		if err != nil || len(line) >= 107 {
			return a, errHeader
		}
		line = append(line, c)
	}
	f := strings.Split(string(line[:len(line)-2]), " ")
	if len(f) >= 2 && f[1] == "UNKNOWN" {
		return a, nil
	}
	if len(f) != 6 || f[1] != "TCP4" && f[1] != "TCP6" {
		return a, errHeader
	}
	source, err := netip.ParseAddr(f[2])
	port, err2 := strconv.ParseUint(f[4], 10, 16)
	if err != nil || err2 != nil || source.Zone() != "" || source.Is4() != (f[1] == "TCP4") {
		return a, errHeader
	}
	return netip.AddrPortFrom(source.Unmap(), uint16(port)), nil
}

func readVersion2(r *bufio.Reader) (a netip.AddrPort, err error) {
	head := make([]byte, 16)
	if _, err := io.ReadFull(r, head); err != nil {
		return a, errHeader
	}
	version, command, family, length := head[12]>>4, head[12]&15, head[13], int(binary.BigEndian.Uint16(head[14:]))
	if version != 2 || command > 1 || length > headerMost {
		return a, errHeader
	}
	body := make([]byte, length)
	if _, err := io.ReadFull(r, body); err != nil {
		return a, errHeader
	}
	if command == 0 { // LOCAL
		return a, nil
	}
	size := map[byte]int{0x11: 4, 0x21: 16}[family] // TCP over IPv4, over IPv6
	if size == 0 || length < 2*size+4 {
		return a, errHeader
	}
	source, _ := netip.AddrFromSlice(body[:size])
	return netip.AddrPortFrom(source.Unmap(), binary.BigEndian.Uint16(body[2*size:])), nil
}
