package app

import (
	"context"
	"net/netip"
	"time"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// Devices is what the provisioning server asks and tells.
type Devices struct{ *core }

// Device is one CPE as far as serving it needs.
type Device struct {
	ID, CustomerID string
	MAC            telephony.MAC
	Driver, Model  string
	Said           string              // the model that its request names, while none is known
	Only           netip.Addr          // while trust is pending: served at this address only (P03 c)
	Certified      bool                // it has shown its maker's certificate (P03 a)
	HTTP           telephony.HTTPLogin // what its own directory demands of it (P02)
}

// Fetch is a completed fetch of a device's whole chain (C06).
type Fetch struct {
	Device
	Revision, UserAgent, Firmware, Model string
	HTTPUser                             string // which HTTP credentials the files bore, "" = none that are new
	From                                 netip.Addr
	At                                   time.Time
}

func deviceOf(c telephony.CPE) Device {
	d := Device{ID: c.ID, CustomerID: c.CustomerID, MAC: c.MAC, Driver: c.Driver, Model: c.Model, Certified: c.Certified}
	if c.Trust == telephony.TrustPending {
		d.Only = c.PendingAddr
	}
	return d
}

func shut(c telephony.CPE) bool { return c.Lost || c.Trust == telephony.TrustFrozen }

var noDevice = telephony.NotFoundf("device")

// ByToken finds the device of a permanent token. Using it proves the device:
// nobody else has it.
func (d Devices) ByToken(ctx context.Context, tokenHash string) (Device, error) {
	var c telephony.CPE
	var rotated bool
	var login telephony.HTTPLogin
	err := d.db.View(ctx, func(tx *storage.Tx) (err error) {
		if c, err = tx.CPEByToken(tokenHash); err != nil {
			return err
		}
		if rotated, err = tx.HasPreviousToken(c.CustomerID, c.ID, tokenHash); err != nil {
			return err
		}
		login, err = d.httpLogin(tx, c)
		return err
	})
	if err != nil {
		return Device{}, err
	}
	if shut(c) {
		return Device{}, noDevice
	}
	if c.Trust != telephony.TrustNone && !rotated {
		dev := deviceOf(c)
		dev.HTTP = login
		return dev, nil
	}
	err = d.db.Update(ctx, func(tx *storage.Tx) error {
		if c, err = tx.CPEByToken(tokenHash); err != nil {
			return err
		}
		void, err := tx.RetirePreviousToken(c.CustomerID, c.ID, tokenHash)
		if err != nil {
			return err
		}
		if void {
			tx.AfterCommit(func() { d.ports.Devices.Changed(c.ID) })
		}
		if c.Trust != telephony.TrustNone {
			return nil
		}
		return d.prove(tx, &c, proof{way: telephony.WayFirstAccess})
	})
	dev := deviceOf(c)
	dev.HTTP = login
	return dev, err
}

// ByFirstAccess finds the device of a first-access token (P03 b): bound to the
// address of its first use, with a while for retries.
func (d Devices) ByFirstAccess(ctx context.Context, tokenHash string, from netip.Addr) (dev Device, err error) {
	refused := false
	// Inventing tokens must not take turns from those who write.
	err = d.db.View(ctx, func(tx *storage.Tx) error { _, err := tx.CPEByFirstAccess(tokenHash); return err })
	if err != nil {
		return dev, err
	}
	err = d.db.Update(ctx, func(tx *storage.Tx) error {
		refused = false
		c, err := tx.CPEByFirstAccess(tokenHash)
		if err != nil {
			return err
		}
		f, err := tx.FirstAccess(c.CustomerID, c.ID)
		if err != nil {
			return err
		}
		switch {
		case shut(c), !tx.Now.Before(f.Expires):
			return noDevice
		case f.Addr == "":
			f.Addr, f.UsedAt = from.String(), tx.Now
			if err := tx.UpdateFirstAccess(c.CustomerID, c.ID, f); err != nil {
				return err
			}
			if err := d.prove(tx, &c, proof{way: telephony.WayFirstAccess, from: from}); err != nil {
				return err
			}
			if err := d.startOver(tx, c.CustomerID, c.ID); err != nil {
				return err
			}
		case f.Addr != from.String(), tx.Now.Sub(f.UsedAt) > firstAccessTry:
			refused = true
			if !d.refusing.pass(c.ID, d.now(), refusalsPerMinute) {
				return nil
			}
			return d.happened(tx, c, "first_access_refused", from, "the first-access URL was used again, from elsewhere or too late")
		}
		dev = deviceOf(c)
		return nil
	})
	if err == nil && refused {
		err = noDevice
	}
	return dev, err
}

func (k *core) happened(tx *storage.Tx, c telephony.CPE, kind string, from netip.Addr, detail string) error {
	k.tell(tx, c.CustomerID, "cpe", c.ID, kind, detail)
	return tx.InsertHistory(c.CustomerID, c.ID, storage.History{Kind: kind, Address: addressText(from), Detail: detail})
}

// FirstAccessDone voids the first-access token: the device has used its
// permanent one.
func (d Devices) FirstAccessDone(ctx context.Context, dev Device) {
	var f storage.FirstAccess
	err := d.db.View(ctx, func(tx *storage.Tx) (err error) { f, err = tx.FirstAccess(dev.CustomerID, dev.ID); return err })
	if err == nil && f.Addr == "" {
		return // the usual case: there is none that was used
	}
	err = d.db.Update(ctx, func(tx *storage.Tx) error {
		f, err := tx.FirstAccess(dev.CustomerID, dev.ID)
		if err != nil || f.Addr == "" {
			return err
		}
		tx.AfterCommit(func() { d.ports.Devices.Changed(dev.ID) })
		return tx.UpdateFirstAccess(dev.CustomerID, dev.ID, storage.FirstAccess{})
	})
	if err != nil && telephony.CodeOf(err) != telephony.NotFound {
		d.log.ErrorContext(ctx, "voiding a first-access token failed", "cpe", dev.ID, "err", err)
	}
}

// Armed lists the MACs that may be claimed or are being claimed.
func (d Devices) Armed(ctx context.Context) (m []telephony.MAC, err error) {
	err = d.db.View(ctx, func(tx *storage.Tx) error { m, err = tx.ArmedMACs(); return err })
	return m, err
}

// Claim is the first contact of an armed MAC (P03 c): it uses the window up and
// gets a pending token; a second claimant from elsewhere freezes the device.
func (d Devices) Claim(ctx context.Context, mac telephony.MAC, from netip.Addr) (dev Device, err error) {
	err = d.db.Update(ctx, func(tx *storage.Tx) error {
		dev = Device{}
		same, err := tx.CPEsByMAC(mac)
		if err != nil {
			return err
		}
		var open []telephony.CPE
		for _, c := range same {
			if c.Trust == telephony.TrustProven {
				return noDevice // proven: a MAC alone gets nothing any more
			}
			known, err := d.knownAddresses(tx, c.CustomerID)
			if err != nil {
				return err
			}
			if !c.Lost && tx.Now.Before(c.ArmedUntil) && (known == nil || known(from)) {
				open = append(open, c)
			}
		}
		if len(open) != 1 {
			return noDevice // none, or two customers at once: neither is believed
		}
		c := open[0]
		switch c.Trust {
		case telephony.TrustNone:
			c.Trust, c.TrustWay, c.PendingAddr = telephony.TrustPending, telephony.WayArmed, from
			if err := d.happened(tx, c, "claimed", from, "the armed window was used"); err != nil {
				return err
			}
		case telephony.TrustPending:
			if c.PendingAddr != from {
				c.Trust, c.FrozenReason = telephony.TrustFrozen, "claimed from "+c.PendingAddr.String()+" and then from "+from.String()
				if err := d.happened(tx, c, "frozen", from, c.FrozenReason); err != nil {
					return err
				}
				if err := audit(tx, auth.System, c.CustomerID, "freeze", "cpe", c.ID, nil, c.FrozenReason); err != nil {
					return err
				}
				tx.AfterCommit(func() { d.ports.Devices.Changed(c.ID) })
				return tx.UpdateTrust(c)
			}
		default:
			return noDevice
		}
		dev = deviceOf(c)
		return tx.UpdateTrust(c)
	})
	if err == nil && dev.ID == "" {
		err = noDevice
	}
	return dev, err
}

// Desired is what the device should be told now, with its revision.
func (d Devices) Desired(ctx context.Context, dev Device) (x telephony.Desired, rev string, err error) {
	err = d.db.View(ctx, func(tx *storage.Tx) error {
		x, _, err = d.desired(tx, dev.CustomerID, dev.ID)
		return err
	})
	if err == nil {
		rev, err = d.revision(x)
	}
	return x, rev, err
}

// Contacted judges the address of a configuration request before it is answered
// (D16, D17). A device whose model nobody has said is from then on what it says
// itself.
func (d Devices) Contacted(ctx context.Context, dev Device, from netip.Addr) error {
	return d.contact(ctx, dev.CustomerID, dev.ID, "", dev.Said, from)
}

// Fetched notes a completed fetch in the background: it is an observation, and
// losing it costs one push.
func (d Devices) Fetched(_ context.Context, f Fetch) {
	d.note(note{fetch: &storage.Fetch{
		CustomerID: f.CustomerID, CPEID: f.ID, Revision: f.Revision, Addr: f.From.String(), UserAgent: f.UserAgent,
		Firmware: f.Firmware, Model: f.Model, HTTPUser: f.HTTPUser, At: f.At,
	}})
}

// Refused notes that a request under the device's credential was refused (P04).
func (d Devices) Refused(_ context.Context, dev Device, from netip.Addr, why string) {
	d.note(note{refused: &refusal{CustomerID: dev.CustomerID, CPEID: dev.ID, From: from, Why: why}})
}
