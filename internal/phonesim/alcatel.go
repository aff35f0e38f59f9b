package phonesim

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"
)

// Alcatel is a desk phone of Alcatel-Lucent Enterprise: the Myriad series.
const Alcatel Vendor = "alcatel"

type alcatel struct{}

func init() { makers[Alcatel] = maker{alcatel{}, "M5-CE", "2.13.02.1234"} }

func (alcatel) httpAgent(c *Config) string {
	return fmt.Sprintf("ALE %s %s %s", c.Model, c.Firmware, c.MAC)
}

func (alcatel) sipAgent(c *Config) string { return fmt.Sprintf("ALE %s %s", c.Model, c.Firmware) }

func (alcatel) contact(uri, _, instance string) string { return withInstance("<"+uri+">", instance) }

const alcatelURL = "DeviceProvisionServerUrl"

func (alcatel) provisioningURL(s settings) string         { return s.get(alcatelURL) }
func (alcatel) setProvisioningURL(s settings, url string) { s.set(alcatelURL, url) }

func (alcatel) httpCredentials(s settings) (string, string) {
	return s.get("DeviceProvisionServerUsername"), s.get("DeviceProvisionServerPassword")
}

// walk: what the files are called is itself a setting of three. What is missing is
// skipped.
func (alcatel) walk(ctx context.Context, c *chain) {
	model := c.cfg.Model
	for _, suffix := range []string{"-CE", "-GE"} {
		model = strings.TrimSuffix(model, suffix)
	}
	p := c.phone
	p.mu.Lock()
	names := []string{p.settings.or("DeviceProvisionFileFirst", "config.$model.xml"),
		p.settings.or("DeviceProvisionFileSecond", "config.$mac.xml"), p.settings.get("DeviceProvisionFileThird")}
	p.mu.Unlock()
	macros := strings.NewReplacer("$model", model, "$mac", string(c.cfg.MAC))
	base := directory(macros.Replace(c.url))
	for _, name := range names {
		if name == "" {
			continue
		}
		take(ctx, c, base+macros.Replace(name), parseAlcatel)
	}
}

// apply: an empty value is the factory's.
func (alcatel) apply(s settings, docs []document, keep func(string) bool) {
	for _, d := range docs {
		for _, v := range d.body.([]alcatelSetting) {
			switch {
			case v.value == "":
				delete(s, v.id)
			case keep(v.id):
				s.set(v.id, v.value)
			}
		}
	}
}

func (alcatel) relevant(key string) bool {
	return strings.HasPrefix(key, "Account1") || strings.HasPrefix(key, "DeviceProvision") ||
		strings.HasPrefix(key, "ProgramKey") || key == "SettingLanguage"
}

func (alcatel) account(s settings) account {
	const p = "Account1"
	a := account{user: s.get(p + "UserName"), display: s.get(p + "DisplayName"), host: s.get(p + "Server1Address"),
		port: s.number(p+"Server1Port", 0), expires: s.number(p+"Server1Expire", 3600)}
	if !s.on(p+"Enable") || a.user == "" || a.host == "" {
		return account{}
	}
	// How transports are written is not known: as Yealink counts them, or in words.
	a.transport = map[string]string{"1": "tcp", "2": "tls", "tcp": "tcp", "tls": "tls"}[strings.ToLower(s.get(p+"Server1Transport"))]
	a.transport = cmp.Or(a.transport, "udp")
	a.secrets = secrets{user: s.or(p+"RegName", a.user), password: s.get(p + "Password")}
	a.domain, a.active = hostPort(a.host, a.port, a.transport), true
	if proxy := s.get(p + "OutboundProxy1Address"); proxy != "" {
		a.host, a.port = proxy, s.number(p+"OutboundProxy1Port", 0)
	}
	return a
}

// checkSync fetches. That anything restarts it is not known.
func (alcatel) checkSync(settings, string) action { return fetch }

// traits: a close cousin of Yealink's, which asks a new server at its next turn.
func (alcatel) traits() traits { return traits{skipsUnchanged: true, followsRedirects: true} }

// pollAfter: at which distance or hour it asks is not known; once a day is taken.
func (alcatel) pollAfter(s settings, _ time.Time) time.Duration {
	if s.on("DeviceProvisionPollingByIntervalEnable") || s.on("DeviceProvisionPollingByWeekdaysEnable") {
		return 24 * time.Hour
	}
	return 0
}

func (alcatel) language(s settings) string {
	return map[string]string{"0": "en", "1": "fr", "2": "de", "3": "it", "4": "es", "5": "nl"}[s.get("SettingLanguage")]
}

func (al alcatel) idle(s settings, a account) []string {
	lines := []string{s.get("Account1Label")}
	if a.active {
		lines = append(lines, a.display, a.user)
	}
	return append(lines, labels(al.buttons(s)))
}

// buttons are the keys that dial; the phone has no pages.
func (alcatel) buttons(s settings) []Button {
	var list []Button
	for n := 1; n <= 60; n++ {
		k := fmt.Sprintf("ProgramKey%d", n)
		if value := s.get(k + "Value"); s.get(k+"Type") == "1" && value != "" {
			list = append(list, Button{Label: s.or(k+"Label", value), Dials: value})
		}
	}
	return list
}
