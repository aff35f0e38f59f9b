// Package dhcp writes pieces of configuration for DHCP servers, so that phones in
// a customer's network find their way (P11). It writes text and nothing else.
package dhcp

import (
	"fmt"
	"net/url"
	"strings"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// Snippet is what a DHCP server shall tell phones.
type Snippet struct {
	URL     string // stage 1, or with a site token
	Vendors []Vendor
	Hosts   []Host
}

// Vendor is one maker's phones.
type Vendor struct {
	Key, Name string   // "yealink", "Yealink"
	OUIs      []string // six hex digits
	DHCP      []provision.DHCP
}

// Host is one device with a URL of its own, a secret (P03 b).
type Host struct {
	Name string
	MAC  telephony.MAC
	DHCP provision.DHCP
	URL  telephony.Secret
}

// Server is a DHCP server's name: dnsmasq, kea or isc.
type Server string

// The servers that snippets are written for.
const (
	Dnsmasq Server = "dnsmasq"
	Kea     Server = "kea"
	ISC     Server = "isc"
)

// Write writes the snippet in the server's language. A URL that could break out of
// it is telephony.Invalid.
func (s Snippet) Write(server Server) (string, error) {
	urls := []string{s.URL}
	for _, h := range s.Hosts {
		urls = append(urls, h.URL.Reveal())
	}
	for _, u := range urls {
		if err := harmless(u); err != nil {
			return "", err
		}
	}
	switch server {
	case Dnsmasq:
		return s.dnsmasq(), nil
	case Kea:
		return s.kea(), nil
	case ISC:
		return s.isc(), nil
	}
	return "", telephony.Invalidf("server", "server_unknown", "there are no snippets for %q", server)
}

func harmless(u string) error {
	x, err := url.Parse(u)
	switch {
	case err != nil, x.Scheme != "https", x.Host == "", x.User != nil:
		return telephony.Invalidf("url", "url_invalid", "%q is not an https URL without a user", u)
	case strings.ContainsFunc(u, func(r rune) bool { return r <= ' ' || r >= 0x7f || strings.ContainsRune("\"'\\,;#{}*", r) }):
		return telephony.Invalidf("url", "url_invalid", "%q holds a character that DHCP servers read otherwise", u)
	case len(u) > 250: // an option has one octet for its length
		return telephony.Invalidf("url", "url_long", "the URL has %d characters, an option takes 250", len(u))
	}
	return nil
}

// word makes a comment of people's text: one line, nothing that ends it.
func word(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s)
}

// head is the comment that each snippet begins with.
func head(hosts int) []string {
	out := []string{
		"Written by \"tischlein dhcp\". Add it to what your server has; it makes no pools.",
		"Nothing here may be answered by two DHCP servers, nor by DHCP and SIP-PnP, with different addresses.",
	}
	if hosts > 0 {
		out = append(out, "SECRET: each reservation's URL is good for one device's first contact. Keep this file to yourselves,",
			"and take the line out when the device has been there.")
	}
	return out
}

func about(v Vendor, d provision.DHCP) string {
	by := "option 60 begins with " + strings.Join(d.Classes, ", ")
	if len(d.Classes) == 0 {
		by = "known by the maker's MAC addresses"
	}
	to := fmt.Sprintf("option %d", d.Option)
	if d.Sub > 0 {
		to += fmt.Sprintf(", sub-option %d", d.Sub)
	}
	return strings.TrimSpace(v.Name + ": " + by + "; the URL goes into " + to + ". " + d.Note)
}

// tag is a name for a class that no administrator has used.
func tag(v Vendor, n int) string {
	if n == 0 {
		return "tischlein-" + v.Key
	}
	return fmt.Sprintf("tischlein-%s-%d", v.Key, n+1)
}

// lines prefixes each line, for comments.
func lines(prefix string, text []string) string {
	var b strings.Builder
	for _, l := range text {
		b.WriteString(strings.TrimRight(prefix+l, " ") + "\n")
	}
	return b.String()
}

func pairs(oui string) [3]string { return [3]string{oui[:2], oui[2:4], oui[4:6]} }
