package phonesim

import (
	"cmp"
	"context"
	"fmt"
	"path"
	"strings"
	"time"
)

// Fanvil is a desk phone of the X and V series.
const Fanvil Vendor = "fanvil"

type fanvil struct{}

func init() { makers[Fanvil] = maker{fanvil{}, "V67", "2.6.6.187"} }

// fanvilCommon is the file for all phones of one kind of hardware.
var fanvilCommon = map[string]string{
	"X2": "f0X2hw1.100.cfg", "X3S": "f0X3shw1.100.cfg", "X3SG": "f0X3sghw1.100.cfg", "X4": "f0X4hw1.100.cfg", "X5": "f0X5hw1.100.cfg",
	"X3": "F0V00X300000.cfg", "X5S": "F0V00X5S0000.cfg", "X6": "F0V00X600000.cfg", "X6V2": "F0000X600000.cfg",
	"X210": "F0V00X200000.cfg", "X5U-V2": "F0V5UV200000.cfg", "V65": "F0V0V6500000.cfg", "V67": "F0V0V6700000.cfg",
	"V61G": "F0VV61G00000.cfg", "V62": "F0VV6200000.cfg", "V62Pro": "F0V0V6210000.cfg", "V63": "F0V0V6300000.cfg",
	"V64": "F0V0V6400000.cfg", "V66": "F0V0V6600000.cfg", "V66Pro": "F0V0V6610000.cfg",
}

func (fanvil) httpAgent(c *Config) string {
	return fmt.Sprintf("Fanvil %s %s %s", c.Model, c.Firmware, c.MAC)
}

func (fanvil) sipAgent(c *Config) string { return fmt.Sprintf("Fanvil %s %s", c.Model, c.Firmware) }

func (fanvil) contact(uri, _, instance string) string { return withInstance("<"+uri+">", instance) }

// fanvilGiven is the address that the network or a person gave.
const fanvilGiven = "given"

// provisioningURL is what a file has stored (server, file and protocol apart), or
// what was given.
func (fanvil) provisioningURL(s settings) string {
	server := strings.TrimSpace(s.get("FlashServerIP"))
	if server == "" || server == "0.0.0.0" {
		return s.get(fanvilGiven)
	}
	if !strings.Contains(server, "://") {
		scheme := map[string]string{"4": "http://", "5": "https://"}[s.get("FlashProtocol")]
		if scheme == "" {
			return "" // FTP and TFTP are not spoken here
		}
		server = scheme + server
	}
	return directory(server) + strings.TrimPrefix(s.get("FlashFileName"), "/")
}

func (fanvil) setProvisioningURL(s settings, url string) {
	delete(s, "FlashServerIP")
	s.set(fanvilGiven, url)
}

func (fanvil) httpCredentials(s settings) (string, string) {
	return s.get("DefaultUsername"), s.get("DefaultPassword")
}

// walk: a URL that names a file is that file; a directory has one for the hardware
// and one for the phone. What is missing is skipped.
func (fanvil) walk(ctx context.Context, c *chain) {
	mac := string(c.cfg.MAC)
	u := strings.ReplaceAll(c.url, "$mac", mac)
	names := []string{""}
	if path.Ext(urlPath(u)) == "" {
		u = directory(u)
		names = []string{cmp.Or(fanvilCommon[c.cfg.Model], "f0"+c.cfg.Model+"hw1.100.cfg"), mac + ".cfg"}
	}
	for _, name := range names {
		take(ctx, c, u+name, parseFanvil)
	}
}

func (fanvil) apply(s settings, docs []document, keep func(string) bool) { merge(s, docs, keep) }

func (fanvil) relevant(key string) bool {
	switch key {
	case fanvilGiven, "FlashServerIP", "FlashFileName", "FlashProtocol", "FlashMode", "FlashInterval",
		"DefaultUsername", "DefaultPassword", "NotifyReboot", "DefaultLanguage", "LCDTitle":
		return true
	}
	return strings.HasPrefix(key, "line.1.") || strings.HasPrefix(key, "Fkey.")
}

// account is the first line that shall register.
func (fanvil) account(s settings) account {
	for n := 1; n <= 20; n++ {
		p := fmt.Sprintf("line.%d.", n)
		a := account{user: s.get(p + "PhoneNumber"), display: s.get(p + "DisplayName"), host: s.get(p + "RegisterAddr"),
			port: s.number(p+"RegisterPort", 5060), expires: s.number(p+"RegisterTTL", 3600)}
		if !s.on(p+"EnableReg") || a.user == "" || a.host == "" {
			continue
		}
		a.transport = map[string]string{"1": "tcp", "3": "tls"}[s.get(p+"Transport")]
		a.transport = cmp.Or(a.transport, "udp")
		a.secrets = secrets{user: s.or(p+"RegisterUser", a.user), password: s.get(p + "RegisterPswd")}
		a.domain, a.active = hostPort(a.host, a.port, a.transport), true
		if proxy := s.get(p + "ProxyAddr"); proxy != "" {
			a.host, a.port = proxy, s.number(p+"ProxyPort", 5060)
		}
		return a
	}
	return account{}
}

// checkSync starts anew until a file has set NotifyReboot to 0: public templates
// disagree on what the factory says, so it is taken for the worse.
func (fanvil) checkSync(s settings, rebootParam string) action {
	if s.or("NotifyReboot", "1") != "0" || strings.EqualFold(rebootParam, "true") {
		return reboot
	}
	return fetch
}

func (fanvil) traits() traits {
	return traits{restartsOnNewURL: true, skipsUnchanged: true, followsRedirects: true}
}

// pollAfter: FlashMode 2 asks again every so many hours.
func (fanvil) pollAfter(s settings, _ time.Time) time.Duration {
	if s.get("FlashMode") != "2" {
		return 0
	}
	return time.Duration(max(1, s.number("FlashInterval", 1))) * time.Hour
}

func (fanvil) language(s settings) string { return s.get("DefaultLanguage") }

func (f fanvil) idle(s settings, a account) []string {
	lines := []string{s.get("LCDTitle"), s.get("line.1.SipName")}
	if a.active {
		lines = append(lines, a.display, a.user)
	}
	for n := 1; n <= 60; n++ { // line keys bear what they were given
		if k := fmt.Sprintf("Fkey.1.%d.", n); s.get(k+"Type") == "2" {
			lines = append(lines, s.get(k+"Title"))
		}
	}
	return append(lines, labels(f.buttons(s)))
}

// buttons: a memory key's value is number@line/what, and "f" dials. That type 21
// opens a page is the best that is known.
func (fanvil) buttons(s settings) []Button {
	var list []Button
	for page := 1; page <= 5; page++ {
		for n := 1; n <= 60; n++ {
			k := fmt.Sprintf("Fkey.%d.%d.", page, n)
			value := s.get(k + "Value")
			b := Button{Label: s.or(k+"Title", value)}
			switch s.get(k + "Type") {
			case "1":
				number, rest, ok := strings.Cut(value, "@")
				if _, what, _ := strings.Cut(rest, "/"); ok && what == "f" {
					b.Dials = number
				}
			case "21":
				b.Opens = value
			}
			if b.Opens+b.Dials != "" {
				list = append(list, b)
			}
		}
	}
	return list
}
