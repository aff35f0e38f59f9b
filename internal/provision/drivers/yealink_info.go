package drivers

import "tischlein/internal/provision"

var yealinkInfo = provision.Info{
	Vendor:  "yealink",
	Name:    "Yealink",
	Version: "yealink/6",
	Models:  yealinkModels(),
	OUIs: []string{"001565", "249ad8", "3497d7", "44dbd2", "644f56", "805e0c", "805ec0", "c4fc22", "ec1da9",
		"b061a9", "e434d7", "f01653"},
	// The boot file is optional (firmware before V81 does not ask for it); the
	// configuration is always last.
	Chain:      []provision.FileKind{provision.KindConfig},
	Kinds:      []provision.FileKind{provision.KindConfig, provision.KindBoot, provision.KindTrust},
	Evidence:   provision.EvidenceDisplay,
	Transports: []string{"tls", "tcp", "udp"},
	KeepAlive:  25,
	PollMin:    60,
	HTTPAuth:   []string{"basic", "digest"},
	XMLBrowser: true,
	PageURLMax: yealinkLongestKey,
	Firmware:   true,
	ClientCert: true,
	Traces: []provision.Trace{
		{What: "do not disturb", Cleared: true, How: "features.dnd.enable and account.#.dnd.enable"},
		{What: "forwards", Cleared: true, How: "forward.* and account.#.*_fwd"},
		{What: "line keys", Cleared: true, How: "every linekey.# of the model is written"},
		{What: "call log", How: "no parameter deletes it; none is kept while nobody is logged in"},
		{What: "redial list", How: "is part of the call log"},
		{What: "contacts", How: "the local phone book stays on the phone"},
	},
	Ways: []provision.Way{
		{What: "hot desking key", Closed: true, How: "no key of type 34, start-up wizard and its fields off"},
		{What: "hoteling and flexible seating", Closed: true, How: "account.#.hoteling.enable, account.#.flexible_seating.enable"},
		{What: "account settings in the phone menu", Closed: true, How: "need the device's administrator password"},
		{What: "web access", Closed: true, How: "HTTPS only, administrator and user passwords are the device's own"},
		{What: "remote control by action URI", Closed: true, How: "features.action_uri.enable"},
		{What: "other provisioning servers", Closed: true, How: "PnP, DHCP options, zero touch and TR-069 off"},
		{What: "factory reset", How: "cannot be prevented; the phone then has no account"},
		{What: "handsets of a base", How: "whoever holds one can take it to another base; it then has no account of ours"},
	},
}

// yealinkTypes: model, ports, accounts, line keys, number of the common file.
// The numbers are the vendor's and follow no rule.
var yealinkTypes = []struct {
	name               string
	ports, lines, keys int
	common             string
}{
	{"T46U", 1, 16, 27, "108"}, // first: stands in for an unknown model
	{"T19P_E2", 1, 1, 0, "053"}, {"T20P", 1, 2, 2, "007"}, {"T21P_E2", 1, 2, 2, "052"}, {"T22P", 1, 3, 3, "005"},
	{"T23G", 1, 3, 3, "044"}, {"T23P", 1, 3, 3, "044"}, {"T26P", 1, 3, 3, "004"}, {"T27G", 1, 6, 21, "069"},
	{"T27P", 1, 6, 21, "045"}, {"T28P", 1, 6, 6, "000"}, {"T29G", 1, 16, 27, "046"}, {"T31P", 1, 2, 2, "123"},
	{"T31G", 1, 2, 2, "123"}, {"T31W", 1, 2, 2, "172"}, {"T32G", 1, 3, 3, "032"}, {"T33P", 1, 4, 4, "124"},
	{"T33G", 1, 4, 4, "124"}, {"T34W", 1, 4, 4, "171"}, {"T38G", 1, 6, 6, "038"}, {"T40P", 1, 3, 3, "054"},
	{"T40G", 1, 3, 3, "076"}, {"T41P", 1, 6, 15, "036"}, {"T41S", 1, 6, 15, "068"}, {"T42G", 1, 12, 15, "029"},
	{"T42S", 1, 12, 15, "067"}, {"T42U", 1, 12, 15, "116"}, {"T43U", 1, 12, 21, "107"}, {"T44W", 1, 12, 21, "174"},
	{"T46G", 1, 16, 27, "028"}, {"T46S", 1, 16, 27, "066"}, {"T48G", 1, 16, 29, "035"}, {"T48S", 1, 16, 29, "065"},
	{"T48U", 1, 16, 29, "109"}, {"T49G", 1, 16, 29, "051"}, {"T52S", 1, 12, 21, "074"}, {"T53", 1, 12, 21, "095"},
	{"T53W", 1, 12, 21, "095"}, {"T54S", 1, 16, 27, "070"}, {"T54W", 1, 16, 27, "096"}, {"T56A", 1, 16, 27, "056"},
	{"T57W", 1, 16, 29, "097"}, {"T58A", 1, 16, 27, "058"}, {"T58V", 1, 16, 27, "058"}, {"T58W", 1, 16, 27, "150"},
	{"T73U", 1, 12, 12, "186"}, {"T73W", 1, 12, 12, "183"}, {"T74U", 1, 12, 12, "187"}, {"T74W", 1, 12, 12, "184"},
	{"T77U", 1, 16, 16, "188"}, {"T85W", 1, 16, 16, "196"}, {"T87W", 1, 16, 16, "197"}, {"T88W", 1, 16, 16, "192"}, {"T88V", 1, 16, 16, "192"},
	{"AX83H", 1, 2, 0, "180"}, {"AX86R", 1, 2, 0, "182"}, {"CP860", 1, 1, 0, "037"}, {"CP920", 1, 1, 0, "078"},
	{"CP925", 1, 1, 0, "148"}, {"CP960", 1, 1, 0, "073"}, {"CP965", 1, 1, 0, "143"}, {"VP59", 1, 16, 16, "091"},
	{"VP530P", 1, 4, 0, ""}, {"W52P", 5, 5, 0, "025"}, {"W56P", 5, 5, 0, "025"}, {"W60B", 8, 8, 0, "077"},
	{"W70B", 10, 10, 0, "146"}, {"W75DM", 20, 20, 0, "175"}, {"W80DM", 30, 30, 0, "175"}, {"W80B", 30, 30, 0, "103"},
	{"W90DM", 250, 250, 0, ""},
}

func yealinkModels() []provision.Model {
	models := make([]provision.Model, 0, len(yealinkTypes))
	for _, t := range yealinkTypes {
		models = append(models, provision.Model{Name: t.name, Ports: t.ports, Lines: t.lines, Keys: t.keys})
	}
	return models
}

// yealinkCommon finds the first model that asks for a common file.
var yealinkCommon = func() map[string]string {
	names := make(map[string]string, len(yealinkTypes))
	for _, t := range yealinkTypes {
		if _, taken := names[t.common]; !taken && t.common != "" && t.common != "000" {
			names[t.common] = t.name
		}
	}
	return names
}()

// yealinkZones: the vendor's words for the time zones of our customers. Summer
// time follows from the name. An unknown zone leaves the phone's own setting.
var yealinkZones = map[string]struct{ offset, name string }{
	"UTC":               {"0", "GMT"},
	"Europe/Lisbon":     {"0", "Portugal(Lisboa,Porto,Funchal)"},
	"Europe/London":     {"0", "United Kingdom(London)"},
	"Europe/Dublin":     {"0", "Ireland(Dublin)"},
	"Europe/Amsterdam":  {"+1", "Netherlands(Amsterdam)"},
	"Europe/Berlin":     {"+1", "Germany(Berlin)"},
	"Europe/Brussels":   {"+1", "Belgium(Brussels)"},
	"Europe/Budapest":   {"+1", "Hungary(Budapest)"},
	"Europe/Copenhagen": {"+1", "Denmark(Kopenhagen)"},
	"Europe/Luxembourg": {"+1", "Luxembourg(Luxembourg)"},
	"Europe/Madrid":     {"+1", "Spain(Madrid)"},
	"Europe/Paris":      {"+1", "France(Paris)"},
	"Europe/Prague":     {"+1", "Czech Republic(Prague)"},
	"Europe/Rome":       {"+1", "Italy(Rome)"},
	"Europe/Vaduz":      {"+1", "Austria(Vienna)"},
	"Europe/Vienna":     {"+1", "Austria(Vienna)"},
	"Europe/Zurich":     {"+1", "Austria(Vienna)"},
	"Europe/Athens":     {"+2", "Greece(Athens)"},
	"Europe/Helsinki":   {"+2", "Finland(Helsinki)"},
	"Europe/Tallinn":    {"+2", "Estonia(Tallinn)"},
}
