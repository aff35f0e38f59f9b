package e2e_test

import (
	"context"
	"crypto/x509"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"tischlein/internal/auth"
	"tischlein/internal/config"
	"tischlein/internal/server"
	"tischlein/internal/storagetest"
	"tischlein/internal/telephony"
)

// patience bounds every wait: it is there to end a broken test, not to measure.
const patience = 45 * time.Second

var operator = auth.Actor{Kind: "cli", Name: "test", Role: auth.OperatorAdmin, Scopes: auth.Scopes}

// settings are those of an installation on this machine. Linphone knows no IP
// addresses in certificates, so it is called by name.
func settings(dir, transport string) config.Config {
	return config.Config{
		Data: filepath.Join(dir, "data"), APIListen: "127.0.0.1:0", PhoneListen: "127.0.0.1:0", PhonePlainListen: "127.0.0.1:0",
		SIPUDPListen: "127.0.0.1:0", SIPTCPListen: "127.0.0.1:0", SIPTLSListen: "127.0.0.1:0",
		PublicHost: "localhost", Transport: transport, Refetch: time.Hour, Node: "test", LogLevel: "info",
	}
}

// at moves a server to an address of its own, where nobody else takes its ports while
// it is away.
func at(host string, cfg config.Config) config.Config {
	free := host + ":0"
	cfg.PublicHost, cfg.APIListen, cfg.PhoneListen, cfg.PhonePlainListen = host, free, free, free
	cfg.SIPUDPListen, cfg.SIPTCPListen, cfg.SIPTLSListen = free, free, free
	return cfg
}

// installation is a running server with one customer.
type installation struct {
	*server.Server
	t        *testing.T
	caFile   string
	customer telephony.Customer
	stop     func() error // of one that can be restarted
}

func install(t *testing.T, transport string) *installation {
	t.Helper()
	i := open(t, settings(t.TempDir(), transport))
	var err error
	i.customer, err = i.App().Customers.Create(t.Context(), operator, guesthouse)
	i.ok(err)
	return i
}

var guesthouse = telephony.Customer{Number: "1001", Name: "Gasthaus Adler", Language: "de", TimeZone: "Europe/Berlin"}

// open starts a server that ends with the test.
func open(t *testing.T, cfg config.Config) *installation {
	t.Helper()
	storagetest.FurnishSQLite(t, cfg.DSN())
	s, err := server.Open(t.Context(), cfg, slog.New(slog.NewTextHandler(t.Output(), nil)))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	i := &installation{Server: s, t: t, caFile: filepath.Join(t.TempDir(), "ca.pem")}
	i.ok(os.WriteFile(i.caFile, []byte(s.RootCA()), 0o600))
	return i
}

func (i *installation) ok(err error) {
	i.t.Helper()
	if err != nil {
		i.t.Fatal(err)
	}
}

// trusted is what a phone needs to believe this installation.
func (i *installation) trusted() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM([]byte(i.RootCA()))
	return pool
}

func (i *installation) within() context.Context {
	ctx, cancel := context.WithTimeout(i.t.Context(), patience)
	i.t.Cleanup(cancel)
	return ctx
}
