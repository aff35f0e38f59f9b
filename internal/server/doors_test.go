package server

import (
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/discovery/redirect/redirecttest"
	"tischlein/internal/provision"
	"tischlein/internal/provision/drivers"
	"tischlein/internal/telephony"
)

// P01: a maker's redirect service is told a device's first-access URL (P03 b) and,
// once that is used, where everybody begins; no other secret of the device, in no
// request.
func TestP01_RedirectServicesAreToldNoSecretButTheFirstAccess(t *testing.T) {
	t.Parallel()
	for _, drv := range drivers.All().Drivers() {
		info := drv.Info()
		found, ok := drivers.Discovery(info.Vendor)
		if !ok || found.Service == "" {
			continue
		}
		t.Run(info.Vendor, func(t *testing.T) {
			t.Parallel()
			maker := redirecttest.Start(t, found.Service)
			cfg := testConfig(t.TempDir())
			cfg.RedirectAccounts = accountAt(t, maker, found.Service)
			s, _ := start(t, cfg)
			d := newDesk(t, s, info.Vendor, telephony.MAC(info.OUIs[0]+"123490"))
			d.link()
			if _, err := s.App().Redirects.Put(t.Context(), d.actor, d.customer.ID, d.cpe.ID, "A1B2"); err != nil {
				t.Fatal(err)
			}
			first := d.entry(maker, func(u string, there bool) bool { return there && strings.HasPrefix(u, s.BaseURL()+"/f/") })
			d.redirectState(telephony.RedirectSet)
			token := strings.Trim(strings.TrimPrefix(first, s.BaseURL()+"/f/"), "/")
			if !strings.Contains(maker.Told(), token) {
				t.Error("what was told is not seen: the test looks at nothing")
			}
			dev, err := s.App().Devices.ByFirstAccess(t.Context(), auth.HashToken(token), netip.MustParseAddr("203.0.113.9"))
			d.ok(err)
			s.App().Devices.FirstAccessDone(t.Context(), dev)
			d.ok(s.App().Redirects.Stale(t.Context()))
			d.entry(maker, func(u string, there bool) bool { return there && u == s.BaseURL()+"/" })
			d.tellsNoSecret(maker.Told(), dev)
		})
	}
}

// accountAt is a file with our account at the fake.
func accountAt(t *testing.T, maker *redirecttest.Service, service string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "accounts.yaml")
	text := fmt.Sprintf("%s: {url: %q, token_url: %q, id: %s, secret: %s, user: %s, password: %s, account: %s, site: %q, profile: %s, setting: %s}\n",
		service, maker.URL, maker.URL+"/oauth/token", redirecttest.ID, redirecttest.Secret, redirecttest.User, redirecttest.Password,
		redirecttest.Account, redirecttest.Site, redirecttest.Profile, redirecttest.Setting)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func (d *desk) tellsNoSecret(said string, dev app.Device) {
	d.t.Helper()
	want, _, err := d.s.App().Devices.Desired(d.t.Context(), dev)
	d.ok(err)
	secrets := provision.SecretsOf(want)
	if len(secrets) < 5 {
		d.t.Fatalf("the device has only %d secrets", len(secrets))
	}
	for _, secret := range secrets {
		if strings.Contains(said, secret.Reveal()) {
			d.t.Errorf("%q is told:\n%s", secret.Reveal(), said)
		}
	}
}
