package phonesim

import (
	"context"
	"encoding/xml"
	"fmt"
	"net"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"
)

// Mitel is a desk phone of the 6800 and 6900 series, or of the Aastra 6700 series
// before them.
const Mitel Vendor = "mitel"

type mitel struct{}

func init() { makers[Mitel] = maker{mitel{}, "6930", "6.4.0.140"} }

func (mitel) httpAgent(c *Config) string {
	brand := "Aastra"
	if strings.HasPrefix(c.Model, "69") {
		brand = "Mitel"
	}
	return fmt.Sprintf("%s%s MAC:%s V:%s-SIP", brand, c.Model, strings.ToUpper(strings.ReplaceAll(c.MAC.Colons(), ":", "-")), c.Firmware)
}

func (m mitel) sipAgent(c *Config) string {
	agent, _, _ := strings.Cut(m.httpAgent(c), " ")
	return agent + "/" + c.Firmware
}

func (mitel) contact(uri, _, instance string) string {
	return withInstance("<"+uri+">", instance)
}

// provisioningURL: protocol, server, path and port are settings of their own.
func (mitel) provisioningURL(s settings) string {
	scheme := strings.ToLower(s.or("download protocol", "https"))
	host := s.get(scheme + " server")
	if (scheme != "http" && scheme != "https") || host == "" {
		return ""
	}
	if port := s.get(scheme + " port"); port != "" {
		host = net.JoinHostPort(host, port)
	}
	return scheme + "://" + host + "/" + strings.Trim(s.get(scheme+" path"), "/")
}

func (mitel) setProvisioningURL(s settings, raw string) {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		s.set("https server", "")
		s.set("http server", "")
		return
	}
	s.set("download protocol", strings.ToUpper(u.Scheme))
	s.set(u.Scheme+" server", u.Hostname())
	s.set(u.Scheme+" port", u.Port())
	s.set(u.Scheme+" path", strings.TrimPrefix(u.Path, "/"))
	if password, ok := u.User.Password(); ok {
		s.set("http digest username", u.User.Username())
		s.set("http digest password", password)
	}
}

func (mitel) httpCredentials(s settings) (string, string) {
	return s.get("http digest username"), s.get("http digest password")
}

// walk: what is for all phones, for the model, for this one; a later file wins,
// and what is missing is skipped. Then what these name: certificates, a language,
// and where the phone writes what was changed at it.
func (mitel) walk(ctx context.Context, c *chain) {
	base := directory(c.url)
	common := "startup.cfg"
	if major, _ := strconv.Atoi(strings.SplitN(c.cfg.Firmware, ".", 2)[0]); major < 4 {
		common = "aastra.cfg"
	}
	named := settings{}
	for _, name := range []string{common, c.cfg.Model + ".cfg", c.cfg.MAC.Upper() + ".cfg"} {
		lines, _ := take(ctx, c, base+name, parseMitel)
		for _, l := range lines {
			named.set(l.key, l.value)
		}
	}
	if to := named.get("https user certificates"); to != "" {
		if body, ok := c.get(ctx, resolve(base, to), nil); ok && !strings.Contains(string(body), "-----BEGIN CERTIFICATE-----") {
			c.reject(fmt.Errorf("%s is no certificate", path.Base(to)))
		}
	}
	if to := named.get("language " + named.get("language")); to != "" {
		c.get(ctx, resolve(base, to), nil)
	}
	if c.booting {
		mitelStartup(ctx, c, base, named)
	}
	if to := named.get("user config url"); to != "" {
		if body := mitelLocal(c); body != "" {
			c.put(ctx, resolve(directory(to), "user_local.cfg"), []byte(body))
		}
	}
}

// mitelStartup asks for what is to be done at every start; of that, only starting
// once more is known here.
func mitelStartup(ctx context.Context, c *chain, base string, named settings) {
	to := ""
	if e, ok := named["action uri startup"]; ok {
		to = e.value
	} else {
		c.phone.do(func() { to = c.phone.settings.get("action uri startup") })
	}
	if to == "" {
		return
	}
	body, ok := c.get(ctx, resolve(base, to), nil)
	if !ok {
		return
	}
	var o struct {
		XMLName xml.Name `xml:"AastraIPPhoneExecute"`
		Items   []struct {
			URI string `xml:"URI,attr"`
		} `xml:"ExecuteItem"`
	}
	if err := xml.Unmarshal(body, &o); err != nil {
		c.reject(err)
		return
	}
	for _, i := range o.Items {
		c.restart = c.restart || i.URI == "Command: FastReboot" || i.URI == "Command: Reset"
	}
}

// mitelLocal is what was changed at the phone.
func mitelLocal(c *chain) string {
	var b strings.Builder
	c.phone.do(func() {
		for _, key := range sortedKeys(c.phone.settings) {
			if e := c.phone.settings[key]; e.user {
				fmt.Fprintf(&b, "%s: %s\n", key, e.value)
			}
		}
	})
	return b.String()
}

// apply: what was changed at the phone wins over all files, until one says "^".
func (mitel) apply(s settings, docs []document, keep func(string) bool) {
	for _, d := range docs {
		for _, l := range d.body.([]mitelLine) {
			if !keep(l.key) || s[l.key].user && !l.reset {
				continue
			}
			perm := ""
			if l.locked {
				perm = "R"
			}
			s[l.key] = entry{value: l.value, perm: perm}
		}
	}
}

func (mitel) relevant(key string) bool {
	return within(key, "sip ", "http ", "https ", "download protocol", "auto resync", "language", "prgkey", "softkey", "topsoftkey")
}

// account is the first line that has a user; the settings without a line's number
// are for those that say nothing of their own.
func (mitel) account(s settings) account {
	for n := 1; n <= 24; n++ {
		get := func(key string) string {
			return s.or(fmt.Sprintf("sip line%d %s", n, key), s.get("sip "+key))
		}
		port := func(key string) int {
			v, _ := strconv.Atoi(get(key))
			return v
		}
		if get("user name") == "" {
			continue
		}
		a := account{user: get("user name"), display: get("display name"), host: get("registrar ip"), port: port("registrar port"), expires: port("registration period")}
		if a.expires == 0 {
			a.expires = 3600
		}
		a.transport = map[string]string{"2": "tcp", "4": "tls"}[s.get("sip transport protocol")]
		if a.transport == "" {
			a.transport = "udp"
		}
		a.secrets = secrets{user: get("auth name"), password: get("password")}
		if a.secrets.user == "" {
			a.secrets.user = a.user
		}
		a.active = a.host != "" && a.host != "0.0.0.0"
		domain, at := a.host, a.port
		if p := get("proxy ip"); p != "" && p != "0.0.0.0" {
			domain, at = p, port("proxy port")
		}
		a.domain = hostPort(domain, at, a.transport)
		if out := get("outbound proxy"); out != "" && out != "0.0.0.0" {
			a.host, a.port = out, port("outbound proxy port")
		}
		return a
	}
	return account{}
}

// checkSync looks for changes; that it then starts anew is one of its traits.
func (mitel) checkSync(_ settings, rebootParam string) action { return asked(rebootParam) }

// obeys: pushed XML is known only where it was switched on.
func (m mitel) obeys(s settings, event, rebootParam string) (action, bool) {
	switch event {
	case "check-sync":
		return m.checkSync(s, rebootParam), true
	case "aastra-xml":
		return ignore, s.on("sip xml notify event")
	}
	return ignore, false
}

func (mitel) traits() traits { return traits{skipsUnchanged: true, restartsOnChange: true} }

// pollAfter: once a day, at the time that was set.
func (mitel) pollAfter(s settings, now time.Time) time.Duration {
	if mode := s.get("auto resync mode"); mode != "1" && mode != "3" {
		return 0
	}
	return until(s.or("auto resync time", "00:00"), now)
}

// language is that of a file such as lang_de.txt; English is built in.
func (mitel) language(s settings) string {
	switch n := s.get("language"); n {
	case "":
		return ""
	case "0":
		return "en"
	default:
		return strings.TrimSuffix(strings.TrimPrefix(path.Base(s.get("language "+n)), "lang_"), ".txt")
	}
}

func (m mitel) idle(s settings, a account) []string {
	lines := []string{s.or("sip line1 screen name", s.get("sip screen name")), s.or("sip line1 screen name 2", s.get("sip screen name 2"))}
	if a.active {
		lines = append(lines, a.display, a.user)
	}
	return append(lines, labels(m.buttons(s)))
}

// buttons are the keys beside the display, beneath it, and those that are
// labelled on paper. One beneath it that says when it is there must be there in
// idle.
func (mitel) buttons(s settings) []Button {
	var list []Button
	for _, kind := range []string{"topsoftkey", "softkey", "prgkey"} {
		for n := 1; n <= 44; n++ {
			k := fmt.Sprintf("%s%d ", kind, n)
			b := Button{Label: s.or(k+"label", s.get(k+"value"))}
			switch s.get(k + "type") {
			case "speeddial":
				b.Dials = s.get(k + "value")
			case "xml":
				b.Opens = s.get(k + "value")
			}
			states := strings.Fields(s.or(k+"states", "idle"))
			if b.Opens+b.Dials != "" && strings.Contains(" "+strings.Join(states, " ")+" ", " idle ") {
				list = append(list, b)
			}
		}
	}
	return list
}
