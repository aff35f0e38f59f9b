package app_test

import (
	"slices"
	"testing"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

func init() {
	useCases = append(useCases, []useCase{
		{"Trunks.Get", auth.ScopeRead, func(a *app.App, w auth.Actor, x ids) error {
			return second(a.Trunks.Get(bg, w, x.customer, x.trunk))
		}},
		{"Trunks.Update", auth.ScopeWrite, func(a *app.App, w auth.Actor, x ids) error {
			return second(a.Trunks.Update(bg, w, x.customer, x.trunk, 0, same))
		}},
		{"Trunks.Delete", auth.ScopeWrite, func(a *app.App, w auth.Actor, x ids) error {
			return a.Trunks.Delete(bg, w, x.customer, x.trunk, 0)
		}},
		{"Numbers.Get", auth.ScopeRead, func(a *app.App, w auth.Actor, x ids) error {
			return second(a.Numbers.Get(bg, w, x.customer, x.direct))
		}},
		{"Numbers.Update", auth.ScopeWrite, func(a *app.App, w auth.Actor, x ids) error {
			return second(a.Numbers.Update(bg, w, x.customer, x.direct, 0, same))
		}},
		{"Numbers.Delete", auth.ScopeWrite, func(a *app.App, w auth.Actor, x ids) error {
			return a.Numbers.Delete(bg, w, x.customer, x.direct, 0)
		}},
	}...)
	account = append(account, []useCase{
		{"Trunks.List", auth.ScopeRead, func(a *app.App, w auth.Actor, x ids) error {
			return second(a.Trunks.List(bg, w, x.customer, app.Query{}))
		}},
		{"Trunks.Create", auth.ScopeWrite, func(a *app.App, w auth.Actor, x ids) error {
			return second(a.Trunks.Create(bg, w, telephony.Trunk{CustomerID: x.customer, Name: "Neuer Trunk", Host: "192.0.2.1"}))
		}},
		{"Numbers.List", auth.ScopeRead, func(a *app.App, w auth.Actor, x ids) error {
			return second(a.Numbers.List(bg, w, x.customer, app.Query{}))
		}},
		{"Numbers.Create", auth.ScopeWrite, func(a *app.App, w auth.Actor, x ids) error {
			return second(a.Numbers.Create(bg, w, telephony.Number{CustomerID: x.customer, E164: "+493090199"}))
		}},
	}...)
}

func TestX02_TheInstallationsTrunksAreTheOperatorsAlone(t *testing.T) {
	both(t, func(h *house) {
		made, err := h.app.Trunks.Create(bg, h.admin, telephony.Trunk{Name: "Netz", Host: "sip.example.net"})
		h.ok(err)
		id := made.Trunk.ID
		calls := map[string]func(auth.Actor) error{
			"list": func(w auth.Actor) error { return second(h.app.Trunks.List(bg, w, "", app.Query{})) },
			"get":  func(w auth.Actor) error { return second(h.app.Trunks.Get(bg, w, "", id)) },
			"create": func(w auth.Actor) error {
				return second(h.app.Trunks.Create(bg, w, telephony.Trunk{Name: "X", Host: "x.example.net"}))
			},
			"update": func(w auth.Actor) error { return second(h.app.Trunks.Update(bg, w, "", id, 0, same)) },
			"delete": func(w auth.Actor) error { return h.app.Trunks.Delete(bg, w, "", id, 0) },
		}
		partner := auth.Actor{Name: "p", Role: auth.PartnerAdmin, Scopes: auth.Scopes, PartnerID: "one"}
		for name, f := range calls {
			for _, w := range []auth.Actor{partner, h.customerAdmin()} {
				if err := f(w); telephony.CodeOf(err) != telephony.NotFound {
					h.Errorf("%s by %s: %v", name, w.Role, err)
				}
			}
			reads := slices.Contains([]string{"list", "get"}, name)
			if err := f(h.support()); reads != (err == nil) || err != nil && telephony.CodeOf(err) != telephony.Forbidden {
				h.Errorf("%s by support: %v", name, err)
			}
		}
		// Nobody finds it as a customer's, not even its keeper.
		h.refused(second(h.app.Trunks.Get(bg, h.admin, h.cust.ID, id)), telephony.NotFound, "")
		h.ok(calls["update"](h.admin))
		h.ok(calls["delete"](h.admin))
		h.refused(calls["get"](h.admin), telephony.NotFound, "")
	})
}

func TestX02_WhoIsServedSetsNeitherTrunksNorNumbersNorLimits(t *testing.T) {
	both(t, func(h *house) {
		x := h.objects("01", "21")
		carla := h.customerAdmin()
		for _, u := range useCases {
			if slices.Contains([]string{"Trunks.Update", "Trunks.Delete", "Numbers.Delete"}, u.name) {
				h.refused(u.run(h.app, carla, x), telephony.Forbidden, "operator_or_partner")
			}
		}
		for _, u := range account {
			if slices.Contains([]string{"Trunks.Create", "Numbers.Create"}, u.name) {
				h.refused(u.run(h.app, carla, x), telephony.Forbidden, "operator_or_partner")
			}
		}
		for _, change := range []func(*telephony.Customer){
			func(c *telephony.Customer) { c.MostCalls = 0 }, func(c *telephony.Customer) { c.MostPerMinute = 1000 },
		} {
			_, err := h.app.Customers.Update(bg, carla, x.customer, 0, func(c *telephony.Customer) error { change(c); return nil })
			h.refused(err, telephony.Forbidden, "operator_or_partner")
		}
		// Whom a number rings, and what is shown outside, is theirs to say.
		v, err := h.app.Numbers.Update(bg, carla, x.customer, x.direct, 1, func(n *telephony.Number) error { n.ExtensionID = ""; return nil })
		h.ok(err)
		if v.Extension != nil || v.Number.Version != 2 {
			h.Errorf("%+v", v)
		}
		_, err = h.app.Customers.Update(bg, carla, x.customer, 0, func(c *telephony.Customer) error {
			c.OutboundNumber, c.SiteAddress, c.OneGoCode = "+4930901821", "Hauptstraße 1", true
			return nil
		})
		h.ok(err)
	})
}
