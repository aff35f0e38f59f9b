package phonesim

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"
)

// Poly is a VVX with UC Software. Its settings are the files' attributes as they
// were at the last walk; what it was told of itself (device.*) stays.
const Poly Vendor = "poly"

type poly struct{}

func init() { makers[Poly] = maker{poly{}, "VVX450", "6.4.7.1181"} }

const (
	polyURL  = "device.prov.serverName"
	polyPart = "3111-48450-001" // of the usual phone
)

func (poly) httpAgent(c *Config) string { return polyAgent(c, "Application") }

// polyAgent: the updater is another program with another version.
func polyAgent(c *Config, program string) string {
	version := c.Firmware
	if program == "Updater" {
		version = "5.9.7.47435"
	}
	return fmt.Sprintf("FileTransport PolycomVVX-%s-UA/%s Type/%s", polyModel(c.Model), version, program)
}

// polyModel is how the phone writes its model: VVX_450.
func polyModel(model string) string {
	if n, ok := strings.CutPrefix(model, "VVX"); ok && !strings.HasPrefix(n, "_") {
		return "VVX_" + n
	}
	return model
}

func (poly) sipAgent(c *Config) string {
	return fmt.Sprintf("PolycomVVX-%s-UA/%s", polyModel(c.Model), c.Firmware)
}

func (poly) contact(uri, _, instance string) string { return withInstance("<"+uri+">", instance) }

// provisioningURL: name and type of the server are two parameters; a whole URL in
// the name is taken, too.
func (poly) provisioningURL(s settings) string {
	name := s.get(polyURL)
	if name == "" || strings.Contains(name, "://") {
		return name
	}
	return strings.ToLower(s.or("device.prov.serverType", "HTTP")) + "://" + name
}

func (poly) setProvisioningURL(s settings, url string) {
	scheme, name, ok := strings.Cut(url, "://")
	if !ok {
		scheme, name = "http", url
	}
	s.set(polyURL, name)
	s.set("device.prov.serverType", strings.ToUpper(scheme))
}

// httpCredentials: without any it sends those that all phones of the maker have.
func (poly) httpCredentials(s settings) (string, string) {
	return s.or("device.prov.user", "PlcmSpIp"), s.or("device.prov.password", "PlcmSpIp")
}

// walk: the log of the boot, the master file, what it names, what was changed at
// the phone, the rest, the log. Most of it may be missing.
func (poly) walk(ctx context.Context, c *chain) {
	mac := string(c.cfg.MAC)
	base, masters := directory(c.url), []string{mac + ".cfg", "000000000000.cfg"}
	if strings.HasSuffix(urlPath(c.url), ".cfg") {
		at := strings.LastIndexByte(c.url, '/') + 1
		base, masters = c.url[:at], []string{c.url[at:]}
	}
	if c.booting {
		c.agent = polyAgent(&c.cfg, "Updater")
		c.put(ctx, base+mac+"-boot.log", []byte("0101000000|so   |4|00|---- virtual boot ----\n"))
	}
	var master polyMaster
	for _, name := range masters {
		body, ok := c.get(ctx, base+name, nil)
		if !ok {
			continue
		}
		var err error
		if master, err = parsePolyMaster(body, c.cfg.Model); err != nil {
			c.reject(err)
			continue
		}
		break
	}
	if image := master.image(); image != "" && c.booting {
		c.get(ctx, resolve(base, image), nil) // an image is not understood, and a missing one is usual
	}
	c.agent = polyAgent(&c.cfg, "Application")
	for _, name := range master.files(&c.cfg) {
		polyGet(ctx, c, resolve(base, name), false)
	}
	for _, part := range []string{"-phone.cfg", "-web.cfg"} {
		polyGet(ctx, c, resolve(base, master.in("OVERRIDES_DIRECTORY")+mac+part), true)
	}
	for _, name := range []string{"000000000000", mac} {
		c.get(ctx, resolve(base, master.in("LICENSE_DIRECTORY")+name+"-license.cfg"), nil)
	}
	c.get(ctx, resolve(base, master.in("CALL_LISTS_DIRECTORY")+mac+"-calls.xml"), nil)
	for _, name := range []string{mac, "000000000000"} {
		url := resolve(base, master.in("CONTACTS_DIRECTORY")+name+"-directory.xml")
		body, ok := c.get(ctx, url, nil)
		if !ok {
			continue
		}
		if items, err := parsePolyDirectory(body); err != nil {
			c.reject(err)
		} else {
			c.accept(url, polyFile{values: items})
		}
		break
	}
	c.put(ctx, resolve(base, master.in("LOG_FILE_DIRECTORY")+mac+"-app.log"), []byte("0101000000|cfg  |4|00|virtual walk\n"))
}

// polyGet fetches one configuration file. overrides: it wins over all others.
func polyGet(ctx context.Context, c *chain, url string, overrides bool) {
	take(ctx, c, url, func(body []byte) (polyFile, error) {
		values, err := parsePoly(body)
		return polyFile{values: values, overrides: overrides}, err
	})
}

func (poly) apply(s settings, docs []document, keep func(string) bool) { applyPoly(s, docs, keep) }

func (poly) relevant(key string) bool {
	return within(key, "device.prov.", "reg.1.", "voIpProt.", "softkey.", "efk.", "feature.", "prov.polling.", "lcl.ml.lang", "directory.")
}

func (poly) account(s settings) account {
	address := s.get("reg.1.address")
	if address == "" {
		return account{}
	}
	user, host, _ := strings.Cut(address, "@")
	either := func(name string) string { return s.or("reg.1.server.1."+name, s.get("voIpProt.server.1."+name)) }
	a := account{active: true, user: user, display: s.get("reg.1.displayName"), host: either("address")}
	port, kind := either("port"), either("transport")
	a.domain = cmp.Or(host, a.host)
	if proxy := s.get("reg.1.outboundProxy.address"); proxy != "" {
		a.host, port = proxy, s.get("reg.1.outboundProxy.port")
		kind = s.or("reg.1.outboundProxy.transport", kind)
	}
	a.port = settings{"n": {value: port}}.number("n", 0)
	a.transport = map[string]string{"TCPOnly": "tcp", "TCPpreferred": "tcp", "TLS": "tls"}[kind]
	a.transport = cmp.Or(a.transport, "udp")
	if host == "" {
		a.domain = hostPort(a.domain, settings{"n": {value: either("port")}}.number("n", 0), a.transport)
	}
	a.expires = s.number("reg.1.server.1.expires", s.number("voIpProt.server.1.expires", 3600))
	a.secrets = secrets{user: s.or("reg.1.auth.userId", user), password: s.get("reg.1.auth.password")}
	a.active = a.host != "" && s.or("reg.1.server.1.register", "1") != "0"
	return a
}

// checkSync: what the sender asks for makes no difference, only the setting does.
func (poly) checkSync(s settings, _ string) action {
	if s.on("voIpProt.SIP.specialEvent.checkSync.alwaysReboot") {
		return reboot
	}
	return fetch
}

// traits: a new server takes effect at a boot, which the phone makes at once.
func (poly) traits() traits { return traits{restartsOnNewURL: true, followsRedirects: true} }

func (poly) pollAfter(s settings, now time.Time) time.Duration {
	if !s.on("prov.polling.enabled") {
		return 0
	}
	if s.or("prov.polling.mode", "abs") == "rel" {
		return time.Duration(max(3600, s.number("prov.polling.period", 86400))) * time.Second
	}
	return until(s.or("prov.polling.time", "03:00"), now)
}

// language: "German_Germany", "English_United_States", "Dutch_Netherlands".
func (poly) language(s settings) string { return s.get("lcl.ml.lang") }

func (p poly) idle(s settings, a account) []string {
	lines := []string{s.get("reg.1.label"), s.get("reg.1.displayName")}
	if a.active {
		lines = append(lines, a.user)
	}
	return append(lines, labels(p.buttons(s)))
}
