package phone

import (
	"context"
	"net/netip"

	"tischlein/internal/telephony"
)

// Spot is where a key was pressed: one line of a device, and who is there.
type Spot struct {
	Device    Device
	From      netip.Addr // the peer of the request
	ChannelID string
	Channel   string // its name
	Language  string // of who is logged in, else the customer's
	TimeZone  string // IANA name
	// Linked is by whom an administrator's link keeps everybody else away (S04);
	// without an extension there is no link.
	Linked telephony.Party
}

// Attempt is a try to log in at a spot.
type Attempt struct {
	Number   string
	PIN      telephony.Secret
	NewPIN   telephony.Secret // after "pin_must_change" (D20)
	TakeOver bool             // what "desk_taken" and "maximum_devices" asked was answered yes (H03)
	End      string           // the channel at which the login is to end for that, "" = the oldest
	Over     string           // the number of who was named as sitting here, or telephony.Nobody
}

// Keys is what the pages need that the keys of a device open (H02 b). Its
// refusals are telephony.Error with the reasons of app.Desks; whoever is refused
// is in the audit log already.
type Keys interface {
	// ByPages finds the device of a pages token.
	ByPages(ctx context.Context, token string) (Device, error)
	// At is the line of that port, counted from 1; NotFound when nothing is
	// connected there.
	At(ctx context.Context, d Device, port int, from netip.Addr) (Spot, error)
	// LogIn says who is logged in then.
	LogIn(ctx context.Context, s Spot, a Attempt) (telephony.Party, error)
	// LogOut ends the login at the spot, or at all devices of that person; kept are
	// the places where a link holds them (D10). With a second login and WhereAsk the
	// refusal is "logout_where".
	LogOut(ctx context.Context, s Spot, where telephony.Where) (kept []string, err error)
}
