package app

import (
	"context"
	"sync"
	"time"

	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// Calls decides what a call means, and keeps what must outlive a restart. Who may
// call is known by the channel that the request was authenticated for.
type Calls struct {
	*core
	told *tellings
}

// CallMemory is what the part that carries calls remembers. Its methods return at
// once.
type CallMemory interface {
	TrunksChanged()
	// DesksChanged: who is logged in at the channels may be another.
	DesksChanged(channelIDs ...string)
	MessagesChanged(extensionID string, m telephony.Messages)
}

// CallRecord is a call that is up (C09).
type CallRecord struct {
	ID         string
	CustomerID string
	ChannelIDs []string
	State      []byte // nil: it has ended
}

// CallEnded is a finished or failed call.
type CallEnded struct {
	Plan      telephony.CallPlan
	Status    int    // final SIP status of the set-up, 200 when it was answered
	Reason    string // telephony.LimitAtOnce or LimitPerMinute for what a limit refused
	Emergency bool
}

// callBackWindow is how long an emergency call can be called back, and its device
// is told nothing (C11).
const callBackWindow = 30 * time.Minute

// Plan says what the channel's device wants that dialled the text, a user part of
// a Request-URI. What it refuses with a code or for want of a trunk stands in the
// audit log, without the digits behind a code.
func (c Calls) Plan(ctx context.Context, channelID, dialled string) (p telephony.CallPlan, err error) {
	var desk telephony.Desk
	var kind telephony.CallKind
	err = c.db.View(ctx, func(tx *storage.Tx) (err error) {
		p, desk, kind, err = c.plan(tx, channelID, dialled)
		return err
	})
	switch {
	case err != nil && desk.Channel.ID != "":
		c.refusedCall(ctx, desk, kind, dialled, err)
	case err == nil && p.Kind == telephony.CallEmergency:
		c.emergency(ctx, p, desk.Channel, false)
	}
	return p, err
}

func (c Calls) plan(tx *storage.Tx, channelID, dialled string) (p telephony.CallPlan, d telephony.Desk, kind telephony.CallKind, err error) {
	if d, err = tx.CallingDesk(channelID); err != nil {
		return p, d, "", err
	}
	a := telephony.Asked{Desk: d}
	if a.Customer, err = tx.Customer(d.Channel.CustomerID); err != nil {
		return p, d, "", err
	}
	if a.Trunks, err = c.trunksFor(tx, a.Customer.ID); err != nil {
		return p, d, "", err
	}
	via := telephony.PickTrunk(a.Trunks, a.Customer.ID)
	toSwitch := via != nil && via.Switch
	if a.Dialled, err = telephony.ReadDialled(a.Customer, dialled, toSwitch); err != nil {
		return p, d, "", err
	}
	if a.Dialled.Kind == telephony.CallOutside && !toSwitch {
		var emergency bool
		if a.Dialled.Number, emergency, err = outside(a.Customer, a.Dialled.Number); err != nil {
			return p, d, telephony.CallOutside, err
		}
		if emergency {
			a.Dialled.Kind = telephony.CallEmergency
		}
	}
	if err := c.around(tx, &a, toSwitch); err != nil {
		return p, d, a.Dialled.Kind, err
	}
	p, err = telephony.DecideCall(a)
	return p, a.Desk, a.Dialled.Kind, err
}

// around reads what else the kind of call is decided on.
func (c Calls) around(tx *storage.Tx, a *telephony.Asked, toSwitch bool) error {
	d := &a.Desk
	if d.Login == nil && d.Link != nil && a.Customer.IPListing {
		list, err := tx.Allowlist(a.Customer.ID)
		if err != nil {
			return err
		}
		if *d, err = tx.Desk(a.Customer.ID, d.Channel.ID, list); err != nil {
			return err
		}
	}
	switch k := a.Dialled.Kind; {
	case k == telephony.CallExtension && !toSwitch:
		callee, err := tx.CalleeByNumber(a.Customer.ID, a.Dialled.Number)
		if err != nil || callee == nil {
			return err
		}
		a.Callee, a.At = &callee.Extension, callee.At
	case d.User != nil && (k == telephony.CallOutside || k == telephony.CallEmergency):
		var err error
		a.Direct, err = tx.DirectNumber(a.Customer.ID, d.User.ID)
		return err
	}
	return nil
}

func (k *core) trunksFor(tx *storage.Tx, customerID string) ([]telephony.Trunk, error) {
	rows, err := tx.TrunksFor(customerID)
	if err != nil {
		return nil, err
	}
	return k.opened(rows)
}

// opened are trunks with their secrets, for the part that carries calls.
func (k *core) opened(rows []storage.Trunk) ([]telephony.Trunk, error) {
	list := make([]telephony.Trunk, len(rows))
	for i, r := range rows {
		list[i] = r.Trunk
		if len(r.Sealed) == 0 {
			continue
		}
		var err error
		if list[i].Secret, err = k.key.Open(r.Sealed, "trunk "+r.ID); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// Trunks are all trunks of the installation, with their secrets.
func (c Calls) Trunks(ctx context.Context) (list []telephony.Trunk, err error) {
	err = c.db.View(ctx, func(tx *storage.Tx) error {
		rows, err := tx.EveryTrunk()
		if err != nil {
			return err
		}
		list, err = c.opened(rows)
		return err
	})
	return list, err
}

// Load calls each for every call that was up.
func (c Calls) Load(ctx context.Context, each func(CallRecord) error) error {
	return c.db.View(ctx, func(tx *storage.Tx) error {
		return tx.EachCall(func(r storage.CallRecord) error { return each(CallRecord(r)) })
	})
}

// Save writes one batch of calls, durable when it returns.
func (c Calls) Save(ctx context.Context, batch []CallRecord) error {
	rows := make([]storage.CallRecord, len(batch))
	for i, r := range batch {
		rows[i] = storage.CallRecord(r)
	}
	return c.db.Update(ctx, func(tx *storage.Tx) error { return tx.PutCalls(rows) })
}

// tellings remembers what was told a while ago, so that who dials the same wrong
// thing again and again fills no log.
type tellings struct {
	mu sync.Mutex
	at map[string]time.Time
}

// tellAgain is how long the same is not told again.
const tellAgain = time.Minute

// mostTold bounds what is remembered.
const mostTold = 4096

func (t *tellings) first(what string, now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if last, ok := t.at[what]; ok && now.Sub(last) < tellAgain {
		return false
	}
	if len(t.at) >= mostTold {
		for k, last := range t.at {
			if now.Sub(last) >= tellAgain {
				delete(t.at, k)
			}
		}
		if len(t.at) >= mostTold {
			return false
		}
	}
	t.at[what] = now
	return true
}
