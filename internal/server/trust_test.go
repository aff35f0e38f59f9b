package server

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"testing"
	"time"

	"tischlein/internal/phonesim"
)

// phoneClient asks the phones' listener as a stranger would, with a certificate or
// without.
func phoneClient(t *testing.T, s *Server, certs ...tls.Certificate) *http.Client {
	t.Helper()
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM([]byte(s.RootCA()))
	tr := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, Certificates: certs}}
	t.Cleanup(tr.CloseIdleConnections)
	return &http.Client{Transport: tr, Timeout: patience}
}

func status(t *testing.T, c *http.Client, url string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	return res.StatusCode
}

// until polls for a condition.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatal(what)
		}
	}
}

// A phone takes its HTTP password with its first files and answers with it from
// then on; its URL alone, read off a screen, gives nothing any more.
func TestP02_UrlAloneIsNotEnoughOnceThePhoneHasItsPassword(t *testing.T) {
	for _, vendor := range []phonesim.Vendor{phonesim.Yealink, phonesim.Snom} {
		t.Run(string(vendor), func(t *testing.T) {
			s, _ := start(t, testConfig(t.TempDir()))
			d := newDesk(t, s, string(vendor), "001565123409")
			p := d.phone(vendor)
			d.shows(p, "Empfang")
			url, err := s.App().CPEs.Reveal(t.Context(), d.actor, d.customer.ID, d.cpe.ID)
			d.ok(err)
			thief := phoneClient(t, s)
			file := url.Reveal() + "001565123409.xml"
			until(t, "the URL alone still opens the directory", func() bool { return status(t, thief, file) == http.StatusUnauthorized })
			d.link()
			d.shows(p, "Ada Wirt") // which it fetched with its password
			p.FactoryReset(url.Reveal())
			until(t, "the history does not say that the phone lost its password", func() bool {
				v, err := s.App().CPEs.Get(t.Context(), d.actor, d.customer.ID, d.cpe.ID)
				d.ok(err)
				for range 5 {
					status(t, thief, file)
				}
				return v.CPE.RefusedWhy != ""
			})
			again, err := s.App().CPEs.FirstAccess(t.Context(), d.actor, d.customer.ID, d.cpe.ID)
			d.ok(err)
			p.FactoryReset(again.Reveal())
			d.shows(p, "Ada Wirt")
		})
	}
}
