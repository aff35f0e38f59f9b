package telephony

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
)

// LineState says who sits at one line of a device.
type LineState string

// The states of a line, as its device should show them.
const (
	LineUnused  LineState = "unused"  // no channel attached to this port
	LineFree    LineState = "free"    // nobody logged in: a free desk (H04)
	LineRefused LineState = "refused" // linked, but the IP check fails (D16)
	LineHotdesk LineState = "hotdesk" // a user logged in by number and PIN
	LineLinked  LineState = "linked"  // an administrator linked the user (S01)
)

// Line is the wanted state of one port of a device.
type Line struct {
	Port     int // 1..ports
	State    LineState
	SIPUser  string // the channel's SIP user name, also the AOR's user part
	Secret   Secret // SIP password of the attachment (P14)
	Number   string // extension number, when somebody is logged in
	Name     string // display name of the extension, when somebody is logged in
	Place    string // the channel's name: what a free desk shows
	Desk     string // the place's short number, also on a free desk's screen; "" = none
	Language string // language of the person, else of the customer: de, en or nl
	Address  string // LineRefused: the address that is not listed
	Keys     []Key  // of the person, in order; none at a free desk (P08)
}

// LoggedIn reports whether an extension is logged in at the line.
func (l Line) LoggedIn() bool { return l.State == LineLinked || l.State == LineHotdesk }

// Used reports whether a channel is attached to the line's port.
func (l Line) Used() bool { return l.State != "" && l.State != LineUnused }

// SIPServer is where a device registers.
type SIPServer struct {
	Realm     string // also the domain of every AOR
	Host      string // name or address the phone can reach
	Port      int
	Transport string // udp, tcp or tls
	Expires   int    // seconds
	KeepAlive int    // seconds between NAT keep-alives, below 30 (C04)
	RootCA    string // PEM of the CA that signed our TLS certificates, "" = public
}

// Desired is everything a device should be told, in no vendor's words. A driver
// turns it into the device's files; its hash is the wanted revision (P09).
type Desired struct {
	Driver     string
	Model      string
	MAC        MAC
	DeviceName string

	// BaseURL is the device's own provisioning directory, ending in "/":
	// https://host/d/<token>/. It is a secret: it is all that the device needs.
	BaseURL Secret
	// PagesURL is where the device's keys open pages, ending in "/":
	// https://host/k/<token>/, "" = nowhere. Its token opens those pages and
	// nothing else (P02).
	PagesURL Secret
	// RefetchSeconds is how often the device looks for changes by itself: the
	// safety net behind check-sync (P09).
	RefetchSeconds int

	SIP           SIPServer
	AdminPassword Secret // the device's own web and menu administrator password
	// HTTPUser and HTTPPassword are what the device answers a challenge of its
	// provisioning directory with, beside the token (P02); "" = it needs none.
	HTTPUser     string
	HTTPPassword Secret
	Language     string // de, en or nl
	TimeZone     string // IANA name
	LoginCode    string // H02, dialled to log in ("901")
	LogoutCode   string // H02, dialled to log out ("902")
	PickupCode   string // C12, dialled before the number of an extension to take over its call ("*8")
	Hotdesking   bool   // at least one line may be logged in and out by users (S04)
	Emergency    []string
	Lines        []Line // one per port, in port order, unused ports included
	Person       string // changes whenever the person at the device changes (P07)

	Overrides []Override // merged, by name; they win over what the driver writes (P08)
	Firmware  Firmware   // zero: the device keeps what it runs (P12)
}

// LoggedIn reports whether somebody is logged in at any line.
func (d Desired) LoggedIn() bool { return slices.ContainsFunc(d.Lines, Line.LoggedIn) }

// Pickup is what a key that watches somebody dials before the number while it
// rings there; "" where no key watches anybody.
func (d Desired) Pickup() string {
	watches := func(k Key) bool { return k.Kind == KeyWatch }
	if !slices.ContainsFunc(d.Lines, func(l Line) bool { return slices.ContainsFunc(l.Keys, watches) }) {
		return ""
	}
	return d.PickupCode
}

// Spoken is what the device's texts are in: the language of the first person who is
// logged in at it, else its own.
func (d Desired) Spoken() string {
	for _, l := range d.Lines {
		if l.LoggedIn() && l.Language != "" {
			return l.Language
		}
	}
	return d.Language
}

// Revision is the hash of everything a driver can see. driverVersion enters it,
// so that a better driver reaches every device. 32 hexadecimal digits.
func (d Desired) Revision(driverVersion string) string {
	h := sha256.New()
	put := func(v ...any) {
		for _, x := range v {
			s := fmt.Sprint(x)
			fmt.Fprintf(h, "%d:", len(s))
			h.Write([]byte(s))
		}
	}
	put(driverVersion, d.Driver, d.Model, d.MAC, d.DeviceName, d.BaseURL.Reveal(), d.PagesURL.Reveal(), d.RefetchSeconds)
	s := d.SIP
	put(s.Realm, s.Host, s.Port, s.Transport, s.Expires, s.KeepAlive, s.RootCA)
	put(d.AdminPassword.Reveal(), d.Language, d.TimeZone, d.LoginCode, d.LogoutCode, d.Hotdesking, d.Person)
	put(len(d.Emergency))
	for _, e := range d.Emergency {
		put(e)
	}
	put(len(d.Lines))
	for _, l := range d.Lines {
		put(l.Port, l.State, l.SIPUser, l.Secret.Reveal(), l.Number, l.Name, l.Place, l.Desk, l.Language, l.Address)
		put(len(l.Keys))
		for _, k := range l.Keys {
			put(k.Kind, k.Label, k.Value)
		}
	}
	if p := d.Pickup(); p != "" {
		put(p)
	}
	put(d.HTTPUser, d.HTTPPassword.Reveal(), d.Firmware.Version, d.Firmware.URL, len(d.Overrides))
	for _, o := range d.Overrides {
		put(o.Name, o.Value)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}
