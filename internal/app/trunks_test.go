package app_test

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"tischlein/internal/app"
	"tischlein/internal/telephony"
)

// field demands that a refusal names the field.
func (h *house) field(err error, field, reason string) {
	h.Helper()
	var e *telephony.Error
	if !errors.As(err, &e) || e.Field != field || e.Reason != reason {
		h.Errorf("got %v (%s), want %s in %s", err, telephony.ReasonOf(err), reason, field)
	}
}

func TestX01_ATrunksSecretIsSealedAndNeverShown(t *testing.T) {
	both(t, func(h *house) {
		made, err := h.app.Trunks.Create(bg, h.admin, telephony.Trunk{CustomerID: h.cust.ID, Name: "Netz", Host: "sip.example.net", User: "u", Secret: "streng-geheim"})
		h.ok(err)
		id := made.Trunk.ID
		change := func(f func(*telephony.Trunk)) app.TrunkView {
			h.Helper()
			v, err := h.app.Trunks.Update(bg, h.admin, h.cust.ID, id, 0, func(x *telephony.Trunk) error {
				if x.Secret != "" {
					h.Error("the secret is shown to who changes it")
				}
				f(x)
				return nil
			})
			h.ok(err)
			return v
		}
		secret := func() string {
			list, err := h.app.Calls.Trunks(bg)
			h.ok(err)
			return list[0].Secret.Reveal()
		}
		views := []app.TrunkView{made, change(func(x *telephony.Trunk) { x.Name = "Anders" })}
		if secret() != "streng-geheim" {
			h.Error("a change that says nothing of the secret has lost it")
		}
		l, err := h.app.Trunks.List(bg, h.admin, h.cust.ID, app.Query{})
		h.ok(err)
		one, err := h.app.Trunks.Get(bg, h.admin, h.cust.ID, id)
		h.ok(err)
		for _, v := range append(views, append(l.Items, one)...) {
			if v.Trunk.Secret != "" || !v.HasSecret {
				h.Errorf("%+v", v)
			}
		}
		change(func(x *telephony.Trunk) { x.Secret = "neu-geheim" })
		if secret() != "neu-geheim" {
			h.Error("the new secret is not the one that counts")
		}
		if v := change(func(x *telephony.Trunk) { x.User = "" }); v.HasSecret || secret() != "" {
			h.Error("without a user name there is no secret")
		}
		for _, e := range h.audits(app.AuditQuery{ObjectID: id}) {
			if strings.Contains(e.Before+e.After, "geheim") || !strings.Contains(e.After, `"host"`) {
				h.Errorf("%+v", e)
			}
		}
	})
}

func TestC10_TrunksAreKeptApart(t *testing.T) {
	both(t, func(h *house) {
		home := []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}
		one := h.trunk(telephony.Trunk{CustomerID: h.cust.ID, Name: "Netz", Sources: home})
		h.trunk(telephony.Trunk{Name: "Netz"}) // a name of its own customer's only
		create := func(x telephony.Trunk) error {
			x.Host = "sip.example.net"
			return second(h.app.Trunks.Create(bg, h.admin, x))
		}
		h.field(create(telephony.Trunk{CustomerID: h.cust.ID, Name: "netz"}), "name", "name_taken")
		h.field(create(telephony.Trunk{Name: "NETZ"}), "name", "name_taken")
		h.field(create(telephony.Trunk{Name: "Zwei", Sources: []netip.Prefix{netip.MustParsePrefix("192.0.2.7/32")}}), "sources", "source_taken")
		h.field(create(telephony.Trunk{Name: "Drei", Switch: true}), "switch", "switch_needs_customer")
		h.field(create(telephony.Trunk{CustomerID: h.cust.ID, Name: "Vier", Secret: "x"}), "user", "sip_user_missing")
		two := h.trunk(telephony.Trunk{CustomerID: h.cust.ID, Name: "Zwei"})
		_, err := h.app.Trunks.Update(bg, h.admin, h.cust.ID, two.ID, 0, func(x *telephony.Trunk) error { x.Sources = home; return nil })
		h.field(err, "sources", "source_taken")
		_, err = h.app.Trunks.Update(bg, h.admin, h.cust.ID, two.ID, 0, func(x *telephony.Trunk) error { x.Name = "Netz"; return nil })
		h.field(err, "name", "name_taken")
		_, err = h.app.Trunks.Update(bg, h.admin, h.cust.ID, one.ID, 0, func(x *telephony.Trunk) error { x.Emergency = telephony.EmergencyELIN; return nil })
		h.ok(err) // its own sources are in nobody's way
		h.refused(create(telephony.Trunk{CustomerID: "nobody", Name: "X"}), telephony.NotFound, "")
	})
}

func TestD23_TrunksAndNumbersHaveOneWinner(t *testing.T) {
	both(t, func(h *house) {
		tr, n := h.trunk(telephony.Trunk{CustomerID: h.cust.ID, Name: "Netz"}), h.direct("+4930901820", telephony.Extension{})
		for _, o := range []versioned{
			{"trunk", func(v int64) error { return second(h.app.Trunks.Update(bg, h.admin, h.cust.ID, tr.ID, v, same)) },
				func(v int64) error { return h.app.Trunks.Delete(bg, h.admin, h.cust.ID, tr.ID, v) }},
			{"number", func(v int64) error { return second(h.app.Numbers.Update(bg, h.admin, h.cust.ID, n.ID, v, same)) },
				func(v int64) error { return h.app.Numbers.Delete(bg, h.admin, h.cust.ID, n.ID, v) }},
		} {
			h.ok(o.update(1))
			h.refused(o.update(1), telephony.Conflict, "version_changed")
			h.refused(o.delete(1), telephony.Conflict, "version_changed")
			h.ok(o.delete(2))
			h.refused(o.delete(0), telephony.NotFound, "")
		}
	})
}

// changes counts how often who carries calls is told to ask for trunks anew.
type changes int

func (c *changes) TrunksChanged()                             { *c++ }
func (c *changes) DesksChanged(...string)                     {}
func (c *changes) MessagesChanged(string, telephony.Messages) {}

func TestC10_ATrunksChangeIsToldToWhoCarriesCalls(t *testing.T) {
	both(t, func(h *house) {
		var n changes
		h.app.Wire(app.Ports{Wake: func() {}, Devices: h.dev, Registrar: h.sip, Calls: &n})
		x := h.trunk(telephony.Trunk{Name: "Netz"})
		_, err := h.app.Trunks.Update(bg, h.admin, "", x.ID, 0, same)
		h.ok(err)
		_, err = h.app.Trunks.Update(bg, h.admin, "", x.ID, 1, same)
		h.refused(err, telephony.Conflict, "version_changed")
		h.ok(h.app.Trunks.Delete(bg, h.admin, "", x.ID, 0))
		if n != 3 {
			h.Errorf("told %d times of 3 changes", n)
		}
	})
}

func TestC10_ANumberIsOneCustomersOnly(t *testing.T) {
	both(t, func(h *house) {
		mine := h.cust
		anna := h.extension("21", false)
		n := h.direct("+49 30 901820", anna)
		if n.E164 != "+4930901820" {
			h.Errorf("%+v", n)
		}
		h.cust = h.customer("2000")
		_, err := h.app.Numbers.Create(bg, h.admin, telephony.Number{CustomerID: h.cust.ID, E164: n.E164})
		h.field(err, "e164", "number_taken")
		_, err = h.app.Numbers.Create(bg, h.admin, telephony.Number{CustomerID: h.cust.ID, E164: "030901821"})
		h.field(err, "e164", "e164_malformed")
		_, err = h.app.Numbers.Create(bg, h.admin, telephony.Number{CustomerID: h.cust.ID, E164: "+4930901821", ExtensionID: anna.ID})
		h.refused(err, telephony.NotFound, "")
		// Nobody calls with a number of somebody else.
		_, err = h.app.Customers.Update(bg, h.admin, h.cust.ID, 0, func(c *telephony.Customer) error { c.OutboundNumber = n.E164; return nil })
		h.field(err, "outbound_number", "number_foreign")
		_, err = h.app.Extensions.Create(bg, h.admin, telephony.Extension{CustomerID: h.cust.ID, Number: "31", Name: "X", OutboundNumber: n.E164}, "")
		h.field(err, "outbound_number", "number_foreign")
		bert := h.extension("31", false)
		_, _, err = h.app.Extensions.Update(bg, h.admin, h.cust.ID, bert.ID, 0, false, false, func(e *telephony.Extension) error { e.OutboundNumber = n.E164; return nil })
		h.field(err, "outbound_number", "number_foreign")
		_, err = h.app.Customers.Create(bg, h.admin, telephony.Customer{Number: "3000", Name: "X", OutboundNumber: n.E164})
		h.field(err, "outbound_number", "number_foreign")

		h.cust = mine
		_, err = h.app.Numbers.Update(bg, h.admin, mine.ID, n.ID, 0, func(x *telephony.Number) error { x.E164 = "+4930901829"; return nil })
		h.field(err, "e164", "number_fixed")
		h.settle(func(c *telephony.Customer) { c.OutboundNumber = n.E164 })
		h.refused(h.app.Numbers.Delete(bg, h.admin, mine.ID, n.ID, 0), telephony.Conflict, "number_shown")
		h.settle(func(c *telephony.Customer) { c.OutboundNumber = "" })
		if v := h.extView(anna); len(v.Numbers) != 1 || v.Numbers[0].E164 != n.E164 {
			h.Errorf("%+v", v.Numbers)
		}
		l, err := h.app.Extensions.List(bg, h.admin, mine.ID, app.Query{})
		h.ok(err)
		if len(l.Items) != 1 || len(l.Items[0].Numbers) != 1 {
			h.Errorf("%+v", l.Items)
		}
		h.ok(h.app.Extensions.Delete(bg, h.admin, mine.ID, anna.ID, 0))
		v, err := h.app.Numbers.Get(bg, h.admin, mine.ID, n.ID)
		h.ok(err)
		if v.Extension != nil || v.Number.Version != 2 {
			h.Errorf("a number outlives whom it rang: %+v", v)
		}
	})
}

func TestC10_NumbersAreListedInTheirOrderAndFound(t *testing.T) {
	both(t, func(h *house) {
		anna := h.extension("21", false)
		for n := range 7 {
			_, err := h.app.Numbers.Create(bg, h.admin, telephony.Number{CustomerID: h.cust.ID, E164: fmt.Sprint("+493090182", 6-n), ExtensionID: anna.ID, Note: fmt.Sprint("Notiz ", n)})
			h.ok(err)
		}
		var got []string
		q := app.Query{Limit: 3}
		for {
			l, err := h.app.Numbers.List(bg, h.admin, h.cust.ID, q)
			h.ok(err)
			for _, v := range l.Items {
				got = append(got, v.Number.E164[len(v.Number.E164)-1:])
				if v.Extension == nil || v.Extension.Number != "21" {
					h.Errorf("%+v", v)
				}
			}
			if q.Cursor = l.Next; q.Cursor == "" {
				break
			}
		}
		if strings.Join(got, "") != "0123456" {
			h.Errorf("%v", got)
		}
		for search, want := range map[string]int{"1826": 1, "notiz 3": 1, "30901": 7, "%": 0} {
			l, err := h.app.Numbers.List(bg, h.admin, h.cust.ID, app.Query{Search: search})
			h.ok(err)
			if len(l.Items) != want {
				h.Errorf("%q finds %d, want %d", search, len(l.Items), want)
			}
		}
	})
}

func TestC10_WhatACustomerSaysOfItsCallsIsCheckedFieldByField(t *testing.T) {
	both(t, func(h *house) {
		for _, c := range []struct {
			field, reason string
			change        func(*telephony.Customer)
		}{
			{"country", "country_unknown", func(c *telephony.Customer) { c.Country = "XX" }},
			{"country", "country_unknown", func(c *telephony.Customer) { c.Country = "GERMANY" }},
			{"area_code", "area_code_malformed", func(c *telephony.Customer) { c.AreaCode = "Berlin" }},
			{"outbound_number", "e164_malformed", func(c *telephony.Customer) { c.OutboundNumber = "030901820" }},
			{"site_address", "text_too_long", func(c *telephony.Customer) { c.SiteAddress = strings.Repeat("x", 201) }},
			{"site_address", "text_control", func(c *telephony.Customer) { c.SiteAddress = "a\r\nb" }},
			{"site_elin", "e164_malformed", func(c *telephony.Customer) { c.SiteELIN = "Pforte" }},
			{"most_calls", "limit_malformed", func(c *telephony.Customer) { c.MostCalls = -1 }},
			{"most_per_minute", "limit_malformed", func(c *telephony.Customer) { c.MostPerMinute = 100001 }},
		} {
			_, err := h.app.Customers.Update(bg, h.admin, h.cust.ID, 0, func(x *telephony.Customer) error { c.change(x); return nil })
			h.field(err, c.field, c.reason)
		}
		_, err := h.app.Channels.Create(bg, h.admin, telephony.Channel{CustomerID: h.cust.ID, Name: "A", ELIN: "112"})
		h.field(err, "elin", "e164_malformed")
		h.settle(func(c *telephony.Customer) { c.Country, c.MostCalls = " at ", 0 })
		if h.cust.Country != "AT" || h.cust.MostCalls != 0 {
			h.Errorf("%+v", h.cust)
		}
	})
}

func TestC11_AChannelWithoutALocationIsShownAsIncomplete(t *testing.T) {
	both(t, func(h *house) {
		a, _ := h.desk("A", "01")
		h.desk("B", "02")
		health := func() int {
			v, err := h.app.Customers.Health(bg, h.admin, h.cust.ID)
			h.ok(err)
			return v.Unlocated
		}
		listed := func() (n int) {
			l, err := h.app.Channels.List(bg, h.admin, h.cust.ID, app.Query{})
			h.ok(err)
			for _, v := range l.Items {
				if v.Unlocated {
					n++
				}
			}
			return n
		}
		emergency := func() telephony.Step {
			e, err := h.app.Channels.Explain(bg, h.admin, h.cust.ID, a.ID)
			h.ok(err)
			return e.Emergency
		}
		if !h.view(a).Unlocated || health() != 2 || listed() != 2 {
			h.Errorf("%v, %d, %d", h.view(a).Unlocated, health(), listed())
		}
		if s := emergency(); s.Done || s.Advice == "" {
			h.Errorf("%+v", s)
		}
		v, err := h.app.Channels.Update(bg, h.admin, h.cust.ID, a.ID, 0, func(c *telephony.Channel) error { c.Location = "Lager"; return nil })
		h.ok(err)
		if v.Unlocated || h.view(a).Unlocated || health() != 1 || listed() != 1 {
			h.Errorf("%v, %d, %d", v.Unlocated, health(), listed())
		}
		if s := emergency(); s.Done || !strings.Contains(s.Detail, "trunk") {
			h.Errorf("%+v", s)
		}
		h.trunk(telephony.Trunk{Name: "Netz"})
		if s := emergency(); !s.Done || !strings.Contains(s.Detail, "Lager") {
			h.Errorf("%+v", s)
		}
		h.settle(func(c *telephony.Customer) { c.SiteAddress = "Hauptstraße 1" })
		if health() != 0 || listed() != 0 {
			h.Errorf("%d, %d", health(), listed())
		}
	})
}

// Requests from a trunk need no digest: who could name the address of other
// people's phones would cut them off.
func TestD24_NobodyTakesOtherPhonesAddressForATrunk(t *testing.T) {
	both(t, func(h *house) {
		a, _ := h.desk("A", "01")
		h.registers(a, home)
		mine := h.cust
		other := h.customer("2000")
		create := func(customer, name, source string) error {
			p, err := telephony.ParseSource("sources", source)
			h.ok(err)
			return second(h.app.Trunks.Create(bg, h.admin, telephony.Trunk{CustomerID: customer, Name: name, Host: "x.example.net", Sources: []netip.Prefix{p}}))
		}
		h.field(create(other.ID, "Eins", "203.0.113.7"), "sources", "source_taken")
		h.field(create(other.ID, "Zwei", "203.0.113.0/24"), "sources", "source_taken")
		h.ok(create(other.ID, "Drei", "203.0.113.8/29"))
		h.ok(create(mine.ID, "Vier", "203.0.113.7"))
	})
}

func TestC10_TrunksEndWithTheirCustomer(t *testing.T) {
	both(t, func(h *house) {
		var n changes
		c := h.customer("2000")
		h.app.Wire(app.Ports{Wake: func() {}, Devices: h.dev, Registrar: h.sip, Calls: &n})
		h.trunk(telephony.Trunk{CustomerID: c.ID, Name: "Netz"})
		_, err := h.app.Numbers.Create(bg, h.admin, telephony.Number{CustomerID: c.ID, E164: "+4930901820"})
		h.ok(err)
		h.ok(h.app.Customers.Delete(bg, h.admin, c.ID, 0))
		list, err := h.app.Calls.Trunks(bg)
		h.ok(err)
		if len(list) != 0 || n != 2 {
			h.Errorf("%d trunks are left, told %d times", len(list), n)
		}
		h.direct("+4930901820", telephony.Extension{})
	})
}
