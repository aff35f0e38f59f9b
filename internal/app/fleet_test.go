package app_test

import (
	"testing"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

func TestP10_FleetCountsWhoHasArrivedAndNamesWhoHasNot(t *testing.T) {
	both(t, func(h *house) {
		ch, x := h.desk("Empfang", "01")
		other := h.customer("2000")
		far := h.phoneOf(other, 7, "108.86.0.20")
		silent, err := h.app.CPEs.Create(bg, h.admin, telephony.CPE{CustomerID: other.ID, Driver: "snom", Model: "D785", MAC: "000413aabbcc"})
		h.ok(err)
		summary := func(a auth.Actor) app.FleetView {
			h.Helper()
			h.pass(time.Minute) // a count holds for a moment
			v, err := h.app.Fleet.Summary(bg, a)
			h.ok(err)
			return v
		}
		v := summary(h.admin)
		if v.All.Devices != 3 || v.All.States[telephony.CPEConverged] != 1 || v.All.States[telephony.CPENeverContacted] != 2 {
			t.Fatalf("%+v", v.All)
		}
		if len(v.Customers) != 2 || len(v.Firmwares) != 3 || v.Customers[0].Customer == "" {
			t.Errorf("%+v", v)
		}
		l, err := h.app.Fleet.Laggards(bg, h.admin, app.Query{})
		h.ok(err)
		if len(l.Items) != 2 {
			t.Fatalf("%+v", l.Items)
		}
		for _, i := range l.Items {
			switch i.CPE.ID {
			case x.ID:
				if i.Missing == nil || i.Missing.Name != "trust" || i.Missing.Advice == "" || i.State != telephony.CPENeverContacted {
					t.Errorf("%+v", i)
				}
			case silent.CPE.ID:
				if i.Missing != nil || i.Customer != other.Name {
					t.Errorf("%+v", i)
				}
			default:
				t.Errorf("%s does not lag", i.CPE.Name)
			}
		}
		// It fetches: now it is only not registered.
		h.reports(app.Device{ID: x.ID, CustomerID: x.CustomerID}, "1.0")
		if v := summary(h.admin); v.All.States[telephony.CPEOffline] != 1 {
			t.Errorf("%+v", v.All)
		}
		h.bind(ch)
		if v := summary(h.admin); v.All.States[telephony.CPEConverged] != 2 || v.All.States[telephony.CPEOffline] != 0 {
			t.Errorf("%+v", v.All)
		}
		// The states are those of the lists: one rule, told twice.
		for _, c := range []telephony.Customer{h.cust, other} {
			own := auth.Actor{Role: auth.CustomerAdmin, CustomerID: c.ID, Scopes: auth.Scopes}
			v := summary(own)
			health, err := h.app.Customers.Health(bg, own, c.ID)
			if err != nil || v.All.Devices != health.CPEs {
				t.Errorf("%v: %d, %d", err, v.All.Devices, health.CPEs)
			}
			for s, n := range health.Devices {
				if v.All.States[s] != n {
					t.Errorf("%s: %d %s in the fleet, %d in the health", c.Name, v.All.States[s], s, n)
				}
			}
		}
		p, err := h.app.Partners.Create(bg, h.admin, telephony.Partner{Name: "P"})
		h.ok(err)
		partner := auth.Actor{Role: auth.PartnerAdmin, PartnerID: p.ID, Scopes: auth.Scopes}
		if v := summary(partner); v.All.Devices != 0 {
			t.Errorf("a partner without customers sees %d devices", v.All.Devices)
		}
		_, err = h.app.Customers.Update(bg, h.admin, other.ID, 0, func(c *telephony.Customer) error { c.PartnerID = p.ID; return nil })
		h.ok(err)
		if v := summary(partner); v.All.Devices != 2 || len(v.Customers) != 1 {
			t.Errorf("%+v", v)
		}
		l, err = h.app.Fleet.Laggards(bg, partner, app.Query{Limit: 1})
		h.ok(err)
		if len(l.Items) != 1 || l.Items[0].CPE.CustomerID != other.ID {
			t.Errorf("%+v", l.Items)
		}
		_, err = h.app.Fleet.Summary(bg, auth.Actor{Role: auth.User, CustomerID: other.ID, Scopes: auth.Scopes})
		h.refused(err, telephony.Forbidden, "")
		_ = far
	})
}
