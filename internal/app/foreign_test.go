package app_test

import (
	"slices"
	"testing"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

func (h *house) objects(last, number string) ids {
	h.Helper()
	ch, x := h.desk("Platz "+last, last)
	e := h.extension(number, false)
	trunk, err := h.app.Trunks.Create(bg, h.admin, telephony.Trunk{CustomerID: h.cust.ID, Name: "Netz", Host: "sip.example.net"})
	h.ok(err)
	direct, err := h.app.Numbers.Create(bg, h.admin, telephony.Number{CustomerID: h.cust.ID, E164: "+49309018" + number, ExtensionID: e.ID})
	h.ok(err)
	h.sends(app.Device{ID: x.ID, CustomerID: h.cust.ID, MAC: x.MAC, Driver: x.Driver}, "phone.log", "hello")
	sent, err := h.app.CPEs.Uploads(bg, h.admin, h.cust.ID, x.ID)
	h.ok(err)
	return ids{h.cust.ID, ch.ID, e.ID, x.ID, number, trunk.Trunk.ID, direct.Number.ID, sent[0].ID}
}

func TestD24_ForeignObjectsAreNotFound(t *testing.T) {
	both(t, func(h *house) {
		own := h.objects("01", "21")
		mine, carla := h.cust, h.customerAdmin()
		h.cust = h.customer("2000")
		theirs := h.objects("02", "31")
		h.cust = mine
		mixed := ids{own.customer, theirs.channel, theirs.extension, theirs.cpe, own.number, theirs.trunk, theirs.direct, theirs.upload}
		partner := auth.Actor{Name: "p", Role: auth.PartnerAdmin, Scopes: auth.Scopes, PartnerID: "another"}
		user := h.user(telephony.Extension{ID: own.extension, CustomerID: own.customer, Number: own.number})
		for _, u := range slices.Concat(useCases, account) {
			for _, w := range []auth.Actor{carla, partner, user} {
				if err := u.run(h.app, w, theirs); telephony.CodeOf(err) != telephony.NotFound {
					h.Errorf("%s by %s of another customer: %v", u.name, w.Role, err)
				}
			}
		}
		for _, u := range useCases {
			if err := u.run(h.app, h.admin, mixed); telephony.CodeOf(err) != telephony.NotFound {
				h.Errorf("%s on another customer's object: %v", u.name, err)
			}
		}
		for _, x := range []ids{
			{own.customer, own.channel, theirs.extension, theirs.cpe, own.number, own.trunk, own.direct, own.upload},
			{own.customer, theirs.channel, own.extension, own.cpe, own.number, own.trunk, own.direct, own.upload},
		} {
			for _, u := range useCases {
				if u.name == "Links.Link" || u.name == "CPEs.Attach" {
					h.refused(u.run(h.app, h.admin, x), telephony.NotFound, "")
				}
			}
		}
		// Nothing of that was not found because the row is wrong.
		for _, u := range slices.Concat(account, useCases) {
			if err := u.run(h.app, carla, own); telephony.CodeOf(err) == telephony.NotFound {
				h.Errorf("%s on an own object: %v", u.name, err)
			}
		}
	})
}

func TestX02_EveryRoleDoesWhatItMayAndNothingElse(t *testing.T) {
	both(t, func(h *house) {
		x := h.objects("01", "21")
		user := h.user(telephony.Extension{ID: x.extension, CustomerID: x.customer, Number: "21"})
		reader := h.admin
		reader.Scopes = []auth.Scope{auth.ScopeRead}
		for _, u := range slices.Concat(account, useCases) {
			for _, w := range []auth.Actor{user, h.support(), reader, h.admin} {
				allowed := w.Can(u.needs)
				if w.Role == auth.User && u.name == "Extensions.SetPIN" {
					allowed = w.Can(auth.ScopeLogin) // their own PIN (D20)
				}
				err := u.run(h.app, w, x)
				if forbidden := telephony.CodeOf(err) == telephony.Forbidden; err != nil && forbidden == allowed || err == nil && !allowed {
					h.Errorf("%s (needs %s) by %s with %v: %v", u.name, u.needs, w.Role, w.Scopes, err)
				}
			}
		}
	})
}
