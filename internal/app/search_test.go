package app_test

import (
	"slices"
	"strings"
	"testing"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

func (h *house) search(who auth.Actor, q string) []string {
	h.Helper()
	hits, err := h.app.Search(bg, who, q, 20)
	h.ok(err)
	found := []string{}
	for _, x := range hits {
		found = append(found, x.Kind+" "+x.Name)
	}
	return found
}

// TestU02_CustomersComeFirst: a whole word of a customer's name counts as much as one of a person's.
func TestU02_CustomersComeFirst(t *testing.T) {
	both(t, func(h *house) {
		_, err := h.app.Customers.Update(bg, h.admin, h.cust.ID, 0, func(c *telephony.Customer) error { c.Name = "Gasthaus Adler"; return nil })
		h.ok(err)
		_, err = h.app.Extensions.Create(bg, h.admin, telephony.Extension{CustomerID: h.cust.ID, Number: "104", Name: "Dirk Adler"}, "")
		h.ok(err)
		if got, want := h.search(h.admin, "adler"), []string{"customer Gasthaus Adler", "extension Dirk Adler"}; !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	})
}

func TestU02_SearchFindsByEveryWay(t *testing.T) {
	both(t, func(h *house) {
		_, err := h.app.Customers.Update(bg, h.admin, h.cust.ID, 0, func(c *telephony.Customer) error { c.Name = "Öl & Söhne GmbH"; return nil })
		h.ok(err)
		h.channel("Empfang 42")
		e, err := h.app.Extensions.Create(bg, h.admin, telephony.Extension{CustomerID: h.cust.ID, Number: "4207", Name: "Änne Weber"}, "")
		h.ok(err)
		x := h.cpe("805ec0424242")
		cpe := "cpe " + x.Name
		for q, want := range map[string][]string{
			"öl":                {"customer Öl & Söhne GmbH"},
			"ÖL & SÖHNE":        {"customer Öl & Söhne GmbH"},
			"söhne":             {"customer Öl & Söhne GmbH"},
			"1000":              {"customer Öl & Söhne GmbH"},
			"42":                {"channel Empfang 42", "extension Änne Weber"},
			" 4207 ":            {"extension Änne Weber"},
			"änne":              {"extension Änne Weber"},
			"weber":             {"extension Änne Weber"},
			"Empfang":           {"channel Empfang 42"},
			"80:5E:C0:42:42:42": {cpe},
			"80-5e-c0-42-42-42": {cpe},
			"805e.c042.4242":    {cpe},
			"80:5e:c0":          {cpe},
			"100%":              {},
			"_":                 {},
			"":                  {},
		} {
			got := h.search(h.admin, q)
			if !slices.Equal(got, want) {
				t.Errorf("%q finds %q, want %q", q, got, want)
			}
		}
		hits, err := h.app.Search(bg, h.admin, "4207", 0)
		h.ok(err)
		if x := hits[0]; !x.Exact || x.ID != e.Extension.ID || x.CustomerID != h.cust.ID || x.Customer != "Öl & Söhne GmbH" || x.Number != "4207" {
			t.Errorf("%+v", x)
		}
		for _, limit := range []int{-1, 51} {
			_, err := h.app.Search(bg, h.admin, "x", limit)
			h.refused(err, telephony.Invalid, "limit_range")
		}
		_, err = h.app.Search(bg, h.admin, strings.Repeat("x", 101), 0)
		h.refused(err, telephony.Invalid, "text_too_long")
	})
}

func TestD24_OverviewAndSearchStayWithinReach(t *testing.T) {
	both(t, func(h *house) {
		p, err := h.app.Partners.Create(bg, h.admin, telephony.Partner{Name: "Vertrieb"})
		h.ok(err)
		h.channel("Platz eins")
		carla := h.customerAdmin()
		own := h.cust
		h.cust = h.customer("2000")
		_, err = h.app.Customers.Update(bg, h.admin, h.cust.ID, 0, func(c *telephony.Customer) error { c.PartnerID = p.ID; return nil })
		h.ok(err)
		h.channel("Platz zwei")
		h.extension("31", false)
		partner := auth.Actor{Name: "p", Role: auth.PartnerAdmin, Scopes: auth.Scopes, PartnerID: p.ID}
		stranger := auth.Actor{Name: "s", Role: auth.PartnerAdmin, Scopes: auth.Scopes, PartnerID: "another"}
		for _, c := range []struct {
			who         auth.Actor
			customers   []string
			firma, seat []string
		}{
			{h.admin, []string{own.ID, h.cust.ID}, []string{"customer Firma 1000", "customer Firma 2000"}, []string{"channel Platz eins", "channel Platz zwei"}},
			{h.support(), []string{own.ID, h.cust.ID}, []string{"customer Firma 1000", "customer Firma 2000"}, []string{"channel Platz eins", "channel Platz zwei"}},
			{partner, []string{h.cust.ID}, []string{"customer Firma 2000"}, []string{"channel Platz zwei"}},
			{carla, []string{own.ID}, []string{"customer Firma 1000"}, []string{"channel Platz eins"}},
			{stranger, nil, []string{}, []string{}},
		} {
			l, err := h.app.Customers.Overview(bg, c.who, app.Query{Count: true})
			h.ok(err)
			var got []string
			for _, x := range l.Items {
				got = append(got, x.Customer.ID)
			}
			if !slices.Equal(got, c.customers) || l.Total != len(got) {
				t.Errorf("%s: %v (%d)", c.who.Role, got, l.Total)
			}
			if got := h.search(c.who, "firma"); !slices.Equal(got, c.firma) {
				t.Errorf("%s: %v", c.who.Role, got)
			}
			if got := h.search(c.who, "platz"); !slices.Equal(got, c.seat) {
				t.Errorf("%s: %v", c.who.Role, got)
			}
		}
		if got := h.search(carla, "31"); len(got) > 0 {
			t.Errorf("another customer's extension is found: %v", got)
		}
		for _, who := range []auth.Actor{h.user(telephony.Extension{CustomerID: own.ID}), {Role: auth.PartnerAdmin, Scopes: auth.Scopes}, {Role: auth.CustomerAdmin, Scopes: auth.Scopes}} {
			_, err := h.app.Search(bg, who, "platz", 0)
			h.refused(err, telephony.Forbidden, "")
			_, err = h.app.Customers.Overview(bg, who, app.Query{})
			h.refused(err, telephony.Forbidden, "")
		}
	})
}
