package phonesim

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"
)

type yealink struct {
	handset int // of a base: the account it has; 0: the first that there is
}

func init() { makers[Yealink] = maker{yealink{}, "T46U", "108.87.14.1"} }

// yealinkCommon is the number in y0000000000NN.cfg per model.
var yealinkCommon = map[string]int{
	"T19P_E2": 53, "T21P_E2": 52, "T23": 44, "T27G": 69, "T29G": 46, "T31G": 123, "T31P": 123, "T31W": 172,
	"T33G": 124, "T33P": 124, "T34W": 171, "T40G": 76, "T40P": 54, "T41P": 36, "T41S": 68, "T42G": 29,
	"T42S": 67, "T42U": 116, "T43U": 107, "T44W": 174, "T46G": 28, "T46S": 66, "T46U": 108, "T48G": 35,
	"T48S": 65, "T48U": 109, "T53": 95, "T53W": 95, "T54S": 70, "T54W": 96, "T57W": 97, "T58A": 58,
	"W52P": 25, "W56P": 25, "W60B": 77, "W70B": 146, "W75DM": 175, "W80DM": 175, "W80B": 103,
	"T58W": 150, "T73U": 186, "T73W": 183, "T74U": 187, "T74W": 184, "T85W": 196, "T87W": 197, "T88W": 192,
}

const yealinkURL = "static.auto_provision.server.url"

func (yealink) ofHandset(n int) firmware { return yealink{n} }

// httpAgent: bases leave out "SIP-", and the first of them even the maker's name.
func (yealink) httpAgent(c *Config) string {
	switch {
	case strings.HasPrefix(c.Model, "W5"):
		return fmt.Sprintf("%s %s %s", c.Model, c.Firmware, c.MAC.Colons())
	case strings.HasPrefix(c.Model, "W"):
		return fmt.Sprintf("Yealink %s %s %s", c.Model, c.Firmware, c.MAC.Colons())
	}
	return fmt.Sprintf("Yealink SIP-%s %s %s", c.Model, c.Firmware, c.MAC.Colons())
}

func (yealink) sipAgent(c *Config) string {
	return fmt.Sprintf("Yealink SIP-%s %s", c.Model, c.Firmware)
}

func (yealink) contact(uri, _, instance string) string {
	return withInstance("<"+uri+">", instance)
}

func (yealink) provisioningURL(s settings) string         { return s.get(yealinkURL) }
func (yealink) setProvisioningURL(s settings, url string) { s.set(yealinkURL, url) }

func (yealink) httpCredentials(s settings) (string, string) {
	return s.get("static.auto_provision.server.username"), s.get("static.auto_provision.server.password")
}

// walk: <mac>.boot, else y000000000000.boot, and its includes; with neither, the
// model's common file and <mac>.cfg. A 404 is a step, not an error.
func (yealink) walk(ctx context.Context, c *chain) {
	mac := string(c.cfg.MAC)
	base := strings.NewReplacer("$MAC", mac, "$mac", mac, "$PN", c.cfg.Model).Replace(c.url)
	switch path.Ext(urlPath(base)) {
	case ".cfg":
		take(ctx, c, base, parseYealink)
		return
	case ".boot":
		yealinkBoot(ctx, c, base)
		return
	}
	base = directory(base)
	for _, name := range []string{mac + ".boot", "y000000000000.boot"} {
		if yealinkBoot(ctx, c, base+name) {
			return
		}
	}
	if n, ok := yealinkCommon[strings.ToUpper(c.cfg.Model)]; ok {
		take(ctx, c, fmt.Sprintf("%sy%012d.cfg", base, n), parseYealink)
	}
	take(ctx, c, base+mac+".cfg", parseYealink)
}

// yealinkBoot fetches a boot file and what it includes. False: there is none.
func yealinkBoot(ctx context.Context, c *chain, url string) bool {
	f, ok := take(ctx, c, url, parseYealink)
	if !ok {
		return false
	}
	mac := string(c.cfg.MAC)
	for _, inc := range f.includes {
		inc = strings.NewReplacer("$MAC", mac, "$mac", mac, "$PN", c.cfg.Model).Replace(inc)
		take(ctx, c, resolve(url, inc), parseYealink)
	}
	return true
}

func (yealink) apply(s settings, docs []document, keep func(string) bool) {
	files := make([]yealinkFile, 0, len(docs))
	for _, d := range docs {
		files = append(files, d.body.(yealinkFile))
	}
	// The mode stands in the boot file, which comes first and rules all files.
	if slices.ContainsFunc(files, func(f yealinkFile) bool { return f.overwrite }) {
		for i := range files {
			files[i].overwrite = true
		}
	}
	applyYealink(s, files, keep)
}

func (yealink) relevant(key string) bool {
	return within(key, "account.", "static.auto_provision.", "sip.notify_reboot_enable",
		"phone_setting.lcd_logo", "lang.gui", "linekey.", "handset.")
}

func (y yealink) account(s settings) account {
	for n := 1; n <= 16; n++ {
		p := fmt.Sprintf("account.%d.", n)
		if y.handset > 0 && n != y.handset || !s.on(p+"enable") || s.get(p+"user_name") == "" {
			continue
		}
		a := account{active: true, user: s.get(p + "user_name"), display: s.get(p + "display_name"),
			host: s.get(p + "sip_server.1.address"), port: s.number(p+"sip_server.1.port", 0),
			expires: s.number(p+"sip_server.1.expires", 3600)}
		kind := s.number(p+"sip_server.1.transport_type", s.number(p+"transport", 0))
		a.transport = map[int]string{1: "tcp", 2: "tls"}[kind]
		if a.transport == "" {
			a.transport = "udp" // 0, and 3 (NAPTR) which has nothing to ask here
		}
		a.secrets = secrets{user: s.or(p+"auth_name", a.user), password: s.get(p + "password")}
		a.domain = hostPort(a.host, a.port, a.transport)
		if s.on(p+"outbound_proxy_enable") && s.get(p+"outbound_proxy.1.address") != "" {
			a.host, a.port = s.get(p+"outbound_proxy.1.address"), s.number(p+"outbound_proxy.1.port", 0)
		}
		a.active = a.host != ""
		return a
	}
	return account{}
}

// checkSync: 1, the factory's value, reboots whatever the sender asked for.
func (yealink) checkSync(s settings, rebootParam string) action {
	switch s.or("sip.notify_reboot_enable", "1") {
	case "0":
		return asked(rebootParam)
	case "2":
		return ignore
	}
	return reboot
}

func (yealink) traits() traits { return traits{skipsUnchanged: true, followsRedirects: true} }

func (yealink) pollAfter(s settings, _ time.Time) time.Duration {
	if !s.on("static.auto_provision.repeat.enable") {
		return 0
	}
	return time.Duration(max(1, s.number("static.auto_provision.repeat.minutes", 1440))) * time.Minute
}

func (yealink) language(s settings) string { return s.get("lang.gui") }

func (y yealink) idle(s settings, a account) []string {
	if name := s.get(fmt.Sprintf("handset.%d.name", max(1, y.handset))); name != "" {
		return []string{name, a.display, a.user}
	}
	lines := []string{s.get("phone_setting.lcd_logo.text")}
	if a.active {
		lines = append(lines, s.or("account.1.label", a.user), a.display, a.user)
	} else {
		lines = append(lines, s.get("account.1.label"))
	}
	var keys []string
	for n := 1; n <= 27; n++ {
		p := fmt.Sprintf("linekey.%d.", n)
		if t := s.number(p+"type", 0); t != 0 && t != 15 && s.get(p+"label") != "" {
			keys = append(keys, "["+s.get(p+"label")+"]")
		}
	}
	return append(lines, strings.Join(keys, " "))
}
