package voice_test

import (
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"tischlein/internal/voice"
)

// Who offers a third party's address cannot have it flooded: speech goes there for
// a few seconds, unless packets come from there, however the caller keeps the call
// alive and whatever is offered anew.
func TestX03_AThirdPartysAddressIsNotFlooded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, err := voice.Start(voice.Config{Speaker: "off"})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = e.Close() }()
		offer := func(port string) []byte {
			return []byte("v=0\r\no=- 1 1 IN IP4 127.0.0.9\r\ns=-\r\nc=IN IP4 127.0.0.9\r\nt=0 0\r\nm=audio " + port + " RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n")
		}
		place := voice.Place{Local: netip.IPv4Unspecified(), Host: loopback, Peer: loopback}
		s, _, err := e.Answer(offer("40000"), place)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		for i := range 60 {
			s.Play(voice.Say("de", voice.AskNumber)...)
			s.Digit('1')
			if i%10 == 9 {
				if _, err := s.Again(offer([]string{"40002", "40004"}[i/10%2])); err != nil {
					t.Fatal(err)
				}
			}
			time.Sleep(time.Second)
		}
		if s.Err() != nil {
			t.Fatal("the session has ended, so nothing was tried")
		}
		if sent := e.Stats().Sent + e.Stats().Lost; sent == 0 || sent > 300 {
			t.Errorf("%d packets went to who never asked for any", sent)
		}
	})
}
