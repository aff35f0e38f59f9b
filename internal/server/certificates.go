package server

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"tischlein/internal/config"
	"tischlein/internal/telephony"
)

// certificates holds the certificate that phones are shown, and renews it while
// the server runs.
type certificates struct {
	rootCA  string // PEM that phones must be given, "" = a public CA signed
	current atomic.Pointer[tls.Certificate]
	load    func() (tls.Certificate, error)
}

// loadCertificates takes the configured files, or makes a CA in the data
// directory, which is meant for development.
func loadCertificates(cfg config.Config, host string, now func() time.Time) (*certificates, error) {
	c := &certificates{}
	if cfg.TLSCert != "" {
		c.load = func() (tls.Certificate, error) { return tls.LoadX509KeyPair(cfg.TLSCert, cfg.TLSKey) }
		if err := c.renew(); err != nil {
			return nil, err
		}
		return c, c.fits(host)
	}
	a := authority{dir: cfg.Data, now: now}
	ca, err := a.root()
	if err != nil {
		return nil, fmt.Errorf("making the development CA: %w", err)
	}
	c.rootCA = string(ca.pem)
	c.load = func() (tls.Certificate, error) { return a.leaf(ca, host) }
	return c, c.renew()
}

// renew reads or makes the certificate anew; connections made later are shown it.
func (c *certificates) renew() error {
	cert, err := c.load()
	if err != nil {
		return fmt.Errorf("loading the certificate for phones: %w", err)
	}
	c.current.Store(&cert)
	return nil
}

// fits refuses a certificate that no phone would accept for host: better no start
// than a hundred dead phones.
func (c *certificates) fits(host string) error {
	cert := c.current.Load()
	leaf, err := x509.ParseCertificate(cert.Certificate[0])
	if err == nil {
		err = leaf.VerifyHostname(host)
	}
	if err != nil {
		return telephony.Invalidf("tls_cert", "certificate_host", "the certificate does not fit public_host: %v", err)
	}
	return nil
}

func (c *certificates) tls() *tls.Config {
	return &tls.Config{
		MinVersion:     tls.VersionTLS12,
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return c.current.Load(), nil },
	}
}

// RootCA is the PEM of the self-made CA, "" when the certificate was configured.
func (s *Server) RootCA() string { return s.certs.rootCA }

// ReadRootCA reads the self-made CA's certificate from a data directory.
func ReadRootCA(data string) (*x509.CertPool, error) {
	b, err := os.ReadFile(filepath.Join(data, rootFile))
	if err != nil {
		return nil, fmt.Errorf("reading the development CA: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(b) {
		return nil, errors.New("reading the development CA: " + rootFile + " holds no certificate")
	}
	return pool, nil
}
