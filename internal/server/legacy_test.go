package server

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// rsaFiles writes a certificate with an RSA key for a name that leads to this
// machine, and tells who believes it.
func rsaFiles(t *testing.T, host string) (cert, key string, roots *x509.CertPool) {
	t.Helper()
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: host}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, DNSNames: []string{host}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &k.PublicKey, k)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	cert, key = filepath.Join(t.TempDir(), "old.pem"), filepath.Join(t.TempDir(), "old.key")
	certPEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	for file, b := range map[string][]byte{cert: certPEM, key: pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})} {
		if err := os.WriteFile(file, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	roots = x509.NewCertPool()
	roots.AppendCertsFromPEM(certPEM)
	return cert, key, roots
}

// setting is what a Yealink file sets a parameter to, by the end of its name.
func setting(file, name string) string {
	_, after, _ := strings.Cut(file, name+" = ")
	value, _, _ := strings.Cut(after, "\n")
	return strings.TrimSpace(value)
}

// A phone that knows TLS 1.0 alone comes in by the door made for it, is led back to
// that door, and sees there what changes; the other door stays shut to it.
func TestP11_LegacyDoorIsForOldPhonesAlone(t *testing.T) {
	cfg := testConfig(t.TempDir())
	cfg.LegacyListen, cfg.LegacyHost = "127.0.0.1:0", "localhost"
	var roots *x509.CertPool
	cfg.LegacyCert, cfg.LegacyKey, roots = rsaFiles(t, "localhost")
	s, _ := start(t, cfg)
	d := newDesk(t, s, "yealink", "001565123490")
	first, err := s.App().CPEs.FirstAccess(t.Context(), d.actor, d.customer.ID, d.cpe.ID)
	d.ok(err)

	old := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, ServerName: "localhost", MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS10}}
	defer old.CloseIdleConnections()
	var user, password string
	get := func(url string) (string, error) {
		q, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
		d.ok(err)
		q.Header.Set("User-Agent", "Yealink SIP-T46G 28.72.0.1 00:15:65:12:34:90")
		if user != "" {
			q.SetBasicAuth(user, password)
		}
		a, err := (&http.Client{Transport: old}).Do(q)
		if err != nil {
			return "", err
		}
		defer a.Body.Close()
		b, err := io.ReadAll(a.Body)
		if a.StatusCode != http.StatusOK {
			t.Fatalf("%s: %s", url, a.Status)
		}
		return string(b), err
	}
	if _, err := get(first.Reveal() + "001565123490.cfg"); err == nil {
		t.Fatal("the usual door let TLS 1.0 in")
	}
	dir := strings.Replace(first.Reveal(), s.BaseURL(), s.LegacyURL(), 1)
	file, err := get(dir + "001565123490.cfg")
	d.ok(err)
	if !strings.Contains(file, s.LegacyURL()+"/d/") || strings.Contains(file, s.BaseURL()+"/") {
		t.Fatalf("it is not led back to its door:\n%s", file)
	}
	_, own, _ := strings.Cut(file, s.LegacyURL()+"/d/")
	own = s.LegacyURL() + "/d/" + own[:strings.IndexAny(own, "\r\n\" ")] + "001565123490.cfg"
	before, err := get(own)
	d.ok(err)
	if want := s.legacy.certs.rootCA; want == "" || s.RootCA() == want {
		t.Error("old phones are not handed the CA of their own door")
	}
	user, password = setting(before, "server.username"), setting(before, "server.password")
	d.link()
	after, err := get(own)
	d.ok(err)
	if !strings.Contains(after, "Ada Wirt") || strings.Contains(before, "Ada Wirt") {
		t.Error("its memory was not told of the link")
	}
}

func TestP11_LegacyDoorIsShutByDefault(t *testing.T) {
	s, _ := start(t, testConfig(t.TempDir()))
	if s.LegacyURL() != "" {
		t.Error(s.LegacyURL())
	}
	cfg := testConfig(t.TempDir())
	cfg.LegacyListen, cfg.LegacyHost = "127.0.0.1:0", "old.example"
	cfg.LegacyCert, cfg.LegacyKey, _ = rsaFiles(t, "localhost")
	if _, err := Open(t.Context(), cfg, quiet()); err == nil || !strings.Contains(err.Error(), "legacy_cert") {
		t.Errorf("a certificate for another name: %v", err)
	}
}
