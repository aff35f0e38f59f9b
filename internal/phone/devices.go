package phone

import (
	"context"
	"net/netip"
	"time"

	"tischlein/internal/telephony"
)

// Device is one CPE as far as serving it needs.
type Device struct {
	ID, CustomerID string
	MAC            telephony.MAC // "" for devices without one
	Driver, Model  string
	Said           string // the model that its request names, while none is known
	// Only is set while trust is pending: the device is served at this address
	// and at no other (P03 c).
	Only      netip.Addr
	Certified bool // it has shown its maker's certificate (P03 a)
	// HTTP is what its own directory demands of it (P02).
	HTTP telephony.HTTPLogin
}

// Rendered is what a device should be told, and the wanted revision it makes.
type Rendered struct {
	Desired  telephony.Desired
	Revision string
}

// Fetch is one whole file chain that a device took (P10).
type Fetch struct {
	Device          Device
	Revision        string
	From            netip.Addr
	UserAgent       string
	Firmware, Model string // as the request says, "" when it does not
	HTTPUser        string // which HTTP credentials the files bore, "" = none that are new
	At              time.Time
}

// Devices is what the phone side needs to know and to tell. Tokens reach it as
// auth.HashToken only. Errors: telephony.NotFound becomes 404, what is neither
// that nor another refusal becomes 503.
type Devices interface {
	// ByToken finds the device of a permanent token.
	ByToken(ctx context.Context, tokenHash string) (Device, error)
	// ByFirstAccess finds the device of a first-access token and binds the token
	// to from, or to the address that came first; it also knows the 15 minutes of
	// retries and the expiry (P03 b).
	ByFirstAccess(ctx context.Context, tokenHash string, from netip.Addr) (Device, error)
	// Claim is the first contact of an armed MAC (P03 c), and its repetition from
	// the same address: a chain has several files. NotFound when the MAC is not
	// armed for that address or is frozen.
	Claim(ctx context.Context, mac telephony.MAC, from netip.Addr) (Device, error)
	// Certified is the device of a certificate that was verified (P03 a); NotFound
	// when no customer, or more than one, has listed it for that maker.
	Certified(ctx context.Context, c Certificate, from netip.Addr) (Device, error)
	// Disputed is a request whose certificate names this MAC and which names
	// another one besides (P04).
	Disputed(ctx context.Context, mac telephony.MAC, from netip.Addr, why string)
	// BySiteToken is the device with that MAC of the customer whose site token it is
	// (P03 b).
	BySiteToken(ctx context.Context, tokenHash string, mac telephony.MAC, from netip.Addr) (Device, error)
	// ByPIN judges a PIN that was typed at a phone (P03 d), one of WithPIN.
	ByPIN(ctx context.Context, mac telephony.MAC, pin telephony.Secret, from netip.Addr) (Device, error)
	WithPIN(ctx context.Context) ([]telephony.MAC, error)
	// Armed are the only MACs that may be claimed, those included whose claim may
	// still be repeated. It is kept in memory and read again after a Changed.
	Armed(ctx context.Context) ([]telephony.MAC, error)
	// Desired is what the device should be told now.
	Desired(ctx context.Context, d Device) (Rendered, error)
	// Contacted comes before an answer from an address that memory has not seen
	// yet; what it changes (D16) is in the Desired that follows.
	Contacted(ctx context.Context, d Device, from netip.Addr) error
	// Fetched must not block.
	Fetched(ctx context.Context, f Fetch)
	// Refused is a request that bore the device's credential and was not served
	// (P04). Repetitions are held back for a minute.
	Refused(ctx context.Context, d Device, from netip.Addr, why string)
	// FirstAccessDone is the first chain by the permanent token that memory sees
	// taken: it ends the first-access token.
	FirstAccessDone(ctx context.Context, d Device)
	// HTTPUsed tells that the device used d.HTTP.User while the credentials before
	// it were still good. It must not block.
	HTTPUsed(ctx context.Context, d Device)
}
