package app_test

import (
	"testing"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/telephony"
)

// Every reason for which a login ends is brought about once, and the log then
// tells who was where, since when, how it ended, by whom and by which path.
func TestH09_EveryEndingIsInTheLog(t *testing.T) {
	type scene struct {
		h    *house
		a, b telephony.Channel // both with a device
		xa   telephony.CPE     // the device at a
		e    telephony.Extension
	}
	for why, c := range map[telephony.EndReason]struct {
		run  func(s scene)
		who  string // kind of the actor
		path string
	}{
		telephony.EndLinkMade: {func(s scene) { s.h.login(s.a, s.e); s.h.link(s.a, s.h.extension("31", false)) }, "token", "api"},
		telephony.EndTakeOver: {func(s scene) {
			s.h.login(s.a, s.e)
			_, _, err := s.h.tryAt(s.b, "21", pin, func(r *app.LoginRequest) { r.TakeOver = true })
			s.h.ok(err)
		}, "phone", "key"},
		telephony.EndDeskTaken: {func(s scene) {
			s.h.login(s.a, s.e)
			s.h.extension("31", false)
			_, _, err := s.h.tryAt(s.a, "31", pin, func(r *app.LoginRequest) { r.TakeOver = true })
			s.h.ok(err)
		}, "phone", "key"},
		telephony.EndUnlinked: {func(s scene) { s.h.link(s.a, s.e); s.h.unlink(s.a) }, "token", "api"},
		telephony.EndDeviceArrived: {func(s scene) {
			place := s.h.channel("Lager")
			s.h.link(place, s.e)
			s.h.login(s.a, s.e)
			s.h.attach(s.h.cpe("805ec0000077"), place)
		}, "token", "api"},
		telephony.EndDetached: {func(s scene) {
			s.h.login(s.a, s.e)
			_, err := s.h.app.CPEs.Detach(bg, s.h.admin, s.h.cust.ID, s.a.ID, false)
			s.h.ok(err)
		}, "token", "api"},
		telephony.EndLost: {func(s scene) {
			s.h.login(s.a, s.e)
			_, err := s.h.app.CPEs.Lost(bg, s.h.admin, s.h.cust.ID, s.xa.ID, true)
			s.h.ok(err)
		}, "token", "api"},
		telephony.EndAddressRefused: {func(s scene) { s.h.link(s.a, s.e); s.h.listing(true); s.h.registers(s.a, home) }, "system", "system"},
		telephony.EndAddressChanged: {func(s scene) {
			s.h.registers(s.a, home)
			s.h.login(s.a, s.e)
			s.h.listing(true)
			s.h.registers(s.a, abroad)
		}, "system", "system"},
		telephony.EndLoggedOut: {func(s scene) {
			s.h.login(s.a, s.e)
			_, err := s.h.tryOut(s.a, telephony.WhereAsk)
			s.h.ok(err)
		}, "phone", "code"},
		telephony.EndByAdmin: {func(s scene) {
			s.h.login(s.a, s.e)
			_, err := s.h.app.Logins.Logout(bg, s.h.customerAdmin(), s.h.cust.ID, s.a.ID, false)
			s.h.ok(err)
		}, "token", "api"},
		telephony.EndMultiLoginOff: {func(s scene) {
			two := s.e
			_, _, err := s.h.app.Extensions.Update(bg, s.h.admin, s.h.cust.ID, two.ID, 0, true, false, func(x *telephony.Extension) error { x.MultiLogin = true; return nil })
			s.h.ok(err)
			s.h.login(s.a, two)
			s.h.login(s.b, two)
			_, err = s.h.multiOff(two, true)
			s.h.ok(err)
		}, "token", "api"},
		telephony.EndDeleted: {func(s scene) {
			s.h.login(s.a, s.e)
			s.h.ok(s.h.app.Extensions.Delete(bg, s.h.admin, s.h.cust.ID, s.e.ID, 0))
		}, "token", "api"},
		telephony.EndExpired: {func(s scene) {
			s.h.limits(8, "")
			s.h.login(s.a, s.e)
			s.h.pass(8 * time.Hour)
			s.h.endLogins()
		}, "system", "limit"},
		telephony.EndDailyEnd: {func(s scene) {
			s.h.limits(0, "18:30")
			s.h.login(s.a, s.e)
			s.h.pass(9 * time.Hour)
			s.h.endLogins()
		}, "system", "limit"},
	} {
		t.Run(string(why), func(t *testing.T) {
			both(t, func(h *house) {
				s := scene{h: h}
				s.a, s.xa = h.desk("A", "01")
				s.b, _ = h.desk("B", "02")
				s.e = h.extension("21", false)
				c.run(s)
				a, before, after := h.lastLogout(s.a)
				if after["reason"] != string(why) || after["path"] != c.path || before["extension"] != s.e.ID || before["since"] == nil || before["kind"] == nil {
					t.Errorf("the log keeps %s and %s", a.Before, a.After)
				}
				if a.ActorKind != c.who || a.ActorName == "" || a.At.IsZero() {
					t.Errorf("it was %s %q", a.ActorKind, a.ActorName)
				}
			})
		})
	}
}

func TestH09_EveryLoginIsInTheLog(t *testing.T) {
	both(t, func(h *house) {
		ch, _ := h.desk("A", "01")
		e := h.extension("21", false)
		_, _, err := h.tryAt(ch, "21", pin, func(r *app.LoginRequest) { r.Path = "code" })
		h.ok(err)
		a := h.audited(h.cust.ID, "login", "done", ch.ID)
		if f := h.facts(a.After); f["extension"] != e.ID || f["kind"] != "hotdesk" || f["path"] != "code" || a.ActorKind != "phone" || a.ActorID != ch.ID || a.ActorName != "A" || a.From != home.String() {
			h.Fatalf("%+v", a)
		}
		place, _ := h.desk("B", "02")
		f := h.extension("22", false)
		h.link(place, f)
		a = h.audited(h.cust.ID, "login", "done", place.ID)
		if x := h.facts(a.After); x["extension"] != f.ID || x["kind"] != "linked" || x["path"] != "api" {
			h.Fatalf("%+v", a)
		}
	})
}

// Looking at what a log-in would do is none: an end user's page of a linked desk
// asks for that each time it is shown.
func TestH09_LookingIsNoRefusedLogin(t *testing.T) {
	both(t, func(h *house) {
		ch, _ := h.desk("A", "01")
		e, other := h.extension("21", false), h.extension("22", false)
		h.link(ch, other)
		x := h.alive(h.enduser(e))
		ask := app.LoginRequest{CustomerID: h.cust.ID, ChannelID: ch.ID, DryRun: true, Path: "self_service"}
		_, _, err := h.app.Desks.LogIn(bg, x.Actor, ask)
		h.refused(err, telephony.Forbidden, "hotdesking_off")
		refused := app.AuditQuery{ObjectID: ch.ID, Action: "login", Outcome: "refused"}
		if l := h.audits(refused); len(l) != 0 {
			t.Errorf("in the log: %+v", l)
		}
		ask.DryRun = false
		_, _, err = h.app.Desks.LogIn(bg, x.Actor, ask)
		h.refused(err, telephony.Forbidden, "hotdesking_off")
		if l := h.audits(refused); len(l) != 1 {
			t.Errorf("in the log: %+v", l)
		}
	})
}
