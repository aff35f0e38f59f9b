package phonesim

import (
	"context"
	"fmt"
	"path"
	"strings"
	"time"
)

type snom struct{}

func init() { makers[Snom] = maker{snom{}, "D785", "10.1.33.33"} }

const (
	snomURL   = "setting_server"
	snomDepth = 10 // files that <setting-files> may lead to
)

func (snom) httpAgent(c *Config) string {
	return fmt.Sprintf("Mozilla/4.0 (compatible; snom%s-SIP %s 2010.12-00004-g9ba52f5 %s SXM:0 UXM:0)",
		c.Model, c.Firmware, c.MAC.Upper())
}

func (snom) sipAgent(c *Config) string { return "snom" + c.Model + "/" + c.Firmware }

// contact: snom tells its identities apart by a line parameter in the URI.
func (snom) contact(uri, line, instance string) string {
	return withInstance("<"+uri+";line="+line+">;reg-id=1;q=1.0", instance)
}

func (snom) provisioningURL(s settings) string         { return s.get(snomURL) }
func (snom) setProvisioningURL(s settings, url string) { s.set(snomURL, url) }

func (snom) httpCredentials(s settings) (string, string) {
	return s.get("http_client_user"), s.get("http_client_pass")
}

// walk: a URL with {mac}, or one that names a file, is fetched as it stands; a
// directory is asked for the model's file and then for the phone's own.
func (snom) walk(ctx context.Context, c *chain) {
	u := strings.ReplaceAll(c.url, "{mac}", c.cfg.MAC.Upper())
	left := snomDepth
	if u != c.url || path.Ext(urlPath(u)) != "" || strings.Contains(u, "?") {
		snomGet(ctx, c, u, &left)
		return
	}
	u = directory(u)
	model := "snom" + c.cfg.Model
	snomGet(ctx, c, u+model+".htm", &left)
	snomGet(ctx, c, u+model+"-"+c.cfg.MAC.Upper()+".htm", &left)
}

func snomGet(ctx context.Context, c *chain, url string, left *int) {
	f, _ := take(ctx, c, url, parseSnom)
	for _, next := range f.files {
		if *left--; *left < 0 {
			c.reject(fmt.Errorf("more than %d setting-files", snomDepth))
			return
		}
		snomGet(ctx, c, resolve(url, strings.ReplaceAll(next, "{mac}", c.cfg.MAC.Upper())), left)
	}
}

func (snom) apply(s settings, docs []document, keep func(string) bool) {
	for _, d := range docs {
		applySnom(s, d.body.(snomFile), keep)
	}
}

func (snom) relevant(key string) bool {
	if strings.HasPrefix(key, "fkey:") || strings.HasPrefix(key, "prov_polling_") ||
		strings.HasPrefix(key, "http_client_") {
		return true
	}
	switch name, _, _ := strings.Cut(key, ":"); name {
	case snomURL, "settings_refresh_timer", "language", "user_active", "user_realname", "user_name", "user_pname",
		"user_pass", "user_hash", "user_idle_text", "user_idle_number", "user_host", "user_outbound", "user_expiry":
		return true
	}
	return false
}

func (snom) account(s settings) account {
	for n := 1; n <= 12; n++ {
		k := func(name string) string { return fmt.Sprintf("%s:%d", name, n) }
		if s.or(k("user_active"), "on") != "on" || s.get(k("user_name")) == "" || s.get(k("user_host")) == "" {
			continue
		}
		reg, ok := parseURI(s.get(k("user_host")))
		if !ok {
			continue
		}
		a := account{active: true, user: s.get(k("user_name")), display: s.get(k("user_realname")),
			host: reg.host, port: reg.port, transport: reg.transport, expires: s.number(k("user_expiry"), 3600)}
		if out, ok := parseURI(s.get(k("user_outbound"))); ok {
			a.host, a.port, a.transport = out.host, out.port, out.transport
		}
		if a.transport == "" {
			a.transport = "udp"
		}
		a.domain = hostPort(reg.host, reg.port, a.transport)
		a.secrets = secrets{user: s.or(k("user_pname"), a.user), password: s.get(k("user_pass")), ha1: s.get(k("user_hash"))}
		return a
	}
	return account{}
}

func (snom) checkSync(_ settings, rebootParam string) action { return asked(rebootParam) }

func (snom) traits() traits { return traits{restartsOnNewURL: true, followsRedirects: true} }

// pollAfter knows prov_polling_mode rel and abs (random counts as abs), and the
// older settings_refresh_timer.
func (snom) pollAfter(s settings, now time.Time) time.Duration {
	if s.on("prov_polling_enabled") {
		if s.or("prov_polling_mode", "rel") == "rel" {
			return time.Duration(s.number("prov_polling_period", 86400)) * time.Second
		}
		return until(s.or("prov_polling_time", "03:00"), now)
	}
	return time.Duration(s.number("settings_refresh_timer", 0)) * time.Second
}

func (snom) language(s settings) string { return s.get("language") }

func (snom) idle(s settings, a account) []string {
	lines := []string{s.get("user_realname:1"), s.get("user_idle_text:1"), s.get("user_idle_number:1")}
	if a.active {
		lines = append(lines, a.user)
	}
	var keys []string
	for n := range 32 {
		k := fmt.Sprintf("fkey:%d", n)
		if v := s.get(k); v != "" && v != "line" && s.get(k+":label") != "" {
			keys = append(keys, "["+s.get(k+":label")+"]")
		}
	}
	return append(lines, strings.Join(keys, " "))
}
