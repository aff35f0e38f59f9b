package server

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net"
	"os"

	"tischlein/internal/config"
	"tischlein/internal/peer"
	"tischlein/internal/phone"
	"tischlein/internal/provision/drivers"
	"tischlein/internal/telephony"
)

// loadMakers reads whose certificates phones and proxies may show.
func loadMakers(cfg config.Config) (makers []phone.Maker, proxies []*x509.Certificate, err error) {
	entries, err := cfg.ClientCAs()
	if err != nil {
		return nil, nil, telephony.Invalidf("phone_client_ca", "phone_client_ca", "%v", err)
	}
	for _, e := range entries {
		if _, err := drivers.All().Get(e.Driver); err != nil {
			return nil, nil, telephony.Invalidf("phone_client_ca", "phone_client_ca", "there is no driver %q", e.Driver)
		}
		cas, err := readCAs(e.File)
		if err != nil {
			return nil, nil, fmt.Errorf("reading phone_client_ca of %s: %w", e.Driver, err)
		}
		makers = append(makers, phone.Maker{Vendor: e.Driver, CAs: cas, Legacy: e.Legacy})
	}
	if cfg.PhoneProxyCA == "" {
		return makers, nil, nil
	}
	if proxies, err = readCAs(cfg.PhoneProxyCA); err != nil {
		return nil, nil, fmt.Errorf("reading phone_proxy_ca: %w", err)
	}
	return makers, proxies, nil
}

// readCAs reads all certificates of a PEM file; none is an error.
func readCAs(path string) (list []*x509.Certificate, err error) {
	rest, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	for {
		var b *pem.Block
		if b, rest = pem.Decode(rest); b == nil {
			break
		}
		if b.Type != "CERTIFICATE" {
			continue
		}
		ca, err := x509.ParseCertificate(b.Bytes)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		list = append(list, ca)
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("%s holds no certificate", path)
	}
	return list, nil
}

// proxied is a listener of the phones' as balancers before it speak to it.
func (s *Server) proxied(l net.Listener) net.Listener {
	from, err := s.cfg.Balancers() // validated
	if l == nil || err != nil || len(from) == 0 {
		return l
	}
	return peer.Listen(l, from)
}
