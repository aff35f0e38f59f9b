package phonesim

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

// relay carries messages between the phones that are registered, as a proxy that
// keeps nothing but who asked.
func (r *miniRegistrar) relay(msg string, reply func([]byte)) {
	line, rest, _ := strings.Cut(msg, "\r\n")
	if strings.HasPrefix(line, "SIP/2.0") {
		via := hdr(msg, "Via")
		branch := pattern(`branch=([^;]*)`).FindStringSubmatch(via)[1]
		if back := r.relays[branch]; back != nil {
			back([]byte(strings.Replace(msg, "Via: "+via+"\r\n", "", 1)))
		}
		return
	}
	f := strings.Fields(line)
	user := pattern(`sip:([^@]*)@`).FindStringSubmatch(f[1])[1]
	b, ok := r.bindings[user]
	if !ok {
		if f[0] != "ACK" {
			reply(fmt.Appendf(nil, "SIP/2.0 404 Not Found\r\nVia: %s\r\nFrom: %s\r\nTo: %s;tag=x\r\nCall-ID: %s\r\nCSeq: %s\r\nContent-Length: 0\r\n\r\n",
				hdr(msg, "Via"), hdr(msg, "From"), hdr(msg, "To"), hdr(msg, "Call-ID"), hdr(msg, "CSeq")))
		}
		return
	}
	branch := "z9hG4bK" + randomHex(6)
	r.relays[branch] = reply
	uri := pattern(`<(.*?)>`).FindStringSubmatch(b.contact)[1]
	b.reply(fmt.Appendf(nil, "%s %s SIP/2.0\r\nVia: SIP/2.0/%s %s;branch=%s\r\n%s", f[0], uri, strings.ToUpper(r.network), r.addr, branch, rest))
}

// callers are registered phones of these users at one registrar that carries calls.
func callers(t *testing.T, network string, how Answering, users ...string) []*Phone {
	t.Helper()
	r := newRegistrar(t, network, "MD5", nil)
	r.set(func() { r.relays = map[string]func([]byte){} })
	f := testFleet(t)
	var phones []*Phone
	for _, u := range users {
		r.set(func() { r.passwords[u] = "p" })
		c := typed(r, u, "p")
		c.Display = strings.ToUpper(u)
		p := f.Add(Config{Vendor: Generic, Account: c, Calls: how})
		p.PowerOn(t.Context())
		await(t, p, "registration", isRegistered)
		phones = append(phones, p)
	}
	return phones
}

func dial(t *testing.T, p *Phone, number string) *Call {
	t.Helper()
	c, err := p.Dial(Dialling{Number: number})
	must(t, err)
	return c
}

func becomes(t *testing.T, c *Call, phase Phase) CallState {
	t.Helper()
	must(t, c.Wait(t.Context(), func(s CallState) bool { return s.Phase == phase }))
	return c.State()
}

func incoming(t *testing.T, p *Phone) *Call {
	t.Helper()
	c, err := p.WaitCall(t.Context(), func(s CallState) bool { return s.Phase == Incoming })
	must(t, err)
	return c
}

func TestPhonesTalkHoldAndHearEachOther(t *testing.T) {
	for _, network := range []string{"udp", "tcp"} {
		t.Run(network, func(t *testing.T) {
			phones := callers(t, network, Rings, "ann", "bob")
			a := dial(t, phones[0], "bob")
			b := incoming(t, phones[1])
			if s := b.State(); s.Name != "ANN" || s.Number != "ann" {
				t.Fatalf("%+v", s)
			}
			becomes(t, a, Ringing)
			must(t, b.Answer())
			becomes(t, a, Up)
			if !phones[0].State().Busy || !phones[1].State().Busy {
				t.Error("a phone in a call is not busy")
			}
			must(t, a.Press("12#"))
			speech := make([]int16, 1600)
			for n := range speech {
				speech[n] = int16(9000 * math.Sin(float64(n)/5))
			}
			must(t, a.Speak(speech))
			must(t, b.Wait(t.Context(), func(s CallState) bool { return s.Keys == "12#" }))
			must(t, b.Wait(t.Context(), func(CallState) bool { return loudest(b.Heard()) > 8500 }))
			must(t, b.Hold())
			must(t, a.Wait(t.Context(), func(s CallState) bool { return s.OnHold }))
			must(t, b.Wait(t.Context(), func(s CallState) bool { return s.Held }))
			must(t, b.Resume())
			must(t, a.Wait(t.Context(), func(s CallState) bool { return !s.OnHold }))
			must(t, b.Wait(t.Context(), func(s CallState) bool { return !s.Held }))
			b.HangUp()
			becomes(t, a, Ended)
			if s := phones[0].State(); s.Busy || len(phones[0].Calls()) != 0 {
				t.Errorf("%+v", s)
			}
		})
	}
}

func loudest(speech []int16) (most int16) {
	for _, x := range speech {
		most = max(most, x)
	}
	return most
}

func TestPhonesCancelDeclineAndAreBusy(t *testing.T) {
	phones := callers(t, "udp", Rings, "ann", "bob")
	a := dial(t, phones[0], "bob")
	b := incoming(t, phones[1])
	becomes(t, a, Ringing)
	a.HangUp()
	if s := becomes(t, a, Ended); s.Status != 487 {
		t.Errorf("cancelled: %+v", s)
	}
	becomes(t, b, Ended)
	a = dial(t, phones[0], "bob")
	must(t, incoming(t, phones[1]).Decline(603))
	if s := becomes(t, a, Ended); s.Status != 603 {
		t.Errorf("declined: %+v", s)
	}
	phones[1].TakeCalls(Engaged)
	if s := becomes(t, dial(t, phones[0], "bob"), Ended); s.Status != 486 {
		t.Errorf("engaged: %+v", s)
	}
	if s := becomes(t, dial(t, phones[0], "nobody"), Ended); s.Status != 404 {
		t.Errorf("nobody: %+v", s)
	}
}

func TestPhonesTransferBlindAndAttended(t *testing.T) {
	phones := callers(t, "udp", PicksUp, "ann", "bob", "carl")
	a := dial(t, phones[0], "bob")
	becomes(t, a, Up)
	b := phones[1].Calls()[0]
	must(t, b.Transfer("carl"))
	becomes(t, b, Ended)
	becomes(t, a, Ended)
	if s := b.State(); s.Referred != 200 {
		t.Fatalf("%+v", s)
	}
	withCarl, err := phones[0].WaitCall(t.Context(), func(s CallState) bool { return s.Phase == Up && s.Number == "carl" })
	must(t, err)
	withCarl.HangUp()
	becomes(t, withCarl, Ended)

	one, two := dial(t, phones[1], "ann"), (*Call)(nil)
	becomes(t, one, Up)
	two = dial(t, phones[1], "carl")
	becomes(t, two, Up)
	must(t, one.TransferTo(two))
	becomes(t, one, Ended)
	becomes(t, two, Ended)
	_, err = phones[0].WaitCall(t.Context(), func(s CallState) bool { return s.Phase == Up && s.Number == "carl" })
	must(t, err)
}

func TestG711IsWhatTheStandardSays(t *testing.T) {
	for x, want := range map[int16][2]byte{0: {0xff, 0xd5}, 1000: {0xce, 0xfa}, -1000: {0x4e, 0x7a}, 32767: {0x80, 0xaa}, -32768: {0x00, 0x2a}} {
		if got := [2]byte{encodeSample(pcmu, x), encodeSample(pcma, x)}; got != want {
			t.Errorf("%d is %#x, want %#x", x, got, want)
		}
	}
	for _, codec := range []byte{pcmu, pcma} {
		for x := -32768; x < 32768; x += 7 {
			y := int(decodeSample(codec, encodeSample(codec, int16(x))))
			if diff := max(x-y, y-x); diff > 16+max(x, -x)/16 && max(x, -x) < 32000 {
				t.Fatalf("codec %d: %d comes back as %d", codec, x, y)
			}
		}
	}
}

func FuzzDescription(f *testing.F) {
	f.Add([]byte("v=0\r\nc=IN IP4 192.0.2.1\r\nm=audio 4000 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\na=sendonly\r\n"))
	f.Add([]byte("c=IN IP4 x\nm=audio -1 RTP/AVP\nm=\na=rtpmap:999 telephone-event/8000"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if d, err := readDescription(b); err == nil && d.codec != pcmu && d.codec != pcma {
			t.Fatalf("%+v", d)
		}
	})
}
