package app

import (
	"context"
	"net/netip"
	"time"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// How long the ways of P03 stay open.
const (
	armedFar        = 24 * time.Hour      // from listed or already seen addresses
	armedNear       = time.Hour           // from anywhere, where none is known
	firstAccessLife = 30 * 24 * time.Hour // until its first use
	firstAccessTry  = 15 * time.Minute    // for retries after that
)

// Arm opens the window in which the device's MAC may claim its token (P03 c). A
// frozen device is given a fresh chance by it.
func (c CPEs) Arm(ctx context.Context, actor auth.Actor, customerID, id string) (CPEView, error) {
	return c.trust(ctx, actor, customerID, id, "arm", func(tx *storage.Tx, x *telephony.CPE) error {
		if x.MAC == "" {
			return telephony.Conflictf("no_mac", "%s has no MAC address; give it its first-access URL", x.Name)
		}
		if x.Lost {
			return telephony.Conflictf("device_lost", "%s is marked as lost", x.Name)
		}
		if err := c.mayFall(tx, *x, telephony.WayArmed); err != nil {
			return err
		}
		known, err := c.knownAddresses(tx, customerID)
		if err != nil {
			return err
		}
		x.ArmedUntil = tx.Now.Add(armedNear)
		if known != nil {
			x.ArmedUntil = tx.Now.Add(armedFar)
		}
		distrust(x)
		if err := c.newHTTP(tx, customerID, id, false); err != nil {
			return err
		}
		return c.rotateToken(tx, customerID, id, false)
	})
}

// distrust has the device prove itself anew.
func distrust(x *telephony.CPE) {
	x.Trust, x.TrustWay, x.PendingAddr, x.FrozenReason = telephony.TrustNone, "", netip.Addr{}, ""
	x.TrustAt, x.TrustEvidence = time.Time{}, ""
}

// mayFall refuses to open a way by which nobody could come in: below the
// customer's minimum, or below a certificate that the device has shown (P03).
func (k *core) mayFall(tx *storage.Tx, x telephony.CPE, way string) error {
	if x.Certified {
		return telephony.Conflictf("certified", "%s has proven itself by its certificate; that must be set aside first", x.Name)
	}
	customer, err := tx.Customer(x.CustomerID)
	if err == nil && !telephony.TrustSuffices(way, customer.TrustMinimum) {
		return telephony.Conflictf("below_minimum", "the customer demands more evidence of a device than that").With("minimum", customer.TrustMinimum)
	}
	return err
}

// Disarm closes the window.
func (c CPEs) Disarm(ctx context.Context, actor auth.Actor, customerID, id string) (CPEView, error) {
	return c.trust(ctx, actor, customerID, id, "disarm", func(_ *storage.Tx, x *telephony.CPE) error {
		x.ArmedUntil = time.Time{}
		return nil
	})
}

func (c CPEs) trust(ctx context.Context, actor auth.Actor, customerID, id, action string, f func(*storage.Tx, *telephony.CPE) error) (v CPEView, err error) {
	err = c.change(ctx, actor, auth.ScopeWrite, customerID, action, "cpe", id, func(tx *storage.Tx, _ telephony.Customer) error {
		x, err := tx.CPE(customerID, id)
		if err != nil {
			return err
		}
		if err := f(tx, &x); err != nil {
			return err
		}
		if err := tx.UpdateTrust(x); err != nil {
			return err
		}
		if err := c.refresh(tx, customerID, id, false); err != nil {
			return err
		}
		tx.AfterCommit(c.ports.Devices.ChangedAll) // the set of armed MACs
		c.tell(tx, customerID, "cpe", id, action, "")
		if v, err = c.view(tx, x); err != nil {
			return err
		}
		return audit(tx, actor, customerID, action, "cpe", id, nil, nil)
	})
	return v, err
}

// knownAddresses admits where the customer's devices are expected: listed, or
// already seen. nil: nothing is known.
func (k *core) knownAddresses(tx *storage.Tx, customerID string) (func(netip.Addr) bool, error) {
	entries, err := tx.AllowlistEntries(customerID)
	if err != nil {
		return nil, err
	}
	l := telephony.Allowlist{On: true}
	for _, e := range entries {
		l.Entries = append(l.Entries, e.Entry)
	}
	seen, err := tx.SeenAddresses(customerID)
	if err != nil {
		return nil, err
	}
	for _, s := range seen {
		if a, err := netip.ParseAddr(s); err == nil {
			l.Entries = append(l.Entries, telephony.Entry{First: a, Last: a})
		}
	}
	if len(l.Entries) == 0 {
		return nil, nil
	}
	return l.Allows, nil
}

// FirstAccess makes the device's first-access URL (P03 b), shown once. An
// earlier one is void.
func (c CPEs) FirstAccess(ctx context.Context, actor auth.Actor, customerID, id string) (telephony.Secret, error) {
	t := auth.NewToken("")
	url := telephony.Secret(c.settings.BaseURL + "/f/" + t.Reveal() + "/")
	err := c.change(ctx, actor, auth.ScopeReveal, customerID, "first_access", "cpe", id, func(tx *storage.Tx, _ telephony.Customer) error {
		x, err := tx.CPE(customerID, id)
		if err != nil {
			return err
		}
		if fetches, _ := c.traits(&x); !fetches {
			return telephony.Conflictf("fetches_nothing", "%s takes no configuration from us; type its credentials in", x.Name)
		}
		if x.Lost {
			return telephony.Conflictf("device_lost", "%s is marked as lost", x.Name)
		}
		f := storage.FirstAccess{Hash: auth.HashToken(t.Reveal()), Expires: tx.Now.Add(firstAccessLife)}
		if err := tx.UpdateFirstAccess(customerID, id, f); err != nil {
			return err
		}
		tx.AfterCommit(func() { c.ports.Devices.Changed(id) })
		if err := c.redirectFollows(tx, customerID, id, f.Hash, url); err != nil {
			return err
		}
		return audit(tx, actor, customerID, "first_access", "cpe", id, nil, nil)
	})
	return url, err
}

// Reveal shows the device's own provisioning URL; it is audited (X01).
func (c CPEs) Reveal(ctx context.Context, actor auth.Actor, customerID, id string) (u telephony.Secret, err error) {
	err = c.change(ctx, actor, auth.ScopeReveal, customerID, "reveal_url", "cpe", id, func(tx *storage.Tx, _ telephony.Customer) error {
		d, _, err := c.desired(tx, customerID, id)
		if err != nil {
			return err
		}
		u = d.BaseURL
		return audit(tx, actor, customerID, "reveal_url", "cpe", id, nil, nil)
	})
	return u, err
}

// Credentials shows what is to be typed into a generic device (D27); it is audited.
func (c CPEs) Credentials(ctx context.Context, actor auth.Actor, customerID, channelID string) (user string, secret telephony.Secret, err error) {
	err = c.change(ctx, actor, auth.ScopeReveal, customerID, "reveal_secret", "channel", channelID, func(tx *storage.Tx, _ telephony.Customer) error {
		ch, err := tx.Channel(customerID, channelID)
		if err != nil {
			return err
		}
		k, err := tx.CredentialsByUser(ch.SIPUser)
		if telephony.CodeOf(err) == telephony.NotFound {
			return telephony.Conflictf("no_device", "no device is connected to %s", ch.Name)
		}
		if err != nil {
			return err
		}
		user = ch.SIPUser
		if secret, err = c.key.Open(k.Secret, "sip "+channelID); err != nil {
			return err
		}
		return audit(tx, actor, customerID, "reveal_secret", "channel", channelID, nil, nil)
	})
	return user, secret, err
}
