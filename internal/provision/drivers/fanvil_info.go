package drivers

import (
	"strings"

	"tischlein/internal/provision"
)

var fanvilInfo = provision.Info{
	Vendor:     "fanvil",
	Name:       "Fanvil",
	Version:    "fanvil/1",
	Models:     fanvilModels(),
	OUIs:       []string{"0c383e", "00a859"},
	Chain:      []provision.FileKind{provision.KindConfig},
	Kinds:      []provision.FileKind{provision.KindConfig, provision.KindBoot},
	Evidence:   provision.EvidenceDisplay,
	Transports: []string{"tls", "tcp", "udp"},
	KeepAlive:  25,
	PollMin:    3600,
	HTTPAuth:   []string{"basic", "digest"},
	XMLBrowser: true,
	PageURLMax: fanvilLongestKey,
	Firmware:   true,
	Traces: []provision.Trace{
		{What: "do not disturb", Cleared: true, How: "sip.line.#.EnableDND and call.port.1.DNDMode"},
		{What: "forwards", Cleared: true, How: "sip.line.#.AlwaysFWD, BusyFWD, NoAnswerFWD and their numbers"},
		{What: "function keys", Cleared: true, How: "every key of the model is written"},
		{What: "call log", How: "no parameter deletes it; none is kept while nobody is logged in"},
		{What: "redial list", How: "is part of the call log"},
		{What: "contacts", How: "the local phone book stays on the phone"},
	},
	Ways: []provision.Way{
		{What: "account settings in the phone menu", Closed: true, How: "need the device's administrator password"},
		{What: "hot desking of recent V firmware", How: "no parameter is known; every key is written, so none of ours opens it"},
		{What: "web access", Closed: true, How: "administrator and guest passwords are the device's own, Telnet off"},
		{What: "sharing the account with other phones", Closed: true, How: "SIP hotspot off"},
		{What: "remote control", Closed: true, How: "active URI, pushed XML and TR-069 off"},
		{What: "other provisioning servers", Closed: true, How: "PnP and DHCP options off, what they said is not kept"},
		{What: "a CA of our own", How: "cannot be sent; with one, the phone does not verify our certificate"},
		{What: "factory reset", How: "cannot be prevented; the phone then has no account"},
	},
}

// fanvilTypes: names, form of the file, accounts, keys beside the display on each
// of some pages, keys on each of some pages of their own. First: stands in for an
// unknown model.
var fanvilTypes = []struct {
	names       string
	form        fanvilForm
	lines       int
	side, sides int
	keys, pages int
}{
	{"X4U,X4U Pro", fanvilTree, 12, 3, 1, 6, 5},
	{"X5U,X5U Pro,X5U-V2", fanvilTree, 16, 4, 1, 6, 5},
	{"X6U,X6U Pro,X6U-V2", fanvilTree, 20, 5, 1, 12, 5},
	{"X7,X7 Pro,X7C,X7C Pro", fanvilTree, 20, 12, 5, 0, 0},
	{"X210,X210 Pro,X210-V2,X210i,X210i Pro", fanvilTree, 20, 10, 1, 32, 3},
	{"X3U,X3U Pro,X303,X303P,X303G,X303W", fanvilTree, 6, 3, 1, 0, 0},
	{"V62,V62 Pro", fanvilTree, 6, 5, 3, 0, 0},
	{"V63", fanvilTree, 6, 7, 3, 0, 0},
	{"V64", fanvilTree, 12, 7, 3, 0, 0},
	{"V65", fanvilTree, 20, 9, 3, 0, 0},
	{"V67", fanvilTree, 20, 0, 0, 29, 4},
	{"H2U-V2,H2U,H5,H5W", fanvilTree, 2, 0, 0, 0, 0},
	{"i10,i10S,i10SV,i10V,i53W,i56A,i61,i62,i63,i64", fanvilTree, 2, 0, 0, 0, 0},
	{"W610W,W611W,W620W", fanvilTree, 4, 0, 0, 0, 0},
	{"X5S", fanvilModules, 6, 0, 0, 8, 5},
	{"X6,X6V2", fanvilModules, 6, 0, 0, 12, 5},
	{"X5,X5G", fanvilOld, 6, 0, 0, 30, 1},
	{"X4,X4G", fanvilOld, 4, 0, 0, 30, 1},
	{"X3,X3S,X3SP,X3G,X3SG", fanvilOld, 2, 0, 0, 2, 1},
	{"X2,X2P", fanvilOld, 2, 0, 0, 0, 0},
}

func fanvilModels() []provision.Model {
	var models []provision.Model
	for _, t := range fanvilTypes {
		for name := range strings.SplitSeq(t.names, ",") {
			models = append(models, provision.Model{Name: name, Ports: 1, Lines: t.lines, Keys: t.side*t.sides + t.keys*t.pages})
		}
	}
	return models
}

// fanvilType is the row of fanvilTypes for a model.
func fanvilType(model string) int {
	m, _ := fanvilInfo.Model(model)
	for n, t := range fanvilTypes {
		for name := range strings.SplitSeq(t.names, ",") {
			if name == m.Name {
				return n
			}
		}
	}
	return 0
}

func fanvilGeneration(model string) fanvilForm { return fanvilTypes[fanvilType(model)].form }

// fanvilCommon: the names of the files for all phones of a model.
var fanvilCommon = map[string]string{
	"f0x2hw1.100.cfg": "X2", "f0v00x300000.cfg": "X3", "f0x3shw1.100.cfg": "X3S", "f0x3sghw1.100.cfg": "X3SG",
	"f0x4hw1.100.cfg": "X4", "f0x5hw1.100.cfg": "X5", "f0v00x5s0000.cfg": "X5S", "f0v00x600000.cfg": "X6",
	"f0000x600000.cfg": "X6V2", "f0v00x200000.cfg": "X210", "f0v5uv200000.cfg": "X5U-V2",
	"f0vv6200000.cfg": "V62", "f0v0v6210000.cfg": "V62 Pro", "f0v0v6300000.cfg": "V63", "f0v0v6400000.cfg": "V64",
	"f0v0v6500000.cfg": "V65", "f0v0v6700000.cfg": "V67",
}
