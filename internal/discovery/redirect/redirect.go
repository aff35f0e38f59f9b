// Package redirect keeps devices' entries at the makers' redirect services (P11):
// a phone out of its box asks its maker, and is sent to us with its first-access
// URL. One port, Redirector, hides five services; each client stands in one file
// with its wire format, so that what a maker changes is changed in one place. It
// knows neither records nor vendors' drivers.
package redirect

import (
	"context"
	"errors"

	"tischlein/internal/telephony"
)

// Redirector is one maker's service, as an account of ours sees it.
type Redirector interface {
	// Put sends the device to url. ErrOwned, ErrRefused or ErrUnavailable.
	Put(ctx context.Context, d Device, url telephony.Secret) error
	// Get is where the device is sent, "" where the service has it for us and does
	// not tell. ErrAbsent, or as Put.
	Get(ctx context.Context, d Device) (telephony.Secret, error)
	// Delete gives the device free; one that is not there is no error.
	Delete(ctx context.Context, d Device) error
}

// Device is what services know a phone by. Serial is asked for by some (for Gigaset: the end
// of its MAC-ID), "" when nobody has said it.
type Device struct {
	MAC    telephony.MAC
	Serial string
}

// What a service says. Errors wrap one of these; their text is safe to show.
var (
	ErrOwned       = errors.New("the device is in another account's hands")
	ErrRefused     = errors.New("the service refuses")
	ErrUnavailable = errors.New("the service cannot be reached")
	ErrAbsent      = errors.New("the service does not have the device")
)

// The services that exist.
const (
	YealinkRPS      = "yealink_rps"
	SnomSRAPS       = "snom_sraps"
	GrandstreamGDMS = "grandstream_gdms"
	PolyLens        = "poly_lens"
	GigasetRedirect = "gigaset_redirect"
)
