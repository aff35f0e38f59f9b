package drivers

import "tischlein/internal/provision"

var grandstreamInfo = provision.Info{
	Vendor:     "grandstream",
	Name:       "Grandstream",
	Version:    "grandstream/2",
	Models:     grandstreamModels(),
	OUIs:       []string{"000b82", "c074ad", "ec74d7"},
	Chain:      []provision.FileKind{provision.KindConfig},
	Kinds:      []provision.FileKind{provision.KindConfig},
	Evidence:   provision.EvidenceDisplay,
	Transports: []string{"tls", "tcp", "udp"},
	KeepAlive:  25,
	PollMin:    3600,
	HTTPAuth:   []string{"basic", "digest"},
	XMLBrowser: true,
	PageURLMax: grandstreamLongestKey,
	Firmware:   true,
	Traces: []provision.Trace{
		{What: "forwards", Cleared: true, How: "the phone's own star codes for them are off (P191 and its like)"},
		{What: "line keys", Cleared: true, How: "every programmable key of the model is written"},
		{What: "do not disturb", How: "no known parameter switches it off; its star code is off"},
		{What: "call log", How: "none is kept while nobody is logged in (P182 and its like); no known parameter deletes it"},
		{What: "redial list", How: "is part of the call log"},
		{What: "contacts", How: "the local phone book stays on the phone"},
	},
	Ways: []provision.Way{
		{What: "account settings in the phone menu", Closed: true, How: "P1357: they need the device's administrator password; on adapters and bases P88 locks the keypad"},
		{What: "hoteling", Closed: true, How: "P2342 and its like, of each account"},
		{What: "guest login of recent GRP firmware", How: "no parameter is known; it is off unless somebody switches it on as administrator"},
		{What: "web access", Closed: true, How: "administrator and user passwords are the device's own"},
		{What: "SSH", Closed: true, How: "P276"},
		{What: "login by the user name that the phone asks for after a 401", Closed: true, How: "we never ask for another user's credentials"},
		{What: "reset by NOTIFY", Closed: true, How: "P26015"},
		{What: "other provisioning servers", Closed: true, How: "PnP, DHCP options and TR-069 are off"},
		{What: "factory reset", How: "cannot be prevented; the phone then has no account"},
	},
}

// grandstreamFamily is what decides how a model is spoken to.
type grandstreamFamily string

const (
	grandstreamGXP     grandstreamFamily = "gxp"     // desk phone
	grandstreamGRP     grandstreamFamily = "grp"     // newer desk phone, XML applications
	grandstreamGRP260  grandstreamFamily = "grp260"  // accounts 5 and 6 elsewhere
	grandstreamAndroid grandstreamFamily = "android" // other time zones
	grandstreamHT      grandstreamFamily = "ht"      // adapter, up to two ports
	grandstreamHTMany  grandstreamFamily = "htmany"  // adapter, more ports
	grandstreamDECT    grandstreamFamily = "dect"
)

// grandstreamTypes: model, family, ports, accounts, keys beside the display,
// further keys. Where no source counts the virtual keys, the real ones stand.
var grandstreamTypes = []struct {
	name                     string
	family                   grandstreamFamily
	ports, lines, keys, more int
}{
	{"GRP2614", grandstreamGRP, 1, 4, 16, 24}, // first: stands in for an unknown model
	{"GRP2601", grandstreamGRP260, 1, 2, 2, 0}, {"GRP2601P", grandstreamGRP260, 1, 2, 2, 0}, {"GRP2601W", grandstreamGRP260, 1, 2, 2, 0},
	{"GRP2602", grandstreamGRP260, 1, 4, 4, 0}, {"GRP2602P", grandstreamGRP260, 1, 4, 4, 0}, {"GRP2602W", grandstreamGRP260, 1, 4, 4, 0},
	{"GRP2603", grandstreamGRP260, 1, 6, 3, 0}, {"GRP2603P", grandstreamGRP260, 1, 6, 3, 0},
	{"GRP2604", grandstreamGRP260, 1, 6, 3, 10}, {"GRP2604P", grandstreamGRP260, 1, 6, 3, 10},
	{"GRP2612", grandstreamGRP, 1, 2, 16, 0}, {"GRP2612P", grandstreamGRP, 1, 2, 16, 0}, {"GRP2612W", grandstreamGRP, 1, 2, 16, 0},
	{"GRP2613", grandstreamGRP, 1, 3, 24, 0}, {"GRP2613W", grandstreamGRP, 1, 3, 24, 0},
	{"GRP2615", grandstreamGRP, 1, 5, 40, 0}, {"GRP2616", grandstreamGRP, 1, 6, 16, 24},
	{"GRP2624", grandstreamGRP, 1, 4, 8, 0}, {"GRP2634", grandstreamGRP, 1, 4, 8, 10}, {"GRP2636", grandstreamGRP, 1, 6, 12, 0},
	{"GRP2650", grandstreamGRP, 1, 6, 14, 0}, {"GRP2670", grandstreamGRP, 1, 6, 12, 0},
	{"GXP1400", grandstreamGXP, 1, 2, 0, 0}, {"GXP1405", grandstreamGXP, 1, 2, 0, 0}, {"GXP1450", grandstreamGXP, 1, 2, 0, 0},
	{"GXP1610", grandstreamGXP, 1, 1, 0, 0}, {"GXP1615", grandstreamGXP, 1, 1, 0, 0}, {"GXP1620", grandstreamGXP, 1, 2, 2, 0},
	{"GXP1625", grandstreamGXP, 1, 2, 2, 0}, {"GXP1628", grandstreamGXP, 1, 2, 2, 8}, {"GXP1630", grandstreamGXP, 1, 3, 3, 8},
	{"GXP1760", grandstreamGXP, 1, 3, 6, 0}, {"GXP1760W", grandstreamGXP, 1, 3, 6, 0}, {"GXP1780", grandstreamGXP, 1, 4, 8, 0},
	{"GXP1782", grandstreamGXP, 1, 4, 8, 0}, {"GXP2100", grandstreamGXP, 1, 4, 0, 0}, {"GXP2110", grandstreamGXP, 1, 4, 0, 0},
	{"GXP2120", grandstreamGXP, 1, 6, 0, 0}, {"GXP2124", grandstreamGXP, 1, 4, 0, 0},
	{"GXP2130", grandstreamGRP, 1, 3, 3, 8}, {"GXP2135", grandstreamGRP, 1, 4, 32, 0}, {"GXP2140", grandstreamGRP, 1, 4, 4, 0},
	{"GXP2160", grandstreamGRP, 1, 6, 6, 24}, {"GXP2170", grandstreamGRP, 1, 6, 48, 0},
	{"GXP2200", grandstreamAndroid, 1, 6, 0, 0}, {"GXV3240", grandstreamAndroid, 1, 6, 0, 0}, {"GXV3275", grandstreamAndroid, 1, 6, 0, 0},
	{"GXV3350", grandstreamAndroid, 1, 16, 0, 0}, {"GXV3370", grandstreamAndroid, 1, 16, 0, 0}, {"GXV3380", grandstreamAndroid, 1, 16, 0, 0},
	{"WP810", grandstreamAndroid, 1, 2, 0, 0}, {"WP820", grandstreamAndroid, 1, 2, 0, 0}, {"WP825", grandstreamAndroid, 1, 2, 0, 0},
	{"HT801", grandstreamHT, 1, 1, 0, 0}, {"HT802", grandstreamHT, 2, 2, 0, 0}, {"HT812", grandstreamHT, 2, 2, 0, 0},
	{"HT814", grandstreamHTMany, 4, 4, 0, 0}, {"HT818", grandstreamHTMany, 8, 8, 0, 0},
	{"DP750", grandstreamDECT, 5, 10, 0, 0}, {"DP752", grandstreamDECT, 5, 10, 0, 0},
}

func grandstreamModels() []provision.Model {
	models := make([]provision.Model, 0, len(grandstreamTypes))
	for _, t := range grandstreamTypes {
		models = append(models, provision.Model{Name: t.name, Ports: t.ports, Lines: t.lines, Keys: t.keys + t.more})
	}
	return models
}

// grandstreamKind is the family of a model, and how many of its keys stand beside
// the display.
func grandstreamKind(m provision.Model) (family grandstreamFamily, beside int) {
	for _, t := range grandstreamTypes {
		if t.name == m.Name {
			return t.family, t.keys
		}
	}
	return grandstreamGRP, m.Keys
}

// grandstreamFor is the vendor's info as it holds for a model: only newer desk
// phones run XML applications.
func grandstreamFor(m provision.Model) provision.Info {
	i := grandstreamInfo
	family, _ := grandstreamKind(m)
	i.XMLBrowser = family == grandstreamGRP || family == grandstreamGRP260
	return i
}

// displays reports whether the device itself has a display in words.
func (f grandstreamFamily) displays() bool {
	switch f {
	case grandstreamHT, grandstreamHTMany, grandstreamDECT:
		return false
	}
	return true
}

// grandstreamZones: the vendor's words for the time zones of our customers,
// daylight saving included. An unknown zone leaves the phone's own setting.
var grandstreamZones = func() map[string]string {
	zones := make(map[string]string, len(clocks))
	for name, c := range clocks {
		zones[name] = []string{"WET-0WEST-1,M3.5.0/01:00:00,M10.5.0/02:00:00", "CET-1CEST-2,M3.5.0/02:00:00,M10.5.0/03:00:00", "EET-2EEST-3,M3.5.0/03:00:00,M10.5.0/04:00:00"}[c.hours]
	}
	zones["UTC"] = "TZN+0"
	zones["Europe/London"] = "GMT+0BST-1,M3.5.0/01:00:00,M10.5.0/02:00:00"
	zones["Europe/Dublin"] = "GMT+0IST-1,M3.5.0/01:00:00,M10.5.0/02:00:00"
	return zones
}()
