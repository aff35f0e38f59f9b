package call

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"testing"
	"time"
)

// places gives the trunk of the office a name with these addresses.
func places(s *site, h *house, at ...string) {
	h.with(func() { h.plans["0551"].Trunk.Host = "sip.example.net" })
	p := place{until: time.Now().Add(time.Hour)}
	for _, a := range at {
		p.at = append(p.at, prefixAddr(a))
	}
	n := &s.calls.trunks.names
	n.mu.Lock()
	defer n.mu.Unlock()
	n.known = map[string]place{"sip:sip.example.net": p}
}

func TestC10_ATrunkThatRefusesOrIsSilentIsTriedAtItsNextAddress(t *testing.T) {
	h := newHouse()
	s, alice, _, peer := office(t, h)
	h.with(func() { h.plans["0551"].Trunk.User, h.plans["0551"].Trunk.Secret = "us", "shared" })
	silent, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	full := s.phone("udp", "full")
	places(s, h, silent.LocalAddr().String(), full.conn.LocalAddr().String(), peer.conn.LocalAddr().String())
	a := alice.dial("0551", "")
	x := full.rings()
	x.reply(x.invite, "407 Who Are You", trunkChallenge, "")
	full.asked("ACK")
	x.invite = full.asked("INVITE")
	x.refuses("503 Overloaded")
	o := peer.rings()
	o.reply(o.invite, "407 Who Are You", trunkChallenge, "")
	peer.asked("ACK")
	o.invite = peer.asked("INVITE")
	if o.invite.body != offer || o.invite.get("proxy-authorization") == "" {
		t.Errorf("%s", o.invite.raw)
	}
	o.answers("")
	a.ack(alice.told("INVITE", 200))
	if ack := peer.asked("ACK"); ack.get("cseq") != o.invite.get("cseq")[:1]+" ACK" {
		t.Errorf("%s for %s", ack.raw, o.invite.get("cseq"))
	}
	a.hangUp(o)
}

func TestC10_TheLastAddressOfATrunkHasTheLastWord(t *testing.T) {
	h := newHouse()
	s, alice, _, peer := office(t, h)
	other := s.phone("udp", "other")
	places(s, h, peer.conn.LocalAddr().String(), other.conn.LocalAddr().String())
	a := alice.dial("0551", "") // busy is an answer
	peer.rings().refuses("486 Busy Here")
	a.ack(alice.told("INVITE", 486))
	a = alice.dial("0551", "")
	peer.rings().refuses("503 Overloaded")
	other.rings().refuses("503 Overloaded")
	a.ack(alice.told("INVITE", 500))
	a = alice.dial("0551", "") // who has given up is tried nowhere else
	o := peer.rings()
	o.ringing()
	alice.told("INVITE", 180)
	a.cancel("")
	a.ack(alice.told("INVITE", 487))
	o.ok(peer.asked("CANCEL"))
	o.refuses("503 Overloaded")
	h.see(t, "free", func() bool { return !h.busy["ch-alice"] })
	other.quiet("it is rung", func(m msg) bool { return m.method == "INVITE" && m.status == 0 })
}

func TestC10_ATrunksNameStandsForItsSRVRecords(t *testing.T) {
	asked := 0
	var list []*net.SRV
	var fails error
	n := names{srv: func(_ context.Context, service, proto, name string) (string, []*net.SRV, error) {
		asked++
		if service != "sip" || proto != "udp" || name != "localhost" {
			t.Errorf("asked for %s %s %s", service, proto, name)
		}
		return "", list, fails
	}}
	is := func(what, host string, want ...string) {
		t.Helper()
		got, err := n.targets(t.Context(), host)
		if len(want) == 0 {
			if err == nil {
				t.Errorf("%s: %v", what, got)
			}
			return
		}
		var text []string
		for _, a := range got {
			if a.Addr() != netip.IPv6Loopback() {
				text = append(text, a.String())
			}
		}
		if err != nil || fmt.Sprint(text) != fmt.Sprint(want) {
			t.Errorf("%s: %v %v", what, text, err)
		}
	}
	list = []*net.SRV{{Target: "127.0.0.8", Port: 5070}, {Target: "127.0.0.9", Port: 5080}}
	is("two records", "localhost", "127.0.0.8:5070", "127.0.0.9:5080")
	is("known", "localhost", "127.0.0.8:5070", "127.0.0.9:5080")
	is("a port says that it is a host", "localhost:5062", "127.0.0.1:5062")
	is("an address", "192.0.2.1", "192.0.2.1:5060")
	if asked != 1 {
		t.Errorf("asked %d times", asked)
	}
	n.known = nil
	list, fails = nil, errors.New("no such name")
	is("no records", "localhost", "127.0.0.1:5060")
}
