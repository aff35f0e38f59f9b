package app

import (
	"time"

	"tischlein/internal/auth"
	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// Query is a request for a piece of a sorted list.
type Query struct {
	Cursor string // as List.Next or List.Prev gave it, "" for the beginning
	Limit  int    // 1..200, 0 = 50
	Search string // part of a name or number, or a MAC in any notation
	Sort   string // a word of the list, "-" before it: descending; "" = its first
	Filter string // a word of the list; "" = all
	Count  bool   // fill List.Total
}

// List is a piece of a sorted list.
type List[T any] struct {
	Items []T
	Next  string // "" at the end
	Prev  string // "" at the beginning
	Total int    // how many match, when the query asked
	More  bool   // Total is a lower bound
}

// Effect is one thing that an action does, or would do, in words that a surface
// can translate: Kind is the stable word.
type Effect struct {
	Kind      string // linked, unlinked, logged_in, logged_off, kept, waiting_for_device, address_refused, attached, detached, multi_login_off
	ChannelID string
	Channel   string
	Extension string // number
	Name      string
	Reason    string // logged_off: telephony.EndReason
	Address   string // address_refused
}

// ChannelView is a channel with what stands beside it.
type ChannelView struct {
	Channel    telephony.Channel
	State      telephony.State
	Registered bool
	CPE        *telephony.CPE
	Link       *telephony.Link
	LinkedTo   *telephony.Extension
	Login      *telephony.Login
	User       *telephony.Extension
	InCall     bool // its device is in a call on this node (D04)
	// Unlocated: neither the channel nor its customer says where it is, so that
	// nobody could be sent to an emergency call from there (C11).
	Unlocated bool
}

// Explanation is the way from link to registered phone with the first thing missing.
type Explanation struct {
	State   telephony.State
	Steps   []telephony.Step
	Missing *telephony.Step
	// Emergency says how emergency calls leave here and where their place is said
	// to be (C11); it is no station on the way to a registered phone.
	Emergency telephony.Step
}

// ExtensionView is an extension with where it sits.
type ExtensionView struct {
	Extension   telephony.Extension
	Links       []telephony.Link
	Logins      []telephony.Login
	LockedUntil time.Time          // hot-desk login locked after wrong PINs (D20)
	Numbers     []telephony.Number // that lead to it
	Places      map[string]string  // channel id → name, of Links and Logins
}

// CPEView is a CPE with what is attached to its ports.
type CPEView struct {
	CPE         telephony.CPE
	Attachments []telephony.Attachment
	Pushable    bool
	Restartable bool // it can be told to start anew (P09)
	Fetches     bool
	Applied     provision.Evidence // C06; EvidenceNone: shown as assumed
	State       telephony.CPEState
	Registered  bool // at least one of its channels is
	// DialUnregistered: its model calls for help without a registration as well
	// (C11); false also where the maker does not say so.
	DialUnregistered bool
	Places           map[string]string // channel id → name, of Attachments
	// P11: its maker's redirect service, "" where we have no account there, and its
	// entry, nil where none was ever wanted. Not in lists.
	RedirectService string
	Redirect        *telephony.Redirect
}

// CustomerView is a customer in a list, with the health of its devices.
type CustomerView struct {
	Customer telephony.Customer
	Failing  int // devices that are lost, frozen or were refused
	Behind   int // devices that lack their newest configuration
}

// Health counts a customer's objects by how they are (U03).
type Health struct {
	Channels, Extensions, CPEs int
	Linked                     int                            // channels with a link
	States                     map[telephony.StateCode]int    // channels
	Devices                    map[telephony.CPEStateCode]int // CPEs
	Unlocated                  int                            // places without a location for emergency calls (C11)
}

// AllowEntry is one entry of a customer's allowlist.
type AllowEntry struct {
	Entry telephony.Entry
	Note  string
}

// LinkRequest asks for a link (S01, S09).
type LinkRequest struct {
	CustomerID  string
	ChannelID   string
	ExtensionID string
	Side        telephony.Side // which page's rules apply (S10, D02)
	TakeOver    bool           // confirmed (D02)
	Replace     bool           // unlink what stands there first (D12)
	DryRun      bool           // say what would happen, change nothing
	Bulk        bool           // one of many: its push waits for interactive ones
}

// LoginRequest asks for a hot-desk login (H01).
type LoginRequest struct {
	CustomerID string
	ChannelID  string
	Number     string
	PIN        telephony.Secret
	NewPIN     telephony.Secret // needed when the PIN must be changed (D20)
	TakeOver   bool
	End        string // channel of the login that ends at the maximum (H03); "" = the oldest
	Over       string // number of who TakeOver may log off here, telephony.Nobody; "" = whoever sits here
	DryRun     bool
	Path       string // api, portal, code, key, self_service; "" = as the actor tells
}

// TokenSpec is what a new API token should be.
type TokenSpec struct {
	Name        string
	Role        auth.Role
	PartnerID   string
	CustomerID  string
	ExtensionID string
	Scopes      []auth.Scope // empty: all that the role may
	Expires     time.Time    // zero: never
}

// TokenView is a token without its secret.
type TokenView struct {
	ID          string
	Name        string
	Role        auth.Role
	PartnerID   string
	CustomerID  string
	ExtensionID string
	Scopes      []auth.Scope
	Expires     time.Time
	CreatedBy   string
	Created     time.Time
}

// AuditEntry is one line of the audit log, AuditQuery narrows it.
type (
	AuditEntry struct {
		ID         string
		At         time.Time
		CustomerID string
		ActorKind  string
		ActorID    string
		ActorName  string
		From       string
		Action     string
		ObjectKind string
		ObjectID   string
		Outcome    string // done or refused
		Reason     string
		Before     string // JSON
		After      string // JSON
		Undo       string // what its undo does: link or unlink; "" = none is offered
		// Names says what the ids in it are called now; what is gone is missing.
		Names map[string]string
	}
	AuditQuery struct {
		ObjectID   string
		ObjectKind string
		Action     string
		Actor      string // part of the name
		Outcome    string // done or refused
		Since      time.Time
		Until      time.Time // exclusive
		Text       string    // part of actor, action, reason, before or after
		Cursor     string
		Limit      int
	}
)

// HistoryEntry is one line of a device's history.
type HistoryEntry struct {
	ID      string
	At      time.Time
	Kind    string
	Address string
	Detail  string
}

// Answer is what a request with an idempotency key was answered.
type Answer struct {
	Request  string // hash of method, path and body
	Status   int
	Body     []byte
	ETag     string
	Location string
}

// Event says that something about an object has changed; who is interested
// reads the object anew.
type Event struct {
	Seq        uint64
	At         time.Time
	CustomerID string
	Kind       string // channel, extension, cpe, customer
	ID         string
	What       string // linked, unlinked, logged_in, logged_off, pushed, fetched, registered, unregistered, changed, …
	Detail     string
}
