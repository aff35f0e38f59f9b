package voice_test

import (
	"errors"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"tischlein/internal/voice"
	"tischlein/internal/voice/voicetest"
)

var loopback = netip.MustParseAddr("127.0.0.1")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// call is one phone in one session, answered. It is made and ended inside a bubble.
type call struct {
	*voice.Session
	phone  *voicetest.Phone
	engine *voice.Engine
}

func dial(t *testing.T, codec voice.Codec, events bool) *call {
	t.Helper()
	e, err := voice.Start(voice.Config{Speaker: "off"})
	if err != nil {
		t.Fatal(err)
	}
	p := voicetest.NewPhone(t, codec, events)
	s, answer, err := e.Answer(p.Offer(), voice.Place{Local: loopback, Host: loopback, Peer: loopback})
	if err != nil {
		t.Fatal(err)
	}
	p.Take(answer)
	p.Start()
	return &call{s, p, e}
}

func (c *call) end() {
	c.phone.Close()
	_ = c.engine.Close()
}

// typed is what arrives within a time.
func (c *call) typed(d time.Duration) string {
	var got []byte
	for over := time.After(d); ; {
		select {
		case k := <-c.Digits():
			got = append(got, k)
		case <-over:
			return string(got)
		}
	}
}

func TestH02_PromptsAreHeardAsRendered(t *testing.T) {
	for _, language := range voice.Languages {
		for _, codec := range []voice.Codec{voice.PCMA, voice.PCMU} {
			synctest.Test(t, func(t *testing.T) {
				c := dial(t, codec, true)
				defer c.end()
				time.Sleep(time.Second)
				if n := c.phone.Packets(); n != 0 {
					t.Fatalf("%d packets before anything is said", n)
				}
				<-c.Play(append(voice.Say(language, voice.AskNumber, voice.Goodbye), voice.SayNumber(language, "1029")...)...)
				time.Sleep(time.Second)
				cut := c.Play(voice.Say(language, voice.HereOrBoth)...)
				time.Sleep(time.Second)
				c.Play()
				<-cut
				time.Sleep(time.Second)
				got, err := c.phone.Transcript(language, nil)
				if want := []string{"ask_number", "goodbye", "digit_1", "digit_0", "digit_2", "digit_9", "here_or_both…"}; err != nil || !slices.Equal(got, want) {
					t.Errorf("%s %s: heard %q, %v", language, codec, got, err)
				}
			})
		}
	}
}

// Who offers nothing is offered what we speak, and hears what it has answered with.
func TestH02_WhoOffersNothingIsOfferedOurMedia(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, err := voice.Start(voice.Config{Speaker: "off"})
		if err != nil {
			t.Fatal(err)
		}
		s, sdp, err := e.Offer(voice.Place{Local: loopback, Host: loopback, Peer: loopback})
		if err != nil {
			t.Fatal(err)
		}
		c := &call{s, voicetest.NewPhone(t, voice.PCMA, true), e}
		defer c.end()
		c.phone.Take(sdp)
		for _, bad := range []string{"", "nonsense", "v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio 4000 RTP/AVP 18\r\n"} {
			if s.Answered([]byte(bad)) == nil {
				t.Errorf("%q is taken", bad)
			}
		}
		if err := s.Answered(c.phone.Offer()); err != nil {
			t.Fatal(err)
		}
		c.phone.Start()
		<-c.Play(voice.Say("de", voice.AskNumber)...)
		time.Sleep(time.Second)
		if got, err := c.phone.Transcript("de", nil); err != nil || !slices.Equal(got, []string{"ask_number"}) {
			t.Errorf("heard %q, %v", got, err)
		}
		c.phone.Press("12")
		if got := c.typed(2 * time.Second); got != "12" {
			t.Errorf("typed %q", got)
		}
	})
}

// Another prompt than the one that was played must not be recognised as it.
func TestThePhoneTellsPromptsApart(t *testing.T) {
	for _, other := range []voice.Prompt{voice.AskPIN, voice.LoggedOut, voice.LoggedOutHere} {
		got, err := voicetest.Recognise(voice.Say("de", other)[0].Samples(), "de", nil)
		if err != nil || !slices.Equal(got, []string{string(other)}) {
			t.Errorf("%s is heard as %q, %v", other, got, err)
		}
	}
	noise := make([]int16, 8000)
	for i := range noise {
		noise[i] = int16(i * 7919 % 20011)
	}
	if got, err := voicetest.Recognise(noise, "de", nil); err != nil || !slices.Equal(got, []string{"?"}) {
		t.Errorf("noise is heard as %q, %v", got, err)
	}
	if got, err := voicetest.Recognise(make([]int16, 8000), "de", nil); err != nil || len(got) != 0 {
		t.Errorf("silence is heard as %q, %v", got, err)
	}
}

func TestH02_DigitsInEveryWay(t *testing.T) {
	const number = "1001*#94"
	for name, c := range map[string]struct {
		codec  voice.Codec
		events bool
		press  func(*call)
		want   string
	}{
		"RFC 4733":         {voice.PCMA, true, func(c *call) { c.phone.Press(number) }, number},
		"RFC 4733, µ-law":  {voice.PCMU, true, func(c *call) { c.phone.Press(number) }, number},
		"in-band, A-law":   {voice.PCMA, false, func(c *call) { c.phone.Sound(number) }, number},
		"in-band, µ-law":   {voice.PCMU, false, func(c *call) { c.phone.Sound(number) }, number},
		"tones beside":     {voice.PCMA, true, func(c *call) { c.phone.Sound(number) }, ""},
		"SIP INFO":         {voice.PCMA, true, func(c *call) { info(c, number) }, number},
		"event, then INFO": {voice.PCMA, true, func(c *call) { c.phone.Press("12"); time.Sleep(time.Second); info(c, "12") }, "12"},
		"INFO, then event": {voice.PCMA, true, func(c *call) { info(c, "12"); c.phone.Press("12") }, "12"},
		"tone, then INFO":  {voice.PCMA, false, func(c *call) { c.phone.Sound("12"); time.Sleep(time.Second); info(c, "12") }, "12"},
		"far too many":     {voice.PCMA, true, func(c *call) { info(c, strings.Repeat("7", 500)) }, strings.Repeat("7", 64)},
	} {
		synctest.Test(t, func(t *testing.T) {
			l := dial(t, c.codec, c.events)
			defer l.end()
			l.Play(voice.Say("de", voice.AskNumber)...)
			c.press(l)
			if got := l.typed(5 * time.Second); got != c.want {
				t.Errorf("%s: %q, want %q", name, got, c.want)
			}
		})
	}
}

func info(c *call, digits string) {
	for _, d := range []byte(digits) {
		c.Digit(d)
	}
}

func TestH02_DigitsOverABadNetwork(t *testing.T) {
	ends := 0
	for name, filter := range map[string]func(event bool, b []byte) int{
		"every packet twice":    func(bool, []byte) int { return 2 },
		"all ends lost":         func(event bool, b []byte) int { return yes(!event || b[13]&0x80 == 0) },
		"only one end arrives":  func(event bool, b []byte) int { ends++; return yes(!event || b[13]&0x80 != 0 && ends%3 == 0) },
		"the beginning is lost": func(event bool, b []byte) int { return yes(!event || b[1]&0x80 == 0) },
	} {
		synctest.Test(t, func(t *testing.T) {
			c := dial(t, voice.PCMA, true)
			defer c.end()
			c.phone.Filter = filter
			c.phone.Press("1100#")
			if got := c.typed(5 * time.Second); got != "1100#" {
				t.Errorf("%s: %q", name, got)
			}
		})
	}
}

func yes(b bool) int {
	if b {
		return 1
	}
	return 0
}

func TestH02_WithoutMediaTheSessionEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := dial(t, voice.PCMA, true)
		defer c.end()
		time.Sleep(time.Minute)
		if err := c.Err(); err != nil {
			t.Fatalf("ended while the phone sends: %v", err)
		}
		c.phone.Mute(true)
		start := time.Now()
		playing := c.Play(voice.Say("de", voice.AskNumber)...)
		<-c.Done()
		<-playing
		if took := time.Since(start); took < 20*time.Second || took > 20*time.Second+100*time.Millisecond || !errors.Is(c.Err(), voice.ErrNoMedia) {
			t.Errorf("after %v: %v", took, c.Err())
		}
		if n := c.engine.Stats().Sessions; n != 0 {
			t.Errorf("%d sessions are left", n)
		}
	})
}

func TestH02_DigitsOfINFOAreASignOfLife(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := dial(t, voice.PCMA, true)
		defer c.end()
		c.phone.Mute(true)
		for range 5 {
			time.Sleep(15 * time.Second)
			c.Digit('1')
		}
		if err := c.Err(); err != nil {
			t.Error(err)
		}
	})
}

func TestHoldAndResume(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := dial(t, voice.PCMA, true)
		defer c.end()
		again := func(extra ...string) string {
			answer, err := c.Again(c.phone.Offer(extra...))
			if err != nil {
				t.Fatal(err)
			}
			c.phone.Take(answer)
			return string(answer)
		}
		<-c.Play(voice.Say("de", voice.Goodbye)...)
		if a := again("a=inactive"); !strings.Contains(a, "a=inactive") {
			t.Error(a)
		}
		c.phone.Mute(true)
		time.Sleep(time.Second)
		n := c.phone.Packets()
		time.Sleep(time.Minute)
		if c.phone.Packets() != n || c.Err() != nil {
			t.Errorf("%d packets while held, %v", c.phone.Packets()-n, c.Err())
		}
		first := again()
		c.phone.Mute(false)
		<-c.Play(voice.Say("de", voice.LoggedIn)...)
		c.phone.Press("5")
		if got := c.typed(time.Second); got != "5" {
			t.Errorf("%q after holding", got)
		}
		second := again()
		if strings.Contains(first, "a=sendrecv") == false || strings.Split(first, "\r\n")[1] == strings.Split(second, "\r\n")[1] {
			t.Errorf("the answers do not differ in their version:\n%s%s", first, second)
		}
		if _, err := c.Again([]byte("v=0\r\n")); !errors.Is(err, voice.ErrOffer) || c.Err() != nil {
			t.Errorf("a broken offer: %v, %v", err, c.Err())
		}
		if got, err := c.phone.Transcript("de", nil); err != nil || !slices.Equal(got, []string{"goodbye", "logged_in"}) {
			t.Errorf("heard %q, %v", got, err)
		}
	})
}

// The phone's packets may come from another port than it said, but then from
// there for the whole session, and never from an address that is neither its
// offer's nor its signalling's.
func TestSpeechGoesWhereThePhonesPacketsComeFrom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, err := voice.Start(voice.Config{Speaker: "off"})
		if err != nil {
			t.Fatal(err)
		}
		phone := voicetest.NewPhone(t, voice.PCMA, true)
		offer := strings.Replace(string(phone.Offer()), "c=IN IP4 127.0.0.1", "c=IN IP4 192.168.1.20", 1) // behind a NAT
		s, answer, err := e.Answer([]byte(offer), voice.Place{Local: netip.IPv4Unspecified(), Host: loopback, Peer: loopback})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { phone.Close(); _ = e.Close() }()
		phone.Take(answer)
		stranger, err := net.Dial("udp4", "127.0.0.1:"+portIn(answer))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = stranger.Close() }()
		far, err := (&net.Dialer{LocalAddr: &net.UDPAddr{IP: net.IPv4(127, 0, 0, 2)}}).Dial("udp4", "127.0.0.1:"+portIn(answer))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = far.Close() }()
		key := "\x80\x65\x00\x01\x00\x00\x00\x01\x00\x00\x00\x01\x09\x8a\x03\x20" // a 9, as an event
		send := func(c net.Conn, b string) {
			t.Helper()
			if _, err := c.Write([]byte(b)); err != nil {
				t.Fatal(err)
			}
		}
		s.Play(voice.Say("de", voice.AskNumber)...)
		send(far, key) // before the phone, but from elsewhere
		time.Sleep(100 * time.Millisecond)
		phone.Start()
		time.Sleep(100 * time.Millisecond)
		send(stranger, key) // right address, but the phone was first
		send(far, key)
		time.Sleep(100 * time.Millisecond)
		<-s.Play(voice.Say("de", voice.Goodbye)...)
		time.Sleep(100 * time.Millisecond)
		select {
		case d := <-s.Digits():
			t.Errorf("a stranger pressed %q", d)
		default:
		}
		got, err := phone.Transcript("de", nil)
		if err != nil || !slices.Contains(got, "goodbye") {
			t.Errorf("heard %q, %v", got, err)
		}
	})
}
