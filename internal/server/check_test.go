package server

import (
	"errors"
	"os"
	"testing"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/config"
)

// fixed is the configuration of a running server with its real ports.
func fixed(cfg config.Config, a Addrs) config.Config {
	cfg.APIListen, cfg.PhoneListen, cfg.PhonePlainListen = a.API, a.Phone, a.PhonePlain
	cfg.SIPUDPListen, cfg.SIPTCPListen, cfg.SIPTLSListen = a.SIP["udp"][0], a.SIP["tcp"][0], a.SIP["tls"][0]
	return cfg
}

func bad(fs []Finding) map[string]Finding {
	out := map[string]Finding{}
	for _, f := range fs {
		if !f.OK {
			out[f.What] = f
		}
	}
	return out
}

func TestP11_CheckFindsNothingWrongWithAGoodServer(t *testing.T) {
	cfg := testConfig(t.TempDir())
	s, _ := start(t, cfg)
	if got := bad(Check(t.Context(), fixed(cfg, s.Addrs()), time.Now())); len(got) > 0 {
		t.Errorf("%+v", got)
	}
}

func TestP11_CheckFindsWhatIsWrong(t *testing.T) {
	cfg := testConfig(t.TempDir())
	for _, what := range []string{"key", "database", "phones' HTTPS"} {
		if f, ok := bad(Check(t.Context(), cfg, time.Now()))[what]; !ok || f.Advice == "" {
			t.Errorf("never started: %s is not reported: %+v", what, f)
		}
	}
	s, _ := start(t, cfg)
	cfg = fixed(cfg, s.Addrs())
	if err := os.Chmod(cfg.Key(), 0o644); err != nil {
		t.Fatal(err)
	}
	other := cfg
	other.PublicHost = "127.0.0.2" // not in the certificate, but reaches nothing else
	for what, got := range map[string]map[string]Finding{
		"key":           bad(Check(t.Context(), cfg, time.Now())),
		"clock":         bad(Check(t.Context(), cfg, time.Unix(0, 0))),
		"SIP over TLS":  bad(Check(t.Context(), cfg, time.Now().Add(85*24*time.Hour))),
		"phones' HTTPS": bad(Check(t.Context(), other, time.Now())),
	} {
		if _, ok := got[what]; !ok {
			t.Errorf("%s is not reported: %+v", what, got)
		}
	}
	cfg.Transport = "x"
	if got := bad(Check(t.Context(), cfg, time.Now())); len(got) != 1 || got["configuration"].Detail == "" {
		t.Errorf("%+v", got)
	}
}

func TestU09_LocalAdministratorMakesATokenBesideTheServer(t *testing.T) {
	cfg := testConfig(t.TempDir())
	if _, _, err := Offline(t.Context(), cfg); !errors.Is(err, ErrNotStarted) {
		t.Errorf("never started: %v", err)
	}
	s, _ := start(t, cfg)
	setup := s.SetupToken()
	a, done, err := Offline(t.Context(), fixed(cfg, s.Addrs()))
	if err != nil {
		t.Fatal(err)
	}
	local := auth.Actor{Kind: "cli", Name: "local", Role: auth.OperatorAdmin, Scopes: auth.Scopes}
	_, secret, err := a.Tokens.Create(t.Context(), local, app.TokenSpec{Name: "x", Role: auth.OperatorSupport})
	if err != nil {
		t.Fatal(err)
	}
	if err := done(); err != nil {
		t.Error(err)
	}
	who, err := s.App().Tokens.Authenticate(t.Context(), secret.Reveal(), local.From)
	if err != nil || who.Role != auth.OperatorSupport {
		t.Errorf("%+v, %v", who, err)
	}
	if _, _, err := s.App().Tokens.Setup(t.Context(), setup.Reveal(), "first", local.From); err != nil {
		t.Errorf("the setup token was used up: %v", err)
	}
}
