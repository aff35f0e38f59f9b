package phonesim

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"
)

// Grandstream is a desk phone of the GRP and GXP families. Its settings are
// P-values ("P35"); the names of newer files are read as the P-values they mean.
const Grandstream Vendor = "grandstream"

type grandstream struct {
	socket int // of an adapter with two: 2 is the other one
}

func init() { makers[Grandstream] = maker{grandstream{}, "GRP2614", "1.0.5.15"} }

func (grandstream) httpAgent(c *Config) string {
	return fmt.Sprintf("Grandstream Model HW %s SW %s DevId %s", c.Model, c.Firmware, c.MAC)
}

func (grandstream) sipAgent(c *Config) string {
	return fmt.Sprintf("Grandstream %s %s", c.Model, c.Firmware)
}

func (grandstream) contact(uri, _, instance string) string {
	return withInstance("<"+uri+">;reg-id=1", instance)
}

// provisioningURL: the path has no scheme, which is a setting of its own. Newer
// sets also take a whole URL.
func (grandstream) provisioningURL(s settings) string {
	path := s.get("P237")
	scheme := map[string]string{"1": "http://", "2": "https://"}[s.or("P212", "2")]
	if path == "" || strings.Contains(path, "://") {
		return path
	}
	return scheme + path
}

func (grandstream) setProvisioningURL(s settings, url string) {
	scheme, path, ok := strings.Cut(url, "://")
	if !ok {
		path = url
	}
	s.set("P212", map[string]string{"http": "1", "tftp": "0"}[scheme])
	if s.get("P212") == "" {
		s.set("P212", "2")
	}
	s.set("P237", path)
}

func (grandstream) httpCredentials(s settings) (string, string) {
	return s.get("P1360"), s.get("P1361")
}

// walk: the binary file, then the first XML file that there is, unless an earlier
// one has set P8467 and wants them all. A 404 is a step.
func (grandstream) walk(ctx context.Context, c *chain) {
	mac := string(c.cfg.MAC)
	base := directory(strings.ReplaceAll(c.url, "$MAC", mac))
	all := false
	for n, name := range []string{"cfg" + mac, "cfg" + mac + ".xml", "cfg" + strings.ToLower(c.cfg.Model) + ".xml", "cfg.xml"} {
		body, ok := c.get(ctx, base+name, nil)
		if !ok {
			continue
		}
		if n == 0 { // only the vendor's own tool writes such files
			c.reject(errGrandstreamBinary)
			continue
		}
		f, err := parseGrandstream(body, c.cfg.MAC)
		if err != nil {
			c.reject(err)
			continue
		}
		c.accept(base+name, f)
		if all = all || f["P8467"] == "1"; !all {
			return
		}
	}
}

// apply: what a file does not mention stays as it is.
func (grandstream) apply(s settings, docs []document, keep func(string) bool) {
	for _, d := range docs {
		for k, v := range d.body.(grandstreamFile) {
			if keep(k) {
				s.set(k, v)
			}
		}
	}
}

func (grandstream) relevant(key string) bool {
	switch key {
	case "P237", "P212", "P1360", "P1361", "P194", "P193", "P285", "P4428", "P1362", "P337", "P352",
		"P271", "P270", "P3", "P35", "P36", "P34", "P47", "P48", "P130", "P32", "P31":
		return true
	}
	for _, own := range grandstreamSecond {
		if key == own {
			return true
		}
	}
	n, err := strconv.Atoi(strings.TrimPrefix(key, "P"))
	return err == nil && (n >= 1363 && n <= 1374 || n >= 1465 && n <= 1476 || n >= 23000 && n < 24000)
}

func (grandstream) ofHandset(n int) firmware { return grandstream{n} }

// grandstreamSecond are the P-values of an HT802's second socket as those of the
// first. No source of the phones names them; public templates of adapters agree.
var grandstreamSecond = map[string]string{"P271": "P401", "P35": "P735", "P36": "P736", "P34": "P734", "P3": "P703", "P47": "P747", "P48": "P748",
	"P130": "P830", "P31": "P731", "P32": "P732"}

func (g grandstream) account(s settings) account {
	if g.socket == 2 {
		second := settings{}
		for first, own := range grandstreamSecond {
			if e, ok := s[own]; ok {
				second[first] = e
			}
		}
		s = second
	}
	if s.or("P271", "0") != "1" || s.get("P35") == "" || s.get("P47") == "" || s.or("P31", "1") == "0" {
		return account{}
	}
	a := account{active: true, user: s.get("P35"), display: s.get("P3"), expires: s.number("P32", 60) * 60,
		transport: map[string]string{"1": "tcp", "2": "tls"}[s.get("P130")]}
	a.transport = cmp.Or(a.transport, "udp")
	a.secrets = secrets{user: s.or("P36", a.user), password: s.get("P34")}
	a.host, a.port = grandstreamHost(s.get("P47"))
	a.domain = hostPort(a.host, a.port, a.transport)
	if proxy := s.get("P48"); proxy != "" {
		a.host, a.port = grandstreamHost(proxy)
	}
	a.active = a.host != "" // a port alone is no server
	return a
}

func grandstreamHost(v string) (string, int) {
	host, port, err := net.SplitHostPort(v)
	if err != nil {
		return strings.Trim(v, "[]"), 0
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		return host, 0
	}
	return host, n
}

func (grandstream) checkSync(_ settings, rebootParam string) action { return asked(rebootParam) }

func (g grandstream) obeys(s settings, event, rebootParam string) (action, bool) {
	switch event {
	case "resync":
		return fetch, true
	case "check-sync":
		return g.checkSync(s, rebootParam), true
	}
	return ignore, false
}

// guards: the factory's phone wants the account's credentials. No source says in
// which realm.
func (grandstream) guards(s settings, _ string) string {
	if s.get("P4428") == "1" {
		return ""
	}
	return "grandstream"
}

// traits: the phone reads its server settings anew after each file, so that one can
// send it on without a restart, as the maker's own redirect service does.
func (grandstream) traits() traits { return traits{restartsOnNewURL: true, followsRedirects: true} }

func (grandstream) pollAfter(s settings, now time.Time) time.Duration {
	switch s.get("P194") {
	case "1":
		return time.Duration(max(1, s.number("P193", 10080))) * time.Minute
	case "2", "3":
		next := time.Date(now.Year(), now.Month(), now.Day(), s.number("P285", 1), 0, 0, 0, now.Location())
		for !next.After(now) || s.get("P194") == "3" && int(next.Weekday()) != s.number("P286", 1) {
			next = next.AddDate(0, 0, 1)
		}
		return next.Sub(now)
	}
	return 0
}

func (grandstream) language(s settings) string { return s.get("P1362") }

func (g grandstream) idle(s settings, a account) []string {
	lines := []string{s.get("P270"), s.get("P3")}
	if g.socket > 0 {
		lines = nil
	}
	if a.active {
		lines = append(lines, a.display, a.user)
	}
	return append(lines, labels(g.buttons(s)))
}

// grandstreamModes are the modes of keys that do something: as numbers, and the
// words that newer files use.
var grandstreamModes = map[string]string{"0": "dial", "speeddial": "dial", "18": "page", "xmlapp": "page", "xmlapplication": "page"}

// buttons are the virtual keys, then those at the side, then the soft key of the
// XML application.
func (grandstream) buttons(s settings) []Button {
	var list []Button
	add := func(mode, label, value int) {
		b := Button{Label: s.get(pValue(label))}
		kind := s.get(pValue(mode))
		if mode >= 23800 && len(kind) == 2 { // a dynamic key: one template counts from 10
			kind = map[string]string{"10": "0", "28": "18"}[kind]
		}
		switch grandstreamModes[strings.ToLower(kind)] {
		case "dial":
			b.Dials = s.get(pValue(value))
		case "page":
			b.Opens = s.or(pValue(value), s.get("P337"))
		}
		if b.Opens+b.Dials != "" {
			list = append(list, b)
		}
	}
	for n := range 6 {
		add(1363+2*n, 1465+2*n, 1466+2*n)
	}
	for n := range 42 {
		add(23800+4*n, 23802+4*n, 23803+4*n)
	}
	for n := range 40 {
		add(23000+5*n, 23002+5*n, 23003+5*n)
	}
	if s.get("P352") != "" && s.get("P337") != "" {
		list = append(list, Button{Label: s.get("P352"), Opens: s.get("P337")})
	}
	return list
}

func pValue(n int) string { return "P" + strconv.Itoa(n) }
