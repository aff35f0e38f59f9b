package call

import (
	"bytes"
	"context"
	"net/netip"
	"strings"
	"testing"

	"tischlein/internal/sip"
	"tischlein/internal/sip/wire"
)

// wires is a front without sockets.
type wires struct{}

func (wires) Route(string) (sip.Route, bool)             { return sip.Route{}, false }
func (wires) To(netip.AddrPort, string) (sip.Flow, bool) { return sip.Flow{}, false }
func (wires) Advertised(sip.Flow) string                 { return "192.0.2.1:5060" }

// FuzzC14_Request takes apart whatever the front lets through and answers it: no
// panic, and nothing of it becomes a line of its own in what we send on.
func FuzzC14_Request(f *testing.F) {
	for _, first := range []string{"INVITE sip:102@h", "BYE sip:102@h;x=y?z", "REFER tel:+49-30", "PRACK sip:h"} {
		f.Add([]byte(strings.ReplaceAll(first+" SIP/2.0\nVia: SIP/2.0/UDP h:5060 ;branch=z9hG4bKx, SIP/2.0/UDP i\nf: \"A \\\" B\" <sip:a@h>;tag=1;x=\"y;z\"\nTo: <sip:b@h>;tag=2\n"+
			"i: c@h\nCSeq:  7  "+strings.Fields(first)[0]+"\nm: \"Q\" <sip:a@[::1]:5060;transport=tcp>;+sip.instance=\"<urn:x>\", <sip:b@c>\nRecord-Route: <sip:p;lr>,<sip:q;lr>\n"+
			"x: 1800;refresher=uac\nReplaces: a;to-tag=1;from-tag=2\nRAck: 1 7 INVITE\nPrivacy: id, user\nk: timer\n folded\nl: 4\n\nbody", "\n", "\r\n")))
	}
	s := &Server{front: wires{}}
	s.ctx = context.Background()
	f.Fuzz(func(t *testing.T, b []byte) {
		var m wire.Message
		if !m.Parse(bytes.Clone(b), true) || m.BadStatus != 0 || m.Status != 0 {
			return
		}
		r, err := read(sip.Request{Raw: m.Raw, Key: m.Key(), Via: m.AnswerVias(netip.MustParseAddrPort("192.0.2.9:5060")), Method: string(m.Method), InCall: m.InDialog()})
		if err != nil {
			return
		}
		l := leg{Contact: contactURI(value(r.msg, "Contact")), Routes: routes(r.msg, true), Self: untagged(r.from), Peer: untagged(r.to), Tag: r.toTag}
		if l.Contact == "" {
			l.Contact = "sip:x@h"
		}
		out := s.onward(r.Method, &l, r.Flow, branchMark+"x", r.fromTag, r.callID, r.cseq, r.maxForwards)
		passOn(r.msg, out)
		shift(out, 1)
		add(out, "Contact", contact(heard(r.from), "h", r.Flow))
		res := r.refusal(200, phrase(dialled(r.uri)), "Contact", nameAddr(heard(r.to), "h"))
		_, _, _, _ = replaces(value(r.msg, "Replaces"))
		_ = sessionOf(r.msg)
		for _, text := range []string{out.String(), res.String()} {
			head, _, ok := strings.Cut(text, "\r\n\r\n")
			if !ok {
				t.Fatalf("no end of headers in %q, made of %q", text, b)
			}
			for i, line := range strings.Split(head, "\r\n") {
				if strings.ContainsAny(line, "\r\n") || i > 0 && !strings.Contains(line, ":") {
					t.Fatalf("line %q, made of %q", line, b)
				}
			}
		}
	})
}

// FuzzC12_Event reads what a phone wants to watch: what we write back means the
// same.
func FuzzC12_Event(f *testing.F) {
	for _, v := range []string{"dialog", "Dialog ; ID=7;shared", "message-summary;id=", ";;id=a=b", "o\t;\tid=x;id=y"} {
		f.Add(v, "application/dialog-info+xml;q=0.5, */*")
	}
	f.Fuzz(func(t *testing.T, v, accept string) {
		event, id := readEvent(v)
		if again, same := readEvent(eventOf(event, id)); again != event || same != strings.TrimSpace(id) {
			t.Errorf("%q is %q with %q, then %q with %q", v, event, id, again, same)
		}
		if accepts([]string{accept}, eventDialog) && !strings.ContainsAny(strings.ToLower(accept), "a*") {
			t.Errorf("%q is taken for our format", accept)
		}
	})
}
