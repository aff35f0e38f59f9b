package main

import (
	"bytes"
	"testing"
	"time"
)

func TestAnswerHoldsOnlyOwnLivingContact(t *testing.T) {
	own := []byte("sip:u1@127.0.0.1:5062")
	for contact, want := range map[string]bool{
		"<sip:u1@127.0.0.1:5062>;expires=3600":                                      true,
		`<sip:u9@127.0.0.1:5062>;expires=9, <sip:u1@127.0.0.1:5062>;q=1;expires=60`: true,
		"<sip:u1@127.0.0.1:5062>;expires=0":                                         false,
		"<sip:u1@127.0.0.1:5062>":                                                   false,
		"<sip:u1@127.0.0.1:50621>;expires=3600":                                     false,
		"<sip:u2@127.0.0.1:5062>;expires=3600":                                      false,
	} {
		m := answer{contacts: [][]byte{[]byte(contact)}}
		if got := m.holds(own); got != want {
			t.Errorf("%s: holds %v, want %v", contact, got, want)
		}
	}
}

func TestParseRefusesWhatIsNoAnswer(t *testing.T) {
	var m answer
	for _, msg := range []string{
		"", "\r\n\r\n", "OPTIONS sip:u SIP/2.0\r\n\r\n", "SIP/2.0 200 OK\r\n\r\n",
		"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK-short\r\nCSeq: 1 REGISTER\r\nCall-ID: x\r\n\r\n",
		"SIP/2.0 200 OK\r\nv: SIP/2.0/UDP h;branch=z9hG4bK-0000000000000001\r\nCSeq: 1 REGISTER\r\ni: x\r\nno colon\r\n\r\n",
		"SIP/2.0 200 OK\r\nv: SIP/2.0/UDP h;branch=z9hG4bK-0000000000000001\r\nCSeq: 1 REGISTER\r\ni: x",
	} {
		if err := m.parse([]byte(msg)); err == nil {
			t.Errorf("%q was taken for an answer", msg)
		}
	}
}

func TestPercentileIsNearestRank(t *testing.T) {
	var sorted []time.Duration
	for i := 1; i <= 200; i++ {
		sorted = append(sorted, time.Duration(i)*time.Millisecond)
	}
	for q, want := range map[float64]float64{0.5: 100, 0.99: 198, 1: 200, 0.001: 1} {
		if got := percentile(sorted, q); got != want {
			t.Errorf("percentile %v is %v, want %v", q, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	p := phone{user: "u1", name: "u1", callID: "c", cseq: 1}
	e := envelope{local: "127.0.0.1:5062", transport: "UDP", uri: "sip:sip.test", domain: "sip.test", expires: 60}
	request := e.appendRegister(nil, &p, bind, 7, nil)
	f.Add(appendResponse(nil, request, "200 OK", nil))
	f.Add(appendResponse(nil, request, "401 Unauthorized", []byte(bareChallenge)))
	f.Fuzz(func(t *testing.T, msg []byte) {
		var m answer
		if m.parse(msg) != nil {
			return
		}
		m.holds([]byte("sip:u1@127.0.0.1:5062"))
		if c, err := pickChallenge(m.challenges, ""); err == nil && !bytes.Contains(msg, c.nonce) {
			t.Fatal("nonce is not from the message")
		}
	})
}
