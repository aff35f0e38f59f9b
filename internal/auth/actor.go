package auth

import (
	"net/netip"
	"slices"

	"tischlein/internal/telephony"
)

// Role is what somebody is to the operator (U09).
type Role string

// The roles.
const (
	OperatorAdmin   Role = "operator_admin"
	OperatorSupport Role = "operator_support" // reads and resyncs
	PartnerAdmin    Role = "partner_admin"    // their customers
	CustomerAdmin   Role = "customer_admin"   // their customer
	User            Role = "user"             // own PIN, own logins (S03)
)

// Scope narrows what a token may do beyond its role.
type Scope string

// The scopes a token can bear.
const (
	ScopeRead   Scope = "read"   // see
	ScopeWrite  Scope = "write"  // create, change and delete objects
	ScopeLink   Scope = "link"   // link and unlink
	ScopeLogin  Scope = "login"  // hot-desk login and logout
	ScopePush   Scope = "push"   // resync and reboot
	ScopeReveal Scope = "reveal" // read URLs that are secrets; audited
	ScopeAdmin  Scope = "admin"  // partners, tokens
)

// Scopes are all scopes.
var Scopes = []Scope{ScopeRead, ScopeWrite, ScopeLink, ScopeLogin, ScopePush, ScopeReveal, ScopeAdmin}

// Roles are all roles.
var Roles = []Role{OperatorAdmin, OperatorSupport, PartnerAdmin, CustomerAdmin, User}

// may is the policy: what each role can be allowed at all.
var may = map[Role][]Scope{
	OperatorAdmin:   Scopes,
	OperatorSupport: {ScopeRead, ScopePush},
	PartnerAdmin:    Scopes,
	CustomerAdmin:   Scopes,
	User:            {ScopeLogin},
}

// Actor is who asks: what their credential said, and from where.
type Actor struct {
	Kind        string // user, token, setup, cli, phone, system
	ID          string
	Name        string
	Role        Role
	Scopes      []Scope
	PartnerID   string // PartnerAdmin
	CustomerID  string // CustomerAdmin, User
	ExtensionID string // User
	From        netip.Addr
}

// System is the house itself: jobs and what devices do.
var System = Actor{Kind: "system", Name: "system", Role: OperatorAdmin, Scopes: Scopes}

// PhoneActor is a phone that asks for whoever stands at it: it may log people in
// and out at its own channel, and sees nothing else.
func PhoneActor(customerID, channelID, channel string, from netip.Addr) Actor {
	return Actor{Kind: "phone", ID: channelID, Name: channel, Role: User, Scopes: []Scope{ScopeLogin}, CustomerID: customerID, From: from}
}

// AtPhone reports whether the actor is a phone. Its ID is then its channel's.
func (a Actor) AtPhone() bool { return a.Kind == "phone" }

// Reaches reports whether the actor may log people in and out at the channel: a
// phone at its own only.
func (a Actor) Reaches(channelID string) bool { return !a.AtPhone() || a.ID != "" && a.ID == channelID }

// Speaks reports whether the actor may act for the extension: an end user for
// their own only, a phone for whoever types a PIN there.
func (a Actor) Speaks(extensionID string) bool {
	return a.Role != User || a.AtPhone() || a.ExtensionID != "" && a.ExtensionID == extensionID
}

// Can reports whether the actor's role and scopes both allow s.
func (a Actor) Can(s Scope) bool {
	return slices.Contains(may[a.Role], s) && slices.Contains(a.Scopes, s)
}

// ScopesOf are the scopes that a role can have at all; a portal user has them all.
func ScopesOf(r Role) []Scope { return slices.Clone(may[r]) }

// Grants reports whether the actor has all that somebody with the role would
// have: nobody hands out, or takes over, more than they have (U09).
func (a Actor) Grants(r Role) bool {
	for _, s := range may[r] {
		if !a.Can(s) && r != User {
			return false
		}
	}
	switch r {
	case OperatorAdmin, OperatorSupport:
		return a.Role == OperatorAdmin
	case PartnerAdmin:
		return a.Role == OperatorAdmin || a.Role == PartnerAdmin
	case CustomerAdmin, User:
		return a.Administrator()
	}
	return false
}

// Operator reports whether the actor works for the operator.
func (a Actor) Operator() bool { return a.Role == OperatorAdmin || a.Role == OperatorSupport }

// Administrator reports whether the actor may take a linked user off (S03).
func (a Actor) Administrator() bool {
	return a.Role == OperatorAdmin || a.Role == PartnerAdmin || a.Role == CustomerAdmin
}

// Sees reports whether the customer is within the actor's reach. What is not is
// answered as not found (D24).
func (a Actor) Sees(c telephony.Customer) bool {
	switch a.Role {
	case OperatorAdmin, OperatorSupport:
		return true
	case PartnerAdmin:
		return a.PartnerID != "" && a.PartnerID == c.PartnerID
	case CustomerAdmin, User:
		return a.CustomerID == c.ID
	}
	return false
}

// Denied is the refusal for a missing scope.
func Denied(s Scope) error {
	return telephony.Forbiddenf("scope_missing", "this needs the scope %q, which your role or token does not have", s)
}
