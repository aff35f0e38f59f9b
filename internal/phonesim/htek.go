package phonesim

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Htek is a desk phone of the UC8 and UC9 series. Its settings are P-values, as
// Grandstream's are, with numbers of their own.
const Htek Vendor = "htek"

type htek struct{}

func init() { makers[Htek] = maker{htek{}, "UC924", "2.0.4.2"} }

// htekModels are the NN of cfg00NN.xml.
var htekModels = map[string]string{
	"UC862": "0000", "UC842": "0001", "UC860": "0002", "UC840": "0003",
	"UC806": "0004", "UC806T": "0041", "UC806G": "0042", "UC804": "0005", "UC804T": "0051", "UC804G": "0052",
	"UC803": "0006", "UC802": "0007", "UC926": "0010", "UC926E": "0110", "UC924": "0012", "UC924E": "0112",
	"UC923": "0013", "UC903": "0016", "UC902": "0017", "UC912": "0019",
}

func (htek) httpAgent(c *Config) string {
	return fmt.Sprintf("Htek %s %s %s", c.Model, c.Firmware, c.MAC.Colons())
}

func (htek) sipAgent(c *Config) string { return fmt.Sprintf("Htek %s %s", c.Model, c.Firmware) }

func (htek) contact(uri, _, instance string) string { return withInstance("<"+uri+">", instance) }

// provisioningURL: P237 is a path whose scheme P212 says. That 2 is HTTPS, and
// that a whole URL is taken as well, is Grandstream's way, whose numbers these are.
func (htek) provisioningURL(s settings) string {
	path := s.get("P237")
	scheme := map[string]string{"1": "http://", "2": "https://"}[s.or("P212", "1")]
	if path == "" || strings.Contains(path, "://") {
		return path
	}
	if scheme == "" {
		return "" // TFTP and FTP are not spoken here
	}
	return scheme + path
}

func (htek) setProvisioningURL(s settings, url string) { s.set("P237", url) }

func (htek) httpCredentials(s settings) (string, string) { return s.get("P1360"), s.get("P1361") }

// walk: the model's file, then the phone's own, whose values win. Newer firmware
// asks for <mac>.cfg, too. What is missing is skipped.
func (htek) walk(ctx context.Context, c *chain) {
	base, mac := directory(c.url), string(c.cfg.MAC)
	var names []string
	if nn, ok := htekModels[strings.ToUpper(c.cfg.Model)]; ok {
		names = append(names, "cfg"+nn+".xml")
	}
	names = append(names, "cfg"+mac+".xml")
	if !strings.HasPrefix(c.cfg.Firmware, "2.0.") && !strings.HasPrefix(c.cfg.Firmware, "1.") {
		names = append(names, mac+".cfg")
	}
	for _, name := range names {
		take(ctx, c, base+name, parseHtek)
	}
}

// apply: an empty element clears, what a file does not mention stays.
func (htek) apply(s settings, docs []document, keep func(string) bool) { merge(s, docs, keep) }

func (htek) relevant(key string) bool {
	switch key {
	case "P212", "P237", "P1360", "P1361", "P271", "P20000", "P3", "P35", "P36", "P34", "P47", "P48", "P130", "P32":
		return true
	}
	n, err := strconv.Atoi(strings.TrimPrefix(key, "P"))
	return err == nil && n >= 41200 && n < 41200+htekKeys || n >= 41300 && n < 41300+htekKeys || n >= 41400 && n < 41400+htekKeys
}

func (htek) account(s settings) account {
	if s.get("P271") != "1" || s.get("P35") == "" || s.get("P47") == "" {
		return account{}
	}
	a := account{active: true, user: s.get("P35"), display: s.get("P3"), expires: s.number("P32", 60) * 60,
		transport: map[string]string{"1": "tcp", "2": "tls"}[s.get("P130")]}
	a.transport = cmp.Or(a.transport, "udp") // 0, and 3 (SRV) which has nothing to ask here
	a.secrets = secrets{user: s.or("P36", a.user), password: s.get("P34")}
	a.host, a.port = grandstreamHost(s.get("P47"))
	a.domain = hostPort(a.host, a.port, a.transport)
	if proxy := s.get("P48"); proxy != "" {
		a.host, a.port = grandstreamHost(proxy)
	}
	a.active = a.host != "" // a port alone is no server
	return a
}

func (htek) checkSync(_ settings, rebootParam string) action { return asked(rebootParam) }

func (h htek) obeys(s settings, event, rebootParam string) (action, bool) {
	switch event {
	case "resync":
		return fetch, true
	case "check-sync":
		return h.checkSync(s, rebootParam), true
	}
	return ignore, false
}

// traits: nothing says that a new server is asked before the next turn.
func (htek) traits() traits { return traits{skipsUnchanged: true, followsRedirects: true} }

// pollAfter: no setting is known that makes it ask by itself.
func (htek) pollAfter(settings, time.Time) time.Duration { return 0 }

func (htek) language(settings) string { return "" }

func (h htek) idle(s settings, a account) []string {
	lines := []string{s.get("P20000")}
	if a.active {
		lines = append(lines, a.display, a.user)
	}
	return append(lines, labels(h.buttons(s)))
}

// htekKeys are those whose P-values follow each other.
const htekKeys = 6

// buttons: the numbers of the types are not known. A key that has one opens what
// is an address and dials what is a number.
func (htek) buttons(s settings) []Button {
	var list []Button
	for n := range htekKeys {
		kind, value := s.get(pValue(41200+n)), s.get(pValue(41300+n))
		b := Button{Label: s.or(pValue(41400+n), value)}
		switch {
		case kind == "" || kind == "0":
			continue
		case strings.HasPrefix(value, "http://") || strings.HasPrefix(value, "https://"):
			b.Opens = value
		default:
			b.Dials = value
		}
		if b.Opens+b.Dials != "" {
			list = append(list, b)
		}
	}
	return list
}
