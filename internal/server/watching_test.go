package server

import (
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"tischlein/internal/sip"
	"tischlein/internal/sip/wire"
	"tischlein/internal/telephony"
)

// watcher is a phone that speaks just enough SIP to watch somebody.
type watcher struct {
	t              *testing.T
	s              *Server
	conn           net.PacketConn
	user, password string
	n              int
}

func (d *desk) watcher() *watcher {
	d.t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	d.ok(err)
	d.t.Cleanup(func() { _ = conn.Close() })
	c, err := d.s.app.Registrar.Credential(d.t.Context(), d.channel.SIPUser)
	d.ok(err)
	return &watcher{t: d.t, s: d.s, conn: conn, user: c.SIPUser, password: c.Secrets[0].Reveal()}
}

// next is the next message; a request is answered with 200.
func (w *watcher) next() string {
	w.t.Helper()
	b := make([]byte, 65535)
	_ = w.conn.SetReadDeadline(time.Now().Add(patience))
	n, from, err := w.conn.ReadFrom(b)
	if err != nil {
		w.t.Fatal(err)
	}
	m := string(b[:n])
	if !strings.HasPrefix(m, "SIP/2.0 ") {
		a := "SIP/2.0 200 OK\r\n"
		for _, name := range []string{"Via", "From", "To", "Call-ID", "CSeq"} {
			a += name + ": " + lineOf(m, name) + "\r\n"
		}
		if _, err := w.conn.WriteTo([]byte(a+"Content-Length: 0\r\n\r\n"), from); err != nil {
			w.t.Fatal(err)
		}
	}
	return m
}

// notified is the next NOTIFY of that event which says this.
func (w *watcher) notified(event string, says ...string) {
	w.t.Helper()
	for {
		m := w.next()
		if !strings.HasPrefix(m, "NOTIFY ") || lineOf(m, "Event") != event {
			continue
		}
		all := true
		for _, text := range says {
			all = all && strings.Contains(m, text)
		}
		if all {
			return
		}
	}
}

func lineOf(m, name string) string {
	_, rest, _ := strings.Cut(m, "\r\n"+name+": ")
	v, _, _ := strings.Cut(rest, "\r\n")
	return v
}

// ask sends a request until it is agreed to, with credentials when asked for them.
func (w *watcher) ask(method, user, extra string) {
	w.t.Helper()
	to, err := net.ResolveUDPAddr("udp", w.s.sip.Addrs()["udp"][0])
	if err != nil {
		w.t.Fatal(err)
	}
	realm := w.s.app.Realm()
	target := "sip:" + realm
	if method != "REGISTER" {
		target = "sip:" + user + "@" + realm
	}
	w.n++
	call, auth := w.n, ""
	for {
		w.n++
		m := fmt.Sprintf("%s %s SIP/2.0\r\nVia: SIP/2.0/UDP %s;branch=z9hG4bK%d;rport\r\nMax-Forwards: 70\r\nFrom: <sip:%s@%s>;tag=f%d\r\nTo: <sip:%s@%s>\r\nCall-ID: c%d\r\nCSeq: %d %s\r\nContact: <sip:%s@%s>\r\nExpires: 600\r\n%s%sContent-Length: 0\r\n\r\n",
			method, target, w.conn.LocalAddr(), w.n, w.user, realm, call, user, realm, call, w.n, method, w.user, w.conn.LocalAddr(), extra, auth)
		if _, err := w.conn.WriteTo([]byte(m), to); err != nil {
			w.t.Fatal(err)
		}
		a := w.next()
		for !strings.HasPrefix(a, "SIP/2.0 ") || !strings.HasSuffix(lineOf(a, "CSeq"), " "+method) {
			a = w.next()
		}
		name, question := "Authorization", lineOf(a, "WWW-Authenticate")
		if question == "" {
			name, question = "Proxy-Authorization", lineOf(a, "Proxy-Authenticate")
		}
		c, ok := wire.ParseChallenge([]byte(question))
		switch {
		case strings.HasPrefix(a, "SIP/2.0 200 "):
			return
		case !ok || auth != "":
			w.t.Fatalf("%s: %s", method, a)
		}
		ha1 := sip.NewHA1(w.user, string(c.Realm), w.password)
		auth = name + ": " + sip.Respond(&c, w.user, &ha1, method, target) + "\r\n"
	}
}

func TestC12_WhoIsLoggedInWatchesThroughTheWholeHouse(t *testing.T) {
	cfg := testConfig(t.TempDir())
	s, stop := start(t, cfg)
	ada := newDesk(t, s, "yealink", "001565123421")
	ada.neighbour("102", "Ben Koch", "001565123422")
	ada.link()
	w := ada.watcher()
	w.ask("REGISTER", w.user, "")
	w.ask("SUBSCRIBE", "102", "Event: dialog\r\n")
	w.notified("dialog", `entity="sip:102@`+s.app.Realm()+`"`, "Subscription-State: active")
	w.ask("SUBSCRIBE", w.user, "Event: message-summary\r\n")
	w.notified("message-summary", "Messages-Waiting: no")
	ada.ok(s.App().Extensions.SetMessages(t.Context(), ada.actor, ada.customer.ID, ada.extension.ID, telephony.Messages{New: 2, Old: 1}))
	w.notified("message-summary", "Messages-Waiting: yes", "Voice-Message: 2/1 (0/0)")

	stop()
	again, _ := start(t, cfg)
	ada.s, w.s = again, again
	told := map[string]bool{}
	for len(told) < 2 {
		if m := w.next(); strings.Contains(m, "Subscription-State: active") && (strings.Contains(m, "2/1") || strings.Contains(m, "sip:102@")) {
			told[lineOf(m, "Event")] = true
		}
	}
	ada.unlink()
	for ended := 0; ended < 2; {
		if m := w.next(); strings.Contains(m, "Subscription-State: terminated;reason=rejected") {
			ended++
		}
	}
}
