package app_test

import (
	"slices"
	"testing"

	"tischlein/internal/app"
	"tischlein/internal/telephony"
)

// TestU03_WhatOthersDoToADeviceOrAPINIsSeen: a page that is open shows what somebody
// else has changed.
func TestU03_WhatOthersDoToADeviceOrAPINIsSeen(t *testing.T) {
	both(t, func(h *house) {
		x, anna := h.cpe("805ec0000001"), h.extension("21", false)
		device, person := "cpe "+x.ID, "extension "+anna.ID
		for _, did := range []struct {
			what, told, of string
			do             func() error
		}{
			{"setting a PIN", "changed", person, func() error { return h.app.Extensions.SetPIN(bg, h.admin, h.cust.ID, anna.ID, "4712") }},
			{"unlocking", "changed", person, func() error { return h.app.Extensions.Unlock(bg, h.admin, h.cust.ID, anna.ID) }},
			{"losing a device", "changed", device, func() error { return second(h.app.CPEs.Lost(bg, h.admin, h.cust.ID, x.ID, true)) }},
			{"removing a device", "deleted", device, func() error { return h.app.CPEs.Delete(bg, h.admin, h.cust.ID, x.ID, 0) }},
		} {
			before := h.app.Events.Last()
			h.ok(did.do())
			if !slices.Contains(h.told(before, did.told), did.of) {
				h.Errorf("%s is not told", did.what)
			}
		}
	})
}

// TestU04_ANumberIsFoundByItsNote, as it is written and in small letters.
func TestU04_ANumberIsFoundByItsNote(t *testing.T) {
	both(t, func(h *house) {
		x := telephony.Number{CustomerID: h.cust.ID, E164: "+4930901821", Note: "Übergabe SÜD"}
		h.ok(second(h.app.Numbers.Create(bg, h.admin, x)))
		for _, text := range []string{"Übergabe SÜD", "übergabe süd", "süd", "abe s", "901821"} {
			if l, err := h.app.Numbers.List(bg, h.admin, h.cust.ID, app.Query{Search: text}); err != nil || len(l.Items) != 1 {
				h.Errorf("%q finds %d numbers, %v", text, len(l.Items), err)
			}
		}
		if l, err := h.app.Numbers.List(bg, h.admin, h.cust.ID, app.Query{Search: "nord"}); err != nil || len(l.Items) != 0 {
			h.Errorf("another text finds %d numbers, %v", len(l.Items), err)
		}
	})
}

// TestQ10_ALongerPageAsksNoMore counts what the database is asked for a page of one
// row and of three.
func TestQ10_ALongerPageAsksNoMore(t *testing.T) {
	both(t, func(h *house) {
		desk := h.channel("Empfang")
		for i, number := range []string{"21", "22", "23"} {
			e := h.extension(number, false)
			h.direct("+493090182"+number, e)
			h.link(h.channel("Platz "+number), e)
			if i == 2 {
				h.link(desk, h.extension("24", false))
			}
		}
		for what, list := range map[string]func(app.Query) (int, error){
			"numbers": func(q app.Query) (int, error) {
				l, err := h.app.Numbers.List(bg, h.admin, h.cust.ID, q)
				return len(l.Items), err
			},
			"choices": func(q app.Query) (int, error) {
				l, err := h.app.Channels.Choices(bg, h.admin, h.cust.ID, desk.ID, q)
				return len(l.Items), err
			},
		} {
			asked := map[int]int64{}
			for _, rows := range []int{1, 3} {
				before := h.db.Statements()
				n, err := list(app.Query{Limit: rows})
				h.ok(err)
				if n != rows {
					h.Fatalf("%s: %d rows of %d", what, n, rows)
				}
				asked[rows] = h.db.Statements() - before
			}
			if asked[3] != asked[1] {
				h.Errorf("%s: %d statements for one row, %d for three", what, asked[1], asked[3])
			}
		}
	})
}
