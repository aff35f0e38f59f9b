package app

import (
	"context"
	"slices"
	"time"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// carry writes a plan of the rules, audits each of its parts, raises what the
// touched devices should have and says what happened. reason is why it came to
// this, for the audit log.
func (k *core) carry(tx *storage.Tx, actor auth.Actor, customerID, extensionID string, p telephony.Plan, bulk bool) error {
	if p.Empty() {
		return nil
	}
	if err := tx.Carry(customerID, extensionID, p); err != nil {
		return err
	}
	path := pathOf(actor, p.Path)
	for _, e := range p.End {
		before := map[string]any{"extension": e.Login.ExtensionID, "kind": e.Login.Kind, "since": e.Login.Since}
		if err := audit(tx, actor, customerID, "logout", "channel", e.Login.ChannelID, before, map[string]any{"reason": e.Reason, "path": path}); err != nil {
			return err
		}
		k.tell(tx, customerID, "channel", e.Login.ChannelID, "logged_off", string(e.Reason))
		k.tell(tx, customerID, "extension", e.Login.ExtensionID, "logged_off", e.Login.ChannelID)
	}
	for _, l := range p.Unlink {
		before := map[string]any{"extension": l.ExtensionID, "since": l.Since, "by": l.By}
		if err := audit(tx, actor, customerID, "unlink", "channel", l.ChannelID, before, nil); err != nil {
			return err
		}
		k.tell(tx, customerID, "channel", l.ChannelID, "unlinked", l.ExtensionID)
		k.tell(tx, customerID, "extension", l.ExtensionID, "unlinked", l.ChannelID)
	}
	if l := p.Link; l != nil {
		if err := audit(tx, actor, customerID, "link", "channel", l.ChannelID, nil, map[string]any{"extension": l.ExtensionID}); err != nil {
			return err
		}
		k.tell(tx, customerID, "channel", l.ChannelID, "linked", l.ExtensionID)
		k.tell(tx, customerID, "extension", l.ExtensionID, "linked", l.ChannelID)
	}
	if l := p.Login; l != nil {
		after := map[string]any{"extension": l.ExtensionID, "kind": l.Kind, "path": path}
		if err := audit(tx, actor, customerID, "login", "channel", l.ChannelID, nil, after); err != nil {
			return err
		}
		k.tell(tx, customerID, "channel", l.ChannelID, "logged_in", l.ExtensionID)
		k.tell(tx, customerID, "extension", l.ExtensionID, "logged_in", l.ChannelID)
	}
	at := p.Touched()
	tx.AfterCommit(func() { k.ports.Calls.DesksChanged(at...) })
	return k.touched(tx, customerID, at, bulk)
}

// touched looks at the devices of channels again, each once.
func (k *core) touched(tx *storage.Tx, customerID string, channels []string, bulk bool) error {
	var devices []string
	for _, id := range channels {
		a, err := tx.Attachment(customerID, id)
		if telephony.CodeOf(err) == telephony.NotFound {
			continue
		}
		if err != nil {
			return err
		}
		if !slices.Contains(devices, a.CPEID) {
			devices = append(devices, a.CPEID)
		}
	}
	for _, id := range devices {
		if err := k.refresh(tx, customerID, id, bulk); err != nil {
			return err
		}
	}
	return nil
}

// effects says in translatable words what a plan does. Whoever is known already is
// not read again.
func effects(tx *storage.Tx, customerID string, p telephony.Plan, d telephony.Desk, known ...telephony.Extension) ([]Effect, error) {
	list := []Effect{}
	for _, x := range []*telephony.Extension{d.LinkedTo, d.User} {
		if x != nil {
			known = append(known, *x)
		}
	}
	add := func(kind, channelID, extensionID string, e Effect) (err error) {
		c := d.Channel
		if c.ID != channelID {
			if c, err = tx.Channel(customerID, channelID); err != nil {
				return err
			}
		}
		x, err := extensionAmong(tx, known, customerID, extensionID)
		if err != nil {
			return err
		}
		e.Kind, e.ChannelID, e.Channel, e.Extension, e.Name = kind, c.ID, c.Name, x.Number, x.Name
		list = append(list, e)
		return nil
	}
	for _, e := range p.End {
		if err := add("logged_off", e.Login.ChannelID, e.Login.ExtensionID, Effect{Reason: string(e.Reason)}); err != nil {
			return nil, err
		}
	}
	for _, l := range p.Unlink {
		if err := add("unlinked", l.ChannelID, l.ExtensionID, Effect{}); err != nil {
			return nil, err
		}
	}
	if l := p.Link; l != nil {
		if err := add("linked", l.ChannelID, l.ExtensionID, Effect{}); err != nil {
			return nil, err
		}
		if p.Login == nil && d.CPE == nil {
			if err := add("waiting_for_device", l.ChannelID, l.ExtensionID, Effect{}); err != nil {
				return nil, err
			}
		} else if p.Login == nil && d.Refused.IsValid() {
			if err := add("address_refused", l.ChannelID, l.ExtensionID, Effect{Address: d.Refused.String()}); err != nil {
				return nil, err
			}
		}
	}
	if l := p.Login; l != nil {
		if err := add("logged_in", l.ChannelID, l.ExtensionID, Effect{}); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func extensionAmong(tx *storage.Tx, known []telephony.Extension, customerID, id string) (telephony.Extension, error) {
	if i := slices.IndexFunc(known, func(x telephony.Extension) bool { return x.ID == id }); i >= 0 {
		return known[i], nil
	}
	return tx.Extension(customerID, id)
}

// settle brings the login of a linked channel in line with its facts.
func (k *core) settle(tx *storage.Tx, actor auth.Actor, d telephony.Desk, bulk bool) (telephony.Plan, error) {
	var s telephony.Seat
	if d.Link != nil {
		var err error
		if s, err = tx.Seat(d.Link.CustomerID, d.Link.ExtensionID); err != nil {
			return telephony.Plan{}, err
		}
	}
	p := telephony.Settle(d, s, tx.Now)
	return p, k.carry(tx, actor, d.Channel.CustomerID, s.Extension.ID, p, bulk)
}

// farewell tells the phone of a voided channel to fetch anew down its flow and
// then cuts it off: its binding is gone at once for callers, but the flow is the
// only way to reach the phone.
func (k *core) farewell(sipUser string, push telephony.Push, reason string) {
	k.work.Go(func() {
		ctx, stop := context.WithTimeout(context.Background(), 5*time.Second)
		defer stop()
		if push.Event != "" {
			if r := k.ports.Registrar.Notify(ctx, push); r.Outcome != telephony.PushAnswered {
				k.log.Info("device not told of its detachment", "sip_user", sipUser, "outcome", r.Outcome)
			}
		}
		if err := k.ports.Registrar.Drop(context.WithoutCancel(ctx), sipUser, reason); err != nil {
			k.log.Error("dropping a binding failed", "sip_user", sipUser, "err", err)
		}
	})
}
