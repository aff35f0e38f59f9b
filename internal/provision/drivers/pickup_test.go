package drivers

import (
	"maps"
	"testing"

	"tischlein/internal/telephony"
)

// TestC12_AKeyThatWatchesPicksUp: what is dialled while it rings there stands in the
// file, in the maker's own place, and goes with the last key that watches somebody.
func TestC12_AKeyThatWatchesPicksUp(t *testing.T) {
	for vendor, want := range map[string]map[string]string{
		"yealink":     {"features.pickup.direct_pickup_enable": "1", "features.pickup.direct_pickup_code": "*8"},
		"snom":        {"fkey.1": "blf sip:102@sip.example.net|*8"},
		"mitel":       {"directed call pickup": "1", "directed call pickup prefix": "*8"},
		"grandstream": {"P6752": "1", "P1347": "*8"},
		"poly":        {"call.directedCallPickupMethod": "legacy", "call.directedCallPickupString": "*8"},
	} {
		drv := driverOf(vendor)
		watching := desk(vendor, func(d *telephony.Desired) {
			login(d, telephony.LineLinked, "101", "Anna")
			d.Lines[0].Keys = []telephony.Key{{Kind: telephony.KeyWatch, Value: "102"}}
		})
		got := settingsOf(t, drv, watching)
		for name, value := range want {
			if got[name] != value {
				t.Errorf("%s: %s is %q, want %q", vendor, name, got[name], value)
			}
		}
		alone := desk(vendor, func(d *telephony.Desired) { login(d, telephony.LineLinked, "101", "Anna") })
		for name, value := range settingsOf(t, drv, alone) {
			if value == "*8" {
				t.Errorf("%s: without such a key %s is %q", vendor, name, value)
			}
		}
		without := func(d telephony.Desired) telephony.Desired { d.PickupCode = ""; return d }
		if watching.Revision("") == without(watching).Revision("") || alone.Revision("") != without(alone).Revision("") {
			t.Errorf("%s: the wanted revision must know the code where a key dials it, and only there", vendor)
		}
		if maps.Equal(got, settingsOf(t, drv, without(watching))) {
			t.Errorf("%s: the file does not know the code", vendor)
		}
	}
}
