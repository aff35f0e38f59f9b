package e2e_test

import (
	"math"
	"net"
	"strings"
	"testing"

	"tischlein/e2e/clients"
	"tischlein/internal/phonesim"
	"tischlein/internal/telephony"
	"tischlein/internal/voice/voicetest"
)

func TestH02_BaresipWalksTheDialogueByTelephoneEvents(t *testing.T) {
	t.Parallel()
	i := office(t)
	i.colleague("101", "Ada Wirt", false)
	d, b := i.baresip("Empfang", "udp")
	do(i, b, "dial", "901")
	event(i, b, "CALL_ESTABLISHED")
	do(i, b, "sndcode", "101#"+pin+"#")
	event(i, b, "CALL_CLOSED")
	speech, err := b.Heard(i.within())
	i.ok(err)
	i.says(speech, "logged_in")
	d.has("101")
	i.said(b, `200;text="Logged in: 101 Ada Wirt"`, 1)
}

// Nobody presses a key before the question is heard to its end; then each question is the right one.
func TestH02_EachQuestionIsTheRightOne(t *testing.T) {
	t.Parallel()
	i := office(t)
	i.colleague("101", "Ada Wirt", false)
	d, p := i.place("Empfang", "tls", phonesim.Engaged)
	c := i.dials(p, "901")
	i.becomes(c, phonesim.Up)
	i.heard(c, "ask_number")
	i.ok(c.Press("101#"))
	i.heard(c, "ask_number", "ask_pin")
	i.ok(c.Press(pin + "#"))
	s := i.becomes(c, phonesim.Ended)
	i.says(c.Heard(), "ask_number", "ask_pin", "logged_in")
	if s.Reason != `SIP;cause=200;text="Logged in: 101 Ada Wirt"` {
		t.Errorf("ended with %q", s.Reason)
	}
	d.has("101")
}

// heard waits until the prompts were heard whole.
func (i *installation) heard(c *phonesim.Call, want ...string) {
	i.t.Helper()
	eventually(i, "not heard: "+strings.Join(want, ", "), func() bool {
		said, err := voicetest.Recognise(c.Heard(), "de", nil)
		i.ok(err)
		return len(said) >= len(want) && said[len(want)-1] == want[len(want)-1] // with no … behind it
	})
}

func TestH02_SippWalksTheDialogueByInfo(t *testing.T) {
	t.Parallel()
	i := office(t)
	i.colleague("101", "Ada Wirt", false)
	d := i.desk("Empfang", "generic", "")
	user, password := d.credentials()
	s, err := clients.StartSippParty(t.TempDir(), clients.SippParty{
		Text: clients.Dialogue("901", "101#"+pin+"#", "Logged in: 101 Ada Wirt"), Server: i.Addrs().SIP["udp"][0], Local: freeUDP(i, "127.0.0.1"),
		User: user, Password: password, URI: "901@" + i.Addrs().SIP["udp"][0], Keys: map[string]string{"user": user},
	})
	i.ok(err)
	t.Cleanup(s.Kill)
	i.ok(s.Wait(i.within()))
	d.has("101")
}

// freeUDP is an address and port that nothing listens on.
func freeUDP(i *installation, address string) string {
	i.t.Helper()
	c, err := net.ListenPacket("udp4", address+":0")
	i.ok(err)
	defer func() { _ = c.Close() }()
	return c.LocalAddr().String()
}

// keys is what a keypad sounds like: two tones for 100 ms, and silence after them.
func keypad(keys string) (speech []int16) {
	for _, k := range []byte(keys) {
		n := strings.IndexByte("123A456B789C*0#D", k)
		low, high := []float64{697, 770, 852, 941}[n/4], []float64{1209, 1336, 1477, 1633}[n%4]
		for s := range 1600 {
			x := 0.0
			if s < 800 {
				x = 7000 * (math.Sin(2*math.Pi*low*float64(s)/8000) + math.Sin(2*math.Pi*high*float64(s)/8000))
			}
			speech = append(speech, int16(x))
		}
	}
	return speech
}

func TestH02_TonesInBandWhereTelephoneEventIsNotOffered(t *testing.T) {
	t.Parallel()
	i := office(t)
	i.colleague("101", "Ada Wirt", false)
	d, p := i.place("Empfang", "tcp", phonesim.Engaged)
	c, err := p.Dial(phonesim.Dialling{Number: "901", NoEvents: true, Codecs: []string{"PCMU"}})
	i.ok(err)
	i.becomes(c, phonesim.Up)
	i.ok(c.Speak(keypad("101#" + pin + "#")))
	s := i.becomes(c, phonesim.Ended)
	i.says(c.Heard(), "logged_in")
	if !strings.Contains(s.Reason, "Logged in: 101") {
		t.Errorf("ended with %q", s.Reason)
	}
	d.has("101")
}

func TestH03_LogoutAtTwoDevicesAsksHereOrBoth(t *testing.T) {
	t.Parallel()
	i := office(t)
	erika := i.colleague("102", "Erika Weber", true)
	first, p := i.place("Labor", "udp", phonesim.Engaged)
	second, q := i.place("Büro", "tcp", phonesim.Engaged)
	for _, c := range []struct{ key, said, here, there string }{
		{"1", "logged_out_here", "", "102"},
		{"2", "logged_out_both", "", ""},
	} {
		for _, d := range []*desk{first, second} {
			if d.here() == "" {
				d.sit(erika)
			}
		}
		call := i.dials(p, "902")
		i.becomes(call, phonesim.Up)
		eventually(i, "the question does not begin", func() bool { return call.State().Packets > 75 }) // a key in its first second was meant for something else
		i.ok(call.Press(c.key))
		i.becomes(call, phonesim.Ended)
		i.says(call.Heard(), c.said)
		first.has(c.here)
		second.has(c.there)
	}
	// Nobody there: it says so, and nothing changes.
	call := i.dials(q, "902")
	i.becomes(call, phonesim.Ended)
	i.says(call.Heard(), "nobody_here")
}

// At the limit, the code offers to move: log in here and off there (H03).
func TestH03_AtTheMaximumTheCodeOffersToMove(t *testing.T) {
	t.Parallel()
	i := office(t)
	ada := i.colleague("101", "Ada Wirt", false)
	first, _ := i.place("Empfang", "udp", phonesim.Engaged)
	second, q := i.place("Küche", "tls", phonesim.Engaged)
	first.sit(ada)
	for _, c := range []struct{ key, said, there, here string }{
		{"2", "nothing_changed", "101", ""},
		{"1", "logged_in", "", "101"},
	} {
		call := i.dials(q, "901*101*"+pin)
		i.becomes(call, phonesim.Up)
		eventually(i, "the question does not begin", func() bool { return call.State().Packets > 75 }) // a key in its first second was meant for something else
		i.ok(call.Press(c.key))
		i.becomes(call, phonesim.Ended)
		i.says(call.Heard(), c.said)
		first.has(c.there)
		second.has(c.here)
	}
}

// The customer's default PIN must be changed first, by voice too (D20).
func TestD20_ThePINMustBeChangedFirst(t *testing.T) {
	t.Parallel()
	i := office(t)
	v, err := i.App().Extensions.Create(t.Context(), operator, telephony.Extension{CustomerID: i.customer.ID, Number: "101", Name: "Ada Wirt"}, "0000")
	i.ok(err)
	d, p := i.place("Empfang", "udp", phonesim.Engaged)
	c := i.dials(p, "901*101*0000")
	i.becomes(c, phonesim.Up)
	eventually(i, "the question does not begin", func() bool { return c.State().Packets > 25 })
	i.ok(c.Press(pin + "#" + pin + "#"))
	i.becomes(c, phonesim.Ended)
	i.says(c.Heard(), "pin_changed", "logged_in")
	d.has(v.Extension.Number)
}
