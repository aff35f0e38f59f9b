package call

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"tischlein/internal/telephony"
	"tischlein/internal/voice"
	"tischlein/internal/voice/dialogue"
)

// desk logs 101 with PIN 4711 in and nobody else.
type desk struct {
	mu       sync.Mutex
	attempts []string
	here     dialogue.Here
	block    chan struct{} // Login waits for it when set
}

func (d *desk) Desk(context.Context, telephony.CallPlan, netip.Addr) dialogue.Desk { return d }

func (d *desk) Ended(context.Context, telephony.CallPlan, netip.Addr, string) {}

func (d *desk) Who(context.Context) (dialogue.Here, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.here, nil
}

func (d *desk) Login(ctx context.Context, a dialogue.Attempt) (telephony.Party, error) {
	d.mu.Lock()
	d.attempts = append(d.attempts, a.Number+"*"+a.PIN.Reveal())
	block := d.block
	d.mu.Unlock()
	if block != nil {
		<-block
	}
	if a.Number != "101" || a.PIN.Reveal() != "4711" {
		return telephony.Party{}, telephony.Forbiddenf("pin_wrong", "wrong number or PIN")
	}
	return telephony.Party{Number: "101", Name: "Erika Weber"}, nil
}

func (d *desk) Logout(context.Context, bool) error { return nil }

// booth is a phone at a desk with a code, and a socket that takes its media.
func booth(t *testing.T, transport string) (s *site, h *house, d *desk, p *phone, sdp string) {
	t.Helper()
	engine, err := voice.Start(voice.Config{Speaker: "off"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = engine.Close() })
	h, d = newHouse(), &desk{}
	for dialled, plan := range map[string]telephony.CallPlan{
		"901": {Kind: telephony.CallLogin, Language: "de"}, "902": {Kind: telephony.CallLogout, Language: "de"},
		"901*101*4711": {Kind: telephony.CallLogin, Language: "de", Argument: "101*4711"},
		"901*101*1":    {Kind: telephony.CallLogin, Language: "de", Argument: "101*1"},
	} {
		h.plans[dialled] = plan
	}
	s = start(t, h, func(c *Config) { c.Voice, c.Desks = engine, d })
	media, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { media.Close() })
	sdp = fmt.Sprintf("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio %d RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\n",
		media.LocalAddr().(*net.UDPAddr).Port)
	return s, h, d, s.registered(transport, "alice"), sdp
}

func TestH02_ACodeIsAnsweredAndTalks(t *testing.T) {
	for _, transport := range transports {
		t.Run(transport, func(t *testing.T) {
			s, h, d, p, sdp := booth(t, transport)
			p.body, p.repeat = sdp, true
			c := p.dial("901", "")
			m := p.told("INVITE", 200)
			if m.get("content-type") != "application/sdp" || !strings.Contains(m.body, "m=audio") || !strings.HasPrefix(m.get("contact"), "<sip:901@") {
				t.Errorf("%s", m.raw)
			}
			again := p.told("INVITE", 200) // no ACK yet: it comes again
			c.ack(m)
			if again.body != m.body {
				t.Errorf("%s", again.raw)
			}
			h.see(t, "busy", func() bool { return h.busy["ch-alice"] })
			for _, digit := range "101#4711#" {
				c.request("INFO", "Content-Type: application/dtmf-relay\r\n", fmt.Sprintf("Signal=%c\r\nDuration=160\r\n", digit))
				p.told("INFO", 200)
			}
			c.request("INFO", "Content-Type: text/plain\r\n", "5")
			p.told("INFO", 415)
			c.request("INVITE", "Content-Type: application/sdp\r\n", sdp) // the phone keeps its call alive
			r := p.told("INVITE", 200)
			c.p.send(c.build("ACK", "", ""))
			if !strings.Contains(r.body, "m=audio") {
				t.Errorf("%s", r.raw)
			}
			bye := p.asked("BYE")
			if !strings.HasPrefix(bye.get("reason"), `SIP;cause=200;text="Logged in`) || bye.get("from") != c.other || bye.get("to") != c.local || bye.uri() != p.contact() {
				t.Errorf("%s", bye.raw)
			}
			c.ok(bye)
			d.mu.Lock()
			if len(d.attempts) != 1 || d.attempts[0] != "101*4711" {
				t.Errorf("%q", d.attempts)
			}
			d.mu.Unlock()
			h.see(t, "free, and told", func() bool { return !h.busy["ch-alice"] && len(h.ended) == 1 && len(h.records) == 0 })
			if s.calls.Busy("alice") {
				t.Error("busy")
			}
		})
	}
}

// Who offers no media is offered ours, at the beginning and within the call.
func TestH02_ACodeIsAnsweredWithOurOfferWhereThereIsNone(t *testing.T) {
	_, h, d, p, sdp := booth(t, "udp")
	p.body = ""
	c := p.dial("901", "")
	m := p.told("INVITE", 200)
	if !strings.Contains(m.body, " RTP/AVP 8 0 101\r\n") || m.get("content-type") != "application/sdp" {
		t.Errorf("%s", m.raw)
	}
	c.acks(m, sdp)
	c.request("INVITE", "", "")
	again := p.told("INVITE", 200)
	if !strings.Contains(again.body, " RTP/AVP 8 0 101\r\n") || again.body == m.body {
		t.Errorf("%s", again.raw)
	}
	c.acks(again, sdp)
	c.request("UPDATE", "", "")
	if m := p.told("UPDATE", 200); m.body != "" {
		t.Errorf("%s", m.raw)
	}
	for _, digit := range "101#4711#" {
		c.request("INFO", "Content-Type: application/dtmf-relay\r\n", fmt.Sprintf("Signal=%c\r\nDuration=160\r\n", digit))
		p.told("INFO", 200)
	}
	bye := p.asked("BYE")
	if !strings.HasPrefix(bye.get("reason"), `SIP;cause=200;text="Logged in`) {
		t.Errorf("%s", bye.raw)
	}
	c.ok(bye)
	p.body = ""
	c = p.dial("901*101*4711", "")
	c.acks(p.told("INVITE", 200), sdp)
	c.ok(p.asked("BYE"))
	h.see(t, "free", func() bool { return !h.busy["ch-alice"] })
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.attempts) != 2 {
		t.Errorf("%q", d.attempts)
	}
}

func TestH02_InOneGoItIsDecidedBeforeTheAnswerAndToldAsReason(t *testing.T) {
	_, h, d, p, sdp := booth(t, "udp")
	p.body = sdp
	for code, reason := range map[string]string{"901*101*4711": `SIP;cause=200;text="Logged in`, "901*101*1": `SIP;cause=403;text="Wrong number or PIN`} {
		d.mu.Lock()
		d.attempts, d.block = nil, make(chan struct{})
		block := d.block
		d.mu.Unlock()
		c := p.dial(code, "")
		p.quiet("answered before it was decided", func(m msg) bool { return m.status == 200 && m.method == "INVITE" })
		close(block)
		m := p.told("INVITE", 200)
		if strings.Contains(m.get("contact"), "*") {
			t.Errorf("the PIN stands in %s", m.raw)
		}
		c.ack(m)
		bye := p.asked("BYE")
		if !strings.HasPrefix(bye.get("reason"), reason) {
			t.Errorf("%s: %s", code, bye.raw)
		}
		c.ok(bye)
	}
	h.see(t, "free", func() bool { return !h.busy["ch-alice"] })
}

func TestH02_HangingUpCancellingAndSilenceEndTheConversation(t *testing.T) {
	_, h, d, p, sdp := booth(t, "udp")
	p.body = sdp
	c := p.dial("901", "") // BYE in the middle
	c.ack(p.told("INVITE", 200))
	c.request("BYE", "", "")
	p.told("BYE", 200)
	h.see(t, "free", func() bool { return !h.busy["ch-alice"] && len(h.ended) == 1 })

	d.mu.Lock()
	d.block = make(chan struct{})
	d.mu.Unlock()
	c = p.dial("901*101*1", "") // CANCEL while it is decided
	p.quiet("an answer", func(m msg) bool { return m.status == 200 })
	c.cancel("")
	p.told("CANCEL", 200)
	c.ack(p.told("INVITE", 487))
	d.mu.Lock()
	close(d.block)
	d.block = nil
	d.mu.Unlock()
	h.see(t, "free", func() bool { return !h.busy["ch-alice"] && len(h.ended) == 2 })

	c = p.dial("902", "") // no ACK: after 64 x T1 it is over
	ok := p.told("INVITE", 200)
	bye := p.asked("BYE")
	c.settle(ok)
	c.ok(bye)
	h.see(t, "free", func() bool { return !h.busy["ch-alice"] })
	if bye.get("reason") != `SIP;cause=408;text="No ACK"` {
		t.Errorf("%s", bye.raw)
	}
}

func TestH02_WithoutACodecWeSpeakThereIsNoConversation(t *testing.T) {
	_, _, d, p, _ := booth(t, "udp")
	for _, sdp := range []string{
		"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 18\r\n",
		"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/SAVP 8\r\n", "nonsense",
	} {
		p.body = sdp
		c := p.dial("901*101*4711", "")
		c.ack(p.told("INVITE", 488))
	}
	for _, answer := range []string{"", "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 0 RTP/AVP 8\r\n"} {
		p.body = ""
		c := p.dial("901*101*4711", "")
		if m := p.told("INVITE", 200); answer == "" { // nothing was offered, and nothing answered
			c.ack(m)
		} else {
			c.acks(m, answer)
		}
		bye := p.asked("BYE")
		if bye.get("reason") != `SIP;cause=488;text="No codec"` {
			t.Errorf("%s", bye.raw)
		}
		c.ok(bye)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.attempts) != 0 {
		t.Errorf("logged in all the same: %q", d.attempts)
	}
}

func TestC09_AtTheEndOfTheServerConversationsEnd(t *testing.T) {
	s, h, _, p, sdp := booth(t, "udp")
	p.body = sdp
	c := p.dial("901", "")
	c.ack(p.told("INVITE", 200))
	h.see(t, "busy", func() bool { return h.busy["ch-alice"] })
	done := make(chan struct{})
	go func() { s.close(); close(done) }()
	select {
	case <-done:
	case <-time.After(waitFor):
		t.Fatal("a conversation holds the server up")
	}
}
