package config

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"
	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write docs/configuration.md anew")

// load does what the command does: file, environment, flags.
func load(t *testing.T, yaml string, args ...string) (Config, error) {
	t.Helper()
	var cli struct {
		Config Config          `embed:""`
		File   kong.ConfigFlag `name:"config"`
	}
	p, err := kong.New(&cli, kong.Configuration(Read))
	if err != nil {
		t.Fatal(err)
	}
	if yaml != "" {
		file := filepath.Join(t.TempDir(), "t.yaml")
		if err := os.WriteFile(file, []byte(yaml), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, "--config", file)
	}
	_, err = p.Parse(args)
	return cli.Config, err
}

func TestDefaultsAreValid(t *testing.T) {
	c, err := load(t, "")
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	if c.PhoneListen != ":8443" || c.Refetch != time.Hour || c.DSN() != "data/tischlein.db" || c.Key() != "data/key" {
		t.Errorf("%+v", c)
	}
}

func TestFlagOutweighsEnvironmentOutweighsFileOutweighsDefault(t *testing.T) {
	t.Setenv("TISCHLEIN_NODE", "env")
	t.Setenv("TISCHLEIN_REALM", "env")
	c, err := load(t, "node: file\nrealm: file\ndata: /srv/t\nrefetch: 15m\nsession_tickets: true\ntrusted_proxies: [10.0.0.1, 192.0.2.0/24]\n", "--node", "flag")
	if err != nil {
		t.Fatal(err)
	}
	got := []any{c.Node, c.Realm, c.Data, c.Refetch, c.SessionTickets, c.TrustedProxies, c.LogLevel}
	want := []any{"flag", "env", "/srv/t", 15 * time.Minute, true, []string{"10.0.0.1", "192.0.2.0/24"}, "info"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestFileMistakesNameTheKey(t *testing.T) {
	for text, want := range map[string]string{
		"phone_listn: ':1'\n":    "phone_listn",
		"refetch: often\n":       "refetch",
		"session_tickets: [x]\n": "session_tickets",
		"data: [\n":              "",
	} {
		_, err := load(t, text)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
	if _, err := load(t, "# nothing set\n"); err != nil {
		t.Errorf("empty file: %v", err)
	}
}

func TestValidateNamesTheField(t *testing.T) {
	for field, spoil := range map[string]func(*Config){
		"data":                 func(c *Config) { c.Data = "" },
		"api_listen":           func(c *Config) { c.APIListen = "off" },
		"firmware_limit":       func(c *Config) { c.FirmwareLimit = -1 },
		"phone_upload_limit":   func(c *Config) { c.PhoneUploadLimit = 16<<20 + 1 },
		"phone_listen":         func(c *Config) { c.PhoneListen = "8443" },
		"portal_listen":        func(c *Config) { c.PortalListen = "8088" },
		"portal_base_url":      func(c *Config) { c.PortalBaseURL = "https://portal.example/here" },
		"portal_service_name":  func(c *Config) { c.PortalServiceName = strings.Repeat("x", 41) },
		"portal_session_idle":  func(c *Config) { c.PortalSessionIdle = time.Minute },
		"portal_session_life":  func(c *Config) { c.PortalSessionLife = time.Minute },
		"portal_second_factor": func(c *Config) { c.PortalSecondFactor = []string{"user"} },
		"sip_udp_listen":       func(c *Config) { c.SIPUDPListen = ":70000" },
		"sip_tls_listen":       func(c *Config) { c.SIPTLSListen = "https://x:1" },
		"transport":            func(c *Config) { c.Transport = "sctp" },
		"public_host":          func(c *Config) { c.PublicHost = "https://phones.example" },
		"realm":                func(c *Config) { c.Realm = `a"b` },
		"tls_key":              func(c *Config) { c.TLSCert = "a.pem" },
		"tls_cert":             func(c *Config) { c.TLSKey = "a.key" },
		"trusted_proxies":      func(c *Config) { c.TrustedProxies = []string{"10.0.0.0/33"} },
		"legacy_listen": func(c *Config) {
			c.LegacyListen, c.LegacyHost, c.LegacyCert, c.LegacyKey = "8444", "old.example", "a", "b"
		},
		"legacy_host":  func(c *Config) { c.LegacyListen, c.LegacyCert, c.LegacyKey = ":8444", "a", "b" },
		"legacy_cert":  func(c *Config) { c.LegacyListen, c.LegacyHost, c.LegacyCert = ":8444", "old.example", "a" },
		"pnp_networks": func(c *Config) { c.PnPNetworks = []string{"10.0.0.0/24", "0.0.0.0/0"} },
		"refetch":      func(c *Config) { c.Refetch = time.Second },
		"node":         func(c *Config) { c.Node = "" },
		"log_level":    func(c *Config) { c.LogLevel = "loud" },
	} {
		c, err := load(t, "")
		if err != nil {
			t.Fatal(err)
		}
		spoil(&c)
		var fe *FieldError
		if err := c.Validate(); !errors.As(err, &fe) || fe.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	c, _ := load(t, "")
	c.SIPTLSListen = Off
	if err := c.Validate(); err == nil || !strings.Contains(err.Error(), "transport") {
		t.Errorf("transport tls without a TLS listener: %v", err)
	}
	c.Transport, c.PublicHost = "udp", "2001:db8::1"
	if err := c.Validate(); err != nil {
		t.Error(err)
	}
}

func TestFlagNamesFollowTheKeys(t *testing.T) {
	var c Config
	p, err := kong.New(&c)
	if err != nil {
		t.Fatal(err)
	}
	have := map[string]bool{}
	for _, f := range p.Model.Flags {
		have[f.Name] = true
	}
	for _, f := range fields() {
		if want := "TISCHLEIN_" + strings.ToUpper(f.key); !have[f.flag] || f.env != want || f.help == "" {
			t.Errorf("%s: flag --%s known: %v, environment %s", f.key, f.flag, have[f.flag], f.env)
		}
	}
}

func TestDocsAreFresh(t *testing.T) {
	const path = "../../docs/configuration.md"
	if *update {
		if err := os.WriteFile(path, []byte(Docs()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(Docs(), string(b)); d != "" {
		t.Errorf("docs/configuration.md is stale; go test ./internal/config -update writes it:\n%s", d)
	}
}
