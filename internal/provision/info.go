package provision

import "strings"

// Info describes a vendor: it feeds the portal, the docs and the decisions of
// app, phone and sip that depend on what the phones can do.
type Info struct {
	Vendor  string // the key stored with a CPE: "yealink"
	Name    string // for people: "Yealink"
	Version string // raised when the output changes; enters the wanted revision
	Models  []Model
	OUIs    []string // a hint, never a proof
	// Chain is what a device fetches to be up to date, in order: C06 counts a
	// fetch when the last one of it has been sent whole. Empty: nothing is
	// fetched, so registered means converged (D27).
	Chain []FileKind
	// Kinds are all kinds Render knows.
	Kinds      []FileKind
	Evidence   Evidence
	Transports []string // of SIP, best first
	KeepAlive  int      // seconds; 0 = the driver cannot set it
	PollMin    int      // seconds, shortest re-fetch; 0 = never polls
	// DigestSHA256 is true when the phones cope with a SHA-256 challenge beside
	// the MD5 one (C02).
	DigestSHA256 bool
	// HTTPAuth is how the phones answer a challenge with Desired.HTTPUser: basic,
	// digest. Empty: the driver does not write it, or they cannot.
	HTTPAuth []string
	// AsksByPost: they ask for their files with a form (POST), whose fields are not
	// needed: the address names the device.
	AsksByPost bool
	XMLBrowser bool // keys may open forms that we serve
	PageURLMax int  // longest URL that a key may open; 0 = any
	// FixedLineKeys: lines have keys of their own beside Model.Keys.
	FixedLineKeys bool
	Firmware      bool // the driver can tell phones which firmware to take (P12)
	// Restarts: the phones take a changed file by starting anew, when idle, also
	// where CheckSync asks for no reboot (P09).
	Restarts   bool
	ClientCert bool // phones carry a certificate that names their MAC
	// DialUnregistered: an emergency call leaves the phone without registration
	// (C11); false also where no source says so.
	DialUnregistered bool
	Traces           []Trace
	Ways             []Way
}

// Model is one device type.
type Model struct {
	Name  string // "T46U"
	Ports int    // channels that can be attached: 1, or more for a base or ATA
	Lines int    // accounts the phone has; all of them are written
	Keys  int    // line keys that can be programmed
	Since string // first firmware, "" = any
	// Transport is the only one of SIP that it has, "" = it has the vendor's.
	Transport string
}

// Evidence says what shows that a fetched configuration is in force (C06).
type Evidence string

// The kinds of evidence.
const (
	// EvidenceDisplay: the next REGISTER bears the new display name (Face.Display).
	EvidenceDisplay Evidence = "display"
	// EvidenceRegister: there is nothing to fetch, being registered is all.
	EvidenceRegister Evidence = "register"
	// EvidenceNone: a fetch is all there is; shown as assumed.
	EvidenceNone Evidence = "none"
)

// Trace is something the last person leaves on the phone (P07).
type Trace struct {
	What    string // call log, redial list, do not disturb, forwards, contacts, keys
	Cleared bool
	How     string // by which parameter, or why not
}

// Way is a phone-side way around an administrator's link (S03).
type Way struct {
	What   string
	Closed bool
	How    string
}

// Model is the model of that name; spelling and the usual prefixes and suffixes
// do not matter. For an unknown one it is the vendor's first, ok false.
func (i Info) Model(name string) (m Model, ok bool) {
	for _, m := range i.Models {
		if m.Name == name {
			return m, true
		}
	}
	short := squash(name)
	for _, m := range i.Models {
		if squash(m.Name) == short {
			return m, true
		}
	}
	if len(i.Models) == 0 {
		return Model{Name: name, Ports: 1, Lines: 1}, false
	}
	return i.Models[0], false
}

// TransportsOf are those of a model's devices, best first.
func (i Info) TransportsOf(model string) []string {
	if m, _ := i.Model(model); m.Transport != "" {
		return []string{m.Transport}
	}
	return i.Transports
}

// HasOUI reports whether the maker's part of a MAC is one of the vendor's.
func (i Info) HasOUI(oui string) bool {
	for _, o := range i.OUIs {
		if o == oui {
			return true
		}
	}
	return false
}

// Fetches reports whether the devices fetch anything from us (D27).
func (i Info) Fetches() bool { return len(i.Chain) > 0 }

var decoration = strings.NewReplacer("-", "", "_", "", " ", "")

func squash(s string) string {
	return strings.TrimPrefix(decoration.Replace(strings.ToLower(s)), "sip")
}
