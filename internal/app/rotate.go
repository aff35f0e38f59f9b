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

// What of a device's secrets can be rotated (P14).
const (
	SecretSIP   = "sip"   // of each of its channels
	SecretHTTP  = "http"  // of its own directory
	SecretAdmin = "admin" // of its web pages and menus
	SecretToken = "token" // in its permanent URL, and with it that of its keys
)

// Secrets are all that can be rotated.
var Secrets = []string{SecretSIP, SecretHTTP, SecretAdmin, SecretToken}

// previousSecret is how long what a device had before a rotation is good beside what
// it has not used yet: its SIP secret, its token and its HTTP password (P14).
const previousSecret = 7 * 24 * time.Hour

// secretsOf reads which secrets are meant; none: all.
func secretsOf(what []string) ([]string, error) {
	if len(what) == 0 {
		return Secrets, nil
	}
	for _, w := range what {
		if !slices.Contains(Secrets, w) {
			return nil, telephony.Invalidf("what", "secret_unknown", "%q is none of sip, http, admin, token", w)
		}
	}
	return what, nil
}

// Rotate gives the device new secrets: those named, or all. The old ones lead it to
// the new. It tells what becomes of each.
func (c CPEs) Rotate(ctx context.Context, actor auth.Actor, customerID, id string, what []string, dryRun bool) (done []Effect, err error) {
	which, err := secretsOf(what)
	if err != nil {
		return nil, err
	}
	err = c.change(ctx, actor, auth.ScopeWrite, customerID, "rotate", "cpe", id, func(tx *storage.Tx, _ telephony.Customer) error {
		done, err = c.rotate(tx, actor, customerID, id, which, dryRun, false)
		return err
	})
	return done, err
}

func (k *core) rotate(tx *storage.Tx, actor auth.Actor, customerID, id string, which []string, dryRun, bulk bool) (done []Effect, err error) {
	x, err := tx.CPE(customerID, id)
	if err != nil {
		return nil, err
	}
	ports, err := tx.Ports(customerID, id)
	if err != nil {
		return nil, err
	}
	for _, w := range Secrets {
		if !slices.Contains(which, w) || w == SecretHTTP && !k.answersHTTP(x.Driver) {
			continue
		}
		e := Effect{Kind: "rotated_" + w, Name: x.Name}
		if w != SecretSIP {
			done = append(done, e)
		} else {
			for _, p := range ports {
				e.ChannelID, e.Channel = p.Channel.ID, p.Channel.Name
				done = append(done, e)
			}
		}
		if dryRun {
			continue
		}
		switch w {
		case SecretSIP:
			err = k.rotateSIP(tx, customerID, ports)
		case SecretHTTP:
			err = k.newHTTP(tx, customerID, id, true)
		case SecretAdmin:
			err = tx.UpdateAdmin(customerID, id, k.key.Seal(auth.NewPassword(16), "admin "+id))
		case SecretToken:
			err = k.rotateToken(tx, customerID, id, !x.Lost)
		}
		if err != nil {
			return nil, err
		}
	}
	if dryRun {
		return done, nil
	}
	if err := k.refresh(tx, customerID, id, bulk); err != nil {
		return nil, err
	}
	return done, audit(tx, actor, customerID, "rotate", "cpe", id, nil, map[string]any{"what": which})
}

func (k *core) rotateSIP(tx *storage.Tx, customerID string, ports []storage.Port) error {
	for _, p := range ports {
		sealed := k.key.Seal(auth.NewPassword(sipPasswordLength), "sip "+p.Channel.ID)
		if err := tx.UpdateSecret(customerID, p.Channel.ID, sealed, tx.Now.Add(previousSecret)); err != nil {
			return err
		}
		tx.AfterCommit(func() { k.ports.Registrar.Forget(p.Channel.SIPUser) })
	}
	return nil
}

// rotateBatch is how many devices one transaction rotates: others write, too.
const rotateBatch = 16

// RotateAll rotates secrets of all the customer's devices, and says how many there
// are. It goes on by itself after it has answered; each device has its entry in the
// audit log. Where it is cut off, rotating again is all there is to do. While it goes
// on, asking once more for the same customer is a conflict: nothing runs twice.
func (c CPEs) RotateAll(ctx context.Context, actor auth.Actor, customerID string, what []string, dryRun bool) (count int, err error) {
	which, err := secretsOf(what)
	if err != nil {
		return 0, err
	}
	err = c.change(ctx, actor, auth.ScopeWrite, customerID, "rotate_all", "customer", customerID, func(tx *storage.Tx, _ telephony.Customer) error {
		if count, err = tx.CountCPEs(customerID); err != nil || dryRun {
			return err
		}
		if _, running := c.rotating.Load(customerID); running {
			return telephony.Conflictf("rotation_running", "the customer's secrets are being rotated just now")
		}
		return audit(tx, actor, customerID, "rotate_all", "customer", customerID, nil, map[string]any{"what": which, "devices": count})
	})
	if err != nil || dryRun {
		return count, err
	}
	if _, running := c.rotating.LoadOrStore(customerID, true); !running { // else who asked at the same moment does it
		after := context.WithoutCancel(ctx)
		c.work.Go(func() {
			defer c.rotating.Delete(customerID)
			c.rotateEach(after, actor, customerID, which)
		})
	}
	return count, nil
}

// rotateEach rotates the customer's devices, some in one transaction.
func (c CPEs) rotateEach(ctx context.Context, actor auth.Actor, customerID string, which []string) {
	n := 0
	for last := ""; ; {
		var ids []string
		err := c.db.Update(storage.Patient(ctx), func(tx *storage.Tx) (err error) {
			if ids, err = tx.CPEsAfter(customerID, last, rotateBatch); err != nil {
				return err
			}
			for _, id := range ids {
				if _, err := c.rotate(tx, actor, customerID, id, which, false, true); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			c.log.Error("rotating a customer's secrets was cut off", "customer", customerID, "count", n, "err", err)
			return
		}
		if n += len(ids); len(ids) < rotateBatch {
			return
		}
		last = ids[len(ids)-1]
	}
}

// EndSecrets voids the old secrets whose time is over; more: there are others.
func (j Jobs) EndSecrets(ctx context.Context) (more bool, err error) {
	const most = 100
	err = j.db.Update(storage.Patient(ctx), func(tx *storage.Tx) error {
		users, err := tx.EndPreviousSecrets(most)
		if err != nil {
			return err
		}
		if len(users) > 0 {
			tx.AfterCommit(func() { j.ports.Registrar.Forget(users...) })
		}
		devices, err := tx.EndPreviousTokens(most)
		if err != nil {
			return err
		}
		more = len(users) == most || len(devices) == most
		for _, d := range devices {
			tx.AfterCommit(func() { j.ports.Devices.Changed(d.CPEID) })
			// Whoever looks for why it does not come finds it here.
			if err := j.happened(tx, telephony.CPE{CustomerID: d.CustomerID, ID: d.CPEID}, "secrets_ended", netip.Addr{}, ""); err != nil {
				return err
			}
		}
		return nil
	})
	return more, err
}
