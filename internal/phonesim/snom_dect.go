package phonesim

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// SnomDECT is a base of Snom's M series. Which of its handsets a Phone stands for is
// its Config.Handset.
const SnomDECT Vendor = "snom-dect"

type snomDECT struct {
	handset int // the how manieth that has an account, from 1
}

func init() { makers[SnomDECT] = maker{snomDECT{1}, "M400", "07.40.0104"} }

func (snomDECT) ofHandset(n int) firmware { return snomDECT{n} }

func (snomDECT) httpAgent(c *Config) string {
	return fmt.Sprintf("Mozilla/4.0 (compatible; Snom %s %s %s)", c.Model, c.Firmware, string(c.MAC))
}

func (snomDECT) sipAgent(c *Config) string { return "snom" + c.Model + "/" + c.Firmware }

func (snomDECT) contact(uri, _, instance string) string { return withInstance("<"+uri+">", instance) }

func (snomDECT) provisioningURL(s settings) string         { return s.get(snomURL) }
func (snomDECT) setProvisioningURL(s settings, url string) { s.set(snomURL, url) }

// httpCredentials: what a base calls those in its files, two sources say differently.
func (snomDECT) httpCredentials(settings) (string, string) { return "", "" }

// walk is the desk phones': what the URL names, or the model's file and the base's own.
func (snomDECT) walk(ctx context.Context, c *chain) {
	u := strings.ReplaceAll(c.url, "{mac}", c.cfg.MAC.Upper())
	left := snomDepth
	if u != c.url || path.Ext(urlPath(u)) != "" || strings.Contains(u, "?") {
		snomGet(ctx, c, u, &left)
		return
	}
	u = directory(u)
	snomGet(ctx, c, u+"snom"+c.cfg.Model+".htm", &left)
	snomGet(ctx, c, u+"snom"+c.cfg.Model+"-"+c.cfg.MAC.Upper()+".htm", &left)
}

// apply merges. A base's own files have global, server and extension; a public
// template has it all in phone-settings.
func (snomDECT) apply(s settings, docs []document, keep func(string) bool) {
	for _, d := range docs {
		for _, i := range d.body.(snomFile).items {
			if slices.Contains([]string{"global", "server", "extension", "phone-settings"}, i.block) && keep(i.key()) {
				s.set(i.key(), i.value)
			}
		}
	}
}

func (snomDECT) relevant(key string) bool {
	return within(key, snomURL, "user_", "srv_sip_", "subscr_", "sip_", "language")
}

// account: an extension belongs to a handset, and has one of the servers.
func (b snomDECT) account(s settings) account {
	n := b.own(s)
	if n == 0 {
		return account{}
	}
	of := func(name string) string { return s.get(fmt.Sprintf("%s:%d", name, n)) }
	at := ":" + s.or(fmt.Sprintf("subscr_sip_ua_data_server_id:%d", n), "1")
	domain, ok := parseURI("sip:" + s.get("user_host"+at))
	if !ok {
		return account{}
	}
	a := account{active: true, user: of("user_name"), display: of("user_realname"), host: domain.host, port: domain.port,
		transport: s.or("srv_sip_transport"+at, "udp"), expires: s.number("user_expiry"+at, 3600),
		secrets: secrets{user: of("user_pname"), password: of("user_pass")}}
	if !slices.Contains([]string{"udp", "tcp", "tls"}, a.transport) {
		return account{}
	}
	a.domain = hostPort(domain.host, domain.port, a.transport)
	if out, ok := parseURI("sip:" + s.get("user_outbound"+at)); ok && out.host != "" {
		a.host, a.port = out.host, out.port
	}
	return a
}

// mostExtensions are those of the largest base.
const mostExtensions = 1000

// own is the extension of this handset, 0 for none.
func (b snomDECT) own(s settings) int {
	var handsets []int
	extension := map[int]int{}
	for n := 1; n <= mostExtensions; n++ {
		at := ":" + strconv.Itoa(n)
		h := s.number("subscr_sip_hs_idx"+at, 0)
		if h > 0 && s.on("user_active"+at) && s.get("user_name"+at) != "" && extension[h] == 0 {
			handsets, extension[h] = append(handsets, h), n
		}
	}
	slices.Sort(handsets)
	if b.handset < 1 || b.handset > len(handsets) {
		return 0
	}
	return extension[handsets[b.handset-1]]
}

// checkSync restarts the base until a file has said that it need not.
func (snomDECT) checkSync(s settings, rebootParam string) action {
	if s.or("sip_check_sync_always_reboot", "on") != "off" {
		return reboot
	}
	return asked(rebootParam)
}

func (snomDECT) traits() traits { return traits{} }

// pollAfter: never, as it comes out of its box.
func (snomDECT) pollAfter(settings, time.Time) time.Duration { return 0 }

func (snomDECT) language(s settings) string { return s.get("language") }

// idle is the handset's display: the extension's name, if that is wanted.
func (snomDECT) idle(s settings, a account) []string {
	if !a.active {
		return nil
	}
	if s.on("srv_sip_show_ext_name_in_hs:1") {
		return []string{a.display, a.user}
	}
	return []string{a.user}
}
