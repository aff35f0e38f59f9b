package phonesim

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// Acrobits is an application of that maker (Groundwire, Cloud Softphone): one
// account, fetched as XML at every start and, if that says so, every few seconds.
// It has no MAC; who logs in stands in the URL, where that asks for it.
const Acrobits Vendor = "acrobits"

type acrobits struct{}

func init() { makers[Acrobits] = maker{acrobits{}, "CloudSoftphone", "1.5.6"} }

const acrobitsURL = "extProvUrl"

func (acrobits) httpAgent(c *Config) string  { return c.Model + "/" + c.Firmware }
func (a acrobits) sipAgent(c *Config) string { return a.httpAgent(c) }

func (acrobits) contact(uri, _, instance string) string {
	return withInstance("<"+uri+">", instance)
}

func (acrobits) provisioningURL(s settings) string         { return s.get(acrobitsURL) }
func (acrobits) setProvisioningURL(s settings, url string) { s.set(acrobitsURL, url) }

// httpCredentials are those of the person, which a file may replace.
func (acrobits) httpCredentials(s settings) (string, string) {
	return s.get("cloud_username"), s.get("cloud_password")
}

func (acrobits) walk(ctx context.Context, c *chain) {
	to := strings.NewReplacer("%username%", url.QueryEscape(c.user), "%password%", url.QueryEscape(c.pass)).Replace(c.url)
	take(ctx, c, to, parseAcrobits)
}

// parseAcrobits reads <account>, whose elements are settings. One without a title
// is not kept.
func parseAcrobits(b []byte) (map[string]string, error) {
	var doc struct {
		XMLName  xml.Name
		Elements []struct {
			XMLName xml.Name
			Value   string `xml:",chardata"`
		} `xml:",any"`
	}
	if err := xml.NewDecoder(bytes.NewReader(b)).Decode(&doc); err != nil {
		return nil, fmt.Errorf("reading XML: %w", err)
	}
	if doc.XMLName.Local != "account" {
		return nil, fmt.Errorf("root is <%s>, not <account>", doc.XMLName.Local)
	}
	account := map[string]string{}
	for _, e := range doc.Elements {
		account[e.XMLName.Local] = strings.TrimSpace(e.Value)
	}
	if account["title"] == "" {
		return nil, errors.New("an account without a title is not kept")
	}
	return account, nil
}

func (acrobits) apply(s settings, docs []document, keep func(string) bool) { merge(s, docs, keep) }

func (acrobits) relevant(string) bool { return true }

func (acrobits) account(s settings) account {
	a := account{user: s.get("username"), display: s.get("userDisplayName"), expires: s.number("expires", 3600)}
	switch s.or("transport", "udp") {
	case "udp":
		a.transport = "udp"
	case "tcp":
		a.transport = "tcp"
	case "tls+sip:":
		a.transport = "tls"
	}
	domain, ok := parseURI("sip:" + s.get("host"))
	hop, proxied := parseURI("sip:" + s.get("proxy"))
	if !ok || domain.host == "" || a.user == "" || a.transport == "" {
		return account{}
	}
	a.host, a.port = domain.host, domain.port
	if proxied && hop.host != "" {
		a.host, a.port = hop.host, hop.port
	}
	a.domain = hostPort(domain.host, domain.port, a.transport)
	a.secrets = secrets{user: s.or("authUsername", a.user), password: s.get("password")}
	a.active = true
	return a
}

func (acrobits) checkSync(settings, string) action { return ignore }
func (acrobits) traits() traits                    { return traits{} }

func (acrobits) pollAfter(s settings, _ time.Time) time.Duration {
	return time.Duration(max(0, s.number("extProvInterval", 0))) * time.Second
}

func (acrobits) language(settings) string { return "" }

func (acrobits) idle(s settings, a account) []string {
	if !a.active {
		return nil
	}
	return []string{s.get("title"), a.display, a.user}
}
