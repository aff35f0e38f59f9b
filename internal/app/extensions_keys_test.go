package app_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"tischlein/internal/app"
	"tischlein/internal/telephony"
)

func (h *house) setKeys(e telephony.Extension, keys ...telephony.Key) error {
	_, _, err := h.app.Extensions.Update(bg, h.admin, h.cust.ID, e.ID, 0, false, false, func(x *telephony.Extension) error { x.Keys = keys; return nil })
	return err
}

func watches(number string) telephony.Key {
	return telephony.Key{Kind: telephony.KeyWatch, Value: number}
}

// keysAt are the keys that a device is told, as "label=value" each.
func (h *house) keysAt(x telephony.CPE) string {
	h.Helper()
	d, _, err := h.app.Devices.Desired(bg, app.Device{ID: x.ID, CustomerID: x.CustomerID, Driver: x.Driver})
	h.ok(err)
	var list []string
	for _, l := range d.Lines {
		for _, k := range l.Keys {
			list = append(list, k.Label+"="+k.Value)
		}
	}
	return strings.Join(list, " ")
}

func (h *house) wants(x telephony.CPE) string {
	h.Helper()
	v, err := h.app.CPEs.Get(bg, h.admin, h.cust.ID, x.ID)
	h.ok(err)
	return v.CPE.Wanted
}

func (h *house) shows(x telephony.CPE, want string) {
	h.Helper()
	if got := h.keysAt(x); got != want {
		h.Fatalf("keys %q, want %q", got, want)
	}
}

func TestP08_KeysMoveWithTheirUser(t *testing.T) {
	both(t, func(h *house) {
		front, a := h.desk("Empfang", "01")
		back, b := h.desk("Lager", "02")
		erika, karl := h.extension("21", false), h.extension("22", false)
		h.ok(h.setKeys(erika, watches("22"), telephony.Key{Kind: telephony.KeyDial, Label: "Taxi", Value: "030 / 44 33-22"}))
		h.shows(a, "")
		h.link(front, erika)
		want := "Person 22=22 Taxi=030443322"
		h.shows(a, want)
		h.unlink(front)
		h.shows(a, "")
		h.login(back, erika)
		h.shows(b, want)
		h.shows(a, "")

		// Only the phone where she sits is told of a change (Q06).
		h.login(front, karl)
		wantedA, wantedB := h.wants(a), h.wants(b)
		h.ok(h.setKeys(erika, watches("22")))
		if h.wants(a) != wantedA || h.wants(b) == wantedB {
			t.Error("the wrong phone was told")
		}
		wantedB = h.wants(b)
		h.ok(h.setKeys(erika, watches("22")))
		if h.wants(b) != wantedB {
			t.Error("keys that stay as they are alter the phone")
		}
	})
}

func TestP08_AKeyFollowsWhomItWatches(t *testing.T) {
	both(t, func(h *house) {
		front, a := h.desk("Empfang", "01")
		erika, karl := h.extension("21", false), h.extension("22", false)
		h.ok(h.setKeys(erika, telephony.Key{Kind: telephony.KeyDial, Value: "110"}, watches("22"), telephony.Key{Kind: telephony.KeyHotdesk}))
		h.link(front, erika)
		wanted, version := h.wants(a), h.extView(erika).Extension.Version
		_, _, err := h.app.Extensions.Update(bg, h.admin, h.cust.ID, karl.ID, 0, false, false, func(x *telephony.Extension) error { x.Number, x.Name = "33", "Karl Neu"; return nil })
		h.ok(err)
		h.shows(a, "=110 Karl Neu=33 =")
		if now := h.extView(erika).Extension; h.wants(a) == wanted || now.Version == version || now.Keys[1] != watches("33") {
			t.Errorf("%+v", now)
		}
		h.ok(h.app.Extensions.Delete(bg, h.admin, h.cust.ID, karl.ID, 0))
		h.shows(a, "=110 =")
		if keys := h.extView(erika).Extension.Keys; len(keys) != 2 {
			t.Errorf("%+v", keys)
		}
		h.ok(h.app.Extensions.Delete(bg, h.admin, h.cust.ID, erika.ID, 0)) // with keys
	})
}

// Everybody watches the reception: its new number reaches their phones a few at a
// time, and nobody waits for that.
func TestQ06_AnExtensionThatManyWatchIsRenumbered(t *testing.T) {
	both(t, func(h *house) {
		reception := h.extension("100", false)
		var phones []telephony.CPE
		for n := range 21 {
			ch, x := h.desk(fmt.Sprintf("Platz %d", n), fmt.Sprintf("%02x", n))
			e := h.extension(fmt.Sprint(200+n), false)
			h.ok(h.setKeys(e, watches("100")))
			h.link(ch, e)
			phones = append(phones, x)
		}
		_, other := h.desk("Flur", "f0")
		before, otherBefore := h.wants(phones[20]), h.wants(other)
		_, _, err := h.app.Extensions.Update(bg, h.admin, h.cust.ID, reception.ID, 0, false, false, func(x *telephony.Extension) error { x.Number = "111"; return nil })
		h.ok(err)
		if h.wants(phones[20]) != before {
			t.Error("all phones were looked at in one transaction")
		}
		h.sweep()
		if h.wants(phones[20]) == before || h.wants(other) != otherBefore {
			t.Error("the sweep told the wrong phones")
		}
		h.shows(phones[20], "Person 100=111")
	})
}

func TestP08_KeysThatCannotBeAreRefusedAtTheirField(t *testing.T) {
	both(t, func(h *house) {
		e := h.extension("21", false)
		dial := func(v string) telephony.Key { return telephony.Key{Kind: telephony.KeyDial, Value: v} }
		for _, c := range []struct {
			reason, field string
			keys          []telephony.Key
		}{
			{"extension_unknown", "keys[1].value", []telephony.Key{dial("1"), watches("77")}},
			{"key_empty", "keys[0].value", []telephony.Key{watches(" ")}},
			{"key_empty", "keys[0].value", []telephony.Key{dial("+")}},
			{"dial_malformed", "keys[0].value", []telephony.Key{dial("sip:x@y")}},
			{"dial_long", "keys[0].value", []telephony.Key{dial(strings.Repeat("1", 41))}},
			{"key_holds_pin", "keys[0].value", []telephony.Key{dial("901*21*4711")}},
			{"key_holds_pin", "keys[0].value", []telephony.Key{dial("901#21#4711")}},
			{"text_control", "keys[0].label", []telephony.Key{{Kind: telephony.KeyDial, Label: "a\nb", Value: "1"}}},
			{"text_too_long", "keys[0].label", []telephony.Key{{Kind: telephony.KeyDial, Label: strings.Repeat("ä", 41), Value: "1"}}},
			{"key_twice", "keys[1].kind", []telephony.Key{{Kind: telephony.KeyHotdesk}, {Kind: telephony.KeyHotdesk}}},
			{"key_kind_unknown", "keys[0].kind", []telephony.Key{{Kind: "park", Value: "1"}}},
			{"keys_too_many", "keys", slices.Repeat([]telephony.Key{dial("1")}, 61)},
		} {
			err := h.setKeys(e, c.keys...)
			h.refused(err, telephony.Invalid, c.reason)
			h.says(err, c.field+":")
		}
		h.ok(h.setKeys(e, slices.Repeat([]telephony.Key{dial("1")}, 60)...))
		if n := len(h.extView(e).Extension.Keys); n != 60 {
			t.Errorf("%d keys", n)
		}
		// An extension of another customer is nobody's to watch (X02).
		other := h.customer("2000")
		_, err := h.app.Extensions.Create(bg, h.admin, telephony.Extension{CustomerID: other.ID, Number: "55", Name: "Fremd", Keys: []telephony.Key{watches("21")}}, "")
		h.refused(err, telephony.Invalid, "extension_unknown")
	})
}

func TestP08_WhatDoesNotFitIsToldPhoneByPhone(t *testing.T) {
	both(t, func(h *house) {
		e := h.extension("21", true)
		large := h.channel("Empfang")
		h.attach(h.device(telephony.CPE{Driver: "yealink", Model: "T46U", MAC: "805ec0000001", Name: "Groß"}), large)
		small := h.channel("Küche")
		h.attach(h.device(telephony.CPE{Driver: "yealink", Model: "T31P", MAC: "805ec0000002", Name: "Klein"}), small)
		keys := []telephony.Key{}
		for n := range 5 {
			keys = append(keys, telephony.Key{Kind: telephony.KeyDial, Value: fmt.Sprint(100 + n)})
		}
		h.ok(h.setKeys(e, keys...))
		h.link(large, e)
		h.link(small, e)
		fits, err := h.app.Extensions.KeyFits(bg, h.support(), h.cust.ID, e.ID)
		h.ok(err)
		if len(fits) != 2 || len(fits[0].Left) != 0 || fits[1].Name != "Klein" || len(fits[1].Left) == 0 || fits[1].Left[len(fits[1].Left)-1].Value != "104" {
			t.Errorf("%+v", fits)
		}
	})
}
