package app

import (
	"context"
	"net/netip"
	"slices"
	"time"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// proof is what makes a device trusted (P03).
type proof struct {
	way  string
	what string     // what it showed, for people; "" = the way says it all
	from netip.Addr // invalid: not known
}

func addressText(a netip.Addr) string {
	if !a.IsValid() {
		return ""
	}
	return a.String()
}

// prove makes the device trusted, unless its customer demands more than that, or
// another customer's claim to the same MAC was proven first (P03). What is refused
// is in the device's history, whatever becomes of tx.
func (k *core) prove(tx *storage.Tx, c *telephony.CPE, p proof) error {
	refuse := func(why string) error {
		k.note(note{refused: &refusal{CustomerID: c.CustomerID, CPEID: c.ID, From: p.from, Why: why}})
		return noDevice
	}
	customer, err := tx.Customer(c.CustomerID)
	if err != nil {
		return err
	}
	if !telephony.TrustSuffices(p.way, customer.TrustMinimum) {
		return refuse("it came by " + p.way + ", and the customer demands " + customer.TrustMinimum + " at least")
	}
	var others []telephony.CPE
	if c.MAC != "" {
		same, err := tx.CPEsByMAC(c.MAC)
		if err != nil {
			return err
		}
		for _, o := range same {
			switch {
			case o.ID == c.ID:
			case o.Trust == telephony.TrustProven:
				return refuse("its MAC address was proven by another customer first")
			case c.Trust != telephony.TrustProven: // else they have been told
				others = append(others, o)
			}
		}
	}
	c.Trust, c.TrustWay, c.PendingAddr, c.ArmedUntil = telephony.TrustProven, p.way, netip.Addr{}, time.Time{}
	c.TrustAt, c.TrustEvidence = tx.Now, p.what
	c.Certified = c.Certified || p.way == telephony.WayCertificate
	if p.what == "" {
		c.TrustEvidence = addressText(p.from)
	}
	if err := tx.UpdateTrust(*c); err != nil {
		return err
	}
	if err := k.happened(tx, *c, "trusted", p.from, p.way+" "+p.what); err != nil {
		return err
	}
	for _, o := range others { // who lost, and the operator, must hear of it
		if err := k.happened(tx, o, "contested", netip.Addr{}, "another customer has proven this MAC address"); err != nil {
			return err
		}
		if err := audit(tx, auth.System, o.CustomerID, "contested", "cpe", o.ID, nil, map[string]any{"mac": o.MAC}); err != nil {
			return err
		}
	}
	tx.AfterCommit(func() { k.ports.Devices.Changed(c.ID) })
	return audit(tx, auth.System, c.CustomerID, "trust", "cpe", c.ID, nil, map[string]any{"way": p.way, "evidence": p.what})
}

// Certificate is a maker's client certificate that was verified.
type Certificate struct {
	MAC             telephony.MAC
	Vendors         []string // drivers for whose devices its CA speaks
	Subject, Issuer string
}

// Certified is the device of a certificate (P03 a), proven by it. It says who the
// device is and not whose: where several customers claim it and none has proven
// it, none gets it.
func (d Devices) Certified(ctx context.Context, cert Certificate, from netip.Addr) (dev Device, err error) {
	what := cert.Subject + ", issued by " + cert.Issuer
	err = d.db.Update(ctx, func(tx *storage.Tx) error {
		c, err := d.claimed(tx, cert.MAC, func(c telephony.CPE) bool { return slices.Contains(cert.Vendors, c.Driver) })
		if err != nil {
			return err
		}
		if c.Trust != telephony.TrustProven || !c.Certified {
			if err := d.prove(tx, &c, proof{telephony.WayCertificate, what, from}); err != nil {
				return err
			}
		}
		h, err := tx.HTTPCredentials(c.CustomerID, c.ID)
		if err != nil {
			return err
		}
		if h.Taken || h.PrevUser != "" { // at stage 1 it has none
			if err := d.startOver(tx, c.CustomerID, c.ID); err != nil {
				return err
			}
		}
		dev = deviceOf(c)
		return nil
	})
	return dev, err
}

// claimed is the one device with that MAC that may be meant: the proven one, else
// the only one that is open to proof.
func (d Devices) claimed(tx *storage.Tx, mac telephony.MAC, fits func(telephony.CPE) bool) (c telephony.CPE, err error) {
	same, err := tx.CPEsByMAC(mac)
	if err != nil {
		return c, err
	}
	var open []telephony.CPE
	for _, x := range same {
		if x.Trust == telephony.TrustProven {
			open = []telephony.CPE{x}
			break
		}
		if !shut(x) && fits(x) {
			open = append(open, x)
		}
	}
	if len(open) == 1 && !shut(open[0]) && fits(open[0]) {
		return open[0], nil
	}
	if len(open) > 1 {
		for _, x := range open {
			d.note(note{refused: &refusal{CustomerID: x.CustomerID, CPEID: x.ID, Why: "it has shown its certificate, but more than one customer claims it; only a URL of its own says whose it is"}})
		}
	}
	return c, noDevice
}

// Disputed notes at the devices with a MAC that a request named another one beside
// it (P04).
func (d Devices) Disputed(ctx context.Context, mac telephony.MAC, from netip.Addr, why string) {
	var same []telephony.CPE
	err := d.db.View(ctx, func(tx *storage.Tx) (err error) { same, err = tx.CPEsByMAC(mac); return err })
	if err != nil {
		d.log.ErrorContext(ctx, "finding a disputed device failed", "err", err)
		return
	}
	for _, c := range same {
		d.note(note{refused: &refusal{CustomerID: c.CustomerID, CPEID: c.ID, From: from, Why: why}})
	}
}

// ForgetCertificate is an administrator's word that a device which has shown its
// certificate may come back by weaker ways (P03).
func (c CPEs) ForgetCertificate(ctx context.Context, actor auth.Actor, customerID, id string) (CPEView, error) {
	return c.trust(ctx, actor, customerID, id, "forget_certificate", func(_ *storage.Tx, x *telephony.CPE) error {
		if !x.Certified {
			return telephony.Conflictf("no_certificate", "%s has shown no certificate", x.Name)
		}
		x.Certified = false
		return nil
	})
}
