package app_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/telephony"
)

func TestH01_InAndOutAtThePhone(t *testing.T) {
	both(t, func(h *house) {
		ch, x := h.desk("Fenster", "01")
		e := h.extension("21", false)
		before := h.view(ch).CPE.Wanted
		if s := h.here(ch); s.Party.ExtensionID != "" || !s.Hotdesking || s.Channel != "Fenster" || s.Desk != ch.Desk || s.LoginCode != "901" {
			h.Fatalf("a free desk: %+v", s)
		}
		s, done, err := h.tryAt(ch, "21", pin, nil)
		h.ok(err)
		if !has(done, "logged_in", "Fenster") || s.Party != (telephony.Party{ExtensionID: e.ID, Number: "21", Name: "Person 21"}) || s.Kind != telephony.LoginHotdesk {
			h.Fatalf("%+v, %+v", done, s)
		}
		h.at(ch, e, telephony.LoginHotdesk)
		if v := h.view(ch); v.CPE.Wanted == before || !h.dev.has(x.ID) || v.Login.Path != "key" {
			h.Fatalf("the phone is not told: %+v", v.CPE)
		}
		done, err = h.tryOut(ch, telephony.WhereAsk)
		h.ok(err)
		if !has(done, "logged_off", "Fenster") {
			h.Fatalf("%+v", done)
		}
		h.nobody(ch)
		if v := h.view(ch); v.CPE.Wanted != before {
			h.Fatal("a free desk is not what it was")
		}
		_, err = h.tryOut(ch, telephony.WhereAsk)
		h.refused(err, telephony.Conflict, "not_logged_in")
	})
}

// Every path in and out obeys S03, S04 and the table, whoever asks.
func TestH01_ByEveryPath(t *testing.T) {
	both(t, func(h *house) {
		ch, _ := h.desk("Fenster", "01")
		e := h.extension("21", false)
		for _, path := range []string{"code", "key", "self_service", "api", "portal"} {
			actor, number := h.phone(ch), "21"
			switch path {
			case "self_service":
				actor, number = h.signedIn(e), ""
			case "api":
				actor = h.user(e)
			case "portal":
				actor = h.customerAdmin()
			}
			r := app.LoginRequest{CustomerID: h.cust.ID, ChannelID: ch.ID, Number: number, PIN: pin, Path: path}
			if number == "" {
				r.PIN = ""
			}
			_, _, err := h.app.Desks.LogIn(bg, actor, r)
			h.ok(err)
			h.at(ch, e, telephony.LoginHotdesk)
			if l := h.view(ch).Login; l.Path != path {
				h.Errorf("by %s: the login says %q", path, l.Path)
			}
			_, err = h.app.Desks.LogOut(bg, actor, app.LogoutRequest{CustomerID: h.cust.ID, ChannelID: ch.ID, Path: path})
			h.ok(err)
			h.nobody(ch)
			h.pass(time.Second) // entries of one moment have no order
			if _, _, after := h.lastLogout(ch); after["path"] != path {
				h.Errorf("by %s: the log says %v", path, after)
			}
		}
	})
}

func TestH03_AtTheMaximumOneChoosesWhatEnds(t *testing.T) {
	both(t, func(h *house) {
		a, _ := h.desk("Alt", "01")
		b, _ := h.desk("Neu", "02")
		c, _ := h.desk("Hier", "03")
		e := h.extension("21", true)
		h.login(a, e)
		h.login(b, e)
		_, _, err := h.tryAt(c, "21", pin, nil)
		h.refused(err, telephony.Conflict, "maximum_devices")
		h.says(err, "already at the maximum number of devices", "Alt", "Neu", "log in here and off there")
		if d := detail(err); !slices.Equal(d["devices"].([]string), []string{"Alt"}) {
			h.Fatalf("what would end: %v", d)
		}
		var offered []string
		for _, x := range detail(err)["choices"].([]telephony.Choice) {
			offered = append(offered, x.Name)
		}
		if !slices.Equal(offered, []string{"Alt", "Neu"}) {
			h.Fatalf("offered %v", offered)
		}
		h.nobody(c)

		_, done, err := h.tryAt(c, "21", pin, func(r *app.LoginRequest) { r.TakeOver, r.End = true, b.ID })
		h.ok(err)
		if !has(done, "logged_off", "Neu") {
			h.Fatalf("effects %+v", done)
		}
		h.nobody(b)
		h.at(a, e, telephony.LoginHotdesk)
		h.at(c, e, telephony.LoginHotdesk)
		h.endedFor(b, telephony.EndTakeOver)
		h.pass(time.Second)

		// The choice is gone meanwhile: nothing else ends in its place.
		_, _, err = h.tryAt(b, "21", pin, func(r *app.LoginRequest) { r.TakeOver, r.End = true, b.ID })
		h.refused(err, telephony.Conflict, "maximum_devices")
		_, _, err = h.tryAt(b, "21", pin, func(r *app.LoginRequest) { r.TakeOver = true })
		h.ok(err)
		h.nobody(a) // the oldest, where nothing is chosen
		h.at(c, e, telephony.LoginHotdesk)
	})
}

func TestH03_ALinkedPlaceIsNeverAChoice(t *testing.T) {
	both(t, func(h *house) {
		fixed, _ := h.desk("Fest", "01")
		a, _ := h.desk("Gast", "02")
		b, _ := h.desk("Hier", "03")
		e := h.extension("21", true)
		h.link(fixed, e)
		h.login(a, e)
		_, _, err := h.tryAt(b, "21", pin, func(r *app.LoginRequest) { r.TakeOver, r.End = true, fixed.ID })
		h.refused(err, telephony.Conflict, "maximum_devices")
		if x := detail(err)["choices"].([]telephony.Choice); len(x) != 1 || x[0].Name != "Gast" {
			h.Fatalf("offered %+v", x)
		}
		h.at(fixed, e, telephony.LoginLinked)
		_, _, err = h.tryAt(b, "21", pin, func(r *app.LoginRequest) { r.TakeOver = true })
		h.ok(err)
		h.at(fixed, e, telephony.LoginLinked)
		h.nobody(a)
	})
}

func TestH03_LoggingOutAsksHereOrBoth(t *testing.T) {
	both(t, func(h *house) {
		a, _ := h.desk("A", "01")
		b, _ := h.desk("B", "02")
		e := h.extension("21", true)
		h.login(a, e)
		h.login(b, e)
		if x := h.here(a); len(x.Elsewhere) != 1 || x.Elsewhere[0].Channel != "B" || x.Elsewhere[0].Desk != b.Desk {
			h.Fatalf("elsewhere %+v", x.Elsewhere)
		}
		_, err := h.tryOut(a, telephony.WhereAsk)
		h.refused(err, telephony.Conflict, "logout_where")
		h.says(err, "B")
		h.at(a, e, telephony.LoginHotdesk)
		_, err = h.tryOut(a, telephony.WhereHere)
		h.ok(err)
		h.nobody(a)
		h.at(b, e, telephony.LoginHotdesk)
		h.login(a, e)
		done, err := h.tryOut(a, telephony.WhereBoth)
		h.ok(err)
		if !has(done, "logged_off", "A") || !has(done, "logged_off", "B") {
			h.Fatalf("effects %+v", done)
		}
		h.nobody(a)
		h.nobody(b)
		h.login(a, e)
		_, err = h.tryOut(a, telephony.WhereAsk) // one device: nothing to ask
		h.ok(err)
	})
}

func TestH03_BothWithOneLinkedEndsTheGuestAndSaysSo(t *testing.T) {
	both(t, func(h *house) {
		fixed, _ := h.desk("Fest", "01")
		b, _ := h.desk("Gast", "02")
		e := h.extension("21", true)
		h.link(fixed, e)
		h.login(b, e)
		_, err := h.tryOut(b, telephony.WhereAsk)
		h.refused(err, telephony.Conflict, "logout_where")
		done, err := h.tryOut(b, telephony.WhereBoth)
		h.ok(err)
		if !has(done, "logged_off", "Gast") || !has(done, "kept", "Fest") {
			h.Fatalf("effects %+v", done)
		}
		h.at(fixed, e, telephony.LoginLinked)
		h.nobody(b)
	})
}

func TestH03_ATakenDeskNeedsConfirmationAndNamesAllThatEnds(t *testing.T) {
	both(t, func(h *house) {
		here, _ := h.desk("Hier", "01")
		there, _ := h.desk("Dort", "02")
		e, guest := h.extension("21", false), h.extension("22", false)
		h.login(there, e)
		h.login(here, guest)
		_, _, err := h.tryAt(here, "21", pin, nil)
		h.refused(err, telephony.Conflict, "desk_taken")
		h.says(err, "Person 22", "Dort")
		if d := detail(err); d["holder"] != "Person 22 (22)" || !slices.Equal(d["devices"].([]string), []string{"Dort"}) {
			h.Fatalf("detail %v", d)
		}
		_, done, err := h.tryAt(here, "21", pin, func(r *app.LoginRequest) { r.TakeOver, r.DryRun = true, true })
		h.ok(err)
		if !has(done, "logged_off", "Hier") || !has(done, "logged_off", "Dort") {
			h.Fatalf("asked, it says %+v", done)
		}
		h.at(here, guest, telephony.LoginHotdesk)
		_, _, err = h.tryAt(here, "21", pin, func(r *app.LoginRequest) { r.TakeOver = true })
		h.ok(err)
		h.at(here, e, telephony.LoginHotdesk)
		h.nobody(there)
		h.endedFor(here, telephony.EndDeskTaken)
		h.endedFor(there, telephony.EndTakeOver)
	})
}

func TestH06_OnALinkedDeviceEveryPathIsRefusedAndLogged(t *testing.T) {
	both(t, func(h *house) {
		ch, x := h.desk("Fest", "01")
		free, _ := h.desk("Frei", "02")
		e, other := h.extension("21", true), h.extension("22", false)
		h.link(ch, e)
		if s := h.here(ch); s.Hotdesking || telephony.ReasonOf(s.Refusal) != "hotdesking_off" || s.Kind != telephony.LoginLinked || s.LinkedTo.Number != "21" {
			h.Fatalf("%+v", s)
		}
		for _, number := range []string{"22", "21", "99"} {
			for _, p := range []string{pin, "9999"} { // a wrong PIN is told from a right one by nothing
				_, _, err := h.tryAt(ch, number, p, func(r *app.LoginRequest) { r.TakeOver = true })
				h.refused(err, telephony.Forbidden, "hotdesking_off")
				h.says(err, "administrator", "Person 21")
			}
		}
		if v := h.extView(other); !v.LockedUntil.IsZero() {
			h.Fatal("PINs were judged at a linked device")
		}
		h.login(free, e)
		for _, w := range []telephony.Where{telephony.WhereAsk, telephony.WhereHere, telephony.WhereBoth} {
			_, err := h.tryOut(ch, w)
			h.refused(err, telephony.Forbidden, "linked_by_administrator")
		}
		h.at(ch, e, telephony.LoginLinked)
		h.at(free, e, telephony.LoginHotdesk)
		_, _, err := h.app.Desks.LogIn(bg, h.signedIn(other), app.LoginRequest{CustomerID: h.cust.ID, ChannelID: ch.ID, Path: "self_service"})
		h.refused(err, telephony.Forbidden, "hotdesking_off")
		tried := map[string]int{}
		for _, a := range h.audits(app.AuditQuery{ObjectID: ch.ID, Outcome: "refused"}) {
			tried[a.Action+" "+h.facts(a.After)["path"].(string)+" "+a.ActorKind]++
		}
		if tried["login key phone"] != 6 || tried["logout code phone"] != 3 || tried["login self_service user"] != 1 {
			h.Fatalf("the log has %v", tried)
		}
		d, _, err := h.app.Devices.Desired(bg, app.Device{ID: x.ID, CustomerID: h.cust.ID})
		h.ok(err)
		if d.Hotdesking {
			h.Fatal("the phone still has the keys")
		}
	})
}

func TestH07_ALoginOutlivesTheServer(t *testing.T) {
	both(t, func(h *house) {
		ch, _ := h.desk("Fenster", "01")
		e := h.extension("21", false)
		h.login(ch, e)
		h.registers(ch, home)
		h.flush() // the server stops
		var err error
		h.app, _, err = app.Open(bg, config(h.T, h.db, h.clock, app.PortalSettings{}))
		h.ok(err)
		h.app.Wire(app.Ports{Wake: func() {}, Devices: h.dev, Registrar: h.sip})
		h.at(ch, e, telephony.LoginHotdesk)
		h.pass(30 * 24 * time.Hour)
		h.registers(ch, home) // the phone starts too, after a long holiday
		h.endLogins()
		h.sweep()
		h.at(ch, e, telephony.LoginHotdesk)
		if u := h.view(ch).Login.Until; !u.IsZero() {
			h.Fatalf("it would end %s", u)
		}
	})
}

func TestH07_LimitsEndGuestsAndNobodyElse(t *testing.T) {
	both(t, func(h *house) {
		a, _ := h.desk("A", "01")
		b, _ := h.desk("B", "02")
		fixed, _ := h.desk("Fest", "03")
		early, late, boss := h.extension("21", false), h.extension("22", false), h.extension("23", false)
		h.link(fixed, boss)
		h.limits(6, "18:30") // now it is 10:00 in Berlin
		h.login(a, early)
		start := h.clock().Add(-time.Second)
		if u := h.view(a).Login.Until; !u.Equal(start.Add(6 * time.Hour)) {
			h.Fatalf("until %s", u)
		}
		h.pass(6*time.Hour - 2*time.Second)
		h.endLogins()
		h.at(a, early, telephony.LoginHotdesk)
		h.login(b, late)
		h.endLogins()
		h.nobody(a)
		h.endedFor(a, telephony.EndExpired)
		evening := time.Date(2026, 11, 23, 17, 30, 0, 0, time.UTC)
		if u := h.view(b).Login.Until; !u.Equal(evening) {
			h.Fatalf("until %s", u)
		}
		h.pass(evening.Sub(h.clock()) - time.Microsecond)
		h.endLogins()
		h.at(b, late, telephony.LoginHotdesk)
		h.pass(time.Microsecond)
		h.endLogins()
		h.nobody(b)
		h.endedFor(b, telephony.EndDailyEnd)
		h.pass(100 * time.Hour)
		h.endLogins()
		h.at(fixed, boss, telephony.LoginLinked)
	})
}

// What the customer says now decides, also about those who logged in before.
func TestH07_LimitsThatChangeCountForThoseWhoAreIn(t *testing.T) {
	both(t, func(h *house) {
		ch, _ := h.desk("A", "01")
		e := h.extension("21", false)
		h.limits(1, "")
		h.login(ch, e)
		since := h.view(ch).Login.Since
		h.limits(0, "") // lifted, and due before anybody has looked at its devices
		h.pass(2 * time.Hour)
		h.endLogins()
		h.at(ch, e, telephony.LoginHotdesk)
		if u := h.view(ch).Login.Until; !u.IsZero() {
			h.Fatalf("it would end %s", u)
		}
		h.limits(8, "")
		h.endLogins()
		if u := h.view(ch).Login.Until; !u.Equal(since.Add(8 * time.Hour)) {
			h.Fatalf("until %s", u)
		}
		h.limits(1, "")
		h.endLogins()
		h.nobody(ch)
		h.endedFor(ch, telephony.EndExpired)
		_, err := h.app.Customers.Update(bg, h.admin, h.cust.ID, 0, func(c *telephony.Customer) error { c.HotdeskEnd = "25:00"; return nil })
		h.refused(err, telephony.Invalid, "clock_malformed")
	})
}

func TestH07_ManyAreEndedPieceByPiece(t *testing.T) {
	both(t, func(h *house) {
		h.limits(1, "")
		var at []telephony.Channel
		for i := range 27 {
			ch, _ := h.desk("Platz "+string(rune('A'+i)), string("0123456789abcdef"[i/16])+string("0123456789abcdef"[i%16]))
			h.login(ch, h.extension(string(rune('2'+i/10))+string(rune('0'+i%10)), false))
			at = append(at, ch)
		}
		h.pass(2 * time.Hour)
		more, err := h.app.Jobs.EndLogins(bg)
		h.ok(err)
		left := 0
		for _, ch := range at {
			if h.view(ch).Login != nil {
				left++
			}
		}
		if !more || left == 0 || left == len(at) {
			h.Fatalf("after one piece %d of %d are left, more is %v", left, len(at), more)
		}
		h.endLogins()
		for _, ch := range at {
			h.nobody(ch)
		}
	})
}

func TestH07_DesksHaveShortNumbers(t *testing.T) {
	both(t, func(h *house) {
		seen := map[string]bool{}
		for i := range 20 {
			ch := h.channel("Platz " + string(rune('A'+i)))
			if len(ch.Desk) != 4 || strings.Trim(ch.Desk, "0123456789") != "" || seen[ch.Desk] {
				h.Fatalf("desk number %q", ch.Desk)
			}
			seen[ch.Desk] = true
			x, err := h.app.Desks.ByNumber(bg, h.admin, h.cust.ID, ch.Desk)
			h.ok(err)
			if x.ID != ch.ID {
				h.Fatalf("%s leads to %s", ch.Desk, x.Name)
			}
		}
		for _, n := range []string{"", "0000", "12", "abcd", "\x00"} {
			_, err := h.app.Desks.ByNumber(bg, h.admin, h.cust.ID, n)
			h.refused(err, telephony.NotFound, "")
		}
		v, err := h.app.Channels.Create(bg, h.admin, telephony.Channel{CustomerID: h.cust.ID, Name: "Handy", Kind: telephony.KindClient, Desk: "1234"})
		h.ok(err)
		if v.Channel.Desk != "" {
			h.Fatalf("a client has the desk number %s", v.Channel.Desk)
		}
	})
}

func TestH08_AClientIsNoDesk(t *testing.T) {
	both(t, func(h *house) {
		v, err := h.app.Channels.Create(bg, h.admin, telephony.Channel{CustomerID: h.cust.ID, Name: "Handy", Kind: telephony.KindClient})
		h.ok(err)
		h.extension("21", false)
		_, _, err = h.tryAt(v.Channel, "21", pin, nil)
		h.refused(err, telephony.Conflict, "channel_is_client")
		if x := h.here(v.Channel); x.Hotdesking || telephony.ReasonOf(x.Refusal) != "channel_is_client" {
			h.Fatalf("%+v", x)
		}
	})
}
