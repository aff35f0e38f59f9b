package web

import (
	"net/http"
	"slices"

	"tischlein/internal/auth"
)

// Reach says whose a route is.
type Reach string

// The reaches.
const (
	Open       Reach = "open"        // nobody needs to be signed in
	Entering   Reach = "entering"    // a session of any stage: the second factor may still be due
	Account    Reach = "account"     // whoever signs in with a password, for their account
	SignedIn   Reach = "signed_in"   // whoever works in the portal, for what is theirs
	OfCustomer Reach = "of_customer" // the pattern has {customer}; another's is not found (X02)
	Own        Reach = "own"         // an extension's own user, for what is theirs; nobody else's is found
)

// Route is one row of the table of routes: everything that the portal answers
// stands in it, and a test tries each with every role and a foreign object (X02).
type Route struct {
	Method  string
	Pattern string     // of http.ServeMux, with {customer} first where it is a customer's
	Reach   Reach      // whose it is
	Scope   auth.Scope // needed, "" = none beyond being signed in
	Handle  func(*Portal, *Call) error
	Keeps   bool // what was typed is kept when the session has ended
}

// Routes is the table. Each area has its part in its own file.
func Routes() []Route {
	return slices.Concat(
		gateRoutes, accountRoutes, userRoutes, partnerRoutes, tokenRoutes, searchRoutes,
		customerRoutes, numberRoutes, trunkRoutes, overrideRoutes, channelRoutes, extensionRoutes, cpeRoutes, trustRoutes, fleetRoutes, logRoutes, eventRoutes, selfRoutes,
	)
}

// get, post: rows for the tables. Reading needs the scope read unless told
// otherwise; what is posted names its scope.
func get(pattern string, reach Reach, h func(*Portal, *Call) error) Route {
	r := Route{Method: http.MethodGet, Pattern: pattern, Reach: reach, Handle: h}
	if reach == OfCustomer {
		r.Scope = auth.ScopeRead
	}
	return r
}

func post(pattern string, reach Reach, s auth.Scope, h func(*Portal, *Call) error) Route {
	return Route{Method: http.MethodPost, Pattern: pattern, Reach: reach, Scope: s, Handle: h}
}

// needs is the route with another scope.
func (r Route) needs(s auth.Scope) Route { r.Scope = s; return r }
