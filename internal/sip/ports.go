package sip

import (
	"context"
	"net/netip"

	"tischlein/internal/telephony"
)

// HA1 is H(user:realm:secret) of one secret, by both hash functions that
// RFC 8760 leaves to choose from. It is as good as the secret: memory only (C01).
type HA1 struct {
	MD5    [16]byte
	SHA256 [32]byte
}

// Credential is what the registrar must know about one channel.
type Credential struct {
	SIPUser    string
	ChannelID  string // "" of a trunk, which may call and not register
	CustomerID string
	TrunkID    string
	// HA1 holds the current secret first, then the previous one for as long as
	// it is still valid (P14). Empty: the channel has no device, nothing is accepted.
	HA1 []HA1
	// SHA256 offers SHA-256 before MD5; without it only MD5 is offered (C02).
	SHA256 bool
	// SHA256Only: the device has used SHA-256 once, so nothing weaker is accepted.
	SHA256Only bool
	// Generation changes whenever Observer.Contacted must be asked again although
	// the address is the same: the allowlist or the login changed.
	Generation uint64
}

// Credentials is asked for a channel that is not in memory. An unknown user is
// an error with code telephony.NotFound; any other error is answered 503.
type Credentials interface {
	Credential(ctx context.Context, sipUser string) (Credential, error)
}

// Realms is asked for a channel's secrets as hashes for a realm that is not ours:
// that of a phone which challenges our NOTIFY. The secrets themselves stay where
// they are. Current first; errors as of Credentials.
type Realms interface {
	HA1In(ctx context.Context, realm, sipUser string) ([]HA1, error)
}

// BindingChange puts Binding in the place of whatever its channel had, or
// removes what the channel had.
type BindingChange struct {
	Binding telephony.Binding
	Remove  bool
}

// Bindings keeps bindings over a restart. Apply is one durable batch, in order,
// and must be idempotent; it is never called twice at the same time.
type Bindings interface {
	Load(ctx context.Context, each func(telephony.Binding) error) error
	Apply(ctx context.Context, batch []BindingChange) error
}

// Contact is one authenticated request from a channel's device.
type Contact struct {
	SIPUser    string
	ChannelID  string
	CustomerID string
	Source     netip.AddrPort
	Transport  string // udp, tcp or tls
	UserAgent  string
	Method     string
}

// Observer is told what the registrar sees. Only Contacted may wait: the other
// methods are called from the readers and must return at once.
type Observer interface {
	// Contacted is called before the answer to an authenticated request from an
	// address not yet verified for this channel and generation (D16, D19). An
	// error is answered 503, so that the phone asks again.
	Contacted(ctx context.Context, c Contact) error
	// Registered follows each 200 that leaves a binding. fresh: it is new or
	// leads elsewhere than before; otherwise a refresh.
	Registered(ctx context.Context, b telephony.Binding, fresh bool)
	// Unregistered: the channel has no binding any more.
	Unregistered(ctx context.Context, channelID, reason string)
	// Refused: an authenticated or nearly authenticated request of a known
	// channel was refused; limited per source.
	Refused(ctx context.Context, r Refusal)
	// Used says which secret and hash a device has just authenticated with, once
	// per credential look-up: it retires the previous secret (P14) and pins
	// SHA-256 (C02).
	Used(ctx context.Context, u Usage)
}

// Refusal reasons, stable words for surfaces.
const (
	RefusedInstance = "other_instance" // a second device registers the channel (C03)
	RefusedDigest   = "wrong_digest"   // right user, wrong secret
	RefusedUser     = "other_user"     // authenticated as one channel, registering another
)

// Refusal is one refused request.
type Refusal struct {
	ChannelID string
	Reason    string
	Source    netip.AddrPort
	Detail    string
}

// Usage tells what a device proved.
type Usage struct {
	SIPUser   string
	ChannelID string
	SHA256    bool
	Previous  bool // the previous secret, not the current one
}
