package server

import (
	"crypto/x509"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func made(t *testing.T, a authority, host string) (signer, *x509.Certificate) {
	t.Helper()
	ca, err := a.root()
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := a.leaf(ca, host)
	if err != nil {
		t.Fatal(err)
	}
	return ca, leaf.Leaf
}

func TestP11_SelfMadeCertificateIsOneThatPhonesAccept(t *testing.T) {
	dir := t.TempDir()
	a := authority{dir: dir, now: time.Now}
	for _, host := range []string{"phones.example", "192.0.2.7", "localhost", "127.0.0.1"} {
		ca, leaf := made(t, a, host)
		pool := x509.NewCertPool()
		pool.AppendCertsFromPEM(ca.pem)
		for _, name := range []string{host, "localhost", "127.0.0.1"} {
			if _, err := leaf.Verify(x509.VerifyOptions{Roots: pool, DNSName: name}); err != nil {
				t.Errorf("%s as %s: %v", host, name, err)
			}
		}
	}
	for _, f := range []string{rootFile, rootKeyFile, leafFile, leafKeyFile} {
		i, err := os.Stat(filepath.Join(dir, f))
		if err != nil || i.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", f, i.Mode(), err)
		}
	}
}

func TestP11_CertificateIsKeptAndRenewedWhenItMust(t *testing.T) {
	now := time.Now()
	a := authority{dir: t.TempDir(), now: func() time.Time { return now }}
	ca, first := made(t, a, "a.example")
	ca2, again := made(t, a, "a.example")
	if !again.Equal(first) || !ca2.cert.Equal(ca.cert) {
		t.Error("made anew without need")
	}
	_, other := made(t, a, "b.example")
	if other.Equal(first) || other.VerifyHostname("b.example") != nil {
		t.Error("not renewed for another host")
	}
	now = now.Add(leafLife - leafSpare)
	ca3, late := made(t, a, "b.example")
	if late.Equal(other) || late.NotAfter.Sub(now) < leafSpare {
		t.Error("not renewed near its end")
	}
	if !ca3.cert.Equal(ca.cert) {
		t.Error("a renewal changed the CA, every phone would be lost")
	}
	if err := os.Remove(filepath.Join(a.dir, rootFile)); err != nil {
		t.Fatal(err)
	}
	ca4, own := made(t, a, "b.example")
	if ca4.cert.Equal(ca.cert) || own.CheckSignatureFrom(ca4.cert) != nil {
		t.Error("a new CA did not sign anew")
	}
}
