package voice

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// Why an offer is not answered.
var (
	ErrOffer = errors.New("voice: the session description cannot be read") // 400
	ErrCodec = errors.New("voice: no media that we speak is offered")      // 488
	ErrFull  = errors.New("voice: no room for another session")            // 503
)

const (
	maxOffer   = 16 << 10 // bytes
	maxStreams = 16
	maxFormats = 64 // per stream
)

// direction says who sends (RFC 3264 5.1), from the side of whoever wrote it.
type direction byte

const (
	sendRecv direction = iota
	sendOnly
	recvOnly
	inactive
)

var directions = []string{"sendrecv", "sendonly", "recvonly", "inactive"}

func (d direction) String() string { return directions[d] }

// sends and receives say what the writer of d does.
func (d direction) sends() bool    { return d == sendRecv || d == sendOnly }
func (d direction) receives() bool { return d == sendRecv || d == recvOnly }

// mirror is the answer to d (RFC 3264 6.1).
func (d direction) mirror() direction {
	switch d {
	case sendOnly:
		return recvOnly
	case recvOnly:
		return sendOnly
	}
	return d
}

// offer is what we understand of a session description (RFC 8866).
type offer struct {
	timing  string // the t= line's value: the answer repeats it (RFC 3264 6)
	streams []stream
}

// stream is one m= line with what belongs to it.
type stream struct {
	kind, proto string
	port        int
	formats     []string
	maps        map[string]string // format → "name/rate", lower case
	addr        netip.Addr        // invalid: a host name, which we do not look up
	v6          bool
	direction   direction
	cryptos     []crypto // in the order of preference
}

// connection is the value of a c= line.
type connection struct {
	addr netip.Addr
	v6   bool
	set  bool
}

// parseOffer reads a description. It is lenient with order and unknown lines,
// which phones differ in, and strict with what it uses.
func parseOffer(text []byte) (o offer, err error) {
	if len(text) > maxOffer {
		return o, fmt.Errorf("%w: longer than %d bytes", ErrOffer, maxOffer)
	}
	o.timing = "0 0"
	var whole, here connection
	dir := sendRecv
	finish := func() { // a stream's lines are all read
		if n := len(o.streams); n > 0 {
			if !here.set {
				here = whole
			}
			o.streams[n-1].addr, o.streams[n-1].v6 = here.addr, here.v6
			if !here.set && o.streams[n-1].port != 0 && err == nil {
				err = fmt.Errorf("%w: a stream without c= line", ErrOffer)
			}
		}
		here = connection{}
	}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimRight(line, "\r\n")
		if line == "" {
			continue
		}
		if len(line) < 2 || line[1] != '=' || strings.ContainsAny(line, "\r\x00") {
			return o, fmt.Errorf("%w: a line without a type", ErrOffer)
		}
		value := line[2:]
		switch line[0] {
		case 't':
			if plainDigits(value) {
				o.timing = value
			}
		case 'c':
			c, err := parseConnection(value)
			if err != nil {
				return o, err
			}
			if here = c; len(o.streams) == 0 {
				whole, here = c, connection{}
			}
		case 'm':
			finish()
			if len(o.streams) == maxStreams {
				return o, fmt.Errorf("%w: too many streams", ErrOffer)
			}
			s, err := parseStream(value)
			if err != nil {
				return o, err
			}
			s.direction = dir
			o.streams = append(o.streams, s)
		case 'a':
			name, arg, _ := strings.Cut(value, ":")
			if i := slices.Index(directions, name); i >= 0 {
				if n := len(o.streams); n > 0 {
					o.streams[n-1].direction = direction(i)
				} else {
					dir = direction(i)
				}
			}
			if n := len(o.streams); n > 0 {
				switch c, ok := parseCrypto(arg); {
				case name == "rtpmap":
					o.streams[n-1].mapFormat(arg)
				case name == "crypto" && ok:
					o.streams[n-1].cryptos = append(o.streams[n-1].cryptos, c)
				}
			}
		}
	}
	finish()
	if len(o.streams) == 0 && err == nil {
		err = fmt.Errorf("%w: no stream", ErrOffer)
	}
	return o, err
}

func plainDigits(s string) bool {
	return len(s) > 0 && len(s) <= 41 && strings.Trim(s, "0123456789 ") == ""
}

// parseConnection reads `IN IP4 192.0.2.1`, with or without TTL and count.
func parseConnection(value string) (c connection, err error) {
	f := strings.Fields(value)
	if len(f) != 3 || f[0] != "IN" || f[1] != "IP4" && f[1] != "IP6" {
		return c, fmt.Errorf("%w: c= line", ErrOffer)
	}
	c.set, c.v6 = true, f[1] == "IP6"
	host, _, _ := strings.Cut(f[2], "/")
	if a, err := netip.ParseAddr(host); err == nil {
		if a.Is4() == c.v6 || a.Zone() != "" || a.IsMulticast() || a == netip.AddrFrom4([4]byte{255, 255, 255, 255}) {
			return c, fmt.Errorf("%w: address in the c= line", ErrOffer)
		}
		c.addr = a
	}
	return c, nil
}

// parseStream reads `audio 49170 RTP/AVP 8 0 101`.
func parseStream(value string) (s stream, err error) {
	f := strings.Fields(value)
	if len(f) < 4 || len(f)-3 > maxFormats {
		return s, fmt.Errorf("%w: m= line", ErrOffer)
	}
	for _, word := range f {
		// Kind, profile and a format stand in our answer again.
		if len(word) > 64 || strings.ContainsFunc(word, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
			return s, fmt.Errorf("%w: m= line", ErrOffer)
		}
	}
	port, _, _ := strings.Cut(f[1], "/")
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return s, fmt.Errorf("%w: port of a stream", ErrOffer)
	}
	return stream{kind: f[0], port: int(n), proto: f[2], formats: f[3:]}, nil
}

// mapFormat notes `101 telephone-event/8000`; one channel may be named, more may not.
func (s *stream) mapFormat(arg string) {
	format, name, ok := strings.Cut(arg, " ")
	if !ok || !slices.Contains(s.formats, format) {
		return
	}
	if s.maps == nil {
		s.maps = map[string]string{}
	}
	s.maps[format] = strings.TrimSuffix(strings.ToLower(strings.TrimSpace(name)), "/1")
}

// payloadType is the number of a format; ok is false for what cannot be one, and
// for those that would look like RTCP (RFC 5761 4).
func payloadType(format string) (pt byte, ok bool) {
	n, err := strconv.ParseUint(format, 10, 7)
	return byte(n), err == nil && (n < 64 || n > 95)
}

// formatName is what a format is: as mapped, or by its static number.
func (s *stream) formatName(format string) string {
	if name, ok := s.maps[format]; ok {
		return name
	}
	switch format {
	case "0":
		return "pcmu/8000"
	case "8":
		return "pcma/8000"
	}
	return ""
}
