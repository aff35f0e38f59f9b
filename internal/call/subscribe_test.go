package call

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"tischlein/internal/telephony"
)

func TestC12_AWatchedExtensionsCallsAreSeen(t *testing.T) {
	h := newHouse()
	_, alice, bob, carla := cubicles(t, h)
	callee, caller := carla.watches("102", "dialog"), carla.watches("101", "dialog")
	if d := callee.sees(""); d.Entity != "sip:102@"+testRealm {
		t.Errorf("entity %q", d.Entity)
	}
	caller.sees("")
	a := alice.dial("102", "")
	caller.sees("trying")
	b := bob.rings()
	callee.sees("trying")
	b.ringing()
	alice.told("INVITE", 180)
	rings := callee.sees("early").Dialogs[0]
	_, mine, _ := strings.Cut(b.local, ";tag=")
	_, theirs, _ := strings.Cut(a.local, ";tag=")
	if rings.CallID != a.id || rings.LocalTag != mine || rings.RemoteTag != theirs || rings.Direction != "recipient" {
		t.Errorf("ringing: %+v", rings)
	}
	if rings.Remote.Identity.URI != "sip:101@"+testRealm || rings.Remote.Identity.Display != "Erika" {
		t.Errorf("who calls: %+v", rings.Remote)
	}
	calls := caller.sees("early").Dialogs[0]
	if calls.CallID != a.id || calls.LocalTag != theirs || calls.RemoteTag != mine || calls.Direction != "initiator" || calls.Remote.Identity.URI != "sip:102@"+testRealm {
		t.Errorf("calling: %+v", calls)
	}
	b.answers("")
	a.ack(alice.told("INVITE", 200))
	bob.asked("ACK")
	if talks := callee.sees("confirmed").Dialogs[0]; talks.ID != rings.ID || talks.CallID != rings.CallID {
		t.Errorf("%+v is another call than %+v", talks, rings)
	}
	if talks := caller.sees("confirmed").Dialogs[0]; talks.ID != calls.ID {
		t.Errorf("%+v is another call than %+v", talks, calls)
	}
	a.hangUp(b)
	if end := callee.sees("terminated").Dialogs[0]; end.ID != rings.ID {
		t.Errorf("%+v has ended, not %+v", end, rings)
	}
	caller.sees("terminated")

	// Nobody answers: neither of them talks.
	a = alice.dial("102", "")
	b = bob.rings()
	b.ringing()
	alice.told("INVITE", 180)
	callee.sees("early")
	caller.sees("early")
	a.cancel("")
	a.ack(alice.told("INVITE", 487))
	b.cancelled()
	caller.sees("terminated")
	callee.sees("terminated")
}

func TestC12_OneDeviceOfSeveralAnswers(t *testing.T) {
	h := newHouse()
	h.seat("103", "Carla", "ch-carla")
	s, alice, desk, home := pair(t, h)
	carla := s.registered("udp", "carla")
	w := carla.watches("102", "dialog")
	w.sees("")
	a := alice.dial("102", "")
	d, e := desk.rings(), home.rings()
	d.ringing()
	e.ringing()
	alice.told("INVITE", 180)
	alice.told("INVITE", 180)
	w.sees("early early")
	d.answers("")
	a.ack(alice.told("INVITE", 200))
	e.cancelled()
	if one := w.sees("confirmed terminated"); one.Dialogs[0].CallID != a.id {
		t.Errorf("%+v", one)
	}
}

func TestC12_WhatIsNotServedIsSaid(t *testing.T) {
	h := newHouse()
	s, _, bob, carla := cubicles(t, h)
	free := s.registered("udp", "free") // nobody is logged in there
	for _, c := range []struct {
		p                 *phone
		to, event, extra  string
		status            int
		header, says, why string
	}{
		{carla, "102", "presence", "", 489, "allow-events", "dialog, message-summary", "unknown event"},
		{carla, "102", "dialog", "Expires: 30\r\n", 423, "min-expires", "60", "too brief"},
		{carla, "102", "dialog", "Expires: soon\r\n", 400, "", "", "no number"},
		{carla, "102", "dialog", "Accept: application/pidf+xml\r\n", 406, "", "", "another format"},
		{carla, "999", "dialog", "", 404, "", "", "nobody has it"},
		{free, "102", "dialog", "", 403, "warning", `399 ` + hostOnly(s.sip.Addrs()["udp"][0]) + ` "desk_free"`, "logged out"},
		{bob, "101", "Dialog", "Expires: 7200\r\nAccept: text/plain, application/dialog-info+xml;q=1\r\n", 200, "expires", "3600", "longer than we keep it"},
		{bob, "101", "dialog", "", 200, "expires", "3600", "no wish"},
	} {
		c.p.subscribe(c.to, c.event, c.extra)
		if m := c.p.told("SUBSCRIBE", c.status); m.get(c.header) != c.says {
			t.Errorf("%s: %s", c.why, m.raw)
		}
	}
	stranger := s.phone("udp", "dora")
	stranger.subscribe("102", "dialog", "")
	stranger.told("SUBSCRIBE", 407)
	h.with(func() { h.trunks = []telephony.Trunk{{ID: "t", Sources: prefix("127.0.0.1/32")}} })
	if err := s.calls.TrunksChanged(t.Context()); err != nil {
		t.Fatal(err)
	}
	trunk := s.phone("udp", "trunk")
	trunk.subscribe("102", "dialog", "")
	trunk.told("SUBSCRIBE", 403)
}

func TestC12_APhoneIsToldOneThingAtATime(t *testing.T) {
	h := newHouse()
	_, alice, bob, carla := cubicles(t, h)
	w := carla.watches("102", "dialog")
	first, _ := w.notified()
	a, b := alice.talksTo(bob, "102")
	carla.quiet("told while it had not answered", func(m msg) bool { return m.method == "NOTIFY" && m.get("cseq") != first.get("cseq") })
	w.ok(first)
	w.sees("confirmed")
	a.hangUp(b)
	m, _ := w.notified()
	w.reply(m, "500 Busy", "", "") // of this state alone
	a, b = alice.talksTo(bob, "102")
	w.sees("confirmed")
	a.hangUp(b)
	w.sees("terminated")
}

func TestC12_ASubscriptionIsRenewedAndEnded(t *testing.T) {
	h, kept := newHouse(), &shelf{}
	s, _, _, carla := cubicles(t, h, func(c *Config) { c.Subscriptions = kept })
	w := carla.watches("102", "dialog;id=7")
	w.sees("")
	for kept.size() != 1 {
		h.see(t, "a record", func() bool { return kept.size() == 1 })
	}
	w.request("SUBSCRIBE", "Event: dialog;id=7\r\nExpires: 120\r\n", "")
	if m := carla.told("SUBSCRIBE", 200); m.get("expires") != "120" {
		t.Errorf("%s", m.raw)
	}
	m, _ := w.notified()
	if !strings.HasPrefix(m.get("subscription-state"), "active;expires=1") || m.get("event") != "dialog;id=7" {
		t.Errorf("%s", m.raw)
	}
	w.ok(m)
	for _, c := range []struct {
		extra  string
		status int
	}{{"Event: dialog;id=7\r\nExpires: 59\r\n", 423}, {"Event: refer\r\n", 489}, {"Event: dialog\r\n", 481}} {
		w.request("SUBSCRIBE", c.extra, "")
		carla.told("SUBSCRIBE", c.status)
	}
	w.cseq = 0
	w.request("SUBSCRIBE", "Event: dialog;id=7\r\n", "") // overtaken
	carla.told("SUBSCRIBE", 500)
	stray := *w
	stray.local += "x"
	stray.cseq = 9
	stray.request("SUBSCRIBE", "Event: dialog;id=7\r\n", "")
	carla.told("SUBSCRIBE", 481)
	w.cseq = 10
	w.request("SUBSCRIBE", "Event: dialog;id=7\r\nExpires: 0\r\n", "")
	carla.told("SUBSCRIBE", 200)
	m, _ = w.notified()
	if m.get("subscription-state") != "terminated;reason=timeout" {
		t.Errorf("%s", m.raw)
	}
	w.ok(m)
	w.request("SUBSCRIBE", "Event: dialog;id=7\r\n", "")
	carla.told("SUBSCRIBE", 481)
	h.see(t, "no record", func() bool { return kept.size() == 0 })

	// Only what is now.
	w = carla.subscribe("102", "dialog", "Expires: 0\r\n")
	w.settle(carla.told("SUBSCRIBE", 200))
	m, d := w.notified()
	if m.get("subscription-state") != "terminated;reason=timeout" || d.Entity == "" {
		t.Errorf("%s", m.raw)
	}
	w.ok(m)

	// A phone that has forgotten it is told no more.
	w = carla.watches("102", "dialog")
	m, _ = w.notified()
	w.reply(m, "481 Subscription Does Not Exist", "", "")
	h.see(t, "no record", func() bool { return kept.size() == 0 && len(s.calls.subs.byChannel.of("ch-carla")) == 0 })
}

func TestC12_ASilentPhoneIsToldNoMore(t *testing.T) {
	h := newHouse()
	s, _, _, carla := cubicles(t, h)
	w := carla.watches("102", "dialog")
	w.notified()
	h.see(t, "nobody watches", func() bool { return len(s.calls.subs.byWatched.of("dialog ext-102")) == 0 })
}

func TestC12_ALapsedSubscriptionIsSaidToHaveLapsed(t *testing.T) {
	h := newHouse()
	s, _, _, carla := cubicles(t, h)
	w := carla.watches("102", "dialog")
	w.sees("")
	n := s.calls.subs.byChannel.of("ch-carla")[0]
	n.mu.Lock()
	n.expires = time.Now()
	n.arm()
	n.mu.Unlock()
	if m, _ := w.notified(); m.get("subscription-state") != "terminated;reason=timeout" {
		t.Errorf("%s", m.raw)
	}
}

func TestC12_AnotherLoginAtTheDeskEndsWhatWasWatchedThere(t *testing.T) {
	h := newHouse()
	s, _, _, carla := cubicles(t, h)
	w, mwi := carla.watches("102", "dialog"), carla.watches("carla", "message-summary")
	w.sees("")
	m, _ := mwi.notified()
	mwi.ok(m)
	s.calls.DesksChanged("ch-carla", "ch-nobody") // the same is logged in
	h.seat("104", "Dora", "ch-carla")
	s.calls.DesksChanged("ch-carla")
	for _, c := range []*talk{w, mwi} {
		m, _ := c.notified()
		if m.get("subscription-state") != "terminated;reason=deactivated" || m.body != "" {
			t.Errorf("%s", m.raw)
		}
		c.ok(m)
	}
	w = carla.watches("102", "dialog")
	w.sees("")
	h.with(func() { delete(h.at, "ch-carla") })
	s.calls.DesksChanged("ch-carla")
	if m, _ := w.notified(); m.get("subscription-state") != "terminated;reason=rejected" {
		t.Errorf("%s", m.raw)
	}
}

func TestC12_MessagesWait(t *testing.T) {
	h := newHouse()
	h.messages = map[string][2]int{"ext-103": {0, 3}}
	s, _, _, carla := cubicles(t, h)
	w := carla.watches("carla", "message-summary")
	says := func(waiting, counts string) {
		t.Helper()
		m, _ := w.notified()
		want := fmt.Sprintf("Messages-Waiting: %s\r\nMessage-Account: sip:103@%s\r\nVoice-Message: %s (0/0)\r\n", waiting, testRealm, counts)
		if m.body != want || m.get("content-type") != "application/simple-message-summary" {
			t.Errorf("%s", m.raw)
		}
		w.ok(m)
	}
	says("no", "0/3")
	s.calls.MessagesChanged("ext-103", 2, 3)
	says("yes", "2/3")
	s.calls.MessagesChanged("ext-103", 2, 3) // nothing new
	s.calls.MessagesChanged("ext-102", 9, 9) // nobody's
	s.calls.MessagesChanged("ext-103", 0, 5)
	says("no", "0/5")
}

func TestC12_SubscriptionsOutliveARestart(t *testing.T) {
	h, kept := newHouse(), &shelf{}
	s, alice, bob, carla := cubicles(t, h, func(c *Config) { c.Subscriptions = kept })
	addr := s.sip.Addrs()["udp"][0]
	w := carla.watches("102", "dialog")
	before := w.sees("")
	dora := carla.watches("101", "dialog")
	dora.sees("")
	alice.talksTo(bob, "102")
	w.sees("confirmed")
	dora.sees("confirmed") // or it would be taken for what is told after the restart
	s.close()

	s = startAt(t, h, addr, atRealm, func(c *Config) { c.Subscriptions = kept })
	s.calls.Remind(t.Context())
	after := w.sees("confirmed") // the call is still up, and told down the phone's own way
	if after.Version <= before.Version {
		t.Errorf("version %d after %d", after.Version, before.Version)
	}
	dora.sees("confirmed")
	w.request("SUBSCRIBE", "Event: dialog\r\nExpires: 0\r\n", "")
	carla.told("SUBSCRIBE", 200)
	m, _ := w.notified()
	w.ok(m)
	h.see(t, "one record", func() bool { return kept.size() == 1 })

	// While it was down, the desk has become another's.
	s.close()
	h.seat("104", "Dora", "ch-carla")
	s = startAt(t, h, addr, atRealm, func(c *Config) { c.Subscriptions = kept })
	s.calls.Remind(t.Context())
	if m, _ := dora.notified(); m.get("subscription-state") != "terminated;reason=deactivated" {
		t.Errorf("%s", m.raw)
	}
	s.close()

	// What cannot be read is forgotten, and what has lapsed.
	_ = kept.Save(context.Background(), []Record{{ID: "x", State: []byte("{")}, {ID: "y", State: []byte(`{"expires":"2020-01-01T00:00:00Z"}`)}})
	start(t, h, func(c *Config) { c.Subscriptions = kept })
	h.see(t, "no record", func() bool { return kept.size() == 0 })
}

func TestC12_APhoneThatComesBackIsToldWhatItMissed(t *testing.T) {
	h := newHouse()
	_, alice, bob, carla := cubicles(t, h)
	w := bob.watches("101", "dialog") // over TCP
	w.sees("")
	bob.conn.Close()
	<-bob.done
	h.seat("103", "Carla", "ch-carla")
	alice.dial("103", "")
	carla.rings() // the call is known by then
	bob.done = make(chan struct{})
	bob.connect()
	w.p.register()
	m, d := w.notified()
	if d.states() != "early" && d.states() != "trying" {
		t.Errorf("%s", m.raw)
	}
}

func TestC12_AChannelWatchesABoundedNumber(t *testing.T) {
	var l subscriptions
	for i := range mostWatches + 1 {
		n := &subscription{key: fmt.Sprint(i), leg: leg{ChannelID: "ch"}, event: eventDialog}
		if ok := l.add(n); ok != (i < mostWatches) {
			t.Fatalf("%d: %v", i, ok)
		}
	}
}
