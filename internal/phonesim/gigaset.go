package phonesim

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Gigaset is a DECT manager of the N610, N670, N770 and N870 family, or a Maxwell desk
// phone. Which of a manager's handsets a Phone stands for is its Config.Handset;
// each fetches the manager's file by itself.
const Gigaset Vendor = "gigaset"

type gigaset struct {
	handset int // the how manieth that has an account, from 1
}

func init() { makers[Gigaset] = maker{gigaset{1}, "Maxwell 3", "2.41.0"} }

func (gigaset) ofHandset(n int) firmware { return gigaset{n} }

func (gigaset) httpAgent(c *Config) string {
	return fmt.Sprintf("Gigaset %s/%s;%s", c.Model, c.Firmware, c.MAC.Upper())
}

func (gigaset) sipAgent(c *Config) string { return "Gigaset " + c.Model + "/" + c.Firmware }

func (gigaset) contact(uri, _, instance string) string { return withInstance("<"+uri+">", instance) }

// Where the two families keep the address of their server. "given" is what the
// network, the redirect service or a person said.
const (
	gigasetURL = "Provisioning.global.ProvisioningServer"
	maxwellURL = "System.Provision.ProvisioningServer"
)

func (gigaset) provisioningURL(s settings) string {
	return s.or(gigasetURL, s.or(maxwellURL, s.get("given")))
}

func (gigaset) setProvisioningURL(s settings, url string) {
	delete(s, gigasetURL)
	delete(s, maxwellURL)
	s.set("given", url)
}

// httpCredentials: what the redirect service or the URL brought, no file does.
func (gigaset) httpCredentials(settings) (string, string) { return "", "" }

// walk: one file. A directory gets the phone's name appended.
func (gigaset) walk(ctx context.Context, c *chain) {
	u := strings.ReplaceAll(c.url, "%MACD", string(c.cfg.MAC))
	if strings.HasSuffix(u, "/") {
		u += string(c.cfg.MAC) + ".xml"
	}
	body, ok := c.get(ctx, u, nil)
	if !ok {
		return
	}
	f, err := parseGigaset(body)
	switch {
	case err != nil:
		c.reject(err)
	case f.product == "e2" && strings.HasPrefix(c.cfg.Model, "Maxwell"):
		c.reject(fmt.Errorf("a file for %q is not for a %s", f.product, c.cfg.Model))
	default: // that a manager minds a file without a product nobody says
		c.accept(u, f)
	}
}

func (gigaset) apply(s settings, docs []document, keep func(string) bool) {
	for _, d := range docs {
		applyGigaset(s, d.body.(gigasetFile), keep)
	}
}

func (gigaset) relevant(key string) bool {
	if key == "given" || key == gigasetURL || key == maxwellURL {
		return true
	}
	return within(key, "SipAccount.", "SipProvider.", "SIP.", "hs.", "PhoneUI.", "System.Provision.", "SystemSettings.")
}

var gigasetTransports = map[string]string{"1": "udp", "2": "tcp", "3": "tls"}

func (g gigaset) account(s settings) account {
	if s.get("SIP.Account.0.Username") != "" || s.get("SIP.Account.0.AuthName") != "" {
		return maxwellAccount(s)
	}
	h, ok := g.own(s)
	if !ok {
		return account{}
	}
	p := "SipAccount." + h + "."
	at := "SipProvider." + s.or(p+"ProviderId", "0") + "."
	a := account{user: s.or(p+"UserName", s.get(p+"AuthName")), display: s.get(p + "DisplayName"),
		host: s.get(at + "RegServerAddress"), port: s.number(at+"RegServerPort", 0), expires: s.number(at+"RegServerRefreshTimer", 600),
		transport: cmp.Or(gigasetTransports[s.get(at+"TransportProtocol")], "udp"),
		secrets:   secrets{user: s.get(p + "AuthName"), password: s.get(p + "AuthPassword")}}
	a.domain = hostPort(s.or(at+"Domain", a.host), a.port, a.transport)
	// A mode of the outbound proxy other than "always" or "automatic" is never.
	if out := s.get(at + "OutboundProxyAddress"); out != "" && s.get(at+"OutboundProxyMode") != "0" {
		a.host, a.port = out, s.number(at+"OutboundProxyPort", 0)
	}
	a.active = a.user != "" && a.host != ""
	return a
}

// own is the number of this phone's handset in the manager's file, as it is written
// there: "2" or "00002".
func (g gigaset) own(s settings) (string, bool) {
	var numbers []string
	for k := range maps.Keys(s) {
		if h := handsetOf(k); h != "" && strings.HasSuffix(k, ".AuthName") && s.get(k) != "" {
			numbers = append(numbers, h)
		}
	}
	slices.SortFunc(numbers, func(a, b string) int {
		x, _ := strconv.Atoi(a)
		y, _ := strconv.Atoi(b)
		return x - y
	})
	if g.handset < 1 || g.handset > len(numbers) {
		return "", false
	}
	return numbers[g.handset-1], true
}

func maxwellAccount(s settings) account {
	const p = "SIP.Account.0."
	if s.or(p+"Active", "1") == "0" {
		return account{}
	}
	a := account{user: s.or(p+"Username", s.get(p+"AuthName")), display: s.get(p + "DisplayName"),
		host: s.get(p + "RegistrationServer.Address"), port: s.number(p+"RegistrationServer.Port", 0), expires: 600,
		transport: cmp.Or(gigasetTransports[s.get("SIP.TransportProtocol")], "udp"),
		secrets:   secrets{user: s.get(p + "AuthName"), password: s.get(p + "AuthPassword")}}
	if a.transport == "tcp" && s.on("SIP.Security.UseSIPS") { // so a public template has its TLS
		a.transport = "tls"
	}
	a.domain = hostPort(s.or(p+"Domain", a.host), a.port, a.transport)
	if out := s.get(p + "OutboundProxy.Address"); out != "" && s.get(p+"OutboundProxy.Mode") != "0" {
		a.host, a.port = out, s.number(p+"OutboundProxy.Port", 0)
	}
	a.active = a.user != "" && a.host != ""
	return a
}

// checkSync fetches, and never restarts but where that was allowed: nothing of a
// file needs it.
func (gigaset) checkSync(s settings, rebootParam string) action {
	if strings.EqualFold(rebootParam, "true") && s.on("SystemSettings.global.CheckSyncRebootEnabled") {
		return reboot
	}
	return fetch
}

func (gigaset) traits() traits { return traits{restartsOnNewURL: true, followsRedirects: true} }

// pollAfter: managers ask daily, Maxwells every so many minutes.
func (gigaset) pollAfter(s settings, _ time.Time) time.Duration {
	if n := s.number("System.Provision.Period", 0); n > 0 {
		return time.Duration(n) * time.Minute
	}
	return 24 * time.Hour
}

func (gigaset) language(s settings) string { return s.get("PhoneUI.Settings.Language") }

func (g gigaset) idle(s settings, a account) []string {
	lines := []string{s.get("SIP.Account.0.AccountName")}
	if a.active {
		lines = append(lines, a.display, a.user)
	}
	return append(lines, labels(g.buttons(s)))
}

// buttons are a Maxwell's; handsets have none of ours.
func (gigaset) buttons(s settings) []Button {
	var list []Button
	for n := range 100 {
		k := fmt.Sprintf("PhoneUI.Keys.FunctionKeys.%d.", n)
		b := Button{Label: s.get(k + "DisplayName")}
		if s.get(k+"Type") == "3" {
			b.Dials = s.get(k + "PhoneNumber")
		}
		if b.Dials != "" {
			list = append(list, b)
		}
	}
	return list
}
