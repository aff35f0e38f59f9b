package voice_test

import (
	"errors"
	"runtime"
	"strings"
	"testing"

	"tischlein/internal/voice"
	"tischlein/internal/voice/voicetest"
)

func portIn(answer []byte) string {
	_, rest, _ := strings.Cut(string(answer), "m=audio ")
	port, _, _ := strings.Cut(rest, " ")
	return port
}

func TestPortsAreEvenBoundedAndFreed(t *testing.T) {
	e, err := voice.Start(voice.Config{Speaker: "off", Ports: voice.PortRange{First: 22001, Last: 22005}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = e.Close() }()
	phone := voicetest.NewPhone(t, voice.PCMA, true)
	defer phone.Close()
	for range 3 {
		var open []*voice.Session
		for {
			s, answer, err := e.Answer(phone.Offer(), voice.Place{Local: loopback, Host: loopback})
			if errors.Is(err, voice.ErrFull) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if p := portIn(answer); p != "22002" && p != "22004" {
				t.Fatalf("port %s", p)
			}
			open = append(open, s)
		}
		if len(open) == 0 || len(open) > 2 {
			t.Fatalf("%d sessions at two ports", len(open))
		}
		for _, s := range open {
			s.Close()
			s.Close()
			if s.Digit('1'); !errors.Is(s.Err(), voice.ErrClosed) {
				t.Error(s.Err())
			}
			<-s.Play(voice.Say("de", voice.Goodbye)...)
		}
	}
	for _, bad := range []voice.PortRange{{First: 4001, Last: 4001}, {First: 5000, Last: 4000}, {Last: 4000}, {First: 80, Last: 90}} {
		if e, err := voice.Start(voice.Config{Speaker: "off", Ports: bad}); err == nil {
			_ = e.Close()
			t.Errorf("%+v is taken", bad)
		}
	}
	few, err := voice.Start(voice.Config{Speaker: "off", Most: 1})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []error{nil, voice.ErrFull} {
		if _, answer, err := few.Answer(phone.Offer(), voice.Place{Host: loopback}); !errors.Is(err, want) || err == nil && portIn(answer)[len(portIn(answer))-1]%2 != 0 {
			t.Errorf("session %d: %v\n%s", i, err, answer)
		}
	}
	_ = few.Close()
	if _, _, err := few.Answer(phone.Offer(), voice.Place{Host: loopback}); !errors.Is(err, voice.ErrFull) {
		t.Errorf("after the end: %v", err)
	}
}

// A thousand sessions begun and ended leave no socket and no goroutine.
func TestNothingIsLeftOfAThousandSessions(t *testing.T) {
	e, err := voice.Start(voice.Config{Speaker: "off"})
	if err != nil {
		t.Fatal(err)
	}
	phone := voicetest.NewPhone(t, voice.PCMA, true)
	defer phone.Close()
	before := runtime.NumGoroutine()
	for range 1000 {
		s, _, err := e.Answer(phone.Offer(), voice.Place{Local: loopback, Host: loopback})
		if err != nil {
			t.Fatal(err) // 1,000 open sockets would be near the usual limit
		}
		s.Play(voice.Say("nl", voice.AskPIN)...)
		s.Close()
	}
	if n, sessions := runtime.NumGoroutine(), e.Stats().Sessions; n > before || sessions != 0 {
		t.Errorf("%d goroutines more, %d sessions", n-before, sessions)
	}
	s, _, err := e.Answer(phone.Offer(), voice.Place{Local: loopback, Host: loopback})
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Close(); err != nil {
		t.Error(err)
	}
	if <-s.Done(); !errors.Is(s.Err(), voice.ErrClosed) {
		t.Error(s.Err())
	}
}
