package app

import (
	"context"
	"slices"
	"time"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// sipPasswordLength is 100 bits: more than 20 characters would be cut by some
// phones (Mitel).
const sipPasswordLength = 20

// Attach connects a port of a device with a channel; a link that waits there
// takes effect at once (S02). A device with one port that is connected elsewhere
// moves (D14). port 0 takes the first free one.
func (c CPEs) Attach(ctx context.Context, actor auth.Actor, customerID, cpeID, channelID string, port int, dryRun bool) (done []Effect, err error) {
	run := func(tx *storage.Tx) error {
		done = nil
		port := port // a transaction that lost a race runs again and looks for a free port anew
		x, err := tx.CPE(customerID, cpeID)
		if err != nil {
			return err
		}
		d, err := tx.Desk(customerID, channelID, telephony.Allowlist{})
		if err != nil {
			return err
		}
		here, err := attachable(d, x, port)
		if here || err != nil {
			return err
		}
		left, err := c.leave(tx, actor, x, dryRun, &done)
		if err != nil {
			return err
		}
		if port == 0 && !(dryRun && left != "") { // what is to be left is a free port by then
			if port, err = tx.FreePort(customerID, cpeID); err != nil {
				return err
			}
			if port == 0 {
				return telephony.Conflictf("ports_full", "all %d ports of %s are connected", x.Ports, x.Name)
			}
		}
		if dryRun {
			return c.attachEffects(tx, d, x, left, &done)
		}
		a := telephony.Attachment{ChannelID: channelID, CustomerID: customerID, CPEID: cpeID, Port: port, Since: tx.Now}
		if err := tx.InsertAttachment(a, c.key.Seal(auth.NewPassword(sipPasswordLength), "sip "+channelID)); err != nil {
			return err
		}
		if err := c.rotateToken(tx, customerID, cpeID, true); err != nil {
			return err
		}
		if err := tx.ForgetAddresses(customerID, cpeID); err != nil {
			return err
		}
		if err := audit(tx, actor, customerID, "attach", "channel", channelID, nil, map[string]any{"cpe": cpeID, "port": port}); err != nil {
			return err
		}
		c.tell(tx, customerID, "channel", channelID, "attached", cpeID)
		tx.AfterCommit(func() { c.ports.Registrar.Forget(d.Channel.SIPUser) })
		if d, err = c.desk(tx, customerID, channelID); err != nil {
			return err
		}
		p, err := c.settle(tx, actor, d, false)
		if err != nil {
			return err
		}
		more, err := effects(tx, customerID, p, d)
		if err != nil {
			return err
		}
		done = append(append(done, Effect{Kind: "attached", ChannelID: channelID, Channel: d.Channel.Name}), more...)
		return c.refresh(tx, customerID, cpeID, false)
	}
	err = c.act(ctx, actor, auth.ScopeWrite, customerID, "attach", channelID, dryRun, run)
	return done, err
}

// attachable refuses what cannot be connected, and reports whether it is already.
func attachable(d telephony.Desk, x telephony.CPE, port int) (here bool, err error) {
	switch {
	case d.Channel.Kind == telephony.KindClient:
		return false, telephony.Conflictf("channel_is_client", "%s is a client, not a place for a device", d.Channel.Name)
	case x.Lost:
		return false, telephony.Conflictf("device_lost", "%s is marked as lost", x.Name)
	case d.CPE != nil && d.CPE.ID == x.ID:
		return true, nil
	case d.CPE != nil:
		return false, telephony.Conflictf("channel_attached", "%s is connected with %s; detach that first", d.Channel.Name, d.CPE.Name)
	case port < 0 || port > x.Ports:
		return false, telephony.Invalidf("port", "port_range", "%s has the ports 1 to %d", x.Name, x.Ports)
	}
	return false, nil
}

// attachEffects says what attaching would do beside leaving the channel left, ""
// if there is none.
func (c CPEs) attachEffects(tx *storage.Tx, d telephony.Desk, x telephony.CPE, left string, done *[]Effect) error {
	*done = append(*done, Effect{Kind: "attached", ChannelID: d.Channel.ID, Channel: d.Channel.Name})
	d.CPE = &x
	if d.Link == nil {
		return nil
	}
	s, err := tx.Seat(x.CustomerID, d.Link.ExtensionID)
	if err != nil {
		return err
	}
	s.Logins = slices.DeleteFunc(s.Logins, func(l telephony.Login) bool { return l.ChannelID == left })
	more, err := effects(tx, x.CustomerID, telephony.Settle(d, s, tx.Now), d)
	*done = append(*done, more...)
	return err
}

// leave detaches a one-port device from where it is, so that it can move, and
// says which channel it leaves and what that ends.
func (c CPEs) leave(tx *storage.Tx, actor auth.Actor, x telephony.CPE, dryRun bool, done *[]Effect) (left string, err error) {
	if x.Ports > 1 {
		return "", nil
	}
	at, err := tx.Attachments(x.CustomerID, x.ID)
	if err != nil || len(at) == 0 {
		return "", err
	}
	old, err := tx.Desk(x.CustomerID, at[0].ChannelID, telephony.Allowlist{})
	if err != nil {
		return "", err
	}
	ends, err := effects(tx, x.CustomerID, telephony.DecideDetach(old, telephony.EndDetached), old)
	if err != nil {
		return "", err
	}
	*done = append(append(*done, ends...), Effect{Kind: "detached", ChannelID: old.Channel.ID, Channel: old.Channel.Name})
	if dryRun {
		return old.Channel.ID, nil
	}
	return old.Channel.ID, c.detach(tx, actor, old, telephony.EndDetached)
}

// Detach disconnects whatever device is at the channel. Its login ends, the link
// stays for the next device (D14).
func (c CPEs) Detach(ctx context.Context, actor auth.Actor, customerID, channelID string, dryRun bool) (done []Effect, err error) {
	run := func(tx *storage.Tx) error {
		done = nil
		d, err := tx.Desk(customerID, channelID, telephony.Allowlist{})
		if err != nil {
			return err
		}
		if d.CPE == nil {
			return telephony.Conflictf("no_device", "no device is connected to %s", d.Channel.Name)
		}
		if done, err = effects(tx, customerID, telephony.DecideDetach(d, telephony.EndDetached), d); err != nil {
			return err
		}
		done = append(done, Effect{Kind: "detached", ChannelID: channelID, Channel: d.Channel.Name})
		if dryRun {
			return nil
		}
		return c.detach(tx, actor, d, telephony.EndDetached)
	}
	err = c.act(ctx, actor, auth.ScopeWrite, customerID, "detach", channelID, dryRun, run)
	return done, err
}

// detach ends the login, voids the SIP secret and the binding, and rotates the
// token; the old token leads the device to its new one unless it is lost (D14, P14).
func (k *core) detach(tx *storage.Tx, actor auth.Actor, d telephony.Desk, why telephony.EndReason) error {
	customerID, cpeID := d.Channel.CustomerID, d.CPE.ID
	p, err := k.push(tx, customerID, cpeID)
	if err != nil {
		return err
	}
	p.SIPUsers = []string{d.Channel.SIPUser}
	if why == telephony.EndLost {
		p.Event = ""
	}
	if err := k.carry(tx, actor, customerID, "", telephony.DecideDetach(d, why), false); err != nil {
		return err
	}
	if err := tx.DeleteAttachment(customerID, d.Channel.ID); err != nil {
		return err
	}
	if err := tx.DeleteBindings([]string{d.Channel.ID}); err != nil {
		return err
	}
	if err := k.rotateToken(tx, customerID, cpeID, why != telephony.EndLost); err != nil {
		return err
	}
	if err := k.refresh(tx, customerID, cpeID, false); err != nil {
		return err
	}
	k.tell(tx, customerID, "channel", d.Channel.ID, "detached", cpeID)
	tx.AfterCommit(func() {
		k.ports.Registrar.Forget(d.Channel.SIPUser)
		k.farewell(d.Channel.SIPUser, p, string(why))
	})
	return audit(tx, actor, customerID, "detach", "channel", d.Channel.ID, map[string]any{"cpe": cpeID}, map[string]any{"reason": why})
}

// rotateToken gives the device a new token. With keep, the one that it has leads it
// there for as long as an old SIP secret counts (P14).
func (k *core) rotateToken(tx *storage.Tx, customerID, cpeID string, keep bool) error {
	t := auth.NewToken("")
	var until time.Time
	if keep {
		until = tx.Now.Add(previousSecret)
	}
	tx.AfterCommit(func() { k.ports.Devices.Changed(cpeID) })
	return tx.RotateToken(customerID, cpeID, storage.Sealed{TokenHash: auth.HashToken(t.Reveal()), Token: k.key.Seal(t, "token "+cpeID)}, until)
}

// Lost marks a device as lost or sold, or takes the mark off. A lost device is
// detached at once and nothing it holds is accepted any more (D14).
func (c CPEs) Lost(ctx context.Context, actor auth.Actor, customerID, id string, lost bool) (v CPEView, err error) {
	err = c.change(ctx, actor, auth.ScopeWrite, customerID, "lost", "cpe", id, func(tx *storage.Tx, _ telephony.Customer) error {
		x, err := tx.CPE(customerID, id)
		if err != nil {
			return err
		}
		if lost {
			at, err := tx.Attachments(customerID, id)
			if err != nil {
				return err
			}
			for _, a := range at {
				d, err := tx.Desk(customerID, a.ChannelID, telephony.Allowlist{})
				if err != nil {
					return err
				}
				if err := c.detach(tx, actor, d, telephony.EndLost); err != nil {
					return err
				}
			}
			if err := tx.UpdateFirstAccess(customerID, id, storage.FirstAccess{}); err != nil {
				return err
			}
			if err := tx.UpdateDevicePIN(customerID, id, storage.DevicePIN{}); err != nil {
				return err
			}
		}
		was := x.Lost
		distrust(&x)
		x.Lost, x.ArmedUntil = lost, time.Time{}
		if err := c.newHTTP(tx, customerID, id, false); err != nil {
			return err
		}
		if err := tx.UpdateCPE(x); err != nil {
			return err
		}
		if err := tx.UpdateTrust(x); err != nil {
			return err
		}
		if err := c.rotateToken(tx, customerID, id, false); err != nil {
			return err
		}
		if x, err = tx.CPE(customerID, id); err != nil {
			return err
		}
		if v, err = c.view(tx, x); err != nil {
			return err
		}
		c.tell(tx, customerID, "cpe", id, "changed", "")
		return audit(tx, actor, customerID, "lost", "cpe", id, was, lost)
	})
	return v, err
}
