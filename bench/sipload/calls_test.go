package main

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// forker is a server that forks each call to the devices a and b of its caller. What it sends goes
// through spoil first.
type forker struct {
	socket   *net.UDPConn
	peer     *net.UDPAddr
	spoil    func(msg string) string
	invites  map[string]string // by branch: what each device was sent
	answered map[string]bool   // by Call-ID
}

func (s *forker) serve() {
	in := make([]byte, 8192)
	for {
		n, from, err := s.socket.ReadFromUDP(in)
		if err != nil {
			return
		}
		s.peer = from
		s.take(string(in[:n]))
	}
}

func (s *forker) send(msg string) {
	if s.spoil != nil {
		msg = s.spoil(msg)
	}
	if msg != "" {
		_, _ = s.socket.WriteToUDP([]byte(msg), s.peer) // as good as lost
	}
}

func without(msg, header string) string {
	before, after, ok := strings.Cut(msg, "\r\n"+header)
	if !ok {
		return msg
	}
	_, after, _ = strings.Cut(after, "\r\n")
	return before + "\r\n" + after
}

// onward is a request to a device, with our Via before the others.
func onward(msg, device, to, branch string) string {
	method, rest, _ := strings.Cut(msg, " ")
	_, rest, _ = strings.Cut(rest, "\r\n")
	msg = without(method+" sip:"+device+"@"+to+" SIP/2.0\r\nVia: SIP/2.0/UDP s;branch="+branch+"\r\n"+rest, "Proxy-Authorization")
	return strings.Replace(msg, "Max-Forwards: 70", "Max-Forwards: 69", 1)
}

func (s *forker) take(msg string) {
	var p packet
	if p.parse([]byte(msg)) != nil {
		return
	}
	branch, user := string(p.branch), string(userOf(p.uri))
	if device, ok := strings.CutPrefix(branch, "out-"); ok && p.status > 0 {
		s.answer(msg, &p, device[:1])
		return
	}
	switch string(p.method) {
	case "INVITE":
		if !p.proven {
			refusal := string(appendAnswer(nil, []byte(msg), "407 Proxy Authentication Required", "s", "", ""))
			s.send(strings.Replace(refusal, "Content-Length", strings.Replace(bareChallenge, "WWW", "Proxy", 1)+"Content-Length", 1))
			return
		}
		s.send(string(appendAnswer(nil, []byte(msg), "100 Trying", "", "", "")))
		for _, device := range []string{"a", "b"} {
			out := onward(msg, device, s.peer.String(), "out-"+device+branch)
			s.invites["out-"+device+branch] = out
			s.send(out)
		}
	case "ACK", "BYE":
		if user == "a" || user == "b" {
			s.send(onward(msg, user, s.peer.String(), "out-"+user+branch))
		}
	}
}

// answer takes a device's answer up, after what follows from it.
func (s *forker) answer(msg string, p *packet, device string) {
	if p.status == 100 || string(p.of) == "CANCEL" {
		return
	}
	invite := s.invites[string(p.branch)]
	short := func(method string) string {
		head, _, _ := strings.Cut(invite, "\r\nContact")
		return strings.ReplaceAll(head, "INVITE", method) + "\r\nContent-Length: 0\r\n\r\n"
	}
	if p.status == 487 {
		s.send(strings.Replace(short("ACK"), "\r\nCall-ID", ";tag="+string(p.toTag)+"\r\nCall-ID", 1))
		return
	}
	if p.status == 200 && string(p.of) == "INVITE" && !s.answered[string(p.callID)] {
		s.answered[string(p.callID)] = true
		other := map[string]string{"a": "b", "b": "a"}[device]
		invite = s.invites["out-"+other+string(p.branch)[5:]]
		s.send(short("CANCEL"))
	}
	s.send(without(msg, "Via: SIP/2.0/UDP s"))
}

func callForked(t *testing.T, rounds int, spoil func(string) string) *report {
	t.Helper()
	socket, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { socket.Close() })
	s := &forker{socket: socket, spoil: spoil, invites: map[string]string{}, answered: map[string]bool{}}
	go s.serve()
	file := filepath.Join(t.TempDir(), "trios")
	if err := os.WriteFile(file, []byte(strings.Repeat("u p 77 a b\n", 5)), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := callAll(t.Context(), options{server: socket.LocalAddr().String(), domain: "sip.test", calls: file, rounds: rounds, window: 4,
		t1: 20 * time.Millisecond, timeout: 2 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestEachCallIsMadeAndEnded(t *testing.T) {
	if r := callForked(t, 20, nil); r.Failed != 0 || r.Calls.OK != 100 {
		t.Errorf("got %+v, calls %+v", r, r.Calls)
	}
}

// What is lost is said again by whoever must: here all that goes to the phones, the first time.
func TestCallsSurviveLoss(t *testing.T) {
	seen := map[string]bool{}
	r := callForked(t, 1, func(msg string) string {
		if line, _, _ := strings.Cut(msg, "\r\n"); line == "SIP/2.0 180 Ringing" || strings.HasPrefix(line, "ACK") {
			if !seen[msg] {
				seen[msg] = true
				return ""
			}
		}
		return msg
	})
	// This server repeats no CANCEL and no ACK of a 487 by itself, but answers what the phones repeat.
	if r.Failed != 0 || r.Calls.OK != 5 || r.Retransmitted == 0 {
		t.Errorf("got %+v, calls %+v", r, r.Calls)
	}
}

// What a wrong server does must never count as a call.
func TestWrongCallsFail(t *testing.T) {
	change := func(begins, from, to string) func(string) string {
		return func(msg string) string {
			if strings.HasPrefix(msg, begins) {
				return strings.Replace(msg, from, to, 1)
			}
			return msg
		}
	}
	for name, test := range map[string]struct {
		spoil  func(string) string
		reason string
	}{
		"credentials passed on":  {change("INVITE", "\r\nContact", "\r\nProxy-Authorization: Digest x\r\nContact"), "caller's credentials"},
		"hops not counted":       {change("INVITE", "Max-Forwards: 69", "Max-Forwards: 70"), "Max-Forwards"},
		"offer changed":          {change("INVITE", "G722", "G723"), "another body"},
		"answer changed":         {change("SIP/2.0 200", "G722", "G723"), "200 with another body"},
		"refused":                {change("SIP/2.0 100 Trying", "100 Trying", "480 Gone"), "status 480"},
		"nobody is asked":        {change("SIP/2.0 407 Proxy", "407 Proxy", "180 Ringing"), "without asking for credentials"},
		"answered by nobody":     {change("SIP/2.0 180", ";tag=d", ";tag=x"), "nobody who rings"},
		"ACK without the tag":    {change("ACK", ";tag=d", ";tag=x"), "ACK of what was not said"},
		"CANCEL of another":      {change("CANCEL", "branch=out", "branch=in"), "CANCEL of another INVITE"},
		"other is not cancelled": {change("CANCEL", "CANCEL", "MESSAGE"), "MESSAGE with a CSeq"},
		"nobody's call":          {change("BYE sip:", "BYE sip:", "BYE sip:x"), "no device"},
		"BYE is not sent on": {func(msg string) string {
			if strings.HasPrefix(msg, "BYE") {
				return string(appendAnswer(nil, []byte(without(msg, "Via: SIP/2.0/UDP s")), "200 OK", "", "", ""))
			}
			return msg
		}, "before its receiver has it"},
		"silence": {func(string) string { return "" }, "timeout"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := callForked(t, 1, test.spoil)
			if r.Failed < 5 || r.Calls.OK != 0 {
				t.Fatalf("got %+v, calls %+v", r, r.Calls)
			}
			for reason := range r.Failures {
				if !strings.Contains(reason, test.reason) {
					t.Errorf("failed for %q, want %q", reason, test.reason)
				}
			}
		})
	}
}

// Each phone must get one check-sync a round, whatever else comes.
func TestPushesAreCounted(t *testing.T) {
	var p packet
	notify := func(user, id, event string) []byte {
		return fmt.Appendf(nil, "NOTIFY sip:%s@h SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z%s\r\nCall-ID: %s\r\nCSeq: 1 NOTIFY\r\nEvent: %s\r\nSubscription-State: terminated\r\n\r\n", user, id, id, event)
	}
	if err := p.parse(notify("a", "1", "check-sync")); err != nil {
		t.Fatal(err)
	}
	told, got := map[string]string{}, tally{}
	for _, msg := range [][]byte{notify("a", "1", "check-sync;reboot=false"), notify("a", "1", "check-sync"), notify("b", "2", "check-sync")} {
		got.toldBy(told, msg, 0)
	}
	if got.ok() != 2 || got.failed() != 0 || got.incoming != 1 {
		t.Errorf("got %+v", got)
	}
	for _, msg := range [][]byte{notify("a", "3", "check-sync"), notify("c", "4", "dialog"), bytes.Replace(notify("d", "5", "check-sync"), []byte("NOTIFY sip"), []byte("MESSAGE sip"), 1)} {
		got.toldBy(told, msg, 0)
	}
	if got.ok() != 2 || got.failed() != 3 {
		t.Errorf("got %+v", got)
	}
}
