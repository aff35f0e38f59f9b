package server

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
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
	at := doors{usual: door{host, net.JoinHostPort(host, p), roots}}
	if cfg.HasLegacy() {
		if at.old, err = legacyDoor(cfg); err != nil {
			return []Finding{{What: "makers' phones", Detail: err.Error(), Advice: "see legacy_cert"}}
		}
	}
	var out []Finding
	for _, d := range drivers.All().Drivers() {
		i := d.Info()
		found, ok := drivers.Discovery(i.Vendor)
		if !ok || len(found.TLS) == 0 {
			continue
		}
		out = append(out, checkMaker(ctx, i.Name, found.TLS, slices.Contains(used, i.Vendor), at))
	}
	return out
}

// door is where phones knock, and whom they were told to believe there.
type door struct {
	host, addr string
	roots      *x509.CertPool // nil: the system's
}

type doors struct{ usual, old door } // old has no address when it is shut

// legacyDoor is believed by who was handed the certificates of its chain.
func legacyDoor(cfg config.Config) (d door, err error) {
	text, err := os.ReadFile(cfg.LegacyCert)
	if err != nil {
		return d, fmt.Errorf("reading the certificate for old phones: %w", err)
	}
	_, p, _ := net.SplitHostPort(cfg.LegacyListen)
	d = door{cfg.LegacyHost, net.JoinHostPort(cfg.LegacyHost, p), x509.NewCertPool()}
	if !d.roots.AppendCertsFromPEM(text) {
		return d, errors.New("the certificate for old phones holds none")
	}
	return d, nil
}

// checkMaker sums up all firmwares of a maker. One that is kept up to date must
// get through if there are such phones; of old ones it is said that they do not.
func checkMaker(ctx context.Context, name string, profiles []provision.TLSProfile, used bool, at doors) Finding {
	f := Finding{What: name, OK: true}
	var told []string
	for _, p := range profiles {
		d, by := at.usual, ""
		if p.Old && at.old.addr != "" {
			d, by = at.old, " by the door for old phones"
		}
		state, err := shake(ctx, p, d)
		if err == nil {
			told = append(told, p.Firmware+": "+tls.VersionName(state.Version)+by)
			continue
		}
		told = append(told, p.Firmware+": no ("+reasonOf(err)+")"+by)
		if used && (!p.Old || by != "") {
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
func shake(ctx context.Context, p provision.TLSProfile, d door) (s tls.ConnectionState, err error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	raw, err := (&net.Dialer{}).DialContext(ctx, "tcp", d.addr)
	if err != nil {
		return s, fmt.Errorf("connecting: %w", err)
	}
	defer raw.Close()
	cfg := p.Config()
	cfg.RootCAs, cfg.ServerName = d.roots, d.host
	if p.NoSNI {
		// Without a name in the hello, Go leaves the check to us.
		cfg.ServerName, cfg.InsecureSkipVerify = "", true
		cfg.VerifyConnection = func(s tls.ConnectionState) error {
			o := x509.VerifyOptions{Roots: d.roots, DNSName: d.host, Intermediates: x509.NewCertPool()}
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
