package server

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"tischlein/internal/phone"
	"tischlein/internal/telephony"
)

// legacy is the second door for phones that know neither TLS 1.2 nor new kinds of
// keys (P11): another name, another certificate, off unless it is asked for, so
// that nobody else's handshake is weakened by them.
type legacy struct {
	ln    net.Listener
	certs *certificates
	phone *phone.Server
	url   string // https://host:port, without a slash at its end
}

// newLegacy opens the door, nil when it is off. It serves what the other one
// serves, and what it hands out leads back to itself.
func (s *Server) newLegacy(ctx context.Context, c phone.Config) error {
	if !s.cfg.HasLegacy() {
		return nil
	}
	own := s.cfg
	own.TLSCert, own.TLSKey = s.cfg.LegacyCert, s.cfg.LegacyKey
	certs, err := loadCertificates(own, s.cfg.LegacyHost, time.Now)
	if err != nil {
		return telephony.Invalidf("legacy_cert", "certificate_host", "legacy_cert: %v", err)
	}
	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.cfg.LegacyListen)
	if err != nil {
		return errors.Join(errors.New("listening on "+s.cfg.LegacyListen+" (legacy_listen)"), err)
	}
	l := &legacy{ln: ln, certs: certs, url: "https://" + net.JoinHostPort(s.cfg.LegacyHost, strconv.Itoa(port(ln.Addr().String())))}
	s.legacy = l
	if certs.rootCA, err = ownRoot(certs.current.Load()); err != nil {
		return err
	}
	c.URL, c.RootCA, c.NoSessionTickets = l.url+"/", certs.rootCA, true
	c.Devices = legacyDevices{c.Devices, s.BaseURL(), l.url, certs.rootCA}
	l.phone, err = phone.New(c)
	return err
}

// LegacyURL is where old phones fetch, without a slash at its end; "" when the
// door is shut.
func (s *Server) LegacyURL() string {
	if s.legacy == nil {
		return ""
	}
	return s.legacy.url
}

// tls takes what phones of twenty years can do, and no more than TLS 1.2: whoever
// can do better does not come here.
func (l *legacy) tls() *tls.Config {
	c := l.certs.tls()
	c.MinVersion, c.MaxVersion = tls.VersionTLS10, tls.VersionTLS12
	c.CipherSuites = []uint16{
		tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
		tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
		tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA, tls.TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA,
		tls.TLS_RSA_WITH_AES_128_CBC_SHA, tls.TLS_RSA_WITH_AES_256_CBC_SHA,
	}
	return c
}

// legacyDevices tells devices that come by this door to come by it again.
type legacyDevices struct {
	phone.Devices
	from, to string
	rootCA   string
}

// ownRoot is the PEM of a chain's end where that signed itself: phones must be
// handed it. Else a public CA signed, "".
func ownRoot(c *tls.Certificate) (string, error) {
	last, err := x509.ParseCertificate(c.Certificate[len(c.Certificate)-1])
	if err != nil {
		return "", fmt.Errorf("reading the certificate for old phones: %w", err)
	}
	if last.CheckSignatureFrom(last) != nil {
		return "", nil
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: last.Raw})), nil
}

func (d legacyDevices) Desired(ctx context.Context, x phone.Device) (phone.Rendered, error) {
	r, err := d.Devices.Desired(ctx, x)
	move := func(u string) string {
		if rest, ours := strings.CutPrefix(u, d.from+"/"); ours {
			return d.to + "/" + rest
		}
		return u
	}
	r.Desired.SIP.RootCA = d.rootCA
	r.Desired.BaseURL = telephony.Secret(move(r.Desired.BaseURL.Reveal()))
	r.Desired.PagesURL = telephony.Secret(move(r.Desired.PagesURL.Reveal()))
	r.Desired.Firmware.URL = move(r.Desired.Firmware.URL)
	return r, err
}

// phones are the memories of both doors.
type phones []*phone.Server

func (s *Server) phones() phones {
	if s.legacy == nil {
		return phones{s.phone}
	}
	return phones{s.phone, s.legacy.phone}
}

func (p phones) Changed(cpeIDs ...string) {
	for _, s := range p {
		s.Changed(cpeIDs...)
	}
}

func (p phones) ChangedCustomer(customerID string) {
	for _, s := range p {
		s.ChangedCustomer(customerID)
	}
}

func (p phones) ChangedAll() {
	for _, s := range p {
		s.ChangedAll()
	}
}

// renewLegacy reads the door's certificate again.
func (s *Server) renewLegacy() error {
	if s.legacy == nil {
		return nil
	}
	return s.legacy.certs.renew()
}
