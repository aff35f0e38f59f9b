package app_test

import (
	"slices"
	"strings"
	"testing"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

// Firmware runs on the phones of all customers, so nobody below the operator
// learns of it, and support only looks.
func TestX02_FirmwareAndRolloutsAreTheOperatorsAlone(t *testing.T) {
	both(t, func(h *house) {
		image := func(version string) telephony.FirmwareFile {
			return telephony.FirmwareFile{Driver: "yealink", Models: []string{"T46U"}, Version: version, FileName: version + ".rom"}
		}
		add := func(w auth.Actor, version string) (telephony.FirmwareFile, error) {
			return h.app.Firmware.Add(bg, w, image(version), strings.NewReader("image "+version))
		}
		used, err := add(h.admin, "1")
		h.ok(err)
		spare, err := add(h.admin, "2")
		h.ok(err)
		create := func(w auth.Actor) (app.RolloutView, error) {
			return h.app.Rollouts.Create(bg, w, telephony.Rollout{FirmwareID: used.ID, Model: "T46U", Percent: 100})
		}
		made, err := create(h.admin)
		h.ok(err)
		id := made.Rollout.ID
		type ask struct {
			name  string
			reads bool
			run   func(auth.Actor) error
		}
		asks := []ask{
			{"Firmware.List", true, func(w auth.Actor) error { return second(h.app.Firmware.List(bg, w)) }},
			{"Firmware.Add", false, func(w auth.Actor) error { return second(add(w, "3")) }},
			{"Firmware.Remove", false, func(w auth.Actor) error { return h.app.Firmware.Remove(bg, w, spare.ID) }},
			{"Rollouts.List", true, func(w auth.Actor) error { return second(h.app.Rollouts.List(bg, w)) }},
			{"Rollouts.Get", true, func(w auth.Actor) error { return second(h.app.Rollouts.Get(bg, w, id)) }},
			{"Rollouts.Laggards", true, func(w auth.Actor) error { return second(h.app.Rollouts.Laggards(bg, w, id, 10)) }},
			{"Rollouts.Update", false, func(w auth.Actor) error { return second(h.app.Rollouts.Update(bg, w, id, 0, same)) }},
			{"Rollouts.Pause", false, func(w auth.Actor) error { return second(h.app.Rollouts.Pause(bg, w, id)) }},
			{"Rollouts.Resume", false, func(w auth.Actor) error { return second(h.app.Rollouts.Resume(bg, w, id)) }},
			{"Rollouts.Retry", false, func(w auth.Actor) error { return second(h.app.Rollouts.Retry(bg, w, id)) }},
			{"Rollouts.End", false, func(w auth.Actor) error { return second(h.app.Rollouts.End(bg, w, id)) }},
			{"Rollouts.Create", false, func(w auth.Actor) error { return second(create(w)) }},
		}
		partner := auth.Actor{Name: "p", Role: auth.PartnerAdmin, Scopes: auth.Scopes, PartnerID: "one"}
		person := h.user(telephony.Extension{ID: "e", CustomerID: h.cust.ID, Number: "21"})
		for _, x := range asks {
			for _, w := range []auth.Actor{partner, h.customerAdmin(), person} {
				if err := x.run(w); !slices.Contains([]telephony.Code{telephony.NotFound, telephony.Forbidden}, telephony.CodeOf(err)) || err == nil {
					h.Errorf("%s by %s: %v", x.name, w.Role, err)
				}
			}
			if err := x.run(h.support()); x.reads != (err == nil) || err != nil && telephony.CodeOf(err) != telephony.Forbidden {
				h.Errorf("%s by support: %v", x.name, err)
			}
			blind := h.admin
			blind.Scopes = nil
			h.refused(x.run(blind), telephony.Forbidden, "")
			h.ok(x.run(h.admin))
		}
	})
}
