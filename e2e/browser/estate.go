package browser

import (
	"context"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/config"
	"tischlein/internal/discovery/redirect/redirecttest"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// Redirected has the server use an account at a maker's redirect service.
func Redirected(t testing.TB, s *redirecttest.Service) func(*config.Config) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "accounts.yaml")
	text := fmt.Sprintf("yealink_rps:\n  url: %s\n  id: %s\n  secret: %s\n", s.URL, redirecttest.ID, redirecttest.Secret)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return func(c *config.Config) { c.RedirectAccounts = file }
}

// Sends has a device leave a file, as phones do with their logs.
func (w *World) Sends(c telephony.CPE, name, content string) {
	w.t.Helper()
	_, err := w.App().Devices.Upload(w.t.Context(), w.device(c), app.Upload{Name: name, From: netip.MustParseAddr("127.0.0.1"), UserAgent: "Yealink SIP-T46U 108.87.14.1", Body: []byte(content)})
	w.ok(err)
}

// Refuses notes a refused request of a device.
func (w *World) Refuses(c telephony.CPE, from, why string) {
	w.t.Helper()
	w.App().Devices.Refused(w.t.Context(), w.device(c), netip.MustParseAddr(from), why)
	w.Until("the refusal to be known", func() bool { return !w.Device(c).CPE.RefusedAt.IsZero() })
}

func (w *World) device(c telephony.CPE) app.Device {
	return app.Device{ID: c.ID, CustomerID: c.CustomerID, MAC: c.MAC, Driver: c.Driver, Model: c.Model}
}

// Device reads a device anew.
func (w *World) Device(c telephony.CPE) app.CPEView {
	w.t.Helper()
	v, err := w.App().CPEs.Get(w.t.Context(), operator, c.CustomerID, c.ID)
	w.ok(err)
	return v
}

// Until waits for what the server does by itself.
func (w *World) Until(what string, ok func() bool) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), patience)
	defer cancel()
	tick := time.NewTicker(pause)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			w.t.Fatalf("waited for %s", what)
		}
	}
}

// RedirectedAs asks the maker's service for an entry and waits for its state.
func (w *World) RedirectedAs(c telephony.CPE, want telephony.RedirectState) {
	w.t.Helper()
	_, err := w.App().Redirects.Put(w.t.Context(), operator, c.CustomerID, c.ID, "")
	w.ok(err)
	w.Until("the entry to be "+string(want), func() bool { r := w.Device(c).Redirect; return r != nil && r.State == want })
}

// Rollout rolls out a version to a model, and waits until a device is told.
func (w *World) Rollout(model, version string) (id, file string) {
	w.t.Helper()
	f, err := w.App().Firmware.Add(w.t.Context(), operator, telephony.FirmwareFile{Driver: "yealink", Version: version, FileName: model + ".rom", Models: []string{model}}, strings.NewReader("firmware "+version))
	w.ok(err)
	v, err := w.App().Rollouts.Create(w.t.Context(), operator, telephony.Rollout{FirmwareID: f.ID, Model: model, Percent: 100, Opens: "00:00", Closes: "23:59"})
	w.ok(err)
	return v.Rollout.ID, f.ID
}

// Overrides sets a parameter; one that the vendor does not know is set as an earlier program may have left it.
func (w *World) Overrides(p app.OverridePlace, name, value string) {
	w.t.Helper()
	_, err := w.App().Overrides.Change(w.t.Context(), operator, p, 0, app.OverridePatch{Set: map[string]string{name: value}})
	if telephony.ReasonOf(err) != "parameter_unknown" {
		w.ok(err)
		return
	}
	db, err := storage.Open(w.t.Context(), w.dsn, time.Now)
	w.ok(err)
	defer func() { w.ok(db.Close()) }()
	w.ok(db.Update(w.t.Context(), func(tx *storage.Tx) error {
		return tx.PutOverride(storage.Override{OverridePlace: storage.OverridePlace{CustomerID: p.CustomerID, CPEID: p.CPEID, Driver: p.Vendor, Model: p.Model}, Name: name, Value: value, SetBy: "Vera Amt"})
	}))
}

// Keys gives an extension its keys.
func (w *World) Keys(x telephony.Extension, keys ...telephony.Key) {
	w.t.Helper()
	_, _, err := w.App().Extensions.Update(w.t.Context(), operator, w.Customer.ID, x.ID, 0, false, false, func(x *telephony.Extension) error { x.Keys = keys; return nil })
	w.ok(err)
}

// SiteToken makes one.
func (w *World) SiteToken(name string) (id string) {
	w.t.Helper()
	s, _, err := w.App().SiteTokens.Create(w.t.Context(), operator, w.Customer.ID, app.SiteToken{Name: name, Devices: 40, Addresses: []string{"192.0.2.0/28"}, Expires: time.Now().Add(30 * 24 * time.Hour)})
	w.ok(err)
	return s.ID
}
