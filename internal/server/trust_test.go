package server

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tischlein/internal/phonesim"
	"tischlein/internal/telephony"
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

// makersCA is a maker's CA in a file, and a device's certificate that it signed.
func makersCA(t *testing.T, commonName string) (file string, device tls.Certificate) {
	t.Helper()
	make := func(tmpl, parent *x509.Certificate, signer *ecdsa.PrivateKey) (*x509.Certificate, *ecdsa.PrivateKey) {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		if signer == nil {
			parent, signer = tmpl, key
		}
		tmpl.SerialNumber, tmpl.NotBefore, tmpl.NotAfter = big.NewInt(7), time.Now().AddDate(-5, 0, 0), time.Now().AddDate(20, 0, 0)
		raw, err := x509.CreateCertificate(rand.Reader, tmpl, parent, key.Public(), signer)
		if err != nil {
			t.Fatal(err)
		}
		x, err := x509.ParseCertificate(raw)
		if err != nil {
			t.Fatal(err)
		}
		return x, key
	}
	ca, caKey := make(&x509.Certificate{Subject: pkix.Name{CommonName: "Yealink Equipment Issuing CA"}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}, nil, nil)
	leaf, key := make(&x509.Certificate{Subject: pkix.Name{CommonName: commonName}}, ca, caKey)
	file = filepath.Join(t.TempDir(), "maker.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: ca.Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	return file, tls.Certificate{Certificate: [][]byte{leaf.Raw}, PrivateKey: key}
}

// A phone out of its box that was told nothing but the server's name logs in by
// what its maker gave it.
func TestP03_MakersCertificateFromTheBoxToTheScreen(t *testing.T) {
	file, cert := makersCA(t, "00:15:65:12:34:09")
	cfg := testConfig(t.TempDir())
	cfg.PhoneClientCA = []string{"yealink=" + file}
	s, _ := start(t, cfg)
	d := newDesk(t, s, "yealink", "001565123409")
	d.link()
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM([]byte(s.RootCA()))
	f, err := phonesim.NewFleet(phonesim.FleetConfig{RootCAs: pool, RetryBase: time.Second})
	d.ok(err)
	t.Cleanup(f.Close)
	p := f.Add(phonesim.Config{Vendor: phonesim.Yealink, MAC: "001565123409", ProvisioningURL: s.BaseURL() + "/", ClientCertificate: &cert})
	p.PowerOn(t.Context())
	d.shows(p, "Ada Wirt")
	v, err := s.App().CPEs.Get(t.Context(), d.actor, d.customer.ID, d.cpe.ID)
	d.ok(err)
	c := v.CPE
	if c.Trust != telephony.TrustProven || c.TrustWay != telephony.WayCertificate || !c.Certified || c.TrustAt.IsZero() || !strings.Contains(c.TrustEvidence, "Yealink Equipment Issuing CA") {
		t.Errorf("trust: %+v", c)
	}
	// Nothing weaker any more, unless an administrator says so.
	_, err = s.App().CPEs.Arm(t.Context(), d.actor, d.customer.ID, d.cpe.ID)
	if telephony.ReasonOf(err) != "certified" {
		t.Errorf("armed all the same: %v", err)
	}
	_, err = s.App().CPEs.ForgetCertificate(t.Context(), d.actor, d.customer.ID, d.cpe.ID)
	d.ok(err)
	_, err = s.App().CPEs.Arm(t.Context(), d.actor, d.customer.ID, d.cpe.ID)
	d.ok(err)
	if got := status(t, phoneClient(t, s), s.BaseURL()+"/001565999999.cfg"); got != http.StatusNotFound {
		t.Errorf("without evidence: %d", got)
	}
}

// New secrets for a phone that is in use: it fetches them by its old ones, over TLS,
// and registers with them, and what it had before is worth nothing any more.
func TestP14_APhoneInUseIsGivenNewSecrets(t *testing.T) {
	s, _ := start(t, testConfig(t.TempDir()))
	d := newDesk(t, s, "yealink", "001565123409")
	d.link()
	p := d.phone(phonesim.Yealink)
	d.shows(p, "Ada Wirt")
	a := s.App()
	before, err := a.Registrar.Credential(t.Context(), d.channel.SIPUser)
	d.ok(err)
	url, err := a.CPEs.Reveal(t.Context(), d.actor, d.customer.ID, d.cpe.ID)
	d.ok(err)
	_, err = a.CPEs.RotateAll(t.Context(), d.actor, d.customer.ID, nil, false)
	d.ok(err)
	until(t, "the phone does not register with its new secret", func() bool {
		now, err := a.Registrar.Credential(t.Context(), d.channel.SIPUser)
		d.ok(err)
		return len(now.Secrets) == 1 && now.Secrets[0] != before.Secrets[0]
	})
	d.shows(p, "Ada Wirt")
	until(t, "the old URL alone leads somewhere", func() bool {
		return status(t, phoneClient(t, s), url.Reveal()+"001565123409.cfg") != http.StatusOK
	})
}
