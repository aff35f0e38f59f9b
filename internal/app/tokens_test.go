package app_test

import (
	"slices"
	"testing"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

// bearer is who a token made by w turns out to be.
func (h *house) bearer(w auth.Actor, s app.TokenSpec) (auth.Actor, app.TokenView, telephony.Secret) {
	h.Helper()
	v, secret, err := h.app.Tokens.Create(bg, w, s)
	h.ok(err)
	a, err := h.app.Tokens.Authenticate(bg, secret.Reveal(), home)
	h.ok(err)
	return a, v, secret
}

func (h *house) gone(secret telephony.Secret) {
	h.Helper()
	_, err := h.app.Tokens.Authenticate(bg, secret.Reveal(), home)
	h.refused(err, telephony.Unauthenticated, "token_unknown")
}

func names(l []app.TokenView) (out []string) {
	for _, v := range l {
		out = append(out, v.Name)
	}
	slices.Sort(out)
	return out
}

func TestX02_ATokenIsWhoItWasMadeFor(t *testing.T) {
	both(t, func(h *house) {
		p, paul := h.partner("Haus Holm")
		c := h.customerOf(paul, "2000")
		h.cust = c
		e := h.extension("21", false)
		for _, s := range []app.TokenSpec{
			{Name: "op", Role: auth.OperatorAdmin, PartnerID: p.ID, CustomerID: c.ID, ExtensionID: e.ID}, // reach that the role does not have is dropped
			{Name: "support", Role: auth.OperatorSupport},
			{Name: "partner", Role: auth.PartnerAdmin, PartnerID: p.ID, CustomerID: c.ID},
			{Name: "customer", Role: auth.CustomerAdmin, CustomerID: c.ID, ExtensionID: e.ID},
			{Name: "user", Role: auth.User, CustomerID: c.ID, ExtensionID: e.ID},
			{Name: "reader", Role: auth.CustomerAdmin, CustomerID: c.ID, Scopes: []auth.Scope{auth.ScopeRead}},
		} {
			a, v, _ := h.bearer(h.admin, s)
			want := auth.Actor{Kind: "token", ID: v.ID, Name: s.Name, Role: s.Role, From: home, Scopes: s.Scopes}
			switch s.Role {
			case auth.PartnerAdmin:
				want.PartnerID = p.ID
			case auth.CustomerAdmin:
				want.PartnerID, want.CustomerID = p.ID, c.ID
			case auth.User:
				want.PartnerID, want.CustomerID, want.ExtensionID = p.ID, c.ID, e.ID
			}
			if want.Scopes == nil {
				full := auth.Actor{Role: s.Role, Scopes: auth.Scopes}
				want.Scopes = slices.DeleteFunc(slices.Clone(auth.Scopes), func(x auth.Scope) bool { return !full.Can(x) })
			}
			if !slices.Equal(a.Scopes, want.Scopes) {
				h.Errorf("%s may %v, want %v", s.Name, a.Scopes, want.Scopes)
			}
			a.Scopes, want.Scopes = nil, nil
			if a.ID != want.ID || a.Kind != want.Kind || a.Name != want.Name || a.Role != want.Role || a.From != want.From ||
				a.PartnerID != want.PartnerID || a.CustomerID != want.CustomerID || a.ExtensionID != want.ExtensionID {
				h.Errorf("got %+v, want %+v", a, want)
			}
		}
	})
}

func TestX02_NobodyMakesATokenBeyondTheirReach(t *testing.T) {
	both(t, func(h *house) {
		p, paul := h.partner("Haus Holm")
		other, _ := h.partner("Netz Nord")
		foreign, c := h.cust, h.customerOf(paul, "2000")
		outside := h.extension("31", false)
		h.cust = c
		carla, inside := h.customerAdmin(), h.extension("21", false)
		reader := h.admin
		reader.Scopes = []auth.Scope{auth.ScopeRead, auth.ScopeAdmin}
		for _, x := range []struct {
			who    auth.Actor
			spec   app.TokenSpec
			code   telephony.Code
			reason string
		}{
			{h.user(inside), app.TokenSpec{Role: auth.User, CustomerID: c.ID, ExtensionID: inside.ID}, telephony.Forbidden, "scope_missing"},
			{h.support(), app.TokenSpec{Role: auth.OperatorSupport}, telephony.Forbidden, "scope_missing"},
			{paul, app.TokenSpec{Role: auth.OperatorSupport}, telephony.Forbidden, "beyond_reach"},
			{paul, app.TokenSpec{Role: auth.CustomerAdmin, CustomerID: foreign.ID}, telephony.Invalid, "customer_unknown"},
			{carla, app.TokenSpec{Role: auth.OperatorAdmin}, telephony.Forbidden, "beyond_reach"},
			{carla, app.TokenSpec{Role: auth.PartnerAdmin, PartnerID: p.ID}, telephony.Forbidden, "beyond_reach"},
			{carla, app.TokenSpec{Role: auth.CustomerAdmin, CustomerID: foreign.ID}, telephony.Invalid, "customer_unknown"},
			{carla, app.TokenSpec{Role: auth.User, CustomerID: c.ID, ExtensionID: outside.ID}, telephony.Invalid, "extension_unknown"},
			{carla, app.TokenSpec{Role: auth.User, CustomerID: c.ID}, telephony.Invalid, "extension_unknown"},
			{reader, app.TokenSpec{Role: auth.OperatorAdmin, Scopes: []auth.Scope{auth.ScopeRead, auth.ScopeLink}}, telephony.Forbidden, "beyond_reach"},
			{h.admin, app.TokenSpec{Role: "root"}, telephony.Invalid, "role_unknown"},
			{h.admin, app.TokenSpec{Role: auth.OperatorAdmin, Scopes: []auth.Scope{"everything"}}, telephony.Invalid, "scope_unknown"},
			{h.admin, app.TokenSpec{Role: auth.PartnerAdmin}, telephony.Invalid, "partner_unknown"},
			{h.admin, app.TokenSpec{Role: auth.OperatorAdmin, Expires: h.clock()}, telephony.Invalid, "expires_past"},
		} {
			x.spec.Name = "zu viel"
			_, secret, err := h.app.Tokens.Create(bg, x.who, x.spec)
			if h.refused(err, x.code, x.reason); secret != "" {
				h.Fatalf("a refused token was made: %+v", x.spec)
			}
		}
		// Without a wish, a token may what its maker may.
		a, _, _ := h.bearer(reader, app.TokenSpec{Name: "wenig", Role: auth.OperatorAdmin})
		if !slices.Equal(a.Scopes, reader.Scopes) {
			h.Errorf("%v made a token that may %v", reader.Scopes, a.Scopes)
		}
		// A partner's partner token is their own, whatever they ask for.
		a, _, _ = h.bearer(paul, app.TokenSpec{Name: "Kollege", Role: auth.PartnerAdmin, PartnerID: other.ID})
		if a.PartnerID != p.ID {
			h.Errorf("%s made a token of partner %s", paul.Name, a.PartnerID)
		}
	})
}

func TestD24_TokensAreListedAndRevokedWithinReach(t *testing.T) {
	both(t, func(h *house) {
		p, paul := h.partner("Haus Holm")
		_, nora := h.partner("Netz Nord")
		foreign, c := h.customerAdmin(), h.customerOf(paul, "2000")
		h.cust = c
		carla := h.customerAdmin()
		_, ofOperator, _ := h.bearer(h.admin, app.TokenSpec{Name: "operator", Role: auth.OperatorAdmin})
		_, ofPartner, _ := h.bearer(paul, app.TokenSpec{Name: "partner", Role: auth.PartnerAdmin})
		_, ofCustomer, secret := h.bearer(carla, app.TokenSpec{Name: "customer", Role: auth.CustomerAdmin, CustomerID: c.ID})
		carla.PartnerID = p.ID // as Authenticate says of such a token
		for _, x := range []struct {
			who  auth.Actor
			sees []app.TokenView
		}{
			{h.admin, []app.TokenView{ofOperator, ofPartner, ofCustomer}}, {paul, []app.TokenView{ofPartner, ofCustomer}},
			{carla, []app.TokenView{ofCustomer}}, {nora, nil}, {foreign, nil},
		} {
			l, err := h.app.Tokens.List(bg, x.who, app.Query{})
			h.ok(err)
			if got, want := names(l.Items), names(x.sees); !slices.Equal(got, want) {
				h.Errorf("%s lists %q, want %q", x.who.Name, got, want)
			}
			for _, v := range []app.TokenView{ofOperator, ofPartner, ofCustomer} {
				if !slices.ContainsFunc(x.sees, func(s app.TokenView) bool { return s.ID == v.ID }) {
					_, err := h.app.Tokens.Get(bg, x.who, v.ID)
					h.refused(err, telephony.NotFound, "")
					h.refused(h.app.Tokens.Revoke(bg, x.who, v.ID), telephony.NotFound, "")
				}
			}
		}
		for _, w := range []auth.Actor{h.support(), h.user(h.extension("21", false))} {
			_, err := h.app.Tokens.List(bg, w, app.Query{})
			h.refused(err, telephony.Forbidden, "scope_missing")
			h.refused(h.app.Tokens.Revoke(bg, w, ofCustomer.ID), telephony.Forbidden, "scope_missing")
		}
		h.ok(h.app.Tokens.Revoke(bg, carla, ofCustomer.ID))
		h.gone(secret)
		h.refused(h.app.Tokens.Revoke(bg, carla, ofCustomer.ID), telephony.NotFound, "")
	})
}

func TestX03_ATokenEndsWhenItExpires(t *testing.T) {
	both(t, func(h *house) {
		_, _, secret := h.bearer(h.admin, app.TokenSpec{Name: "kurz", Role: auth.OperatorAdmin, Expires: h.clock().Add(time.Hour)})
		h.pass(time.Hour)
		h.gone(secret)
		h.gone("tsl-nobody-made-this-one")
		h.gone("")
	})
}

// Whoever a token speaks for, it goes with them; and a customer that moves takes
// its tokens out of the old partner's sight.
func TestD24_TokensFollowWhomTheySpeakFor(t *testing.T) {
	both(t, func(h *house) {
		p, paul := h.partner("Haus Holm")
		q, nora := h.partner("Netz Nord")
		h.cust = h.customerOf(paul, "2000")
		e := h.extension("21", false)
		_, _, ofUser := h.bearer(h.admin, app.TokenSpec{Name: "user", Role: auth.User, CustomerID: h.cust.ID, ExtensionID: e.ID})
		_, v, ofCustomer := h.bearer(h.admin, app.TokenSpec{Name: "customer", Role: auth.CustomerAdmin, CustomerID: h.cust.ID})
		_, _, ofPartner := h.bearer(h.admin, app.TokenSpec{Name: "partner", Role: auth.PartnerAdmin, PartnerID: p.ID})
		_, err := h.app.Customers.Update(bg, h.admin, h.cust.ID, 0, func(c *telephony.Customer) error { c.PartnerID = q.ID; return nil })
		h.ok(err)
		h.refused(h.app.Tokens.Revoke(bg, paul, v.ID), telephony.NotFound, "")
		l, err := h.app.Tokens.List(bg, nora, app.Query{})
		h.ok(err)
		if len(l.Items) != 2 {
			h.Errorf("the new partner lists %+v", l.Items)
		}
		h.ok(h.app.Extensions.Delete(bg, h.admin, h.cust.ID, e.ID, 0))
		h.gone(ofUser)
		h.ok(h.app.Customers.Delete(bg, nora, h.cust.ID, 0))
		h.gone(ofCustomer)
		h.ok(h.app.Partners.Delete(bg, h.admin, p.ID, 0))
		h.gone(ofPartner)
	})
}

func TestU09_TheFirstAdministratorComesFromTheOneTimeToken(t *testing.T) {
	both(t, func(h *house) {
		_, _, err := h.app.Tokens.Setup(bg, "setup-guessed", "Ada", home)
		h.refused(err, telephony.Unauthenticated, "setup_token_unknown")
		_, _, err = h.app.Tokens.Setup(bg, h.setup.Reveal(), "  ", home)
		h.refused(err, telephony.Invalid, "")
		v, secret, err := h.app.Tokens.Setup(bg, h.setup.Reveal(), "Ada", home)
		h.ok(err)
		a, err := h.app.Tokens.Authenticate(bg, secret.Reveal(), home)
		h.ok(err)
		if a.ID != v.ID || a.Role != auth.OperatorAdmin || !slices.Equal(a.Scopes, auth.Scopes) {
			h.Errorf("the first administrator is %+v", a)
		}
		_, _, err = h.app.Tokens.Setup(bg, h.setup.Reveal(), "Eve", abroad)
		h.refused(err, telephony.Unauthenticated, "setup_token_unknown")
		log, err := h.app.Audit.List(bg, h.admin, "", app.AuditQuery{ObjectID: v.ID})
		h.ok(err)
		if len(log.Items) != 1 || log.Items[0].From != home.String() || log.Items[0].ActorKind != "setup" {
			h.Errorf("the audit log says %+v", log.Items)
		}
	})
}

func TestU09_TheOneTimeTokenExpires(t *testing.T) {
	both(t, func(h *house) {
		h.pass(7 * 24 * time.Hour)
		_, _, err := h.app.Tokens.Setup(bg, h.setup.Reveal(), "Ada", home)
		h.refused(err, telephony.Unauthenticated, "setup_token_unknown")
	})
}
