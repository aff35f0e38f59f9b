package server

import (
	"context"
	"crypto/x509"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tischlein/internal/discovery/redirect/redirecttest"
	"tischlein/internal/phonesim"
	"tischlein/internal/telephony"
)

// entry waits until the maker's service sends the desk's device to a URL that fits.
func (d *desk) entry(s *redirecttest.Service, fits func(url string, there bool) bool) string {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.t.Context(), patience)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		url, there := s.Entry(string(d.cpe.MAC))
		if fits(url, there) {
			return url
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			v, err := d.s.App().CPEs.Get(d.t.Context(), d.actor, d.customer.ID, d.cpe.ID)
			d.t.Fatalf("the service has %q (%v), we know %+v, %v", url, there, v.Redirect, err)
		}
	}
}

// From the box to logged in, by the maker's own service: the phone asks it and is
// sent to us with its first-access URL.
func TestP11_RedirectedPhoneLogsInByItself(t *testing.T) {
	maker := redirecttest.Start(t, "yealink_rps")
	cfg := testConfig(t.TempDir())
	cfg.RedirectAccounts = filepath.Join(t.TempDir(), "accounts.yaml")
	text := fmt.Sprintf("yealink_rps:\n  url: %s\n  id: %s\n  secret: %s\n", maker.URL, redirecttest.ID, redirecttest.Secret)
	if err := os.WriteFile(cfg.RedirectAccounts, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s, _ := start(t, cfg)
	d := newDesk(t, s, "yealink", "001565123470")
	d.link()
	maker.Own(string(d.cpe.MAC), true)
	if _, err := s.App().Redirects.Put(t.Context(), d.actor, d.customer.ID, d.cpe.ID, ""); err != nil {
		t.Fatal(err)
	}
	d.redirectState(telephony.RedirectOwned)
	maker.Own(string(d.cpe.MAC), false) // the last operator gave it free
	if _, err := s.App().Redirects.Retry(t.Context(), d.actor, d.customer.ID, d.cpe.ID); err != nil {
		t.Fatal(err)
	}
	url := d.entry(maker, func(u string, there bool) bool { return there && strings.HasPrefix(u, s.BaseURL()+"/f/") })
	d.redirectState(telephony.RedirectSet)

	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM([]byte(s.RootCA()))
	f, err := phonesim.NewFleet(phonesim.FleetConfig{RootCAs: pool, RetryBase: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	p := f.Add(phonesim.Config{Vendor: phonesim.Yealink, MAC: phonesim.MAC(d.cpe.MAC), ProvisioningURL: url})
	p.PowerOn(t.Context())
	d.shows(p, "Ada Wirt")
	if _, err := s.App().CPEs.Detach(t.Context(), d.actor, d.customer.ID, d.channel.ID, false); err != nil {
		t.Fatal(err)
	}
	if err := s.App().CPEs.Delete(t.Context(), d.actor, d.customer.ID, d.cpe.ID, 0); err != nil {
		t.Fatal(err)
	}
	if err := s.App().Redirects.Stale(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.entry(maker, func(_ string, there bool) bool { return !there })
}

func (d *desk) redirectState(want telephony.RedirectState) {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.t.Context(), patience)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		v, err := d.s.App().CPEs.Get(ctx, d.actor, d.customer.ID, d.cpe.ID)
		d.ok(err)
		if v.Redirect != nil && v.Redirect.State == want {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			d.t.Fatalf("the entry is %+v, want %s", v.Redirect, want)
		}
	}
}

func TestP11_WrongAccountsAreNoStart(t *testing.T) {
	cfg := testConfig(t.TempDir())
	cfg.RedirectAccounts = filepath.Join(t.TempDir(), "none.yaml")
	if _, err := Open(t.Context(), cfg, quiet()); err == nil || !strings.Contains(err.Error(), "redirect accounts") {
		t.Error(err)
	}
}
