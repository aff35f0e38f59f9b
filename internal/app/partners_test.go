package app_test

import (
	"slices"
	"testing"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

func (h *house) partner(name string) (telephony.Partner, auth.Actor) {
	h.Helper()
	p, err := h.app.Partners.Create(bg, h.admin, telephony.Partner{Name: name})
	h.ok(err)
	return p, auth.Actor{Kind: "token", ID: "p" + p.ID, Name: name, Role: auth.PartnerAdmin, Scopes: auth.Scopes, PartnerID: p.ID}
}

// customerOf makes a customer of the partner, by the partner.
func (h *house) customerOf(partner auth.Actor, number string) telephony.Customer {
	h.Helper()
	c, err := h.app.Customers.Create(bg, partner, telephony.Customer{Number: number, Name: "Firma " + number})
	h.ok(err)
	return c
}

func TestU09_PartnersAreKept(t *testing.T) {
	both(t, func(h *house) {
		a, _ := h.partner("Zeta Netz")
		b, _ := h.partner("ähnlich")
		if _, err := h.app.Partners.Create(bg, h.admin, telephony.Partner{Name: " \t"}); telephony.CodeOf(err) != telephony.Invalid {
			h.Fatalf("a partner without a name: %v", err)
		}
		_, err := h.app.Partners.Create(bg, h.admin, telephony.Partner{Name: "ZETA NETZ"})
		h.refused(err, telephony.Conflict, "")
		a, err = h.app.Partners.Update(bg, h.admin, a.ID, a.Version, func(p *telephony.Partner) error { p.Name = "Beta Netz"; return nil })
		h.ok(err)
		_, err = h.app.Partners.Update(bg, h.admin, a.ID, a.Version-1, same)
		h.refused(err, telephony.Conflict, "version_changed")
		got, err := h.app.Partners.Get(bg, h.admin, a.ID)
		h.ok(err)
		if got != a || got.Name != "Beta Netz" {
			h.Fatalf("%+v, want %+v", got, a)
		}
		first, err := h.app.Partners.List(bg, h.admin, app.Query{Limit: 1})
		h.ok(err)
		rest, err := h.app.Partners.List(bg, h.admin, app.Query{Limit: 1, Cursor: first.Next})
		h.ok(err)
		if all := slices.Concat(first.Items, rest.Items); len(all) != 2 || rest.Next != "" || all[0].ID != a.ID || all[1].ID != b.ID {
			h.Fatalf("listed %+v", all)
		}
		h.ok(h.app.Partners.Delete(bg, h.admin, b.ID, 0))
		_, err = h.app.Partners.Get(bg, h.admin, b.ID)
		h.refused(err, telephony.NotFound, "")
	})
}

func TestU09_APartnerWithCustomersStays(t *testing.T) {
	both(t, func(h *house) {
		p, paul := h.partner("Haus Holm")
		c := h.customerOf(paul, "2000")
		h.refused(h.app.Partners.Delete(bg, h.admin, p.ID, 0), telephony.Conflict, "in_use")
		h.ok(h.app.Customers.Delete(bg, paul, c.ID, 0))
		h.ok(h.app.Partners.Delete(bg, h.admin, p.ID, 0))
	})
}

func TestX02_PartnersAreTheOperatorsAlone(t *testing.T) {
	both(t, func(h *house) {
		p, paul := h.partner("Haus Holm")
		user := h.user(h.extension("21", false))
		for _, w := range []auth.Actor{paul, h.customerAdmin(), user, h.support()} {
			code := telephony.NotFound
			if w.Role == auth.OperatorSupport {
				code = telephony.Forbidden // reads, and changes nothing
			}
			_, list := h.app.Partners.List(bg, w, app.Query{})
			_, get := h.app.Partners.Get(bg, w, p.ID)
			for _, err := range []error{list, get} {
				if (err == nil) != (w.Role == auth.OperatorSupport) {
					h.Errorf("%s reads partners: %v", w.Role, err)
				}
			}
			_, create := h.app.Partners.Create(bg, w, telephony.Partner{Name: "Neu"})
			_, update := h.app.Partners.Update(bg, w, p.ID, 0, same)
			for _, err := range []error{create, update, h.app.Partners.Delete(bg, w, p.ID, 0)} {
				if telephony.CodeOf(err) != code {
					h.Errorf("%s changes partners: %v, want %s", w.Role, err, code)
				}
			}
		}
	})
}

func TestX02_PartnersMakeCustomersOfTheirOwn(t *testing.T) {
	both(t, func(h *house) {
		p, paul := h.partner("Haus Holm")
		other, _ := h.partner("Netz Nord")
		c, err := h.app.Customers.Create(bg, paul, telephony.Customer{Number: "2000", Name: "Mühle", PartnerID: other.ID})
		h.ok(err)
		if c.PartnerID != p.ID {
			h.Fatalf("the customer went to %s", c.PartnerID)
		}
		_, err = h.app.Customers.Update(bg, paul, c.ID, 0, func(c *telephony.Customer) error { c.PartnerID = other.ID; return nil })
		h.refused(err, telephony.Forbidden, "operator_only")
		_, err = h.app.Customers.Create(bg, h.admin, telephony.Customer{Number: "2001", Name: "Mühle", PartnerID: "nobody"})
		h.refused(err, telephony.Invalid, "partner_unknown")
		for _, w := range []auth.Actor{h.customerAdmin(), h.user(h.extension("21", false)), h.support()} {
			_, err = h.app.Customers.Create(bg, w, telephony.Customer{Number: "2002", Name: "Mühle"})
			h.refused(err, telephony.Forbidden, "scope_missing")
		}
	})
}

func TestX02_OnlyOperatorAndPartnerRemoveACustomer(t *testing.T) {
	both(t, func(h *house) {
		_, paul := h.partner("Haus Holm")
		_, nora := h.partner("Netz Nord")
		own, c := h.cust, h.customerOf(paul, "2000")
		h.cust = c
		carla := h.customerAdmin()
		h.cust = own
		h.refused(h.app.Customers.Delete(bg, carla, c.ID, 0), telephony.Forbidden, "operator_only")
		h.refused(h.app.Customers.Delete(bg, h.support(), c.ID, 0), telephony.Forbidden, "scope_missing")
		h.refused(h.app.Customers.Delete(bg, nora, c.ID, 0), telephony.NotFound, "")
		h.refused(h.app.Customers.Delete(bg, nora, own.ID, 0), telephony.NotFound, "")
		h.ok(h.app.Customers.Delete(bg, paul, c.ID, 0))
		h.channel("Empfang")
		h.refused(h.app.Customers.Delete(bg, h.admin, own.ID, 0), telephony.Conflict, "in_use")
	})
}

func TestD24_EverybodyListsWhatTheySee(t *testing.T) {
	both(t, func(h *house) {
		_, paul := h.partner("Haus Holm")
		_, nora := h.partner("Netz Nord")
		theirs := h.customerOf(paul, "2000")
		for _, c := range []struct {
			who  auth.Actor
			want []string
		}{
			{h.admin, []string{h.cust.ID, theirs.ID}}, {h.support(), []string{h.cust.ID, theirs.ID}},
			{paul, []string{theirs.ID}}, {nora, nil}, {h.customerAdmin(), []string{h.cust.ID}},
		} {
			l, err := h.app.Customers.List(bg, c.who, app.Query{})
			h.ok(err)
			var got []string
			for _, x := range l.Items {
				got = append(got, x.ID)
			}
			if !slices.Equal(got, c.want) {
				h.Errorf("%s lists %q, want %q", c.who.Name, got, c.want)
			}
		}
		_, err := h.app.Customers.List(bg, h.user(h.extension("21", false)), app.Query{})
		h.refused(err, telephony.Forbidden, "scope_missing")
	})
}
