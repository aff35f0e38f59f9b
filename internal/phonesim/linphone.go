package phonesim

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"
)

type linphone struct{}

func init() { makers[Linphone] = maker{linphone{}, "LinphoneAndroid", "5.2.5"} }

const linphoneURL = "misc/config-uri"

func (linphone) httpAgent(c *Config) string {
	return fmt.Sprintf("%s/%s (Virtual) LinphoneSDK/5.3.47 (tags/5.3.47^0)", c.Model, c.Firmware)
}

func (l linphone) sipAgent(c *Config) string { return l.httpAgent(c) }

func (linphone) contact(uri, _, instance string) string {
	return withInstance("<"+uri+">", instance)
}

func (linphone) provisioningURL(s settings) string         { return s.get(linphoneURL) }
func (linphone) setProvisioningURL(s settings, url string) { s.set(linphoneURL, url) }

// httpCredentials: 401 is answered from the account's auth info.
func (l linphone) httpCredentials(s settings) (string, string) {
	a := l.account(s)
	return a.secrets.user, a.secrets.password
}

// walk asks one URL, without macros and without following redirects; only 200 counts.
func (l linphone) walk(ctx context.Context, c *chain) {
	h := http.Header{"X-Linphone-Provisioning": {"1"}}
	if c.from != "" {
		h.Set("From", c.from)
	}
	body, ok := c.get(ctx, c.url, h)
	if !ok {
		return
	}
	entries, err := parseLinphone(body)
	if err != nil {
		c.reject(err)
		return
	}
	c.accept(c.url, entries)
}

func (linphone) apply(s settings, docs []document, keep func(string) bool) {
	for _, d := range docs {
		applyLinphone(s, d.body.([]linphoneEntry), keep)
		if s.on("misc/transient_provisioning") {
			delete(s, linphoneURL) // one-shot: the URL is forgotten after success
		}
	}
}

func (linphone) relevant(key string) bool {
	section, _, _ := strings.Cut(key, "/")
	return section == "sip" || section == "misc" || strings.HasPrefix(section, "proxy_") ||
		strings.HasPrefix(section, "auth_info_")
}

func (linphone) account(s settings) account {
	n := s.number("sip/default_proxy", 0)
	p := fmt.Sprintf("proxy_%d/", n)
	display, id := nameAddr(s.get(p + "reg_identity"))
	aor, ok := parseURI(id)
	if n < 0 || !ok || aor.user == "" || s.or(p+"reg_sendregister", "1") == "0" {
		return account{}
	}
	_, proxy := nameAddr(s.or(p+"reg_route", s.get(p+"reg_proxy")))
	hop, ok := parseURI(proxy)
	if !ok {
		return account{}
	}
	a := account{active: true, user: aor.user, display: display, host: hop.host, port: hop.port,
		transport: hop.transport, expires: s.number(p+"reg_expires", 3600)}
	if a.transport == "" {
		a.transport = "udp"
	}
	a.domain = hostPort(aor.host, aor.port, a.transport)
	i := linphoneAuth(s, aor)
	if i == "" {
		return a
	}
	a.secrets = secrets{user: s.or(i+"userid", s.get(i+"username")), password: s.get(i + "passwd"),
		ha1: s.get(i + "ha1"), ha1Alg: s.get(i + "algorithm"), realm: s.get(i + "realm")}
	return a
}

// linphoneAuth gives the section of the auth info that fits an identity.
func linphoneAuth(s settings, aor sipURI) string {
	for n := range 8 {
		p := fmt.Sprintf("auth_info_%d/", n)
		if s.get(p+"username") == aor.user && (s.get(p+"domain") == "" || s.get(p+"domain") == aor.host) {
			return p
		}
	}
	return ""
}

// storeHA1 does what liblinphone does after a password proved right: it keeps
// the hash and forgets the password. A later file that brings a new passwd but
// leaves ha1 alone therefore changes nothing.
func (linphone) storeHA1(s settings, a account, realm, alg string) {
	aor, _ := parseURI(a.aor())
	p := linphoneAuth(s, aor)
	if p == "" || s.get(p+"ha1") != "" {
		return
	}
	s.set(p+"ha1", digestHex(alg, a.secrets.user+":"+realm+":"+a.secrets.password))
	s.set(p+"realm", realm)
	s.set(p+"algorithm", alg)
	delete(s, p+"passwd")
}

func (linphone) checkSync(settings, string) action           { return ignore }
func (linphone) traits() traits                              { return traits{} }
func (linphone) pollAfter(settings, time.Time) time.Duration { return 0 }
func (linphone) language(settings) string                    { return "" }

func (linphone) idle(_ settings, a account) []string {
	if !a.active {
		return nil
	}
	return []string{a.display, a.user, a.aor()}
}
