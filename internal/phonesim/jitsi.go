package phonesim

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
)

// Jitsi is the desktop application. It asks once at every start, with a form whose
// fields are the query of its address, and keeps what it is told as properties.
const Jitsi Vendor = "jitsi"

type jitsi struct{}

func init() { makers[Jitsi] = maker{jitsi{}, "Jitsi", "2.10.5550"} }

const (
	jitsiURL      = "net.java.sip.communicator.plugin.provisioning.URL"
	jitsiAccounts = "net.java.sip.communicator.impl.protocol.sip."
)

func (jitsi) httpAgent(c *Config) string { return "Jitsi/" + c.Firmware }
func (jitsi) sipAgent(c *Config) string  { return "Jitsi" + c.Firmware + "Linux" }

func (jitsi) contact(uri, _, instance string) string { return withInstance("<"+uri+">", instance) }

func (jitsi) provisioningURL(s settings) string         { return s.get(jitsiURL) }
func (jitsi) setProvisioningURL(s settings, url string) { s.set(jitsiURL, url) }

// httpCredentials are asked of the person, and kept.
func (jitsi) httpCredentials(settings) (_, password string) { return "", "" }

func (jitsi) walk(ctx context.Context, c *chain) {
	address, form, _ := strings.Cut(c.url, "?")
	c.form = []byte(form)
	take(ctx, c, address, parseProperties)
}

// parseProperties reads what java.util.Properties would: one property a line, with
// escapes in names and values, comments passed over.
func parseProperties(b []byte) (map[string]string, error) {
	found := map[string]string{}
	for line := range strings.Lines(string(b)) {
		line = strings.TrimLeft(strings.TrimRight(line, "\r\n"), " \t\f")
		if line == "" || line[0] == '#' || line[0] == '!' {
			continue
		}
		name, rest, err := property(line, "=: \t\f")
		if err != nil {
			return nil, err
		}
		rest = strings.TrimLeft(rest, " \t\f")
		if rest != "" && (rest[0] == '=' || rest[0] == ':') {
			rest = strings.TrimLeft(rest[1:], " \t\f")
		}
		value, _, err := property(rest, "")
		if err != nil {
			return nil, err
		}
		if name != "" {
			found[name] = value
		}
	}
	return found, nil
}

// property reads up to one of the ends that is not escaped.
func property(s, ends string) (text, rest string, err error) {
	var units []uint16
	for i := 0; i < len(s); i++ {
		c := uint16(s[i]) // ISO 8859-1
		switch {
		case c == '\\' && strings.HasPrefix(s[i+1:], "u"):
			if len(s) < i+6 {
				return "", "", fmt.Errorf("malformed \\u in %q", s)
			}
			n, err := strconv.ParseUint(s[i+2:i+6], 16, 16)
			if err != nil {
				return "", "", fmt.Errorf("malformed \\u in %q", s)
			}
			c, i = uint16(n), i+5
		case c == '\\' && i+1 < len(s):
			i++
			c = uint16(s[i])
			if at := strings.IndexByte("tnrf", s[i]); at >= 0 {
				c = uint16("\t\n\r\f"[at])
			}
		case c == '\\':
			return "", "", fmt.Errorf("%q goes on in the next line", s)
		case strings.IndexByte(ends, s[i]) >= 0:
			return string(utf16.Decode(units)), s[i:], nil
		}
		units = append(units, c)
	}
	return string(utf16.Decode(units)), "", nil
}

// apply merges; "${null}" takes a property away, and a password is kept elsewhere.
func (jitsi) apply(s settings, docs []document, _ func(string) bool) {
	for _, d := range docs {
		for k, v := range d.body.(map[string]string) {
			prefix, secret := strings.CutSuffix(k, ".PASSWORD")
			switch {
			case v == "${null}":
				delete(s, k)
			case secret:
				s.set(prefix+".ENCRYPTED_PASSWORD", v)
			default:
				s.set(k, v)
			}
		}
	}
}

func (jitsi) relevant(key string) bool { return within(key, jitsiURL, jitsiAccounts) }

// account is the first: a property without a dot behind the prefix names one.
func (jitsi) account(s settings) account {
	first := ""
	for k := range s {
		if name, ok := strings.CutPrefix(k, jitsiAccounts); ok && !strings.Contains(name, ".") && (first == "" || k < first) {
			first = k
		}
	}
	of := func(name string) string { return s.get(first + "." + name) }
	user, domain, ok := strings.Cut(of("USER_ID"), "@")
	if first == "" || user == "" || of("PROTOCOL_NAME") != "SIP" || of("ACCOUNT_UID") != "SIP:"+of("USER_ID") || !ok {
		return account{}
	}
	a := account{active: true, user: user, domain: domain, display: of("DISPLAY_NAME"), host: of("SERVER_ADDRESS"), expires: 600,
		transport: strings.ToLower(s.or(first+".PREFERRED_TRANSPORT", "UDP")), secrets: secrets{user: user, password: of("ENCRYPTED_PASSWORD")}}
	if s.or(first+".PROXY_AUTO_CONFIG", "true") == "false" {
		a.host, a.port = s.or(first+".PROXY_ADDRESS", a.host), s.number(first+".PROXY_PORT", 0)
	}
	if a.host == "" || !slices.Contains([]string{"udp", "tcp", "tls"}, a.transport) {
		return account{}
	}
	return a
}

func (jitsi) checkSync(settings, string) action { return ignore }
func (jitsi) traits() traits                    { return traits{followsRedirects: true} }

func (jitsi) pollAfter(settings, time.Time) time.Duration { return 0 }
func (jitsi) language(settings) string                    { return "" }

func (jitsi) idle(_ settings, a account) []string {
	if !a.active {
		return nil
	}
	return []string{a.display, a.user}
}
