package wire

import (
	"net/netip"
	"strings"
	"testing"
)

const register = "REGISTER sip:example.test SIP/2.0\r\n" +
	"Via: SIP/2.0/UDP 10.0.0.7:5062;branch=z9hG4bK1;rport;x=y, SIP/2.0/UDP 10.0.0.8\r\n" +
	"v: SIP/2.0/UDP 10.0.0.9\r\n" +
	"From: \"Desk\" <sip:alice@example.test>;tag=1\r\nTo: <sip:alice@example.test>\r\n" +
	"Call-ID: c\r\nCSeq: 7 REGISTER\r\nMax-Forwards: 70\r\n" +
	"Contact: <sip:alice@10.0.0.7:5062>;expires=300;+sip.instance=\"<urn:uuid:1>\"\r\nContent-Length: 0\r\n\r\n"

func TestC14_MessageIsCutIntoItsParts(t *testing.T) {
	var m Message
	if !m.Parse([]byte(register+"surplus"), true) || m.BadStatus != 0 || !m.Answerable() {
		t.Fatalf("%d %s", m.BadStatus, m.BadReason)
	}
	c, status, _ := m.ParseContacts(60)
	if string(m.Method) != "REGISTER" || string(m.RequestURI) != "sip:example.test" || m.CSeq != 7 || string(m.Raw) != register ||
		string(m.Single[HeaderCallID]) != "c" || string(m.TopVia.host) != "10.0.0.7" || string(m.TopVia.Branch) != "z9hG4bK1" ||
		status != 0 || string(c.URI.User) != "alice" || c.URI.Port != 5062 || c.Expires != 300 || string(c.Instance) != "<urn:uuid:1>" {
		t.Errorf("%+v\n%+v", m, c)
	}
}

func TestC04_AnswerCopiesWhatItMustAndSaysTheTrueAddress(t *testing.T) {
	var m Message
	m.Parse([]byte(register), true)
	head := string(m.AppendHead(AppendStatus(nil, 200, "OK"), netip.MustParseAddrPort("198.51.100.9:61000")))
	head, tag, _ := strings.Cut(head, "To: <sip:alice@example.test>;tag=")
	_, rest, _ := strings.Cut(tag, "\r\n")
	want := "SIP/2.0 200 OK\r\n" +
		"Via: SIP/2.0/UDP 10.0.0.7:5062;branch=z9hG4bK1;x=y;received=198.51.100.9;rport=61000, SIP/2.0/UDP 10.0.0.8\r\n" +
		"Via: SIP/2.0/UDP 10.0.0.9\r\n" +
		"From: \"Desk\" <sip:alice@example.test>;tag=1\r\n" +
		"Call-ID: c\r\nCSeq: 7 REGISTER\r\n"
	if head+rest != want {
		t.Errorf("got\n%s\nwant\n%s", head+rest, want)
	}
}

func TestQ01_ReadingAndAnsweringAllocateNothing(t *testing.T) {
	raw, out, peer := []byte(register), make([]byte, 0, 1024), netip.MustParseAddrPort("198.51.100.9:61000")
	var m Message
	n := testing.AllocsPerRun(100, func() {
		if !m.Parse(raw, true) {
			t.Fatal("not read")
		}
		if _, status, _ := m.ParseContacts(60); status != 0 {
			t.Fatal(status)
		}
		out = m.AppendHead(AppendStatus(out[:0], 200, "OK"), peer)
	})
	if n != 0 {
		t.Errorf("%v allocations", n)
	}
}
