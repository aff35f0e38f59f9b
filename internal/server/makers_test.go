package server

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"tischlein/internal/app"
	"tischlein/internal/phonesim"
	"tischlein/internal/provision"
	"tischlein/internal/provision/drivers"
	"tischlein/internal/telephony"
)

// maker is what is particular about one maker's phone. The virtual phones are written
// from the makers' documents, and by others than their drivers where not said otherwise.
type maker struct {
	model string // "": the driver and the phone have the usual one
	mac   telephony.MAC
	free  string // what a free desk shows beside "Anmelden"; "": the place's name
	// restart: nothing but a start of the phone makes it ask the server that its
	// first files named.
	restart bool
	changes bool // it restarts with every change, whatever it is told
	wary    bool // it obeys only who knows its account's secret (C05)
	form    bool // a key opens a form to log in
	port    bool // a base or an adapter: a second place hangs on it
	same    bool // driver and virtual phone are by the same author
}

// makers has a row for every driver whose devices fetch, and more than one for
// some: "driver" or "driver model". Each maker's stand in a file of its own, so that a
// maker comes and goes without an edit here (P06).
var makers = map[string]maker{}

func registerMaker(rows map[string]maker) { maps.Copy(makers, rows) }

// From the box to a login, and back: first access, the device's own directory, a
// link, its end, a guest, a user who logs in and out at the phone, a power cut. At
// no time does anybody touch the phone but where its maker leaves no other way.
func TestP06_P07_P09_C05_EveryMakersPhoneFromItsBoxToALogin(t *testing.T) {
	t.Parallel()
	rows := map[string][]string{}
	for row := range makers {
		driver, _, _ := strings.Cut(row, " ")
		rows[driver] = append(rows[driver], row)
	}
	for _, drv := range drivers.All().Drivers() {
		info := drv.Info()
		if !info.Fetches() {
			continue
		}
		if !slices.Contains(phonesim.Vendors(), phonesim.Vendor(info.Vendor)) {
			t.Errorf("there is no virtual phone of %s", info.Name)
			continue
		}
		if len(rows[info.Vendor]) == 0 {
			t.Errorf("no row says how a phone of %s comes from its box to a login", info.Name)
		}
		for _, row := range rows[info.Vendor] {
			t.Run(row, func(t *testing.T) {
				t.Parallel()
				s, _ := start(t, testConfig(t.TempDir()))
				m := makers[row]
				w := &walk{desk: newDeskOf(t, s, info.Vendor, m.model, m.mac), maker: m}
				_, w.told = drv.(provision.Notifier)
				w.fromItsBox(phonesim.Vendor(info.Vendor))
				w.linked()
				if m.port {
					w.beside()
				}
				w.guest()
				if m.form {
					w.byItsKeys()
				}
				w.pushed()
			})
		}
	}
}

// walk is one phone on its way.
type walk struct {
	*desk
	maker
	p     *phonesim.Phone
	told  bool // it can be told to fetch
	boots int  // by the time it was a free desk for the first time
	saw   atomic.Pointer[func(phonesim.Event)]
}

// out takes the phone out of its box.
func (w *walk) out(c phonesim.Config) {
	w.t.Helper()
	c.Model, c.OnEvent = w.model, func(e phonesim.Event) {
		if f := w.saw.Load(); f != nil {
			(*f)(e)
		}
	}
	w.p = w.phoneOf(c)
}

func (w *walk) fromItsBox(vendor phonesim.Vendor) {
	w.t.Helper()
	w.out(phonesim.Config{Vendor: vendor})
	if w.restart {
		ctx, cancel := context.WithTimeout(w.t.Context(), patience)
		defer cancel()
		w.ok(w.p.Wait(ctx, func(s phonesim.State) bool { return s.Applied > 0 }))
		w.p.Reboot()
	}
	w.isFree()
	if got := w.p.State(); got.Transport != "tls" {
		w.t.Errorf("registered over %s", got.Transport)
	}
	w.boots = w.p.State().Boots
}

// changed waits until the phone shows that; one that nobody can tell to fetch is
// restarted, as its user would do it.
func (w *walk) changed(words ...string) {
	w.t.Helper()
	if !w.told {
		w.p.Reboot()
	}
	w.shows(w.p, words...)
}

func (w *walk) freeAt(place string) string { return cmp.Or(w.free, place) }

// isFree waits for the free desk; there is a key to log in where there are forms.
func (w *walk) isFree(gone ...string) {
	w.t.Helper()
	words := []string{w.freeAt("Empfang")}
	if w.form {
		words = append(words, "Anmelden")
	}
	if w.p.State().Chains > 0 && len(gone) > 0 {
		w.changed(words...)
	} else {
		w.shows(w.p, words...)
	}
	w.state(telephony.StateLoggedOut)
	w.nothingOf(gone...)
}

// nothingOf looks through the phone's memory for who sat there before (P07).
func (w *walk) nothingOf(people ...string) {
	w.t.Helper()
	for _, name := range people {
		if left := w.p.Remembers(name); len(left) > 0 {
			w.t.Errorf("a trace of %s: %q", name, left)
		}
	}
}

// settled waits until nothing is missing (P10).
func (w *walk) settled() {
	w.t.Helper()
	w.state(telephony.StateLoggedIn)
	until(w.t, "something is still missing", func() bool {
		e, err := w.s.App().Channels.Explain(w.t.Context(), w.actor, w.customer.ID, w.channel.ID)
		w.ok(err)
		return e.Missing == nil
	})
}

func (w *walk) linked() {
	w.t.Helper()
	w.link()
	w.changed("Ada Wirt")
	w.settled()
	w.unlink()
	w.isFree("Ada")
}

// guest is somebody who logs in by other ways than the phone's keys, and is still
// there after a power cut.
func (w *walk) guest() {
	w.t.Helper()
	jan := w.person("102", "Jan Bakker")
	_, err := w.s.App().Logins.Login(w.t.Context(), w.actor, app.LoginRequest{CustomerID: w.customer.ID, ChannelID: w.channel.ID, Number: jan.Number, PIN: "47130815"})
	w.ok(err)
	w.changed("Jan Bakker")
	w.settled()
	w.nothingOf("Ada")
	before := w.p.State().Boots
	w.p.PowerOff()
	w.p.PowerOn(w.t.Context())
	w.shows(w.p, "Jan Bakker")
	w.settled()
	w.boots += w.p.State().Boots - before
	_, err = w.s.App().Logins.Logout(w.t.Context(), w.actor, w.customer.ID, w.channel.ID, false)
	w.ok(err)
	w.isFree("Jan", "Ada")
}

// byItsKeys is a user who logs in and out with the forms on the phone's display.
func (w *walk) byItsKeys() {
	w.t.Helper()
	ctx := w.t.Context()
	w.ok(w.p.Press(ctx, "Anmelden"))
	for n, digits := range []string{"102", "47130815"} {
		if form, _ := w.p.Page(); n > 0 && len(form.Inputs) == 1 { // it asks for one thing after the other
			w.ok(w.p.Submit(ctx))
		}
		w.ok(w.p.Type(digits))
	}
	w.ok(w.p.Submit(ctx))
	w.state(telephony.StateLoggedIn)
	w.p.Leave()
	w.shows(w.p, "Jan Bakker", "Abmelden")
	w.settled()
	w.ok(w.p.Press(w.t.Context(), "Abmelden"))
	w.p.Leave()
	w.isFree("Jan")
}

// beside is a second place at the same device: what happens to one of them does
// nothing to the other.
func (w *walk) beside() {
	w.t.Helper()
	ctx, a := w.t.Context(), w.s.App()
	ch, err := a.Channels.Create(ctx, w.actor, telephony.Channel{CustomerID: w.customer.ID, Name: "Halle"})
	w.ok(err)
	_, err = a.CPEs.Attach(ctx, w.actor, w.customer.ID, w.cpe.ID, ch.Channel.ID, 0, false)
	w.ok(err)
	second := &desk{t: w.t, s: w.s, actor: w.actor, customer: w.customer, channel: ch.Channel, extension: w.person("103", "Eva Klein"), cpe: w.cpe}
	h := w.p.Port(2)
	second.shows(h, w.freeAt("Halle"))
	w.link()
	w.shows(w.p, "Ada Wirt")
	_, err = a.Logins.Login(ctx, w.actor, app.LoginRequest{CustomerID: w.customer.ID, ChannelID: ch.Channel.ID, Number: "103", PIN: "47130815"})
	w.ok(err)
	second.shows(h, "Eva Klein")
	second.state(telephony.StateLoggedIn)
	w.settled()
	if one, other := w.p.State(), h.State(); one.User != w.channel.SIPUser || other.User != ch.Channel.SIPUser || !one.Registered || strings.Contains(strings.Join(h.Screen(), " "), "Ada") {
		w.t.Errorf("%+v\n%+v", one, other)
	}
	w.unlink()
	w.isFree("Ada")
	second.shows(h, "Eva Klein")
	second.state(telephony.StateLoggedIn)
	_, err = a.Logins.Logout(ctx, w.actor, w.customer.ID, ch.Channel.ID, false)
	w.ok(err)
	second.shows(h, w.freeAt("Halle"))
	w.isFree("Eva")
}

// pushed looks back: what was to be told was told, and restarted nothing.
func (w *walk) pushed() {
	w.t.Helper()
	now := w.p.State()
	if !w.told {
		return
	}
	if now.Notifies < 4 || w.wary != (now.Challenges > 0) {
		w.t.Errorf("pushed %d times, %d times challenged", now.Notifies, now.Challenges)
	}
	if now.Boots != w.boots && !w.changes {
		w.t.Errorf("restarted %d times: %+v", now.Boots-w.boots, now)
	}
}

// person is an extension with a PIN.
func (d *desk) person(number, name string) telephony.Extension {
	d.t.Helper()
	v, err := d.s.App().Extensions.Create(d.t.Context(), d.actor, telephony.Extension{CustomerID: d.customer.ID, Number: number, Name: name}, "")
	d.ok(err)
	d.ok(d.s.App().Extensions.SetPIN(d.t.Context(), d.actor, d.customer.ID, v.Extension.ID, "47130815"))
	return v.Extension
}
