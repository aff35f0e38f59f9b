package phonesim

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// Softphone is a program around a SIP library that fetches its account as JSON or
// XML. It has no MAC; its address is all that it was given.
const Softphone Vendor = "softphone"

type softphone struct{}

func init() { makers[Softphone] = maker{softphone{}, "JSON", "3.14.0"} }

const softphoneURL = "provisioning_url"

func (softphone) httpAgent(c *Config) string { return "baresip v" + c.Firmware + " (x86_64/Linux)" }
func (p softphone) sipAgent(c *Config) string {
	return p.httpAgent(c)
}

func (softphone) contact(uri, _, instance string) string { return withInstance("<"+uri+">", instance) }

func (softphone) provisioningURL(s settings) string             { return s.get(softphoneURL) }
func (softphone) setProvisioningURL(s settings, url string)     { s.set(softphoneURL, url) }
func (softphone) httpCredentials(settings) (_, password string) { return "", "" }

// walk: a directory gets the name of the file appended.
func (softphone) walk(ctx context.Context, c *chain) {
	u := c.url
	if strings.HasSuffix(u, "/") {
		u += "softphone." + strings.ToLower(c.cfg.Model)
	}
	take(ctx, c, u, parseSoftphone)
}

// parseSoftphone reads one object of plain values, or the element <softphone>.
func parseSoftphone(b []byte) (map[string]string, error) {
	account := map[string]string{}
	if bytes.HasPrefix(bytes.TrimSpace(b), []byte("<")) {
		var doc struct {
			XMLName  xml.Name `xml:"softphone"`
			Elements []struct {
				XMLName xml.Name
				Value   string `xml:",chardata"`
			} `xml:",any"`
		}
		if err := xml.Unmarshal(b, &doc); err != nil {
			return nil, fmt.Errorf("reading XML: %w", err)
		}
		for _, e := range doc.Elements {
			account[e.XMLName.Local] = e.Value
		}
		return account, nil
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var object map[string]any
	if err := d.Decode(&object); err != nil || object == nil {
		return nil, fmt.Errorf("reading JSON: no object: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("reading JSON: something follows the object")
	}
	for k, v := range object {
		switch v := v.(type) {
		case string, bool, json.Number:
			account[k] = fmt.Sprint(v)
		default:
			return nil, fmt.Errorf("reading JSON: %q is no plain value", k)
		}
	}
	return account, nil
}

// apply replaces: the file is the account.
func (softphone) apply(s settings, docs []document, _ func(string) bool) {
	for _, d := range docs {
		account := d.body.(map[string]string)
		for k := range s {
			if _, said := account[k]; !said && k != softphoneURL {
				delete(s, k)
			}
		}
		for k, v := range account {
			s.set(k, v)
		}
	}
}

func (softphone) relevant(string) bool { return true }

func (softphone) account(s settings) account {
	a := account{user: s.get("username"), display: s.get("display_name"), host: s.get("server"), port: s.number("port", 0),
		transport: s.or("transport", "udp"), expires: s.number("expires", 3600),
		secrets: secrets{user: s.get("username"), password: s.get("password")}}
	if a.user == "" || a.host == "" || a.transport != "udp" && a.transport != "tcp" && a.transport != "tls" {
		return account{}
	}
	a.domain = s.or("domain", a.host)
	a.active = true
	return a
}

func (softphone) checkSync(settings, string) action { return ignore }
func (softphone) traits() traits                    { return traits{followsRedirects: true} }

func (softphone) pollAfter(s settings, _ time.Time) time.Duration {
	return time.Duration(max(0, s.number("refresh", 0))) * time.Second
}

func (softphone) language(s settings) string { return s.get("language") }

func (softphone) idle(s settings, a account) []string {
	if !a.active {
		return nil
	}
	return []string{s.get("label"), a.display, a.user}
}
