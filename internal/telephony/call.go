package telephony

import "net/netip"

// CallKind says what a dialled number means to the one who dials it.
type CallKind string

// What can be dialled.
const (
	CallExtension CallKind = "extension"   // rings every device of an extension (H05)
	CallLogin     CallKind = "login_code"  // H02: a conversation, or Argument in one go
	CallLogout    CallKind = "logout_code" // H02
	CallPickup    CallKind = "pickup_code" // C12: takes over the ringing call of Argument, or of anybody
	CallOutside   CallKind = "outside"     // leaves by a trunk (C10)
	CallEmergency CallKind = "emergency"   // leaves by a trunk, whoever dials (C11)
)

// Party is somebody in a call as the others see them.
type Party struct {
	ExtensionID string // "" outside, and for a desk where nobody is logged in
	Number      string
	Name        string
}

// Party is the extension as others in a call see it; nobody, where e is nil.
func (e *Extension) Party() Party {
	if e == nil {
		return Party{}
	}
	return Party{ExtensionID: e.ID, Number: e.Number, Name: e.Name}
}

// Ring is one device that a call rings.
type Ring struct {
	ChannelID string
	SIPUser   string
}

// CallPlan is what is to be done with a call, decided once when it is set up (C07, C08, C10).
type CallPlan struct {
	Kind       CallKind
	CustomerID string
	ChannelID  string // of the device that calls; "" from a trunk
	Caller     Party  // whose identity is asserted
	Callee     Party
	Language   string // of who is at the calling device: de, en or nl
	Rings      []Ring
	Argument   string // dialled behind a code, without the separating "*": "101*4711"; CallPickup: whose call, "" = anybody's

	Trunk    *Trunk   // CallOutside, CallEmergency, and an extension whose calls live in a switch
	Number   string   // as the trunk is to get it: E.164 with "+", or an emergency number
	Location Location // CallEmergency: of the place, never of the guest (D22)

	DeclineAll     bool // 603 at one device ends it for all (C08)
	ForwardOutside bool // a 302 may lead out of the customer, with the forwarder as payer
	MostCalls      int  // at once, of the customer; 0: no limit (C10)
	MostPerMinute  int  // new ones, of the customer; 0: no limit
}

// Location is where a place is, for emergency calls (C11).
type Location struct {
	Text string // postal address as people write it; "" = nobody has said
	ELIN string // number that stands for the place, E.164; "" = none
}

// EmergencyMode says how a trunk takes the location of an emergency call (C11).
type EmergencyMode string

// The modes.
const (
	EmergencyPlain       EmergencyMode = ""            // by the asserted number alone
	EmergencyGeolocation EmergencyMode = "geolocation" // RFC 6442, by reference
	EmergencyELIN        EmergencyMode = "elin"        // the place's number is asserted
)

// Trunk is a peer that is no phone: the public network, or a customer's own switch (C10).
type Trunk struct {
	ID         string
	CustomerID string // "" = the installation's, for every customer that has none of its own
	Name       string
	// Switch: the customer's calls live there; every request of its phones is
	// handed on with the identity asserted, and what it sends rings devices only.
	Switch    bool
	Host      string         // where calls are sent: host or host:port
	Sources   []netip.Prefix // requests from there are the trunk's without a digest
	User      string         // digest user, both ways; "" = none
	Secret    Secret
	Emergency EmergencyMode
	Version   int64
}
