package drivers

import "tischlein/internal/provision"

var snomDectInfo = provision.Info{
	Vendor:  "snom-dect",
	Name:    "Snom DECT",
	Version: "snom-dect/1",
	// Places are those of one base by itself: several bases in one cell have more.
	Models: []provision.Model{
		{Name: "M400", Ports: 20, Lines: 20}, {Name: "M300", Ports: 20, Lines: 20},
		{Name: "M700", Ports: 30, Lines: 30}, {Name: "M900", Ports: 100, Lines: 100},
	},
	OUIs:       []string{"000413"},
	Chain:      []provision.FileKind{provision.KindConfig},
	Kinds:      []provision.FileKind{provision.KindConfig},
	Evidence:   provision.EvidenceDisplay,
	Transports: []string{"tls", "tcp", "udp"},
	Traces: []provision.Trace{
		{What: "forwards", Cleared: true, How: "fwd_*, at every fetch"},
		{What: "do not disturb", How: "is switched at each handset; no setting is known"},
		{What: "call log", How: "stays on the handset"},
		{What: "redial list", How: "is part of the call log"},
		{What: "contacts", How: "stay on the handset"},
	},
	Ways: []provision.Way{
		{What: "login screens", Closed: true, How: "there are none"},
		{What: "web access", Closed: true, How: "the passwords of all three levels are the device's own"},
		{What: "other provisioning servers", Closed: true, How: "SIP-PnP and the options of DHCP are off (pnp_config, dhcp_option_pnp)"},
		{What: "registering another handset", How: "with the code of a place, which is its number in four digits"},
		{What: "a CA of our own", How: "cannot be sent; a base verifies nobody unless tls_server_authentication says so, and whom it believes then, no source says"},
		{What: "factory reset", How: "cannot be prevented; the base then has no account"},
	},
}

// snomDectZones: the maker's words for time zones. An unknown zone leaves the base's
// own setting.
var snomDectZones = map[string]string{
	"Europe/Amsterdam": "NLD+1", "Europe/Berlin": "GER+1", "Europe/Brussels": "BEL+1", "Europe/Copenhagen": "DNK+1",
	"Europe/London": "GBR-0", "Europe/Luxembourg": "LUX+1", "Europe/Madrid": "ESP+1", "Europe/Paris": "FRA+1",
	"Europe/Rome": "ITA+1", "Europe/Vienna": "GER+1", "Europe/Warsaw": "POL+1", "Europe/Zurich": "GER+1",
}
