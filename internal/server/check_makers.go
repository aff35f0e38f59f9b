package server

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"time"

	"tischlein/internal/config"
	"tischlein/internal/provision"
	"tischlein/internal/provision/drivers"
	"tischlein/internal/storage"
)

// checkMakers does the handshake as each maker's phones would (P11): with their
// versions, kinds of keys, and with or without a name. What is wrong for phones
// that nobody has here is told, and is nothing wrong.
func checkMakers(ctx context.Context, cfg config.Config, host string) []Finding {
	var roots *x509.CertPool
	if cfg.TLSCert == "" {
		var err error
		if roots, err = ReadRootCA(cfg.Data); err != nil {
			return nil // told with the handshake itself
		}
	}
	used, err := driversInUse(ctx, cfg)
	if err != nil {
		return []Finding{{What: "makers' phones", Detail: err.Error(), Advice: "see that the database runs"}}
	}
	_, p, _ := net.SplitHostPort(cfg.PhoneListen)
	var out []Finding
	for _, d := range drivers.All().Drivers() {
		i := d.Info()
		found, ok := drivers.Discovery(i.Vendor)
		if !ok || len(found.TLS) == 0 {
			continue
		}
		out = append(out, checkMaker(ctx, i.Name, found.TLS, slices.Contains(used, i.Vendor), host, net.JoinHostPort(host, p), roots))
	}
	return out
}

// checkMaker sums up all firmwares of a maker. One that is kept up to date must
// get through if there are such phones; of old ones it is said that they do not.
func checkMaker(ctx context.Context, name string, profiles []provision.TLSProfile, used bool, host, addr string, roots *x509.CertPool) Finding {
	f := Finding{What: name, OK: true}
	var told []string
	for _, p := range profiles {
		state, err := shake(ctx, p, host, addr, roots)
		if err == nil {
			told = append(told, p.Firmware+": "+tls.VersionName(state.Version))
			continue
		}
		told = append(told, p.Firmware+": no ("+reasonOf(err)+")")
		if used && !p.Old {
			f.OK, f.Advice = false, "these phones cannot come in: see docs/tls.md for what they can, and the certificate's key and chain"
		}
	}
	f.Detail = strings.Join(told, "; ")
	if !used {
		f.Detail += "; none here"
	}
	return f
}

// shake connects as a phone of that kind that was given our CA.
func shake(ctx context.Context, p provision.TLSProfile, host, addr string, roots *x509.CertPool) (s tls.ConnectionState, err error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	raw, err := (&net.Dialer{}).DialContext(ctx, "tcp", addr)
	if err != nil {
		return s, fmt.Errorf("connecting: %w", err)
	}
	defer raw.Close()
	cfg := p.Config()
	cfg.RootCAs, cfg.ServerName = roots, host
	if p.NoSNI {
		// Without a name in the hello, Go leaves the check to us.
		cfg.ServerName, cfg.InsecureSkipVerify = "", true
		cfg.VerifyConnection = func(s tls.ConnectionState) error {
			o := x509.VerifyOptions{Roots: roots, DNSName: host, Intermediates: x509.NewCertPool()}
			for _, c := range s.PeerCertificates[1:] {
				o.Intermediates.AddCert(c)
			}
			_, err := s.PeerCertificates[0].Verify(o)
			return err
		}
	}
	c := tls.Client(raw, cfg)
	if err := c.HandshakeContext(ctx); err != nil {
		return s, err
	}
	return c.ConnectionState(), nil
}

// reasonOf puts a failed handshake into few words.
func reasonOf(err error) string {
	var op *net.OpError
	switch text := err.Error(); {
	case strings.Contains(text, "protocol version"):
		return "too old a TLS version"
	case strings.Contains(text, "handshake failure"), strings.Contains(text, "insufficient security"):
		return "no key or cipher in common"
	case errors.As(err, &op) && op.Op == "dial":
		return "no connection"
	default:
		return text
	}
}

func driversInUse(ctx context.Context, cfg config.Config) (list []string, err error) {
	dsn := cfg.DSN()
	if !strings.Contains(dsn, "://") && !exists(dsn) {
		return nil, nil
	}
	db, err := storage.Open(ctx, dsn, time.Now)
	if err != nil {
		return nil, fmt.Errorf("opening the database: %w", err)
	}
	defer db.Close()
	err = db.View(ctx, func(tx *storage.Tx) error { list, err = tx.DriversInUse(); return err })
	return list, err
}
