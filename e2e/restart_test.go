package e2e_test

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"tischlein/internal/config"
	"tischlein/internal/server"
	"tischlein/internal/storagetest"
)

// installWith is an installation of the test's own that can be restarted.
func installWith(t *testing.T, cfg config.Config) *installation {
	t.Helper()
	i := &installation{t: t, caFile: filepath.Join(t.TempDir(), "ca.pem")}
	i.begin(cfg)
	t.Cleanup(func() { i.end() })
	i.ok(os.WriteFile(i.caFile, []byte(i.RootCA()), 0o600))
	var err error
	c := guesthouse
	c.OneGoCode = true
	i.customer, err = i.App().Customers.Create(t.Context(), operator, c)
	i.ok(err)
	return i
}

func (i *installation) begin(cfg config.Config) {
	i.t.Helper()
	if cfg.DB == "" {
		storagetest.FurnishSQLite(i.t, cfg.DSN())
	}
	s, err := server.Open(context.Background(), cfg, slog.New(slog.NewTextHandler(i.t.Output(), nil)))
	i.ok(err)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	i.Server = s
	i.stop = func() error {
		cancel()
		err := <-ended
		if e := s.Close(); err == nil {
			err = e
		}
		return err
	}
}

func (i *installation) end() {
	i.t.Helper()
	if i.stop != nil {
		if err := i.stop(); err != nil {
			i.t.Errorf("ending the server: %v", err)
		}
		i.stop = nil
	}
}

// restart ends the server and begins it again at the same addresses.
func (i *installation) restart(cfg config.Config) {
	i.t.Helper()
	at := i.Addrs()
	cfg.APIListen, cfg.PhoneListen, cfg.PhonePlainListen = at.API, at.Phone, at.PhonePlain
	cfg.SIPUDPListen, cfg.SIPTCPListen, cfg.SIPTLSListen = at.SIP["udp"][0], at.SIP["tcp"][0], at.SIP["tls"][0]
	i.end()
	i.begin(cfg)
}
