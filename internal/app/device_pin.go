package app

import (
	"context"
	"crypto/rand"
	"fmt"
	"math/big"
	"net/netip"
	"time"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// What a PIN that is typed at a phone is good for (P03 d).
const (
	devicePINLife  = 7 * 24 * time.Hour
	devicePINTries = 5
)

// MakePIN makes the PIN of 6 digits that somebody types at the device, shown once.
// An earlier one is void. Nothing changes at the device before it is used.
func (c CPEs) MakePIN(ctx context.Context, actor auth.Actor, customerID, id string) (pin telephony.Secret, url string, err error) {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return "", "", fmt.Errorf("making a PIN: %w", err)
	}
	pin = telephony.Secret(fmt.Sprintf("%06d", n))
	hash, err := c.hashPIN(ctx, pin)
	if err != nil {
		return "", "", err
	}
	err = c.change(ctx, actor, auth.ScopeReveal, customerID, "device_pin", "cpe", id, func(tx *storage.Tx, _ telephony.Customer) error {
		x, err := tx.CPE(customerID, id)
		if err != nil {
			return err
		}
		switch fetches, _ := c.traits(&x); {
		case !fetches:
			return telephony.Conflictf("fetches_nothing", "%s takes no configuration from us; type its credentials in", x.Name)
		case x.MAC == "":
			return telephony.Conflictf("no_mac", "%s has no MAC address; give it its first-access URL", x.Name)
		case x.Lost:
			return telephony.Conflictf("device_lost", "%s is marked as lost", x.Name)
		case x.Trust == telephony.TrustFrozen:
			return telephony.Conflictf("device_frozen", "%s is frozen; set it free first", x.Name)
		}
		if err := c.mayFall(tx, x, telephony.WayPIN); err != nil {
			return err
		}
		p := storage.DevicePIN{Hash: hash, Expires: tx.Now.Add(devicePINLife)}
		if err := tx.UpdateDevicePIN(customerID, id, p); err != nil {
			return err
		}
		tx.AfterCommit(c.ports.Devices.ChangedAll) // the set of MACs with a PIN
		return audit(tx, actor, customerID, "device_pin", "cpe", id, nil, nil)
	})
	return pin, c.settings.BaseURL + "/n/", err
}

// WithPIN lists the MACs for which a PIN may be typed.
func (d Devices) WithPIN(ctx context.Context) (m []telephony.MAC, err error) {
	err = d.db.View(ctx, func(tx *storage.Tx) error { m, err = tx.MACsWithPIN(); return err })
	return m, err
}

// ByPIN is the device of a PIN that was typed at it; the fifth wrong one voids it.
// Who has used it may fetch the rest of the chain from there for a while.
func (d Devices) ByPIN(ctx context.Context, mac telephony.MAC, pin telephony.Secret, from netip.Addr) (dev Device, err error) {
	err = d.db.Update(ctx, func(tx *storage.Tx) error {
		dev = Device{}
		same, err := tx.CPEsByMAC(mac)
		if err != nil {
			return err
		}
		for _, c := range same {
			p, err := tx.DevicePIN(c.CustomerID, c.ID)
			if err != nil {
				return err
			}
			// Its certificate may have come after the PIN was made (P03).
			if shut(c) || c.Certified || p.Hash == nil || !tx.Now.Before(p.Expires) {
				continue
			}
			ok, err := d.tryPIN(tx, c, p, pin, from)
			if err != nil {
				return err
			}
			if ok {
				dev = deviceOf(c)
				return nil
			}
		}
		return nil
	})
	if err == nil && dev.ID == "" {
		err = noDevice
	}
	return dev, err
}

func (d Devices) tryPIN(tx *storage.Tx, c telephony.CPE, p storage.DevicePIN, pin telephony.Secret, from netip.Addr) (ok bool, err error) {
	if d.key.VerifyPIN(pin.Reveal(), p.Hash) {
		if !p.UsedAt.IsZero() {
			return p.Addr == from.String() && tx.Now.Sub(p.UsedAt) <= firstAccessTry, nil
		}
		if c.Trust != telephony.TrustNone { // whoever held its secrets before is out
			if err := d.rotateToken(tx, c.CustomerID, c.ID, false); err != nil {
				return false, err
			}
		}
		if err := d.newHTTP(tx, c.CustomerID, c.ID, false); err != nil {
			return false, err
		}
		if err := d.prove(tx, &c, proof{way: telephony.WayPIN, from: from}); err != nil {
			return false, err
		}
		p.Addr, p.UsedAt, p.Expires = from.String(), tx.Now, tx.Now.Add(firstAccessTry)
		if err := d.refresh(tx, c.CustomerID, c.ID, false); err != nil {
			return false, err
		}
		return true, tx.UpdateDevicePIN(c.CustomerID, c.ID, p)
	}
	if p.Tries++; p.Tries < devicePINTries {
		if err := d.happened(tx, c, "pin_wrong", from, ""); err != nil {
			return false, err
		}
		return false, tx.UpdateDevicePIN(c.CustomerID, c.ID, p)
	}
	tx.AfterCommit(d.ports.Devices.ChangedAll)
	if err := d.happened(tx, c, "pin_void", from, ""); err != nil {
		return false, err
	}
	if err := audit(tx, auth.System, c.CustomerID, "pin_void", "cpe", c.ID, nil, map[string]any{"tries": p.Tries}); err != nil {
		return false, err
	}
	return false, tx.UpdateDevicePIN(c.CustomerID, c.ID, storage.DevicePIN{})
}

// Unfreeze gives a frozen device a fresh start: it has to prove itself anew.
func (c CPEs) Unfreeze(ctx context.Context, actor auth.Actor, customerID, id string) (CPEView, error) {
	return c.trust(ctx, actor, customerID, id, "unfreeze", func(tx *storage.Tx, x *telephony.CPE) error {
		if x.Trust != telephony.TrustFrozen {
			return telephony.Conflictf("not_frozen", "%s is not frozen", x.Name)
		}
		distrust(x)
		x.ArmedUntil = time.Time{}
		if err := c.newHTTP(tx, customerID, id, false); err != nil {
			return err
		}
		return c.rotateToken(tx, customerID, id, false)
	})
}
