package sip

import (
	"fmt"
	"strings"
	"testing"
)

func (p *phone) other(method, cseqMethod, branch, extra string) string {
	return fmt.Sprintf("%s sip:102@example.test SIP/2.0\r\nVia: SIP/2.0/%s %s;rport;branch=z9hG4bK%s\r\nMax-Forwards: 70\r\nFrom: <sip:alice@example.test>;tag=a\r\nTo: <sip:102@example.test>%s\r\nCall-ID: c-%s\r\nCSeq: 1 %s\r\nContact: <sip:alice@127.0.0.1>\r\nContent-Length: 0\r\n\r\n",
		method, strings.ToUpper(p.transport), p.conn.LocalAddr(), branch, extra, branch, cseqMethod)
}

func TestC12_WhatIsNotServedIsRefusedClearly(t *testing.T) {
	s := start(t, newHouse("alice"))
	for _, transport := range everyTransport {
		p := dialPhone(t, s, transport, "alice")
		for i, c := range []struct {
			method string
			status int
		}{
			{"SUBSCRIBE", 489}, {"PUBLISH", 489}, {"BYE", 481}, {"NOTIFY", 481}, {"CANCEL", 481},
			{"MESSAGE", 405}, {"REFER", 405}, {"INFO", 405}, {"UPDATE", 405}, {"FROBNICATE", 501},
		} {
			p.send(p.other(c.method, c.method, fmt.Sprintf("%s%d", transport, i), ""))
			m := p.read()
			if m.status != c.status || m.get("cseq") != "1 "+c.method || m.get("allow") != "REGISTER, OPTIONS" {
				t.Errorf("%s over %s: want %d, got\n%s", c.method, transport, c.status, m.raw)
			}
		}
		if m := p.options(); m.status != 200 || m.get("allow") == "" {
			t.Errorf("OPTIONS: %s", m.raw)
		}
	}
}

func TestC05_InviteGets501AndItsAckEndsIt(t *testing.T) {
	s := start(t, newHouse("alice"))
	for _, transport := range everyTransport {
		p := dialPhone(t, s, transport, "alice")
		p.send(p.other("INVITE", "INVITE", "inv"+transport, ""))
		m := p.read()
		for m.status == 100 {
			m = p.read()
		}
		want(t, m, 501)
		ack := p.other("ACK", "ACK", "inv"+transport, ";tag=x")
		p.send(strings.Replace(ack, "To: <sip:102@example.test>;tag=x", "To: "+m.get("to"), 1))
		for { // a retransmission of the 501 may have crossed the ACK; then OPTIONS is the last
			if m := p.options(); m.status == 200 {
				break
			}
		}
	}
}
