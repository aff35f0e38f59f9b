package server

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"strings"
	"testing"
	"time"

	"tischlein/internal/provision"
)

// listenTLS shows a certificate of its own CA with such a key.
func listenTLS(t *testing.T, rsaKey bool, least uint16) (addr string, roots *x509.CertPool) {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "127.0.0.1"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment | x509.KeyUsageCertSign,
	}
	var der []byte
	var private any
	var err error
	if rsaKey {
		k, wrong := rsa.GenerateKey(rand.Reader, 2048)
		if wrong != nil {
			t.Fatal(wrong)
		}
		private = k
		der, err = x509.CreateCertificate(rand.Reader, template, template, &k.PublicKey, k)
	} else {
		k, wrong := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if wrong != nil {
			t.Fatal(wrong)
		}
		private = k
		der, err = x509.CreateCertificate(rand.Reader, template, template, &k.PublicKey, k)
	}
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots = x509.NewCertPool()
	roots.AddCert(leaf)
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{MinVersion: least, Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: private}}})
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_ = c.(*tls.Conn).Handshake() // the client says how it went
			c.Close()
		}
	}()
	t.Cleanup(func() { l.Close(); <-ended })
	return l.Addr().String(), roots
}

func TestP11_HandshakesAreDoneAsEachMakersPhonesDoThem(t *testing.T) {
	now := provision.TLSProfile{Firmware: "new", Min: tls.VersionTLS12, Max: tls.VersionTLS12, Keys: []string{provision.KeyRSA, provision.KeyECDSA}}
	rsaOnly := provision.TLSProfile{Firmware: "RSA", Min: tls.VersionTLS12, Max: tls.VersionTLS12, Keys: []string{provision.KeyRSA}}
	old := provision.TLSProfile{Firmware: "old", Old: true, Min: tls.VersionTLS10, Max: tls.VersionTLS11, Keys: []string{provision.KeyRSA}, NoSNI: true}
	for name, c := range map[string]struct {
		rsa   bool
		least uint16
		works []provision.TLSProfile
		fails []provision.TLSProfile
	}{
		"ECDSA, TLS 1.2": {false, tls.VersionTLS12, []provision.TLSProfile{now}, []provision.TLSProfile{rsaOnly, old}},
		"RSA, TLS 1.2":   {true, tls.VersionTLS12, []provision.TLSProfile{now, rsaOnly}, []provision.TLSProfile{old}},
		"RSA, TLS 1.0":   {true, tls.VersionTLS10, []provision.TLSProfile{now, rsaOnly, old}, nil},
		"TLS 1.3 alone":  {true, tls.VersionTLS13, nil, []provision.TLSProfile{now, rsaOnly, old}},
	} {
		t.Run(name, func(t *testing.T) {
			addr, roots := listenTLS(t, c.rsa, c.least)
			for _, p := range c.works {
				if _, err := shake(t.Context(), p, door{"127.0.0.1", addr, roots}); err != nil {
					t.Errorf("%s: %v", p.Firmware, err)
				}
				if _, err := shake(t.Context(), p, door{"127.0.0.1", addr, x509.NewCertPool()}); err == nil {
					t.Errorf("%s believes anybody", p.Firmware)
				}
				if _, err := shake(t.Context(), p, door{"phones.example", addr, roots}); err == nil {
					t.Errorf("%s believes another name's certificate", p.Firmware)
				}
			}
			for _, p := range c.fails {
				if _, err := shake(t.Context(), p, door{"127.0.0.1", addr, roots}); err == nil {
					t.Errorf("%s gets through", p.Firmware)
				}
			}
		})
	}
}

func TestP11_DoctorComplainsOfMakersWhosePhonesAreHere(t *testing.T) {
	addr, roots := listenTLS(t, false, tls.VersionTLS12)
	rsaOnly := []provision.TLSProfile{{Firmware: "RSA", Min: tls.VersionTLS12, Max: tls.VersionTLS12, Keys: []string{provision.KeyRSA}}}
	if f := checkMaker(t.Context(), "Acme", rsaOnly, true, doors{usual: door{"127.0.0.1", addr, roots}}); f.OK || f.Advice == "" || !strings.Contains(f.Detail, "no key or cipher") {
		t.Errorf("%+v", f)
	}
	if f := checkMaker(t.Context(), "Acme", rsaOnly, false, doors{usual: door{"127.0.0.1", addr, roots}}); !f.OK || !strings.Contains(f.Detail, "none here") {
		t.Errorf("%+v", f)
	}
	rsaOnly[0].Old = true
	if f := checkMaker(t.Context(), "Acme", rsaOnly, true, doors{usual: door{"127.0.0.1", addr, roots}}); !f.OK {
		t.Errorf("old firmware is an error: %+v", f)
	}

	oldAddr, oldRoots := listenTLS(t, true, tls.VersionTLS10)
	rsaOnly[0].Min, rsaOnly[0].Max = tls.VersionTLS10, tls.VersionTLS11
	at := doors{door{"127.0.0.1", addr, roots}, door{"127.0.0.1", oldAddr, oldRoots}}
	if f := checkMaker(t.Context(), "Acme", rsaOnly, true, at); !f.OK || !strings.Contains(f.Detail, "TLS 1.1 by the door for old phones") {
		t.Errorf("%+v", f)
	}
	at.old.roots = x509.NewCertPool()
	if f := checkMaker(t.Context(), "Acme", rsaOnly, true, at); f.OK {
		t.Errorf("a door that old phones do not believe: %+v", f)
	}

	cfg := testConfig(t.TempDir())
	cfg.LegacyListen, cfg.LegacyHost = "127.0.0.1:0", "localhost"
	cfg.LegacyCert, cfg.LegacyKey, _ = rsaFiles(t, "localhost")
	s, _ := start(t, cfg)
	cfg.LegacyListen = s.legacy.ln.Addr().String()
	newDesk(t, s, "snom", "000413123480")
	seen := map[string]Finding{}
	for _, f := range Check(t.Context(), fixed(cfg, s.Addrs()), time.Now()) {
		seen[f.What] = f
	}
	if f := seen["Snom"]; !f.OK || !strings.Contains(f.Detail, "TLS 1.2") || strings.Contains(f.Detail, "none here") || !strings.Contains(f.Detail, "old phones") {
		t.Errorf("%+v", f)
	}
	if f := seen["Yealink"]; !f.OK || !strings.Contains(f.Detail, "none here") {
		t.Errorf("%+v", f)
	}
}
