package drivers

import "tischlein/internal/provision"

var mitelInfo = provision.Info{
	Vendor:  "mitel",
	Name:    "Mitel",
	Version: "mitel/2",
	Models:  mitelModels(),
	OUIs:    []string{"00085d", "1400e9", "08000f", "0010bc"},
	Chain:   []provision.FileKind{provision.KindConfig},
	Kinds:   []provision.FileKind{provision.KindConfig, provision.KindTrust},
	// The maker promises 20 characters of a display name. Whether more come back
	// in a REGISTER nobody says, so it proves nothing.
	Evidence:   provision.EvidenceNone,
	Transports: []string{"tcp", "udp", "tls"},
	PollMin:    86400, // once a day, at night
	HTTPAuth:   []string{"basic", "digest"},
	XMLBrowser: true,
	PageURLMax: mitelLongestKey,
	// L1 and L2 are keys of their own.
	FixedLineKeys: true,
	Firmware:      true,
	Restarts:      true,
	Traces: []provision.Trace{
		{What: "do not disturb", Cleared: true, How: "without a key for it the phone has none, and every key is written"},
		{What: "forwards", Cleared: true, How: "call forward disabled: the phone has none of its own"},
		{What: "programmable keys", Cleared: true, How: "every key of the model is written and locked"},
		{What: "call log", How: "no parameter empties it; it is off while nobody is logged in"},
		{What: "redial list", How: "no parameter empties it; it is off while nobody is logged in"},
		{What: "contacts", How: "the directory stays on the phone"},
	},
	Ways: []provision.Way{
		{What: "account settings in the phone menu", Closed: true, How: "simple menu, administrator password of the device's own (digits), parameters locked"},
		{What: "web access", Closed: true, How: "web interface off"},
		{What: "visitor desk phone", Closed: true, How: "no user config url"},
		{What: "XML from elsewhere", Closed: true, How: "none by NOTIFY, none by push; SIP from the registrar only"},
		{What: "redirect service (RCS)", Closed: true, How: "contact rcs: 0"},
		{What: "DHCP options for provisioning", How: "the phone asks at every start; the network must not offer any"},
		{What: "a CA of our own", How: "is taken only from a server that the phone trusts already, or put onto it by hand"},
		{What: "factory reset", How: "cannot be prevented; the phone then has no account"},
	},
}

// mitelTypes: model, accounts, what its keys are called in files and how many
// there are.
var mitelTypes = []struct {
	name  string
	lines int
	key   string
	keys  int
}{
	{"6930", 9, mitelTop, 12}, // first: stands in for an unknown model
	{"6905", 2, mitelProgrammable, 3}, {"6910", 2, mitelProgrammable, 8}, {"6915", 9, mitelTop, 6}, {"6915d", 9, mitelTop, 6},
	{"6920", 9, mitelTop, 8}, {"6920w", 9, mitelTop, 8}, {"6930w", 9, mitelTop, 12}, {"6940", 9, mitelTop, 48},
	{"6940w", 9, mitelTop, 48}, {"6970", 9, mitelTop, 6},
	{"6863i", 2, mitelProgrammable, 3}, {"6865i", 9, mitelProgrammable, 8}, {"6867i", 9, mitelTop, 20},
	{"6869i", 9, mitelTop, 44}, {"6873i", 9, mitelTop, 48},
	{"6730i", 6, mitelProgrammable, 8}, {"6731i", 6, mitelProgrammable, 8}, {"6735i", 9, mitelProgrammable, 6},
	{"6737i", 9, mitelTop, 10}, {"6739i", 9, mitelSoft, 55}, {"6751i", 1, mitelProgrammable, 0},
	{"6753i", 9, mitelProgrammable, 6}, {"6755i", 9, mitelProgrammable, 6}, {"6757i", 9, mitelTop, 10},
	{"9143i", 9, mitelProgrammable, 7}, {"9480i", 9, mitelSoft, 6},
}

// The families of keys.
const (
	mitelProgrammable = "prgkey" // beside a paper label
	mitelTop          = "topsoftkey"
	mitelSoft         = "softkey"
)

func mitelModels() []provision.Model {
	models := make([]provision.Model, 0, len(mitelTypes))
	for _, t := range mitelTypes {
		models = append(models, provision.Model{Name: t.name, Ports: 1, Lines: t.lines, Keys: t.keys})
	}
	return models
}

// mitelKeys is the family of a model's keys.
func mitelFamily(model string) string {
	for _, t := range mitelTypes {
		if t.name == model {
			return t.key
		}
	}
	return mitelTop
}

// mitelOldNames: what a few models call themselves.
var mitelOldNames = map[string]string{"51i": "6751i", "53i": "6753i", "55i": "6755i", "57i": "6757i", "57iCT": "6757i"}
