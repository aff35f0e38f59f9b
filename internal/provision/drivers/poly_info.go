package drivers

import (
	"strings"

	"tischlein/internal/provision"
)

var polyInfo = provision.Info{
	Vendor:     "poly",
	Name:       "Poly",
	Version:    "poly/2",
	Models:     polyModels(),
	OUIs:       []string{"0004f2", "64167f", "482567", "f04ea4"},
	Chain:      []provision.FileKind{provision.KindConfig},
	Kinds:      []provision.FileKind{provision.KindConfig, provision.KindBoot, provision.KindTrust},
	Evidence:   provision.EvidenceDisplay,
	Transports: []string{"tls", "tcp", "udp"},
	KeepAlive:  25,
	PollMin:    3600,
	HTTPAuth:   []string{"basic", "digest"},
	XMLBrowser: true,
	PageURLMax: polyLongestKey,
	Firmware:   true,
	ClientCert: true,
	Traces: []provision.Trace{
		{What: "forwards", Cleared: true, How: "divert.*.enabled: the phone itself forwards nothing"},
		{What: "line keys", Cleared: true, How: "every lineKey.# of the model is written"},
		{What: "do not disturb", How: "there is none where users log in and out (feature.doNotDisturb.enable); one that is on outlasts a change of the link"},
		{What: "call log", How: "none is kept while nobody is logged in (feature.callList.enabled); no parameter deletes it"},
		{What: "redial list", How: "is part of the call log"},
		{What: "contacts", How: "the local directory stays on the phone"},
	},
	Ways: []provision.Way{
		{What: "user login (profiles)", Closed: true, How: "prov.login.enabled"},
		{What: "hoteling", Closed: true, How: "feature.hoteling.enabled"},
		{What: "account settings in the phone menu", Closed: true, How: "need the device's administrator password"},
		{What: "web access", Closed: true, How: "httpd.cfg.enabled is off, passwords are the device's own"},
		{What: "local overrides", Closed: true, How: "what the phone writes back is never handed out again"},
		{What: "remote control by push and REST", Closed: true, How: "apps.push.messageType, apps.restapi.enabled"},
		{What: "other provisioning servers", Closed: true, How: "DHCP options, ZTP, Lens and quick setup are off"},
		{What: "factory reset", How: "cannot be prevented; the phone then has no registration"},
	},
}

// polyTypes: models, registrations, programmable line keys. SoundPoint and
// conference phones cannot put actions on line keys; they get a soft key.
var polyTypes = []struct {
	models      string
	lines, keys int
	browser     bool // of forms; CCX, Trio and Edge run other applications
}{
	{"VVX450", 12, 12, true}, // first: stands in for an unknown model
	{"VVX101", 1, 2, true}, {"VVX150 VVX201", 2, 2, true}, {"VVX250", 4, 4, true},
	{"VVX300 VVX301 VVX310 VVX311 VVX350 VVX1500", 6, 6, true},
	{"VVX400 VVX401 VVX410 VVX411 VVX500 VVX501", 12, 12, true}, {"VVX600 VVX601", 16, 16, true},
	{"EdgeE100", 2, 2, false}, {"EdgeE220", 4, 4, false}, {"EdgeE300 EdgeE320 EdgeE350", 8, 8, false},
	{"EdgeE400 EdgeE450", 12, 12, false}, {"EdgeE500 EdgeE550", 16, 16, false},
	{"CCX350 CCX400", 8, 8, false}, {"CCX500 CCX505 CCX600 CCX700", 12, 12, false},
	{"SPIP321 SPIP331 SPIP335", 2, 0, true}, {"SPIP450", 3, 0, true}, {"SPIP550 SPIP560", 4, 0, true}, {"SPIP650 SPIP670", 6, 0, true},
	{"SSIP5000 SSIP6000 SSIP7000", 1, 0, true}, {"Trio8300 Trio8500 Trio8800 TrioC60", 1, 0, false},
}

func polyModels() []provision.Model {
	var models []provision.Model
	for _, t := range polyTypes {
		for name := range strings.FieldsSeq(t.models) {
			models = append(models, provision.Model{Name: name, Ports: 1, Lines: t.lines, Keys: t.keys})
		}
	}
	return models
}

// polyFor is the vendor's info as it holds for a model.
func polyFor(m provision.Model) provision.Info {
	i := polyInfo
	for _, t := range polyTypes {
		for name := range strings.FieldsSeq(t.models) {
			if name == m.Name {
				i.XMLBrowser = t.browser
			}
		}
	}
	return i
}
