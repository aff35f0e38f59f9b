package telephony

import (
	"net/netip"
	"time"
)

// Partner is a reseller between the operator and its customers.
type Partner struct {
	ID      string
	Name    string
	Version int64
}

// Customer is a company that the operator serves: the tenant boundary, with
// its account settings.
type Customer struct {
	ID        string
	PartnerID string // "" when the operator serves it directly
	Number    string // the operator's customer number, unique
	Name      string
	Language  string // de, en or nl: default for its people and phones
	TimeZone  string // IANA name
	IPListing bool   // S08

	// Whom to ask at the customer (U03), "" = nobody has said.
	ContactPerson string
	ContactPhone  string // as people write it
	ContactEmail  string

	// H07: when hot-desk logins end by themselves.
	HotdeskHours int    // after so many; 0 = never
	HotdeskEnd   string // every day at this time of its zone, "18:30"; "" = never

	LoginCode        string // H02, default 901
	LogoutCode       string // H02, default 902
	PickupCode       string // C12, default *8: what rings is taken over; the number of an extension may follow
	EmergencyNumbers []string
	OneGoCode        bool // H02: LoginCode*number*PIN is taken; the PIN stays in the phone's redial list

	// Calls (C08, C10, C11).
	Country        string // ISO 3166-1 alpha-2: how outside numbers are dialled here
	AreaCode       string // national, without the leading 0; "" = none: local numbers cannot be dialled
	OutboundNumber string // E.164, one of the customer's numbers: shown outside for extensions without one
	SiteAddress    string // where the customer is, for channels that say nothing else; "" = nobody has said
	SiteELIN       string // E.164, the number that stands for the site; "" = none
	DeclineAll     bool   // declining at one device ends the call for all
	ForwardOutside bool   // a phone may forward to an outside number
	MostCalls      int    // at once; 0 = no limit
	MostPerMinute  int    // new ones; 0 = no limit

	// TrustMinimum is the weakest way of P03 that makes a device trusted: one of
	// TrustMinima.
	TrustMinimum string

	// ExtensionDigits is the one length of all extension numbers (D21);
	// 0 until the first extension fixes it.
	ExtensionDigits int

	Version int64
}

// ChannelKind says what may sit at a channel.
type ChannelKind string

// The kinds of channel.
const (
	KindCPE    ChannelKind = "cpe"    // a place with a device
	KindClient ChannelKind = "client" // a desktop or mobile client, not a device (H08)
)

// Channel is the SIP account of a place.
type Channel struct {
	ID         string
	CustomerID string
	Name       string
	Kind       ChannelKind
	Location   string // where the place is, for emergency calls (D22); "" = the customer's site
	ELIN       string // E.164, the number that stands for the place (C11); "" = the site's
	SIPUser    string // random, unique in the installation (C01)
	Desk       string // the short number on the phone's screen, unique within the customer; "" = none
	Version    int64
}

// Extension is a person's internal number (Benutzer-Nebenstelle).
type Extension struct {
	ID         string
	CustomerID string
	Number     string
	Name       string
	Language   string // "" = the customer's
	MultiLogin bool
	HasPIN     bool
	// PINMustChange is set while the PIN is the administrator's 0000 (D20).
	PINMustChange bool
	// OutboundNumber is shown outside, E.164 and one of the customer's numbers;
	// "" = the first that leads to the extension, else the customer's (C10).
	OutboundNumber string
	// Keys follow the person to whatever phone they sit at, in order (P08). Only
	// who reads an extension with all that belongs to it has them.
	Keys    []Key
	Version int64
}

// Capacity is the number of devices the extension may be logged in at.
func (e Extension) Capacity() int {
	if e.MultiLogin {
		return 2
	}
	return 1
}

// Trust says how far a device has proven itself (P03).
type Trust string

// The stages of trust.
const (
	TrustNone    Trust = "none"    // nothing but a MAC, which proves nothing (P01)
	TrustPending Trust = "pending" // armed window used, registration not yet seen
	TrustProven  Trust = "proven"
	TrustFrozen  Trust = "frozen" // a second claimant came; an administrator decides
)

// The evidence by which a device became trusted.
const (
	WayFirstAccess = "first_access" // P03 (b)
	WayArmed       = "armed"        // P03 (c)
	WayCertificate = "certificate"  // P03 (a)
	WaySiteToken   = "site_token"   // P03 (b), for a whole range of devices
	WayPIN         = "pin"          // P03 (d)
)

// CPE is a device at the customer's site.
type CPE struct {
	ID         string
	CustomerID string
	MAC        MAC // "" for devices without one (softphones, generic)
	Driver     string
	Model      string
	Name       string
	Ports      int
	Lost       bool // lost or sold: no way in, whatever it presents (D14)

	Trust        Trust
	TrustWay     string
	PendingAddr  netip.Addr // the only address a pending device is served at
	ArmedUntil   time.Time
	FrozenReason string
	TrustAt      time.Time // when it became trusted, zero: not, or nobody noted it
	// TrustEvidence is what it showed then: a certificate's subject and issuer, a
	// site token's name, an address.
	TrustEvidence string
	Certified     bool      // it has shown its maker's certificate once (P03 a)
	PINExpires    time.Time // until when a PIN typed at the phone is taken, zero: none (P03 d)
	PINTries      int       // wrong ones so far

	// What was observed of it (P10).
	FetchAddr    netip.Addr // peer of the last configuration request
	RegisterAddr netip.Addr // peer of the last REGISTER
	Wanted       string
	Fetched      string
	FetchedAt    time.Time
	FetchedUA    string
	Firmware     string
	PushedAt     time.Time
	Pushed       string // revision the last push announced
	PushOutcome  PushOutcome
	PushStatus   int
	NextPush     time.Time
	RefusedAt    time.Time // last refusal since the last good contact, zero if none
	RefusedWhy   string

	Version int64
}

// Addresses are the peers the device was last seen at, fetching and registering.
func (c CPE) Addresses() []netip.Addr {
	var a []netip.Addr
	if c.FetchAddr.IsValid() {
		a = append(a, c.FetchAddr)
	}
	if c.RegisterAddr.IsValid() && c.RegisterAddr != c.FetchAddr {
		a = append(a, c.RegisterAddr)
	}
	return a
}

// Attachment is the connection of a CPE's port with a channel: "connected to
// the channel" always means that this record exists.
type Attachment struct {
	ChannelID  string
	CustomerID string
	CPEID      string
	Port       int // 1..CPE.Ports
	Since      time.Time
}

// Link is an administrator's standing order: this extension sits at this channel.
type Link struct {
	ChannelID   string
	CustomerID  string
	ExtensionID string
	Slot        int // 1..capacity, unique per extension
	Since       time.Time
	By          string // who linked
}

// LoginKind says by whose order an extension is logged in.
type LoginKind string

// The kinds of login.
const (
	LoginLinked  LoginKind = "linked"
	LoginHotdesk LoginKind = "hotdesk"
)

// Login is the fact that an extension is in use at a channel's device.
type Login struct {
	ChannelID   string
	CustomerID  string
	ExtensionID string
	Slot        int // 1..capacity, unique per extension
	Kind        LoginKind
	Since       time.Time
	Address     netip.Addr // hot-desk: the address it is bound to (D19), invalid until seen
	Path        string     // how it came about: portal, api, code, key, self_service
	Until       time.Time  // hot-desk: when it ends by itself (H07); zero: never
}
