package browser

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"tischlein/internal/phonesim"
	"tischlein/internal/telephony"
)

// Desk is a virtual phone with the record it belongs to.
type Desk struct {
	CPE   telephony.CPE
	phone *phonesim.Phone
	t     testing.TB
}

// Record makes a device that nobody has plugged in, attached to the channel if there is one.
func (w *World) Record(name string, c *telephony.Channel) telephony.CPE {
	w.t.Helper()
	w.records++
	v, err := w.App().CPEs.Create(w.t.Context(), operator, telephony.CPE{
		CustomerID: w.Customer.ID, Driver: string(phonesim.Yealink), Model: "T46U", MAC: telephony.MAC(fmt.Sprintf("001565%06x", 0x125000+w.records)), Name: name,
	})
	w.ok(err)
	if c != nil {
		_, err = w.App().CPEs.Attach(w.t.Context(), operator, w.Customer.ID, v.CPE.ID, c.ID, 0, false)
		w.ok(err)
	}
	return v.CPE
}

// Phone puts a phone at a channel, gives it power and waits until it shows the channel's name.
func (w *World) Phone(c telephony.Channel) *Desk {
	w.t.Helper()
	d := w.PhoneFrom(c, "127.0.0.1")
	d.Shows(c.Name)
	return d
}

// PhoneFrom is the same at another address; it does not wait.
func (w *World) PhoneFrom(c telephony.Channel, address string) *Desk {
	w.t.Helper()
	return w.plug(w.Record("Telefon "+c.Name, &c), address)
}

// plug takes the recorded device out of its box and gives it power.
func (w *World) plug(r telephony.CPE, address string) *Desk {
	w.t.Helper()
	url, err := w.App().CPEs.FirstAccess(w.t.Context(), operator, w.Customer.ID, r.ID)
	w.ok(err)
	return w.PlugAt(r, phonesim.Config{ProvisioningURL: url.Reveal(), Address: netip.MustParseAddr(address)})
}

// PlugAt gives the recorded device power with what somebody, or a maker's service, told it.
func (w *World) PlugAt(r telephony.CPE, c phonesim.Config) *Desk {
	w.t.Helper()
	c.Vendor, c.MAC = phonesim.Yealink, phonesim.MAC(r.MAC)
	p := w.fleet.Add(c)
	p.PowerOn(w.t.Context())
	return &Desk{CPE: r, phone: p, t: w.t}
}

// Shows waits until all of these stand on the phone's screen.
func (d *Desk) Shows(words ...string) {
	d.t.Helper()
	d.wait("show", words, func(screen string) bool {
		return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(screen, w) })
	})
}

// ShowsNot waits until none of these stands on the phone's screen.
func (d *Desk) ShowsNot(words ...string) {
	d.t.Helper()
	d.wait("lose", words, func(screen string) bool {
		return !slices.ContainsFunc(words, func(w string) bool { return strings.Contains(screen, w) })
	})
}

func (d *Desk) wait(what string, words []string, ok func(string) bool) {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.t.Context(), patience)
	defer cancel()
	if err := d.phone.WaitScreen(ctx, func(lines []string) bool { return ok(strings.Join(lines, "\n")) }); err != nil {
		d.t.Fatalf("the phone does not %s %q: its screen is %q, it is %+v", what, words, d.phone.Screen(), d.phone.State())
	}
}

// Untouched fails the test if somebody restarted the phone.
func (d *Desk) Untouched() {
	d.t.Helper()
	if n := d.phone.State().Boots; n != 1 {
		d.t.Errorf("the phone was started %d times", n)
	}
}

// Unplug takes the phone's power.
func (d *Desk) Unplug() { d.phone.PowerOff() }
