package app

import (
	"context"
	"hash/fnv"
	"net/netip"

	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// Registrar is what the SIP registrar asks and tells.
type Registrar struct{ *core }

// Credential is what a channel's device may register with.
type Credential struct {
	SIPUser, ChannelID, CustomerID string
	Secrets                        []telephony.Secret // current first, then the previous while valid (P14)
	SHA256, SHA256Only             bool
	// Generation changes whenever the verdict on an address must be asked anew.
	Generation uint64
}

// Credential finds what the SIP user may register with; not_found for unknown
// users, and for channels without a device.
func (r Registrar) Credential(ctx context.Context, user string) (c Credential, err error) {
	var k storage.Credentials
	var login *telephony.Login
	err = r.db.View(ctx, func(tx *storage.Tx) error {
		if k, err = tx.CredentialsByUser(user); err != nil {
			return err
		}
		l, err := tx.Login(k.CustomerID, k.ChannelID)
		if telephony.CodeOf(err) == telephony.NotFound {
			return nil
		}
		login = &l
		return err
	})
	if err != nil {
		return c, err
	}
	if k.Lost {
		return c, telephony.NotFoundf("credentials")
	}
	c = Credential{SIPUser: k.SIPUser, ChannelID: k.ChannelID, CustomerID: k.CustomerID, SHA256Only: k.SHA256Used}
	secret, err := r.key.Open(k.Secret, "sip "+k.ChannelID)
	if err != nil {
		return c, err
	}
	c.Secrets = append(c.Secrets, secret)
	if len(k.Previous) > 0 && r.now().Before(k.PrevUntil) {
		if secret, err = r.key.Open(k.Previous, "sip "+k.ChannelID); err != nil {
			return c, err
		}
		c.Secrets = append(c.Secrets, secret)
	}
	if d, err := r.drivers.Get(k.Driver); err == nil {
		c.SHA256 = d.Info().DigestSHA256
	}
	h := fnv.New64a()
	h.Write([]byte{byte(k.Epoch), byte(k.Epoch >> 8), byte(k.Epoch >> 16), byte(k.Epoch >> 24)})
	h.Write([]byte(k.CPEID))
	if login != nil {
		h.Write([]byte(login.ExtensionID + string(login.Kind) + login.Address.String()))
	}
	c.Generation = h.Sum64()
	return c, nil
}

// Load calls each for every binding that still counts.
func (r Registrar) Load(ctx context.Context, each func(telephony.Binding) error) error {
	return r.db.View(ctx, func(tx *storage.Tx) error { return tx.EachBinding(each) })
}

// Apply writes one batch of bindings, durable when it returns.
func (r Registrar) Apply(ctx context.Context, put []telephony.Binding, remove []string) error {
	for i := range put {
		put[i].Node = r.settings.Node
	}
	return r.db.Update(ctx, func(tx *storage.Tx) error {
		if err := tx.DeleteBindings(remove); err != nil {
			return err
		}
		return tx.PutBindings(put)
	})
}

// Contacted judges the address of an authenticated request before it is answered.
func (r Registrar) Contacted(ctx context.Context, customerID, channelID string, from netip.Addr) error {
	return r.contact(ctx, customerID, "", channelID, "", from)
}

// Registered hears of a binding. A device that lacks its newest configuration is
// told so now (P09).
func (r Registrar) Registered(_ context.Context, b telephony.Binding, fresh bool) {
	r.note(note{registered: &b, fresh: fresh})
}

// Unregistered hears that a channel has no binding any more.
func (r Registrar) Unregistered(_ context.Context, channelID, reason string) {
	r.note(note{gone: channelID, why: reason})
}

// Refused hears that somebody was refused who named a channel's account; proven: with
// its secret. Who has not proven anything may be anybody, and does not make a device
// that is registered a failed one; the device's history has it all the same.
func (r Registrar) Refused(_ context.Context, channelID, why string, from netip.Addr, proven bool) {
	r.note(note{refused: &refusal{ChannelID: channelID, From: from, Why: why, Unproven: !proven}})
}

// Used hears with what a device authenticated: the new secret retires the
// previous one, SHA-256 once used is the least that is accepted (C02).
func (r Registrar) Used(_ context.Context, channelID string, sha256, previous bool) {
	if sha256 || !previous {
		r.note(note{used: channelID, sha256: sha256, current: !previous})
	}
}
