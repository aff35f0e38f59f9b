package sip

import (
	"encoding/binary"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"
)

func TestC04_AnswersGoWhereTheRequestCameFrom(t *testing.T) {
	s := start(t, newHouse("alice"))
	p := dialPhone(t, s, "udp", "alice")
	port := p.conn.LocalAddr().(*net.UDPAddr).Port
	raw := strings.Replace(p.request(300, ""), "SIP/2.0/UDP "+p.conn.LocalAddr().String()+";rport", "SIP/2.0/UDP 10.0.0.7:5062;rport;received=1.2.3.4;x=y", 1)
	p.send(strings.Replace(raw, "Max-Forwards", "Via: SIP/2.0/UDP 10.9.9.9;branch=z9hG4bKnext\r\nMax-Forwards", 1))
	m := want(t, p.read(), 401)
	v := m.headers["via"]
	if len(v) != 2 || v[1] != "SIP/2.0/UDP 10.9.9.9;branch=z9hG4bKnext" ||
		!strings.Contains(v[0], fmt.Sprintf(";rport=%d", port)) || !strings.Contains(v[0], ";received=127.0.0.1") ||
		strings.Contains(v[0], "1.2.3.4") || !strings.Contains(v[0], ";x=y") || !strings.Contains(v[0], "10.0.0.7:5062") {
		t.Errorf("Via: %q", v)
	}
}

func TestC04_WhatIsRefusedIsAnsweredWhereItCameFrom(t *testing.T) {
	s := start(t, newHouse())
	p := dialPhone(t, s, "udp", "alice")
	local := p.conn.LocalAddr().(*net.UDPAddr)
	for i, via := range []string{"10.0.0.7:5062;rport;x=y", "10.0.0.7:5062;x=y", "10.0.0.7;received=127.0.0.9;x=y;rport=9", "phone.example.test:9;x=y;Received=10.0.0.1"} {
		p.send(strings.Replace(p.other("SUBSCRIBE", "SUBSCRIBE", fmt.Sprint("via", i), ""), local.String()+";rport", via, 1))
		v := want(t, p.read(), 489).headers["via"]
		sentBy, _, _ := strings.Cut(via, ";")
		if len(v) != 1 || !strings.HasPrefix(v[0], "SIP/2.0/UDP "+sentBy+";") || !strings.Contains(v[0], ";x=y") ||
			strings.Contains(via, "rport") != strings.Contains(v[0], fmt.Sprintf(";rport=%d", local.Port)) || strings.Contains(v[0], "rport=9") ||
			strings.Count(v[0], "eceived=") != 1 || !strings.Contains(v[0], ";received=127.0.0.1") {
			t.Errorf("Via %q was answered %q", via, v)
		}
	}
}

func TestC04_KeepAlives(t *testing.T) {
	s := start(t, newHouse("alice"))
	for _, transport := range everyTransport {
		p := dialPhone(t, s, transport, "alice")
		p.send("\r\n\r\n")
		if raw, err := p.readRaw(waitFor); err != nil || raw != "\r\n" {
			t.Errorf("%s: pong %q, %v", transport, raw, err)
		}
		p.send("\r\n")
		want(t, p.options(), 200)
	}
}

func TestC04_STUN(t *testing.T) {
	s := start(t, newHouse())
	p := dialPhone(t, s, "udp", "x")
	id := "0123456789ab"
	p.send("\x00\x01\x00\x00\x21\x12\xa4\x42" + id)
	raw, err := p.readRaw(waitFor)
	if err != nil || len(raw) != 32 || raw[:2] != "\x01\x01" || raw[8:20] != id {
		t.Fatalf("answer %q, %v", raw, err)
	}
	local := p.conn.LocalAddr().(*net.UDPAddr)
	if port := binary.BigEndian.Uint16([]byte(raw[26:])) ^ 0x2112; int(port) != local.Port {
		t.Errorf("port %d, want %d", port, local.Port)
	}
	if ip := binary.BigEndian.Uint32([]byte(raw[28:])) ^ 0x2112a442; ip != 0x7f000001 {
		t.Errorf("address %x", ip)
	}
	p.send("\x00\x01\x00\x08\x21\x12\xa4\x42" + id + "\x00\x06\x00\x04user") // USERNAME: we comprehend none
	if raw, err = p.readRaw(waitFor); err != nil || raw[:2] != "\x01\x11" || !strings.Contains(raw, "\x00\x00\x04\x14") {
		t.Errorf("unknown attribute: %q, %v", raw, err)
	}
	p.send("\x00\x01\x00\x09\x21\x12\xa4\x42" + id) // broken: no answer
	want(t, p.options(), 200)
}

func TestC04_NATedFlowsArePinged(t *testing.T) {
	h := newHouse("alice", "bob")
	s := start(t, h, func(c *Config) { c.PingEvery = 300 * time.Millisecond })
	natted, open := dialPhone(t, s, "udp", "alice"), dialPhone(t, s, "udp", "bob")
	natted.contact = "sip:alice@192.168.1.20:5060"
	want(t, natted.register(300), 200)
	want(t, open.register(300), 200)
	for range 3 {
		if raw, err := natted.readRaw(waitFor); err != nil || raw != "\r\n\r\n" {
			t.Fatalf("ping %q, %v", raw, err)
		}
	}
	before := s.Stats().Pings
	open.send(strings.Replace(open.request(0, ""), "Authorization", "X-Was", 1))
	if raw, err := open.readRaw(waitFor); err != nil || !strings.HasPrefix(raw, "SIP/2.0 401") {
		t.Errorf("a phone without NAT was pinged: %q, %v", raw, err)
	}
	if before < 3 {
		t.Errorf("%d pings counted", before)
	}
}

func TestC04_RebootLeavesNoGhost(t *testing.T) {
	for _, transport := range []string{"tcp", "tls"} {
		h := newHouse("alice", "bob")
		s := start(t, h)
		old := dialPhone(t, s, transport, "alice")
		want(t, old.register(300), 200)
		second := *old // a second account of the same phone on the same connection
		second.user, second.secret, second.callID, second.nonce = "bob", "secret-bob", "call-bob", ""
		want(t, second.register(300), 200)

		rebooted := dialPhone(t, s, transport, "alice")
		rebooted.callID = "after-reboot"
		want(t, rebooted.register(300), 200)
		want(t, old.options(), 200) // bob still lives there
		both := *rebooted
		both.user, both.secret, both.callID, both.nonce, both.cseq = "bob", "secret-bob", "bob-after", "", 0
		want(t, both.register(300), 200)
		if raw, err := old.readRaw(waitFor); err == nil {
			t.Errorf("%s: the old connection lives: %q", transport, raw)
		}
		result := push(s, "alice")
		rebooted.answer(rebooted.read(), "200 OK", "")
		if r := <-result; r.Outcome != "answered" {
			t.Errorf("%s: %+v", transport, r)
		}
	}
}
