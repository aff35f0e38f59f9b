package call

import (
	"fmt"
	"strings"
	"testing"
)

var transports = []string{"udp", "tcp"}

func TestC07_EachSideSeesTheExtensionAndNeverTheChannel(t *testing.T) {
	for _, transport := range transports {
		t.Run(transport, func(t *testing.T) {
			h := newHouse()
			h.seat("101", `Erika "E" Weber`, "ch-alice")
			h.seat("102", "Bernd Öztürk", "ch-bob")
			s := start(t, h)
			alice, bob := s.registered(transport, "alice"), s.registered("udp", "bob")
			host := s.sip.Addrs()["udp"][0]

			a := alice.dial("102", "P-Asserted-Identity: <sip:999@evil>\r\nP-Preferred-Identity: <sip:998@evil>\r\nRemote-Party-ID: <sip:997@evil>\r\nDiversion: <sip:996@evil>\r\nX-Own: \"kept; as=it is\"\r\nk: timer,replaces\r\n")
			b := bob.rings()
			in := b.invite
			for name, want := range map[string]string{
				"from":                fmt.Sprintf(`"Erika \"E\" Weber" <sip:101@%s>;tag=%s`, host, parseTag(a.local)),
				"p-asserted-identity": fmt.Sprintf(`"Erika \"E\" Weber" <sip:101@%s>`, host),
				"contact":             fmt.Sprintf("<sip:101@%s>", host),
				"to":                  fmt.Sprintf("<sip:102@%s>", host),
				"call-id":             a.id, "x-own": `"kept; as=it is"`, "max-forwards": "69", "supported": "timer,replaces",
			} {
				if got := in.get(name); got != want {
					t.Errorf("%s: %q, want %q", name, got, want)
				}
			}
			for _, bad := range []string{"evil", "sip:alice", "Channel of", "Proxy-Authorization"} {
				if strings.Contains(in.raw, bad) {
					t.Errorf("%q shows:\n%s", bad, in.raw)
				}
			}
			if len(in.headers["via"]) != 1 || in.uri() != bob.contact() || in.body != offer {
				t.Errorf("%s", in.raw)
			}
			b.ringing()
			checkUp(t, alice.told("INVITE", 180), a, b, alice)
			b.answers("")
			m := alice.told("INVITE", 200)
			checkUp(t, m, a, b, alice)
			if m.body != offer || strings.Contains(m.raw, "sip:bob") {
				t.Errorf("%s", m.raw)
			}
			a.ack(m)
			if ack := bob.asked("ACK"); ack.uri() != bob.contact() || ack.get("from") != in.get("from") || ack.get("to") != b.local {
				t.Errorf("%s", ack.raw)
			}
			// The other direction: the callee calls itself what it was called.
			b.request("INFO", "Content-Type: text/x\r\n", "hello")
			m = alice.asked("INFO")
			if m.get("from") != a.other || m.get("to") != a.local || m.uri() != alice.contact() || m.body != "hello" || strings.Contains(m.raw, "bob@") {
				t.Errorf("%s", m.raw)
			}
			a.reply(m, "200 Fine", "", "")
			if m = bob.told("INFO", 200); m.get("from") != b.local || m.get("to") != b.other || m.first != "SIP/2.0 200 Fine" {
				t.Errorf("%s", m.raw)
			}
			b.hangUp(a)
		})
	}
}

func parseTag(v string) string { _, tag, _ := strings.Cut(v, ";tag="); return tag }

// checkUp looks at an answer as the caller gets it.
func checkUp(t *testing.T, m msg, a, b *talk, p *phone) {
	t.Helper()
	host := p.s.sip.Addrs()[p.transport][0]
	contact := fmt.Sprintf("<sip:102@%s>", host)
	if p.transport == "tcp" {
		contact = fmt.Sprintf("<sip:102@%s;transport=tcp>", host)
	}
	if m.get("from") != a.local || m.get("to") != a.invite.get("to")+";tag="+parseTag(b.local) || m.get("contact") != contact ||
		m.get("p-asserted-identity") != fmt.Sprintf(`"Bernd Öztürk" <sip:102@%s>`, host) || len(m.headers["via"]) != 1 || m.get("cseq") != a.invite.get("cseq") {
		t.Errorf("the caller sees\n%s", m.raw)
	}
}

func TestC07_RedialFromTheCallLogWorks(t *testing.T) {
	h := newHouse()
	h.seat("101", "Erika Weber", "ch-alice")
	h.seat("102", "Bernd", "ch-bob")
	s := start(t, h)
	alice, bob := s.registered("udp", "alice"), s.registered("tcp", "bob")
	a, b := alice.talksTo(bob, "102")
	a.hangUp(b)
	// What the log keeps is the URI of From; the phone sends it to us.
	_, uri, _ := strings.Cut(b.invite.get("from"), "<")
	uri, _, _ = strings.Cut(uri, ">")
	back := bob.dial(strings.TrimPrefix(strings.Split(uri, "@")[0], "sip:"), "")
	c := alice.rings()
	c.answers("")
	back.ack(bob.told("INVITE", 200))
	alice.asked("ACK")
	back.hangUp(c)
}
