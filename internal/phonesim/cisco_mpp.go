package phonesim

import (
	"context"
	"strings"
)

// The firmwares of Cisco.
const (
	CiscoMPP Vendor = "cisco-mpp"
	CiscoSPA Vendor = "cisco-spa"
)

// ciscoMPP is a 6800, 7800, 8800 or 9800 with multiplatform firmware.
type ciscoMPP struct{ cisco }

func init() { makers[CiscoMPP] = maker{ciscoMPP{}, "8851", "11.3.7"} }

// product is the name that paths and macros hold: CP-8851-3PCC.
func (ciscoMPP) product(c *Config) string {
	if strings.HasPrefix(c.Model, "98") {
		return "DP-" + c.Model
	}
	return "CP-" + c.Model + "-3PCC"
}

func (m ciscoMPP) httpAgent(c *Config) string {
	return "Cisco-" + m.product(c) + "/" + c.Firmware + " (" + string(c.MAC) + ")"
}

func (m ciscoMPP) sipAgent(c *Config) string { return "Cisco-" + m.product(c) + "/" + c.Firmware }

// walk: a URL of DHCP is asked for itself, then for the model's profile, then for
// the phone's own.
func (m ciscoMPP) walk(ctx context.Context, c *chain) {
	pn := m.product(&c.cfg)
	psn := strings.TrimPrefix(strings.TrimPrefix(pn, "CP-"), "DP-")
	ciscoWalk(ctx, c, ciscoMacros(&c.cfg, pn, psn), []string{"$PSN.xml", "Cisco/$PN/$MA.cfg"})
}

func (ciscoMPP) account(s settings) account { return ciscoAccount(s, false) }

// obeys: check-sync is a synonym of resync whatever it says of a reboot.
func (m ciscoMPP) obeys(s settings, event, _ string) (action, bool) {
	switch event {
	case "resync", "check-sync":
		return m.resyncs(s), true
	case "reboot_now", "restart_now":
		return reboot, true
	case "report":
		return ignore, true
	}
	return ignore, false
}
