package app_test

import "testing"

// Which devices, not only how many: those that fail by the change, and those that
// it heals; what fails either way is neither.
func TestD18_ListingEffectNamesTheDevices(t *testing.T) {
	both(t, func(h *house) {
		near, x := h.desk("Empfang", "01")
		far, y := h.desk("Lager", "02")
		h.link(near, h.extension("101", false))
		h.link(far, h.extension("102", false))
		h.fetches(x, home)
		h.fetches(y, abroad)
		asks := func(on bool, without string, wantFail, wantHeal []string) {
			h.Helper()
			fail, heal, err := h.app.Customers.ListingEffect(bg, h.admin, h.cust.ID, on, without)
			h.ok(err)
			if len(fail) != len(wantFail) || len(heal) != len(wantHeal) {
				h.Fatalf("on %v without %q: %v fail, %v heal", on, without, fail, heal)
			}
			for i, d := range append(fail, heal...) {
				if want := append(wantFail, wantHeal...)[i]; d.Channel+" "+d.Number+" "+d.Address.String() != want {
					h.Errorf("on %v without %q: %+v, want %s", on, without, d, want)
				}
			}
		}
		here, there := "Empfang 101 "+home.String(), "Lager 102 "+abroad.String()
		asks(true, "", []string{here, there}, nil)
		h.allow(home.String())
		asks(true, "", []string{there}, nil)
		h.listing(true)
		h.fetches(y, abroad)
		asks(true, home.String(), []string{here}, nil)
		asks(false, "", nil, []string{there})
		if _, _, err := h.app.Customers.ListingEffect(bg, h.support(), "nobody", true, ""); err == nil {
			h.Error("a customer that does not exist has devices")
		}
	})
}
