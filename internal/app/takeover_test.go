package app_test

import (
	"testing"

	"tischlein/internal/app"
	"tischlein/internal/telephony"
)

// Who agreed that a login elsewhere ends has not agreed that a guest leaves who sat
// down meanwhile, nor that another one leaves than was named.
func TestH03_AConfirmationIsForThoseItNamed(t *testing.T) {
	both(t, func(h *house) {
		a, _ := h.desk("A", "01")
		b, _ := h.desk("B", "02")
		mine, first, second := h.extension("21", false), h.extension("22", false), h.extension("23", false)
		h.login(a, mine)
		_, _, err := h.tryAt(b, "21", pin, nil)
		h.refused(err, telephony.Conflict, "maximum_devices")
		h.login(b, first)
		_, _, err = h.tryAt(b, "21", pin, func(r *app.LoginRequest) { r.TakeOver, r.Over = true, telephony.Nobody })
		h.refused(err, telephony.Conflict, "desk_taken")
		over := telephony.HolderOf(err)
		if over != "22" {
			t.Fatalf("it does not say who is to leave: %q", over)
		}
		_, err = h.tryOut(b, telephony.WhereHere)
		h.ok(err)
		h.login(b, second)
		_, _, err = h.tryAt(b, "21", pin, func(r *app.LoginRequest) { r.TakeOver, r.Over = true, over })
		h.refused(err, telephony.Conflict, "desk_taken")
		if got := h.here(b).Party.Number; got != "23" {
			t.Fatalf("%q sits there", got)
		}
		over = "23"
		_, _, err = h.tryAt(b, "21", pin, func(r *app.LoginRequest) { r.TakeOver, r.Over = true, over })
		h.ok(err)
	})
}
