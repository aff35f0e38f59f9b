package app

import (
	"context"
	"errors"
	"net/netip"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// callNote is what is noted of a call beside it.
type callNote struct {
	customerID  string
	channelID   string     // "" = of the customer
	channel     string     // its name
	from        netip.Addr // invalid: not known
	refused     error
	dialled     string              // refused: masked
	limited     bool                // refused by a limit (C10)
	emergency   *telephony.CallPlan // one that is made, or that ended
	ended       bool
	busy, ready bool // of channelID: its device is in a call, or no longer
}

// callRefusals are what administrators should hear of, because it is guessing, or
// because something is not set up. That a free desk dials no numbers is no news.
var callRefusals = map[string]bool{
	"dial_code_unknown": true, "one_go_off": true, "client_without_user": true, "no_trunk": true, "no_outbound_number": true,
}

func (c Calls) refusedCall(ctx context.Context, d telephony.Desk, kind telephony.CallKind, dialled string, err error) {
	reason := telephony.ReasonOf(err)
	n := note{call: &callNote{customerID: d.Channel.CustomerID, channelID: d.Channel.ID, channel: d.Channel.Name, refused: err, dialled: telephony.MaskDialled(dialled)}}
	if kind == telephony.CallEmergency {
		c.log.ErrorContext(ctx, "an emergency call could not be made", "customer", d.Channel.CustomerID, "sip_user", d.Channel.SIPUser, "err", err)
		c.noteSurely(n)
		return
	}
	if callRefusals[reason] && c.told.first(d.Channel.ID+" "+reason, c.now()) {
		c.note(n)
	}
}

// emergency notes an emergency call when it is made and when it ends: from then on
// it may be called back for a while.
func (c Calls) emergency(_ context.Context, p telephony.CallPlan, ch telephony.Channel, ended bool) {
	c.noteSurely(note{call: &callNote{customerID: p.CustomerID, channelID: p.ChannelID, channel: ch.Name, emergency: &p, ended: ended}})
}

// noteSurely is note for what may not be lost among many others.
func (k *core) noteSurely(n note) {
	select {
	case k.notes <- n:
	default:
		k.work.Go(func() { k.write([]note{n}) })
	}
}

// Ended hears of each call that was planned.
func (c Calls) Ended(ctx context.Context, e CallEnded) {
	p := e.Plan
	if e.Emergency || p.Kind == telephony.CallEmergency {
		c.emergency(ctx, p, telephony.Channel{}, true)
		return
	}
	var err error
	switch e.Reason {
	case telephony.LimitAtOnce:
		err = telephony.Forbiddenf("too_many_calls", "more calls at once than this customer may have").With("most", p.MostCalls)
	case telephony.LimitPerMinute:
		err = telephony.Forbiddenf("too_many_per_minute", "more new calls in a minute than this customer may have").With("most", p.MostPerMinute)
	default:
		return
	}
	if c.told.first(p.CustomerID+" "+p.ChannelID+" "+e.Reason, c.now()) {
		c.log.WarnContext(ctx, "a call was one too many", "customer", p.CustomerID, "err", err)
		c.note(note{call: &callNote{customerID: p.CustomerID, channelID: p.ChannelID, channel: p.Caller.Name, refused: err, limited: true}})
	}
}

// codeEnded are the ways in which a code can come to nothing without the desk
// having been asked.
func codeEnded(reason string) error {
	for _, e := range []*telephony.Error{
		telephony.Forbiddenf("no_codec", "the phone offers no codec that is spoken here"),
		telephony.Forbiddenf("no_room", "too many people talk to codes at once"),
		telephony.Forbiddenf("no_media", "no sound came from the phone"),
		telephony.Forbiddenf("silent", "nobody typed anything"),
		telephony.Forbiddenf("hung_up", "the caller hung up before anything was decided"),
	} {
		if e.Reason == reason {
			return e
		}
	}
	return nil
}

// CodeEnded hears of a call of a code that logged nobody in or out.
func (c Calls) CodeEnded(p telephony.CallPlan, from netip.Addr, reason string) {
	err := codeEnded(reason)
	if err == nil || !c.told.first(p.ChannelID+" "+reason, c.now()) {
		return // refused by the desk, which has written it down; or told a moment ago
	}
	c.note(note{call: &callNote{
		customerID: p.CustomerID, channelID: p.ChannelID, channel: p.Caller.Name, from: from, dialled: p.Callee.Number,
		refused: err,
	}})
}

// Busy hears whether a channel's device is in a call. What waited for the end of
// it is done then (D04).
func (c Calls) Busy(channelID string, busy bool) {
	if busy {
		c.talking.Store(channelID, true)
	} else {
		c.talking.Delete(channelID)
	}
	c.note(note{call: &callNote{channelID: channelID, busy: busy, ready: !busy}})
}

func (k *core) writeCall(tx *storage.Tx, n callNote) error {
	actor := auth.Actor{Kind: "phone", ID: n.channelID, Name: n.channel, Role: auth.User, CustomerID: n.customerID, From: n.from}
	if n.emergency != nil {
		return k.writeEmergency(tx, actor, n)
	}
	var e *telephony.Error
	if !errors.As(n.refused, &e) {
		return nil // ours, and logged where it came up
	}
	kind, id := "channel", n.channelID
	if id == "" {
		kind, id = "customer", n.customerID
	}
	a := entry(actor, n.customerID, "call", kind, id)
	a.Outcome, a.Reason, a.Before = "refused", e.Reason, "null"
	facts := e.Detail
	if n.dialled != "" {
		facts = map[string]any{"dialled": n.dialled}
	}
	a.After = jsonText(refusedAs{Message: e.Message, Detail: facts})
	what := "call_refused"
	if n.limited {
		what = "calls_limited"
	}
	k.tell(tx, n.customerID, kind, id, what, e.Reason)
	return tx.InsertAudit(a)
}

// writeEmergency keeps who can be called back as which number, and the device
// from being restarted meanwhile (C11).
func (k *core) writeEmergency(tx *storage.Tx, actor auth.Actor, n callNote) error {
	p := n.emergency
	if _, err := tx.Channel(p.CustomerID, p.ChannelID); err != nil {
		return err
	}
	if err := tx.KeepQuiet(p.CustomerID, p.ChannelID, tx.Now.Add(callBackWindow)); err != nil {
		return err
	}
	for i, as := range []string{p.Caller.Number, p.Location.ELIN} {
		if as == "" || i > 0 && as == p.Caller.Number {
			continue
		}
		if err := tx.InsertEmergencyCall(p.CustomerID, p.ChannelID, as); err != nil {
			return err
		}
	}
	if n.ended {
		k.tell(tx, p.CustomerID, "channel", p.ChannelID, "emergency_ended", p.Number)
		return nil
	}
	k.tell(tx, p.CustomerID, "channel", p.ChannelID, "emergency_call", p.Number)
	after := map[string]any{"number": p.Number, "as": p.Caller.Number, "location": p.Location.Text, "elin": p.Location.ELIN, "extension": p.Caller.ExtensionID}
	if p.Trunk != nil {
		after["trunk"] = p.Trunk.Name
	}
	return audit(tx, actor, p.CustomerID, "emergency_call", "channel", p.ChannelID, nil, after)
}

// emergencyStep says whether somebody can call for help from a channel, and where
// help would come to (C11).
func emergencyStep(c telephony.Customer, ch telephony.Channel, trunks []storage.Trunk) telephony.Step {
	s := telephony.Step{Name: "emergency"}
	l := telephony.LocationOf(c, ch)
	switch {
	case l == telephony.Location{}:
		s.Detail = "neither the channel nor the customer says where it is"
		s.Advice = "write the place into the channel, or the site's address into the customer"
	case len(trunks) == 0:
		s.Detail, s.Advice = "no trunk leads outside", "add a trunk for the customer or for the installation"
	default:
		s.Done, s.Detail = true, "help would come to: "+l.Text
		if l.Text == "" {
			s.Detail = "help would come to the place of " + l.ELIN
		}
	}
	return s
}
