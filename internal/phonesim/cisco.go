package phonesim

import (
	"context"
	"errors"
	"net"
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// cisco is what the multiplatform and the older SPA firmware share: the flat
// profile, profile rules, and what they do when they are notified.
type cisco struct{}

const (
	ciscoRule = "Profile_Rule"
	// ciscoFound is where DHCP or a person said the server is, until a profile
	// brings a rule.
	ciscoFound = "found at"
)

func (cisco) contact(uri, _, instance string) string {
	return withInstance("<"+uri+">", instance)
}

// provisioningURL is the rules, a line each, as far as settings alone can fill
// them in; without rules, where DHCP pointed to.
func (cisco) provisioningURL(s settings) string {
	var rules []string
	for _, suffix := range []string{"", "_B", "_C", "_D"} {
		if r := strings.TrimSpace(s.get(ciscoRule + suffix)); r != "" {
			rules = append(rules, ciscoGeneral(s, r))
		}
	}
	if len(rules) == 0 {
		return s.get(ciscoFound)
	}
	return strings.Join(rules, "\n")
}

var ciscoSettingMacro = regexp.MustCompile(`\$(?:\(([A-P]|EMS|MUID|MPWD|PDOM)\)|([A-P]|EMS|MUID|MPWD|PDOM)\b)`)

// ciscoGeneral fills in what settings say: the general purpose parameters, and who
// has signed in.
func ciscoGeneral(s settings, rule string) string {
	return ciscoSettingMacro.ReplaceAllStringFunc(rule, func(macro string) string {
		switch name := strings.Trim(macro, "$()"); name {
		case "PDOM":
			return s.get("EM_User_Domain")
		case "EMS", "MUID", "MPWD":
			return s.get(name)
		default:
			return s.get("GPP_" + name)
		}
	})
}

func (cisco) setProvisioningURL(s settings, url string) {
	s.dropPrefix(ciscoRule)
	s.set(ciscoFound, url)
}

// httpCredentials: they stand in the rule.
func (cisco) httpCredentials(settings) (string, string) { return "", "" }

// ciscoMacros are those of one device.
func ciscoMacros(c *Config, pn, psn string) *strings.Replacer {
	m := string(c.MAC)
	cert := "Not Installed"
	if c.ClientCertificate != nil {
		cert = "Installed"
	}
	return strings.NewReplacer("$$", "$", "$MAU", c.MAC.Upper(), "$MAC", c.MAC.Colons(), "$MA", m, "$(MA)", m, "$(MAU)", c.MAC.Upper(),
		"$PSN", psn, "$(PSN)", psn, "$PN", pn, "$(PN)", pn, "$SWVER", c.Firmware, "$CCERT", cert, "$SN", ciscoSerial(c))
}

func ciscoSerial(c *Config) string {
	return "CBT" + strings.ToUpper(string(c.MAC)[min(4, len(c.MAC)):])
}

// ciscoWalk follows the rules in order; tails are what is asked for below a URL
// that DHCP gave, when that itself is no profile.
func ciscoWalk(ctx context.Context, c *chain, macros *strings.Replacer, tails []string) {
	user, pass := c.user, c.pass
	for _, line := range strings.Split(c.url, "\n") {
		r, ok := parseCiscoRule(macros.Replace(line))
		if !ok {
			continue
		}
		if c.user, c.pass = user, pass; r.user != "" {
			c.user, c.pass = r.user, r.password
		}
		if ciscoGet(ctx, c, r.url) || path.Ext(urlPath(r.url)) != "" {
			continue
		}
		for _, tail := range tails {
			if ciscoGet(ctx, c, directory(r.url)+macros.Replace(tail)) {
				break
			}
		}
	}
}

// ciscoGet fetches one profile, and the CA that it names.
func ciscoGet(ctx context.Context, c *chain, url string) bool {
	profile, ok := take(ctx, c, url, parseCisco)
	for _, p := range profile {
		if p.name != "Custom_CA_Rule" || p.value == "" {
			continue
		}
		if pem, ok := c.get(ctx, resolve(url, p.value), nil); ok && !strings.Contains(string(pem), "-----BEGIN CERTIFICATE-----") {
			c.reject(errors.New("a CA that is no PEM certificate"))
		}
	}
	return ok
}

// apply: what a profile does not mention keeps its value, what is blank is cleared.
func (cisco) apply(s settings, docs []document, keep func(string) bool) {
	for _, d := range docs {
		for _, p := range d.body.(ciscoProfile) {
			if keep(p.name) {
				s[p.name] = entry{value: p.value, perm: p.locked()}
			}
		}
	}
}

func (cisco) relevant(key string) bool {
	return within(key, ciscoRule, ciscoFound, "GPP_", "Resync_", "Auth_Resync", "Line_Enable_", "User_ID_", "Password_", "Auth_ID_", "Use_Auth_ID_",
		"Proxy_", "Outbound_Proxy_", "Use_Outbound_Proxy_", "Display_Name_", "SIP_Transport_", "Register_", "Station_", "Text_Logo", "Short_Name_",
		"Extended_Function_", "Extension_", "PSK_", "Idle_Key_List", "Programmable_Softkey_Enable", "Language_Selection", "Provision_Enable")
}

// ciscoAccount is the first line in use. useProxy: an outbound proxy counts only
// when it is switched on.
func ciscoAccount(s settings, useProxy bool) account { return ciscoLine(s, useProxy, 1, 16) }

// ciscoLine is the first in use of those lines.
func ciscoLine(s settings, useProxy bool, from, to int) account {
	for n := from; n <= to; n++ {
		k := func(name string) string { return name + "_" + strconv.Itoa(n) + "_" }
		if !isYes(s.or(k("Line_Enable"), "Yes")) || !isYes(s.or(k("Register"), "Yes")) || s.get(k("User_ID")) == "" {
			continue
		}
		host, port, ok := ciscoHost(s.get(k("Proxy")))
		if !ok {
			continue
		}
		a := account{active: true, user: s.get(k("User_ID")), display: s.get(k("Display_Name")), host: host, port: port,
			transport: "udp", expires: s.number(k("Register_Expires"), 3600)}
		if t := strings.ToLower(s.get(k("SIP_Transport"))); t == "tcp" || t == "tls" {
			a.transport = t
		}
		a.domain = hostPort(host, port, a.transport)
		a.secrets = secrets{user: a.user, password: s.get(k("Password"))}
		if isYes(s.get(k("Use_Auth_ID"))) {
			a.secrets.user = s.or(k("Auth_ID"), a.user)
		}
		if out, outPort, ok := ciscoHost(s.get(k("Outbound_Proxy"))); ok && (!useProxy || isYes(s.get(k("Use_Outbound_Proxy")))) {
			a.host, a.port = out, outPort
		}
		return a
	}
	return account{}
}

func isYes(v string) bool { return strings.EqualFold(strings.TrimSpace(v), "yes") || v == "1" }

// ciscoHost splits host[:port]; parameters behind it mean nothing here.
func ciscoHost(v string) (host string, port int, ok bool) {
	v, _, _ = strings.Cut(strings.TrimSpace(v), ";")
	if h, p, err := net.SplitHostPort(v); err == nil {
		n, err := strconv.Atoi(p)
		return h, n, err == nil && h != "" && n > 0 && n < 65536
	}
	host = strings.Trim(v, "[]")
	return host, 0, host != "" && !strings.ContainsAny(host, " /@")
}

// checkSync is not asked: obeys knows all events.
func (cisco) checkSync(settings, string) action { return ignore }

// guards: the phone challenges whoever would resync or restart it, in the realm of
// its first line, unless a profile says that it need not.
func (cisco) guards(s settings, _ string) string {
	if !isYes(s.or("Auth_Resync-Reboot_1_", "Yes")) {
		return ""
	}
	host, _, _ := ciscoHost(s.get("Proxy_1_"))
	return host
}

// resyncs is what resync and its synonym do.
func (cisco) resyncs(s settings) action {
	if !isYes(s.or("Resync_From_SIP", "Yes")) || !isYes(s.or("Provision_Enable", "Yes")) {
		return ignore
	}
	return fetch
}

// pollAfter: a number of seconds, or a list of them, each with a random part. The
// random part is left out.
func (cisco) pollAfter(s settings, _ time.Time) time.Duration {
	if !isYes(s.or("Provision_Enable", "Yes")) {
		return 0
	}
	first, _, _ := strings.Cut(s.or("Resync_Periodic", "3600"), ",")
	first, _, _ = strings.Cut(first, "+")
	n, err := strconv.Atoi(strings.TrimSpace(first))
	if err != nil || n <= 0 {
		return 0
	}
	return time.Duration(n) * time.Second
}

// traits: a profile with another rule is followed at once.
func (cisco) traits() traits { return traits{restartsOnNewURL: true, followsRedirects: true} }

func (cisco) language(s settings) string { return s.get("Language_Selection") }

func (c cisco) idle(s settings, a account) []string {
	lines := []string{s.get("Station_Display_Name"), s.get("Station_Name"), s.get("Text_Logo")}
	if name := s.get("Short_Name_1_"); name != "" && name != "$USER" {
		lines = append(lines, name)
	}
	if a.active {
		lines = append(lines, a.display, a.user)
	}
	return append(lines, labels(c.buttons(s)))
}
