package app_test

import (
	"context"
	"encoding/json"
	"net/netip"
	"time"

	"pgregory.net/rapid"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// hotdesk does one random thing that people do at phones, or time does to them.
func (w *world) hotdesk(ctx context.Context, channel string, person telephony.Extension, pick func(n int) int) (err error) {
	// Far and wide, so that the limit of one source stops no run.
	phone := auth.PhoneActor(w.customer, channel, "Telefon", netip.AddrFrom4([4]byte{100, 64, byte(pick(256)), byte(pick(256))}))
	own := auth.UserActor("p"+person.ID, person.Name, auth.User, "", w.customer, person.ID, phone.From)
	login := app.LoginRequest{CustomerID: w.customer, ChannelID: channel, Number: person.Number, PIN: "2580", TakeOver: pick(2) == 0, Path: []string{"code", "key"}[pick(2)]}
	if pick(3) == 0 {
		login.End = w.channels[pick(len(w.channels))]
	}
	switch pick(11) {
	case 0, 1, 2:
		_, _, err = w.a.Desks.LogIn(ctx, phone, login)
	case 3:
		login.PIN = "1379" // nobody's
		if _, _, err = w.a.Desks.LogIn(ctx, phone, login); err == nil {
			panic("a wrong PIN logged somebody in")
		}
	case 4:
		err = w.a.Extensions.Unlock(ctx, boss, w.customer, person.ID)
	case 5, 6:
		_, err = w.a.Desks.LogOut(ctx, phone, app.LogoutRequest{CustomerID: w.customer, ChannelID: channel,
			Where: []telephony.Where{telephony.WhereAsk, telephony.WhereHere, telephony.WhereBoth}[pick(3)], Path: "code"})
	case 7:
		login.Number, login.PIN, login.Path = "", "", "self_service"
		if pick(4) == 0 && w.client != "" {
			login.ChannelID = w.client
		}
		_, _, err = w.a.Desks.LogIn(ctx, own, login)
	case 8:
		err = w.a.Desks.ChangePIN(ctx, own, app.PINChange{CustomerID: w.customer, Old: "2580", New: "2580"})
	case 9:
		hours, end := []int{0, 1, 8}[pick(3)], []string{"", "18:30", "02:30"}[pick(3)]
		_, err = w.a.Customers.Update(ctx, boss, w.customer, 0, func(c *telephony.Customer) error { c.HotdeskHours, c.HotdeskEnd = hours, end; return nil })
	case 10:
		w.passed.Add(int64([]time.Duration{time.Minute, 20 * time.Minute, 3 * time.Hour, 25 * time.Hour}[pick(4)]))
		_, err = w.a.Jobs.EndLogins(ctx)
	}
	if telephony.ReasonOf(err) == "too_many_failures" {
		return nil
	}
	return err
}

// checkGuest holds a desk against what is said of guests (H07, D19). swept says
// that the customer's limits have been applied to all devices.
func (w *world) checkGuest(t rapid.TB, tx *storage.Tx, d telephony.Desk, swept bool) {
	t.Helper()
	l := d.Login
	if l == nil {
		return
	}
	if l.Kind == telephony.LoginLinked {
		if !l.Until.IsZero() {
			t.Fatalf("H07: the linked login at %s would end %s", d.Channel.Name, l.Until)
		}
		return
	}
	if at := d.CPE.RegisterAddr; at.IsValid() && l.Address != at {
		t.Fatalf("D19: the login at %s is bound to %s, its phone registers from %s", d.Channel.Name, l.Address, at)
	}
	if l.Path == "" {
		t.Fatalf("H09: nobody knows how the login at %s came about", d.Channel.Name)
	}
	c, err := tx.Customer(w.customer)
	must(t, err)
	zone, err := time.LoadLocation(c.TimeZone)
	must(t, err)
	until, _ := c.LoginEnd(l.Since, zone)
	if swept && !l.Until.Equal(until) {
		t.Fatalf("H07: the login at %s of %s ends %s, it says %s", d.Channel.Name, l.Since, until, l.Until)
	}
}

// checkSeat holds an extension against D20 and the table.
func checkSeat(t rapid.TB, s telephony.Seat) {
	t.Helper()
	at := map[string]bool{}
	for _, l := range s.Logins {
		if at[l.ChannelID] {
			t.Fatalf("%s is logged in twice at %s", s.Extension.Number, l.ChannelID)
		}
		at[l.ChannelID] = true
	}
	if !s.Extension.MultiLogin && len(s.Logins) > 1 {
		t.Fatalf("H03: %s is logged in at %d devices", s.Extension.Number, len(s.Logins))
	}
}

// furnish puts the devices where they belong, so that people can log in from the
// first step on, and gives the customer a channel that is no place.
func (w *world) furnish(t rapid.TB) {
	for i, x := range w.devices {
		_, err := w.a.CPEs.Attach(context.Background(), boss, w.customer, x, w.channels[i], 0, false)
		must(t, err)
	}
	v, err := w.a.Channels.Create(context.Background(), boss, telephony.Channel{CustomerID: w.customer, Name: "Softphone", Kind: telephony.KindClient})
	must(t, err)
	w.client = v.Channel.ID
}

// checkClient demands that a client's channel has neither link nor login (H08).
func (w *world) checkClient(t rapid.TB, tx *storage.Tx) error {
	if w.client == "" {
		return nil
	}
	d, err := tx.Desk(w.customer, w.client, telephony.Allowlist{})
	if err == nil && (d.Link != nil || d.Login != nil || d.CPE != nil) {
		t.Fatalf("H08: a client is %+v", d)
	}
	return err
}

// checkFaces demands that a phone is told of itself what the records say, and that
// it offers hotdesking exactly where somebody could log in (S04, H06).
func (w *world) checkFaces(t rapid.TB) {
	t.Helper()
	ctx := context.Background()
	for _, id := range w.channels {
		v, err := w.a.Channels.Get(ctx, boss, w.customer, id)
		must(t, err)
		h, err := w.a.Desks.Here(ctx, auth.PhoneActor(w.customer, id, "Telefon", listed), w.customer, id)
		must(t, err)
		who := ""
		if v.Login != nil {
			who = v.Login.ExtensionID
		}
		if h.Party.ExtensionID != who || h.Hotdesking != (v.Link == nil && v.CPE != nil && !v.CPE.Lost) || h.Hotdesking != (h.Refusal == nil) {
			t.Fatalf("at %s the phone is told %+v, there is %+v", v.Channel.Name, h, v)
		}
		if v.CPE == nil {
			continue
		}
		d, _, err := w.a.Devices.Desired(ctx, app.Device{ID: v.CPE.ID, CustomerID: w.customer})
		must(t, err)
		if d.Hotdesking != h.Hotdesking {
			t.Fatalf("H06: at %s the phone's keys are %v, logging in is %v", v.Channel.Name, d.Hotdesking, h.Hotdesking)
		}
	}
}

// checkLog replays the log (H09): who is logged in where is what logins and
// logouts leave, and each says how and why.
func (w *world) checkLog(t rapid.TB) {
	t.Helper()
	must(t, w.db.View(context.Background(), func(tx *storage.Tx) error {
		for _, id := range w.channels {
			in := map[string]int{} // by extension
			for _, action := range []string{"login", "logout"} {
				rows, err := tx.Audits(w.customer, storage.AuditFilter{ObjectID: id, Action: action, Outcome: "done", Limit: 10000})
				if err != nil {
					return err
				}
				for _, a := range rows {
					var before, after struct{ Extension, Path, Reason string }
					must(t, json.Unmarshal([]byte(a.Before), &before))
					must(t, json.Unmarshal([]byte(a.After), &after))
					if after.Path == "" || a.ActorKind == "" || action == "logout" && after.Reason == "" {
						t.Fatalf("H09: an entry does not say how or why: %+v", a)
					}
					if action == "login" {
						in[after.Extension]++
					} else {
						in[before.Extension]--
					}
				}
			}
			if l, err := tx.Login(w.customer, id); err == nil {
				in[l.ExtensionID]--
			} else if telephony.CodeOf(err) != telephony.NotFound {
				return err
			}
			for e, n := range in {
				if n != 0 {
					t.Fatalf("H09: of %s at %s the log has %+d logins more than there are", e, id, n)
				}
			}
		}
		return nil
	}))
}
