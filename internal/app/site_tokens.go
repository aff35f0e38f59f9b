package app

import (
	"context"
	"net/netip"
	"time"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// SiteTokens keeps what a DHCP option for a whole range may carry (P03 b).
type SiteTokens struct{ *core }

// SiteToken is one, without what it is.
type SiteToken struct {
	ID        string
	Name      string
	Devices   int // how many it is for, 1 to 10,000
	Used      int
	Addresses []string // from where it may be used: addresses, ranges, networks
	Expires   time.Time
	Voided    time.Time // zero: not
	CreatedBy string
	Created   time.Time
}

// siteTokenLife is the longest that one may be good for.
const siteTokenLife = 90 * 24 * time.Hour

func siteTokenOf(t storage.SiteToken) SiteToken {
	return SiteToken{t.ID, t.Name, t.Devices, t.Used, t.Addresses, t.Expires, t.Voided, t.CreatedBy, t.Created}
}

// List lists the customer's site tokens.
func (s SiteTokens) List(ctx context.Context, actor auth.Actor, customerID string, q Query) (l List[SiteToken], err error) {
	pg, err := page(q)
	if err != nil {
		return l, err
	}
	err = s.look(ctx, actor, customerID, func(tx *storage.Tx, _ telephony.Customer) error {
		rows, err := tx.SiteTokens(customerID, pg)
		var items []SiteToken
		for _, t := range rows {
			items = append(items, siteTokenOf(t))
		}
		l = list(items, pg, func(t SiteToken) (string, string) { return "", t.ID })
		return err
	})
	return l, err
}

// Create makes one; its URL is shown once. Devices, Expires and Addresses bound it.
func (s SiteTokens) Create(ctx context.Context, actor auth.Actor, customerID string, t SiteToken) (made SiteToken, url telephony.Secret, err error) {
	if t.Name, err = telephony.Name("name", t.Name); err != nil {
		return made, "", err
	}
	if t.Devices < 1 || t.Devices > 10_000 {
		return made, "", telephony.Invalidf("devices", "devices_range", "a site token is for 1 to 10,000 devices")
	}
	var addresses []string
	for _, a := range t.Addresses {
		e, err := telephony.ParseEntry("addresses", a)
		if err != nil {
			return made, "", err
		}
		addresses = append(addresses, e.String())
	}
	if len(addresses) == 0 {
		return made, "", telephony.Invalidf("addresses", "addresses_missing", "say from which addresses it may be used")
	}
	token := auth.NewToken("")
	err = s.change(ctx, actor, auth.ScopeReveal, customerID, "create", "site_token", "", func(tx *storage.Tx, c telephony.Customer) error {
		if !t.Expires.After(tx.Now) || t.Expires.Sub(tx.Now) > siteTokenLife {
			return telephony.Invalidf("expires", "expires_range", "a site token is good for 90 days at most")
		}
		if !telephony.TrustSuffices(telephony.WaySiteToken, c.TrustMinimum) {
			return telephony.Conflictf("below_minimum", "the customer demands more evidence of a device than that").With("minimum", c.TrustMinimum)
		}
		row := storage.SiteToken{ID: storage.NewID(tx.Now), CustomerID: customerID, Name: t.Name, Hash: auth.HashToken(token.Reveal()), Devices: t.Devices,
			Addresses: addresses, Expires: t.Expires, CreatedBy: actor.Name, Created: tx.Now}
		if err := tx.InsertSiteToken(row); err != nil {
			return err
		}
		made = siteTokenOf(row)
		return audit(tx, actor, customerID, "create", "site_token", row.ID, nil, made)
	})
	return made, telephony.Secret(s.settings.BaseURL + "/s/" + token.Reveal() + "/"), err
}

// Void ends one at once; what came by it stays trusted.
func (s SiteTokens) Void(ctx context.Context, actor auth.Actor, customerID, id string) error {
	return s.change(ctx, actor, auth.ScopeWrite, customerID, "void", "site_token", id, func(tx *storage.Tx, _ telephony.Customer) error {
		if err := tx.VoidSiteToken(customerID, id); err != nil {
			return err
		}
		return audit(tx, actor, customerID, "void", "site_token", id, nil, nil)
	})
}

// BySiteToken is the customer's device with that MAC (P03 b): only one that is
// listed and unproven, from an allowed address, once, with a while for retries.
func (d Devices) BySiteToken(ctx context.Context, tokenHash string, mac telephony.MAC, from netip.Addr) (dev Device, err error) {
	// Inventing tokens must not take turns from those who write.
	err = d.db.View(ctx, func(tx *storage.Tx) error { _, err := tx.SiteTokenByHash(tokenHash); return err })
	if err != nil {
		return dev, err
	}
	err = d.db.Update(ctx, func(tx *storage.Tx) error {
		t, err := tx.SiteTokenByHash(tokenHash)
		if err != nil {
			return err
		}
		same, err := tx.CPEsByMAC(mac)
		if err != nil {
			return err
		}
		for _, c := range same {
			if c.CustomerID == t.CustomerID {
				dev, err = d.useSiteToken(tx, t, c, from)
				return err
			}
		}
		return noDevice
	})
	return dev, err
}

func (d Devices) useSiteToken(tx *storage.Tx, t storage.SiteToken, c telephony.CPE, from netip.Addr) (Device, error) {
	refuse := func(why string) (Device, error) {
		d.note(note{refused: &refusal{CustomerID: c.CustomerID, CPEID: c.ID, From: from, Why: "site token " + t.Name + ": " + why}})
		return Device{}, noDevice
	}
	allowed := telephony.Allowlist{On: true}
	for _, a := range t.Addresses {
		e, err := telephony.ParseEntry("addresses", a)
		if err != nil {
			return Device{}, err
		}
		allowed.Entries = append(allowed.Entries, e)
	}
	switch {
	case !t.Voided.IsZero():
		return refuse("it is void")
	case !tx.Now.Before(t.Expires):
		return refuse("it has expired")
	case !allowed.Allows(from):
		return refuse("the address is not one of those it is for")
	case shut(c):
		return refuse("the device is lost or frozen")
	}
	addr, at, err := tx.SiteTokenUse(c.CustomerID, t.ID, c.ID)
	if err == nil {
		if addr == from.String() && tx.Now.Sub(at) <= firstAccessTry {
			return deviceOf(c), nil
		}
		return refuse("the device has used it before")
	}
	if telephony.CodeOf(err) != telephony.NotFound {
		return Device{}, err
	}
	if c.Trust == telephony.TrustProven || c.Certified {
		return refuse("the device has proven itself already")
	}
	ok, err := tx.UseSiteToken(c.CustomerID, t.ID, c.ID, from.String())
	if err != nil {
		return Device{}, err
	}
	if !ok {
		return refuse("it is used up")
	}
	if err := d.prove(tx, &c, proof{telephony.WaySiteToken, t.Name, from}); err != nil {
		return Device{}, err
	}
	return deviceOf(c), d.startOver(tx, c.CustomerID, c.ID)
}
