package server

import (
	"context"

	"tischlein/internal/app"
	"tischlein/internal/call"
	"tischlein/internal/metrics"
	"tischlein/internal/sip"
	"tischlein/internal/telephony"
)

// house is the use cases as the registrar sees them. app is set before the
// registrar runs.
type house struct {
	app     *app.App
	calls   *call.Server
	realm   string
	metrics *metrics.Metrics
	links   *metrics.Links
}

// Credential hands out a channel's secrets as hashes for the one realm (C01).
func (h *house) Credential(ctx context.Context, user string) (sip.Credential, error) {
	c, err := h.app.Registrar.Credential(ctx, user)
	if telephony.CodeOf(err) == telephony.NotFound {
		if t, ok := h.calls.TrunkUser(user); ok { // a trunk calls with a digest, too (C10)
			return sip.Credential{SIPUser: user, TrunkID: t.ID, HA1: []sip.HA1{sip.NewHA1(user, h.realm, t.Secret.Reveal())}}, nil
		}
	}
	if err != nil {
		return sip.Credential{}, err
	}
	out := sip.Credential{
		SIPUser: c.SIPUser, ChannelID: c.ChannelID, CustomerID: c.CustomerID,
		SHA256: c.SHA256, SHA256Only: c.SHA256Only, Generation: c.Generation,
	}
	for _, secret := range c.Secrets {
		out.HA1 = append(out.HA1, sip.NewHA1(c.SIPUser, h.realm, secret.Reveal()))
	}
	return out, nil
}

// HA1In hashes a channel's secrets for the realm of a phone that challenges us
// (C05).
func (h *house) HA1In(ctx context.Context, realm, user string) ([]sip.HA1, error) {
	c, err := h.app.Registrar.Credential(ctx, user)
	if err != nil {
		return nil, err
	}
	hashes := make([]sip.HA1, 0, len(c.Secrets))
	for _, secret := range c.Secrets {
		hashes = append(hashes, sip.NewHA1(c.SIPUser, realm, secret.Reveal()))
	}
	return hashes, nil
}
