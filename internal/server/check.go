package server

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"slices"
	"strings"
	"time"

	"tischlein/internal/auth"
	"tischlein/internal/config"
	"tischlein/internal/storage"
)

// Finding is one thing that Check has looked at.
type Finding struct {
	What   string `json:"what"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail"`
	Advice string `json:"advice,omitempty"` // only where OK is false
}

const phonesHTTPS = "phones' HTTPS"

// Check looks at an installation the way a phone and a careful administrator
// would. It changes nothing, and may run beside the server.
func Check(ctx context.Context, cfg config.Config, now time.Time) []Finding {
	if err := cfg.Validate(); err != nil {
		return []Finding{{"configuration", false, strings.ReplaceAll(err.Error(), "\n", "; "), "correct it; nothing else was checked"}}
	}
	out := []Finding{{What: "configuration", OK: true, Detail: "phones are told " + publicHost(cfg) + ", SIP over " + cfg.Transport}}
	database := checkDatabase(ctx, cfg)
	out = append(out, checkKey(cfg), database)
	if database.OK {
		out = append(out, checkEmergency(ctx, cfg))
	}
	host := publicHost(cfg)
	for _, l := range []struct{ name, addr string }{{phonesHTTPS, cfg.PhoneListen}, {"SIP over TLS", cfg.SIPTLSListen}} {
		if l.addr != config.Off {
			out = append(out, checkChain(ctx, cfg, l.name, host, l.addr, now))
		}
	}
	if database.OK && slices.ContainsFunc(out, func(f Finding) bool { return f.What == phonesHTTPS && f.OK }) {
		out = append(out, checkMakers(ctx, cfg, host)...)
	}
	return append(out, checkClock(now))
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return !errors.Is(err, fs.ErrNotExist)
}

func checkKey(cfg config.Config) Finding {
	f := Finding{What: "key", Detail: cfg.Key()}
	i, err := os.Stat(cfg.Key())
	switch {
	case errors.Is(err, fs.ErrNotExist):
		f.Detail += " does not exist"
		f.Advice = "the first start makes it; if this installation has run before, restore it from its copy"
	case err != nil:
		f.Detail, f.Advice = err.Error(), "run as the user that runs the server"
	case i.Mode().Perm()&0o077 != 0:
		f.Detail += fmt.Sprintf(" can be read by others (%v)", i.Mode().Perm())
		f.Advice = "chmod 600 " + cfg.Key()
	default:
		f.OK = true
	}
	return f
}

// checkDatabase opens it, unless that would make a new one.
func checkDatabase(ctx context.Context, cfg config.Config) Finding {
	f := Finding{What: "database"}
	dsn := cfg.DSN()
	if !strings.Contains(dsn, "://") && !exists(dsn) {
		f.Detail, f.Advice = dsn+" does not exist", "the first start makes it"
		return f
	}
	db, err := storage.Open(ctx, dsn, time.Now)
	if err != nil {
		f.Detail, f.Advice = err.Error(), "see that the database runs and that the address is right"
		return f
	}
	defer db.Close()
	var check []byte
	err = db.View(ctx, func(tx *storage.Tx) error {
		i, err := tx.Installation()
		check = i.KeyCheck
		return err
	})
	if err != nil {
		f.Detail, f.Advice = err.Error(), "start the server once"
		return f
	}
	f.Detail, f.OK = db.Dialect(), true
	if exists(cfg.Key()) {
		key, err := auth.LoadKey(cfg.Key())
		if err != nil || !bytes.Equal(key.Check(), check) {
			f.OK, f.Detail, f.Advice = false, "the key does not belong to it", "restore the key file from its copy; without it the phones' secrets are lost"
		} else {
			f.Detail += ", the key belongs to it"
		}
	}
	return f
}

// checkChain does the handshake as a phone would: with the public name, and
// nothing but the CA it is given.
func checkChain(ctx context.Context, cfg config.Config, name, host, addr string, now time.Time) Finding {
	f := Finding{What: name, Detail: addr}
	_, p, _ := net.SplitHostPort(addr)
	var roots *x509.CertPool // nil: the system's, as for a public CA
	if cfg.TLSCert == "" {
		var err error
		if roots, err = ReadRootCA(cfg.Data); err != nil {
			f.Detail, f.Advice = err.Error(), "start the server once"
			return f
		}
	}
	d := tls.Dialer{NetDialer: &net.Dialer{Timeout: 5 * time.Second}, Config: &tls.Config{RootCAs: roots, ServerName: host, MinVersion: tls.VersionTLS12}}
	c, err := d.DialContext(ctx, "tcp", net.JoinHostPort(host, p))
	var unknown *tls.CertificateVerificationError
	switch {
	case errors.As(err, &unknown):
		f.Detail, f.Advice = err.Error(), "no phone will accept this: put the whole chain into tls_cert and see that it names public_host"
		return f
	case err != nil:
		f.Detail, f.Advice = err.Error(), "is the server running, and may this machine reach its own public address?"
		return f
	}
	defer c.Close()
	state := c.(*tls.Conn).ConnectionState()
	left := state.PeerCertificates[0].NotAfter.Sub(now)
	f.Detail = fmt.Sprintf("%s:%s, %s, valid for %d more days", host, p, tls.VersionName(state.Version), int(left.Hours()/24))
	if f.OK = left > 7*24*time.Hour; !f.OK {
		f.Advice = "renew the certificate now"
	}
	return f
}

// released is before this program was built; a clock that is earlier is wrong.
var released = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

func checkClock(now time.Time) Finding {
	f := Finding{What: "clock", OK: now.After(released), Detail: now.UTC().Format(time.RFC3339)}
	if !f.OK {
		f.Advice = "set the clock, best by NTP: certificates and logins depend on it"
	}
	return f
}
