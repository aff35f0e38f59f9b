package server

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"tischlein/internal/phonesim"
	"tischlein/internal/telephony"
)

// exchange is the public network behind a trunk: it takes every call, and can
// place one.
type exchange struct {
	t     *testing.T
	conn  *net.UDPConn
	calls chan string // INVITEs
	said  chan string // answers to ours
}

const exchangeSDP = "v=0\r\no=- 1 1 IN IP4 127.0.0.9\r\ns=-\r\nc=IN IP4 127.0.0.9\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8\r\n"

func newExchange(t *testing.T) *exchange {
	t.Helper()
	conn, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 9)})
	if err != nil {
		t.Fatal(err)
	}
	x := &exchange{t: t, conn: conn, calls: make(chan string, 16), said: make(chan string, 16)}
	done := make(chan struct{})
	go x.serve(done)
	t.Cleanup(func() { conn.Close(); <-done })
	return x
}

func (x *exchange) serve(done chan struct{}) {
	defer close(done)
	buf := make([]byte, 65535)
	for {
		n, from, err := x.conn.ReadFromUDP(buf)
		if err != nil {
			return
		}
		raw := string(buf[:n])
		switch method, _, _ := strings.Cut(raw, " "); method {
		case "ACK":
		case "SIP/2.0":
			if !strings.HasPrefix(raw, "SIP/2.0 1") {
				x.said <- raw
			}
		default:
			body := ""
			if method == "INVITE" {
				body = exchangeSDP
				x.calls <- raw
			}
			_, _ = x.conn.WriteToUDP([]byte(fmt.Sprintf("SIP/2.0 200 OK\r\nVia: %s\r\nFrom: %s\r\nTo: %s;tag=x\r\nCall-ID: %s\r\nCSeq: %s\r\nContact: <sip:x@%s>\r\nContent-Type: application/sdp\r\nContent-Length: %d\r\n\r\n%s",
				headerOf(raw, "Via"), headerOf(raw, "From"), headerOf(raw, "To"), headerOf(raw, "Call-ID"), headerOf(raw, "CSeq"), x.conn.LocalAddr(), len(body), body)), from)
		}
	}
}

func headerOf(raw, name string) string {
	_, rest, _ := strings.Cut(raw, "\r\n"+name+": ")
	v, _, _ := strings.Cut(rest, "\r\n")
	return v
}

func (x *exchange) wait(what string, from chan string) string {
	x.t.Helper()
	select {
	case raw := <-from:
		return raw
	case <-time.After(patience):
		x.t.Fatal("never seen: " + what)
		return ""
	}
}

// call places a call to a number at the server.
func (x *exchange) call(s *Server, number string) {
	x.t.Helper()
	to, err := net.ResolveUDPAddr("udp", s.Addrs().SIP["udp"][0])
	if err != nil {
		x.t.Fatal(err)
	}
	const body = exchangeSDP
	_, err = x.conn.WriteToUDP([]byte(fmt.Sprintf("INVITE sip:%s@h SIP/2.0\r\nVia: SIP/2.0/UDP %s;branch=z9hG4bKx\r\nMax-Forwards: 70\r\nFrom: <sip:112@h>;tag=1\r\nTo: <sip:%s@h>\r\nCall-ID: back@x\r\nCSeq: 1 INVITE\r\nContact: <sip:x@%s>\r\nContent-Type: application/sdp\r\nContent-Length: %d\r\n\r\n%s",
		number, x.conn.LocalAddr(), number, x.conn.LocalAddr(), len(body), body)), to)
	if err != nil {
		x.t.Fatal(err)
	}
}

// A free desk at an address that is not allowed calls for help, and help calls back.
func TestC11_D22_AFreeDeskAtARefusedAddressCallsForHelpAndIsCalledBack(t *testing.T) {
	s, _ := start(t, testConfig(t.TempDir()))
	d := newDesk(t, s, "yealink", "001565123421")
	x := newExchange(t)
	ctx, a := t.Context(), s.App()
	p := d.phone(phonesim.Yealink)
	d.state(telephony.StateLoggedOut)
	p.TakeCalls(phonesim.PicksUp)
	now, err := a.Customers.Get(ctx, d.actor, d.customer.ID) // the first extension has changed it
	d.ok(err)
	_, err = a.Customers.Update(ctx, d.actor, d.customer.ID, now.Version, func(c *telephony.Customer) error {
		c.IPListing, c.SiteAddress, c.SiteELIN = true, "Hauptstraße 1, 12345 Adlerhausen", "+493012345"
		return nil
	})
	d.ok(err)
	_, err = a.Trunks.Create(ctx, d.actor, telephony.Trunk{
		Name: "Netz", Host: x.conn.LocalAddr().String(), Sources: []netip.Prefix{netip.MustParsePrefix("127.0.0.9/32")}, Emergency: telephony.EmergencyELIN,
	})
	d.ok(err)

	call, err := p.Dial(phonesim.Dialling{Number: "112"})
	d.ok(err)
	d.wait(call, "answered", func(c phonesim.CallState) bool { return c.Phase == phonesim.Up })
	in := x.wait("the emergency call", x.calls)
	if !strings.HasPrefix(in, "INVITE sip:112@") || !strings.Contains(headerOf(in, "P-Asserted-Identity"), "+493012345@") {
		t.Errorf("%s", in)
	}
	call.HangUp()
	d.wait(call, "ended", func(c phonesim.CallState) bool { return c.Phase == phonesim.Ended })
	x.call(s, "+493012345")
	back := x.wait("an answer to the call back", x.said)
	if !strings.HasPrefix(back, "SIP/2.0 200 ") {
		t.Fatalf("%s", back)
	}
	wait, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if _, err := p.WaitCall(wait, func(c phonesim.CallState) bool {
		return !c.Outgoing && c.Phase == phonesim.Up || c.Phase == phonesim.Incoming
	}); err != nil {
		t.Errorf("the phone has no call: %v", err)
	}
}
