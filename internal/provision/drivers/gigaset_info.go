package drivers

import "tischlein/internal/provision"

var gigasetInfo = provision.Info{
	Vendor:  "gigaset",
	Name:    "Gigaset",
	Version: "gigaset/1",
	Models: []provision.Model{
		{Name: "Maxwell 3", Ports: 1, Lines: 4, Keys: 8}, {Name: "Maxwell 2", Ports: 1, Lines: 4, Keys: 8},
		{Name: "Maxwell 4", Ports: 1, Lines: 4, Keys: 8}, {Name: "Maxwell Basic", Ports: 1, Lines: 4},
		{Name: "N610 IP PRO", Ports: 8, Lines: 8}, {Name: "N670 IP PRO", Ports: 20, Lines: 20},
		{Name: "N770 IP PRO", Ports: 60, Lines: 60}, {Name: "N870 IP PRO", Ports: 250, Lines: 250},
		{Name: "N870E IP PRO", Ports: 250, Lines: 250},
		{Name: "N510 IP PRO", Ports: 6, Lines: 6, Transport: "udp"}, {Name: "N720 DM PRO", Ports: 100, Lines: 100, Transport: "udp"},
	},
	OUIs:       []string{"7c2f80", "589ec6", "14b370", "002104", "0001e3", "0013a3", "000b23", "0018d1"},
	Chain:      []provision.FileKind{provision.KindConfig},
	Kinds:      []provision.FileKind{provision.KindConfig},
	Evidence:   provision.EvidenceDisplay,
	Transports: []string{"tls", "tcp", "udp"},
	PollMin:    86400, // bases look once a day, and cannot be told another time
	ClientCert: true,
	Firmware:   true,
	Traces: []provision.Trace{
		{What: "function keys", Cleared: true, How: "PhoneUI.Keys.FunctionKeys.#: every key of a desk phone is written"},
		{What: "do not disturb", How: "is switched at each handset; no parameter is known"},
		{What: "forwards", How: "no parameter is known but for the N720"},
		{What: "call log", How: "stays on the handset or phone"},
		{What: "redial list", How: "is part of the call log"},
		{What: "contacts", How: "the local phone book stays on the handset or phone"},
	},
	Ways: []provision.Way{
		{What: "login screens", Closed: true, How: "there are none"},
		{What: "web access", Closed: true, How: "the passwords are the device's own"},
		{What: "web access of the N510", How: "its PIN has four digits and is not set"},
		{What: "other provisioning servers", Closed: true, How: "DHCP options off on desk phones, SIP multicast on bases"},
		{What: "registering another handset", How: "with the code of a handset, while the base registers handsets"},
		{What: "a CA of our own", How: "cannot be sent; it must be installed on the device"},
		{What: "factory reset", How: "cannot be prevented; the device then has no account"},
	},
}

// gigasetHours: the clock of the desk phones, and of the older bases.
var gigasetHours = map[int]struct {
	desk string
	code int
}{0: {"GMT.Europe/London", 0x1a}, 1: {"GMT+1.Europe/Amsterdam", 0x1b}, 2: {"", 0x20}}
