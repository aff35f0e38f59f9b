package phonesim

import (
	"context"
	"strings"
)

// ciscoSPA is an SPA3xx/5xx, an adapter, or a Linksys of before.
type ciscoSPA struct {
	cisco
	socket int // of an adapter: the line it has; 0: the first in use
}

func init() { makers[CiscoSPA] = maker{ciscoSPA{}, "SPA504G", "7.4.4"} }

func (ciscoSPA) httpAgent(c *Config) string {
	serial := " (" + ciscoSerial(c) + ")"
	switch {
	case strings.HasPrefix(c.Model, "SPA-"), strings.HasPrefix(c.Model, "SPA9"):
		return "Linksys/" + c.Model + "-" + c.Firmware + serial
	case strings.HasPrefix(c.Model, "ATA"):
		return "Cisco/" + c.Model + "-MPP-" + c.Firmware + serial
	case strings.HasPrefix(c.Model, "SPA525"):
		return "Cisco/" + c.Model + "-" + c.Firmware + serial
	}
	return "Cisco/" + c.Model + "-" + c.Firmware + " (" + c.MAC.Upper() + ")" + strings.TrimPrefix(serial, " ")
}

func (ciscoSPA) sipAgent(c *Config) string { return "Cisco/" + c.Model + "-" + c.Firmware }

// walk: below a URL of DHCP it asks for its model's profile; what that is called
// goes by the kind of device.
func (ciscoSPA) walk(ctx context.Context, c *chain) {
	psn := strings.TrimPrefix(strings.TrimPrefix(c.cfg.Model, "SPA"), "-")
	tail := "spa$PSN.cfg"
	switch {
	case strings.HasPrefix(c.cfg.Model, "PAP"):
		tail = "init.cfg"
	case strings.HasPrefix(c.cfg.Model, "ATA"):
		tail = "ATA$MAU.cnf.xml"
	}
	ciscoWalk(ctx, c, ciscoMacros(&c.cfg, c.cfg.Model, psn), []string{tail})
}

func (ciscoSPA) ofHandset(n int) firmware { return ciscoSPA{socket: n} }

func (m ciscoSPA) account(s settings) account {
	if m.socket > 0 {
		return ciscoLine(s, true, m.socket, m.socket)
	}
	return ciscoAccount(s, true)
}

func (m ciscoSPA) obeys(s settings, event, rebootParam string) (action, bool) {
	switch event {
	case "check-sync":
		if strings.EqualFold(rebootParam, "true") {
			return reboot, true
		}
		return m.resyncs(s), true
	case "resync":
		return m.resyncs(s), true
	case "reboot":
		return reboot, true
	case "report":
		return ignore, true
	}
	return ignore, false
}
