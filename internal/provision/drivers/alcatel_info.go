package drivers

import "tischlein/internal/provision"

var alcatelInfo = provision.Info{
	Vendor:  "alcatel",
	Name:    "Alcatel-Lucent",
	Version: "alcatel/1",
	// Keys are without the first, which is the account's. Where no source counts
	// them, there are none.
	Models: []provision.Model{
		{Name: "M3", Ports: 1, Lines: alcatelAccounts, Keys: 19}, // first: stands in for an unknown model
		{Name: "M5", Ports: 1, Lines: alcatelAccounts, Keys: 27},
		{Name: "M7", Ports: 1, Lines: alcatelAccounts, Keys: 27},
		{Name: "M8", Ports: 1, Lines: alcatelAccounts},
	},
	// Further blocks of the group are of its switches.
	OUIs:  []string{"487a55", "3c28a6", "00809f"},
	Chain: []provision.FileKind{provision.KindConfig},
	Kinds: []provision.FileKind{provision.KindConfig},
	// No source shows what a REGISTER of theirs bears.
	Evidence:   provision.EvidenceNone,
	Transports: []string{"tls", "tcp", "udp"},
	HTTPAuth:   []string{"basic"},
	// A line key has a type for which no source has the number: it stays the factory's.
	FixedLineKeys: true,
	Firmware:      true,
	Traces: []provision.Trace{
		{What: "do not disturb", Cleared: true, How: "FeatureDndEnable"},
		{What: "forwards", Cleared: true, How: "all three are off and without a number (FeatureImmFwd, FeatureBusyFwd, FeatureNoReplyFwd)"},
		{What: "programmable keys", Cleared: true, How: "every key of the model is written"},
		{What: "call log", How: "no known setting deletes it; it is not sent anywhere"},
		{What: "redial list", How: "is part of the call log"},
		{What: "contacts", How: "the local phone book stays on the phone; it is not sent anywhere"},
	},
	Ways: []provision.Way{
		{What: "web access", Closed: true, How: "by HTTPS only; the passwords of all three levels are the device's own"},
		{What: "what was changed at the phone", Closed: true, How: "DeviceProvisionUserConfigProtectEnable: the file wins"},
		{What: "SSH", Closed: true, How: "DeviceSecuritySshEnable"},
		{What: "other provisioning servers", Closed: true, How: "SIP-PnP and DHCP options are off"},
		{What: "calls from strangers by address", Closed: true, How: "SIPIpCallEnable"},
		{What: "account settings in the phone menu", How: "the administrator's password is the device's own; which menus ask for it, no source says"},
		{What: "a CA of our own", How: "cannot be sent; the server needs a public certificate"},
		{What: "factory reset", How: "cannot be prevented; the phone then has no account"},
	},
}

// alcatelAccounts is how many accounts are written. How many a model has, no source
// says; phones ignore the others.
const alcatelAccounts = 8

// alcatelOffsets are time zones by their hours.
var alcatelOffsets = []string{"+0:00", "+1:00", "+2:00"}

// alcatelLanguages are the menus' languages.
var alcatelLanguages = map[string]string{"en": "0", "de": "2", "nl": "5"}
