package drivers

import "tischlein/internal/provision"

var htekInfo = provision.Info{
	Vendor:  "htek",
	Name:    "Htek",
	Version: "htek/1",
	Models:  htekModels(),
	OUIs:    []string{"001fc1"},
	Chain:   []provision.FileKind{provision.KindConfig},
	Kinds:   []provision.FileKind{provision.KindConfig},
	// No source shows what a REGISTER of theirs bears.
	Evidence:   provision.EvidenceNone,
	Transports: []string{"tls", "tcp", "udp"},
	KeepAlive:  25,
	PollMin:    3600,
	HTTPAuth:   []string{"basic"},
	// They have a browser for XML; what its elements are called, no source says.
	XMLBrowser:       false,
	Firmware:         true,
	DialUnregistered: true,
	Traces: []provision.Trace{
		{What: "forwards", Cleared: true, How: "all three are off and without a target (P53100 to P53121); star codes are off"},
		{What: "line keys", Cleared: true, How: "every key of the model is written"},
		{What: "do not disturb", How: "no known parameter switches it off; its star codes are off"},
		{What: "call log", How: "no known parameter deletes it"},
		{What: "redial list", How: "is part of the call log"},
		{What: "contacts", How: "the local phone book stays on the phone"},
	},
	Ways: []provision.Way{
		{What: "account settings in the phone menu", Closed: true, How: "P88 locks the keypad for settings; the administrator's password is the device's own"},
		{What: "hoteling", Closed: true, How: "P20709 to P20732: off and empty for every account"},
		{What: "web access", Closed: true, How: "administrator and user passwords are the device's own"},
		{What: "control by HTTP", Closed: true, How: "P24011: from nowhere"},
		{What: "SNMP", Closed: true, How: "P8150"},
		{What: "DHCP options for provisioning", Closed: true, How: "P145"},
		{What: "SIP-PnP", How: "no known parameter switches it off; nobody else may answer in the LAN"},
		{What: "a CA of our own", How: "cannot be sent; the server needs a public certificate"},
		{What: "factory reset", How: "cannot be prevented; the phone then has no account"},
	},
}

// htekAccounts is how many accounts templates name. How many of them a model has,
// none says; phones ignore the others.
const htekAccounts = 6

// htekTypes: model, line keys, the code in the name of the model's file. Where no
// source counts the keys, there are none.
var htekTypes = []struct {
	name string
	keys int
	code string
}{
	{"UC926", 36, "0010"}, // first: stands in for an unknown model
	{"UC926E", 36, "0110"}, {"UC924", 28, "0012"}, {"UC924E", 28, "0112"}, {"UC923", 20, "0013"},
	{"UC912", 12, "0019"}, {"UC912E", 12, ""}, {"UC912G", 12, ""}, {"UC903", 20, "0016"}, {"UC902", 0, "0017"},
	{"UC862", 14, "0000"}, {"UC860", 14, "0002"}, {"UC860P", 14, ""}, {"UC842", 4, "0001"}, {"UC840", 4, "0003"}, {"UC840P", 4, ""},
	{"UC806", 4, "0004"}, {"UC806T", 4, "0041"}, {"UC806G", 4, "0042"}, {"UC804", 4, "0005"}, {"UC804T", 4, "0051"}, {"UC804G", 4, "0052"},
	{"UC803", 0, "0006"}, {"UC803T", 0, ""}, {"UC802", 0, "0007"}, {"UC802T", 0, ""},
}

// htekCodes is the model by the code in the name of its file.
var htekCodes = func() map[string]string {
	codes := make(map[string]string, len(htekTypes))
	for _, t := range htekTypes {
		if t.code != "" {
			codes[t.code] = t.name
		}
	}
	return codes
}()

func htekModels() []provision.Model {
	models := make([]provision.Model, 0, len(htekTypes))
	for _, t := range htekTypes {
		models = append(models, provision.Model{Name: t.name, Ports: 1, Lines: htekAccounts, Keys: t.keys})
	}
	return models
}

// htekZones are time zones in the vendor's list, by their hours.
var htekZones = []string{"33", "49", "57"}
