package call

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
)

// Two who have both made an offer are joined by giving each the other's as the
// answer, with no more in it than both have (RFC 3264 6). Payload types stay whose
// they are: each says by which numbers it wants to hear the codecs.

// cross makes two offers into two answers, or reports that the two have no codec
// or no protection in common. Both answers list the codecs in the same order, so
// that both sides take the same.
func cross(one, two []byte) (toOne, toTwo []byte, ok bool) {
	a, b := readSession(one), readSession(two)
	if len(a.media) == 0 || len(b.media) == 0 {
		return nil, nil, false
	}
	forA, forB := make([][]string, len(a.media)), make([][]string, len(b.media))
	used := make([]bool, len(b.media))
	for i := range a.media {
		for j := range b.media {
			if used[j] {
				continue
			}
			if x, y, match := meet(a, b, &a.media[i], &b.media[j]); match {
				forA[i], forB[j], used[j], ok = y, x, true, true
				break
			}
		}
	}
	return a.answeredBy(b, forA), b.answeredBy(a, forB), ok
}

// session is a session description: lines without their ends.
type session struct {
	head  []string
	media []stream
}

// stream is one m= line with what belongs to it.
type stream struct {
	kind, port, proto string
	formats           []string
	lines             []string
}

func readSession(sdp []byte) *session {
	s := &session{}
	for raw := range bytes.SplitSeq(sdp, []byte("\n")) {
		l := strings.TrimRight(string(raw), "\r")
		if l == "" {
			continue
		}
		if v, media := strings.CutPrefix(l, "m="); media {
			m := stream{}
			if f := strings.Fields(v); len(f) >= 4 {
				m = stream{kind: f[0], port: f[1], proto: f[2], formats: f[3:]}
			}
			s.media = append(s.media, m)
			continue
		}
		if n := len(s.media); n > 0 {
			s.media[n-1].lines = append(s.media[n-1].lines, l)
		} else {
			s.head = append(s.head, l)
		}
	}
	return s
}

// perStream is what an answer must say of each stream by itself, or not at all.
var perStream = []string{"sendrecv", "sendonly", "recvonly", "inactive", "setup", "group", "msid-semantic", "ice-options"}

// answeredBy is what s is answered with: the head of from, and for each of our
// streams what is in lines, or a refusal of it.
func (s *session) answeredBy(from *session, lines [][]string) []byte {
	var b strings.Builder
	for _, l := range from.head {
		if name, attribute := attributeOf(l); !attribute || !slices.Contains(perStream, name) {
			b.WriteString(l + "\r\n")
		}
	}
	for i, m := range s.media {
		if lines[i] == nil {
			lines[i] = []string{"m=" + strings.Join(append([]string{m.kind, "0", m.proto}, m.formats...), " ")}
		}
		for _, l := range lines[i] {
			b.WriteString(l + "\r\n")
		}
	}
	return []byte(b.String())
}

// attributeOf is the name of an a= line.
func attributeOf(l string) (string, bool) {
	v, ok := strings.CutPrefix(l, "a=")
	name, _, _ := strings.Cut(v, ":")
	return name, ok
}

// attribute is the value of a stream's attribute, else the session's.
func (s *session) attribute(m *stream, name string) (string, bool) {
	for _, lines := range [][]string{m.lines, s.head} {
		for _, l := range lines {
			if n, ok := attributeOf(l); ok && n == name {
				_, v, _ := strings.Cut(l, ":")
				return v, true
			}
		}
	}
	return "", false
}

// meet is what two streams become: x as it answers y, and y as it answers x.
func meet(a, b *session, x, y *stream) (fromX, fromY []string, ok bool) {
	if x.kind == "" || x.kind != y.kind || x.proto != y.proto || x.port == "0" || y.port == "0" {
		return nil, nil, false
	}
	fx, fy := common(x, y)
	keys, safe := protect(a, b, x, y)
	if len(fx) == 0 || !safe {
		return nil, nil, false
	}
	both := func(name string) bool {
		_, one := a.attribute(x, name)
		_, two := b.attribute(y, name)
		return one && two
	}
	mux, ice := both("rtcp-mux"), both("ice-ufrag")
	fromX = append(x.with(fx, mux, ice), a.way(x).towards(b.way(y)))
	fromY = append(y.with(fy, mux, ice), b.way(y).towards(a.way(x)))
	return append(fromX, keys[0]...), append(fromY, keys[1]...), true
}

// dropped are attributes of an offer that an answer to another one cannot have:
// numbers and names of that offer, and what is written anew.
var dropped = append([]string{"crypto", "extmap", "extmap-allow-mixed", "mid", "msid", "ssrc", "ssrc-group", "label"}, perStream...)

// with is the stream with these formats only.
func (m *stream) with(formats []string, mux, ice bool) []string {
	list := []string{"m=" + strings.Join(append([]string{m.kind, m.port, m.proto}, formats...), " ")}
	for _, l := range m.lines {
		name, attribute := attributeOf(l)
		if !attribute {
			list = append(list, l)
			continue
		}
		switch name {
		case "rtpmap", "fmtp", "rtcp-fb":
			_, v, _ := strings.Cut(l, ":")
			if of, _, _ := strings.Cut(v, " "); of == "*" || slices.Contains(formats, of) {
				list = append(list, l)
			}
		case "rtcp-mux":
			if mux {
				list = append(list, l)
			}
		case "candidate", "ice-ufrag", "ice-pwd", "end-of-candidates":
			if ice {
				list = append(list, l)
			}
		default:
			if !slices.Contains(dropped, name) {
				list = append(list, l)
			}
		}
	}
	return list
}

// fixed are the codecs of the payload types that need no rtpmap (RFC 3551 6).
var fixed = map[string]string{
	"0": "pcmu/8000", "3": "gsm/8000", "4": "g723/8000", "5": "dvi4/8000", "7": "lpc/8000", "8": "pcma/8000", "9": "g722/8000",
	"13": "cn/8000", "15": "g728/8000", "18": "g729/8000", "31": "h261/90000", "34": "h263/90000",
}

// codec is what a format of the stream means: name, rate and channels.
func (m *stream) codec(format string) string {
	for _, l := range m.lines {
		if v, ok := strings.CutPrefix(l, "a=rtpmap:"); ok {
			if of, is, _ := strings.Cut(v, " "); of == format {
				return strings.TrimSuffix(strings.ToLower(strings.TrimSpace(is)), "/1")
			}
		}
	}
	if c := fixed[format]; c != "" || strings.HasPrefix(m.proto, "RTP/") {
		return c
	}
	return format // of another protocol, which has names of its own
}

// common are the formats of x and of y for the codecs that both have, as x orders
// them; none where they could not be heard: digits and silence alone are no talk.
func common(x, y *stream) (fx, fy []string) {
	talk := false
	for _, f := range x.formats {
		c := x.codec(f)
		if c == "" {
			continue
		}
		i := slices.IndexFunc(y.formats, func(g string) bool { return y.codec(g) == c && !slices.Contains(fy, g) })
		if i < 0 || slices.Contains(fx, f) {
			continue
		}
		fx, fy = append(fx, f), append(fy, y.formats[i])
		talk = talk || !strings.HasPrefix(c, "telephone-event/") && !strings.HasPrefix(c, "cn/")
	}
	if !talk {
		return nil, nil
	}
	return fx, fy
}

// way says in which directions a stream goes, as who describes it sees it.
func (s *session) way(m *stream) (w way) {
	for _, name := range perStream[:4] {
		if _, ok := s.attribute(m, name); ok {
			return way{name == "sendrecv" || name == "sendonly", name == "sendrecv" || name == "recvonly"}
		}
	}
	return way{true, true}
}

type way struct{ sends, receives bool }

// towards is what is left of a way where the other side has one of its own (RFC
// 3264 6.1).
func (w way) towards(far way) string {
	switch sends, receives := w.sends && far.receives, w.receives && far.sends; {
	case sends && receives:
		return "a=sendrecv"
	case sends:
		return "a=sendonly"
	case receives:
		return "a=recvonly"
	}
	return "a=inactive"
}

// protect is what the two say of keys, each as the other is told, and whether they
// can: a suite that both have (RFC 4568 5.1.2), or who of them begins (RFC 5763 5).
func protect(a, b *session, x, y *stream) (lines [2][]string, ok bool) {
	switch {
	case strings.Contains(x.proto, "TLS/"):
		begins, can := begin(a, b, x, y)
		lines[0], lines[1] = []string{"a=setup:passive"}, []string{"a=setup:active"}
		if begins {
			slices.Reverse(lines[:])
		}
		return lines, can
	case strings.Contains(x.proto, "SAVP"):
		for _, one := range keysOf(x) {
			for _, two := range keysOf(y) {
				if one.suite == two.suite {
					lines[0] = []string{"a=crypto:" + two.tag + " " + one.suite + " " + one.key}
					lines[1] = []string{"a=crypto:" + one.tag + " " + two.suite + " " + two.key}
					return lines, true
				}
			}
		}
		return lines, false
	}
	return lines, true
}

// begin reports whether x begins the handshake, and whether they agree on who does.
func begin(a, b *session, x, y *stream) (xBegins, ok bool) {
	one, _ := a.attribute(x, "setup")
	two, _ := b.attribute(y, "setup")
	xBegins = one == "active" || one != "passive" && two == "passive"
	return xBegins, one == "actpass" || two == "actpass" || one != two
}

type key struct{ tag, suite, key string }

func keysOf(m *stream) (list []key) {
	for _, l := range m.lines {
		v, ok := strings.CutPrefix(l, "a=crypto:")
		if f := strings.Fields(v); ok && len(f) >= 3 {
			if _, err := strconv.ParseUint(f[0], 10, 32); err == nil {
				list = append(list, key{f[0], f[1], strings.Join(f[2:], " ")})
			}
		}
	}
	return list
}
