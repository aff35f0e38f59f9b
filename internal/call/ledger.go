package call

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"tischlein/internal/telephony"
)

// ledger collects what is to be recorded. Whatever has collected while the last
// batch was being written is the next one; of each thing only the last word.
type ledger struct {
	what string // calls, subscriptions
	to   Records
	log  *slog.Logger

	mu   sync.Mutex
	open map[string]Record
	wake chan struct{}
}

func (l *ledger) init(what string, to Records, log *slog.Logger) {
	l.what, l.to, l.log = what, to, log
	l.open, l.wake = map[string]Record{}, make(chan struct{}, 1)
}

func (l *ledger) add(r Record) {
	if l.to == nil {
		return
	}
	l.mu.Lock()
	l.open[r.ID] = r
	l.mu.Unlock()
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// most is how many records go into one batch.
const most = 1024

func (l *ledger) take() []Record {
	l.mu.Lock()
	defer l.mu.Unlock()
	batch := make([]Record, 0, min(len(l.open), most))
	for id, r := range l.open {
		if len(batch) == most {
			break
		}
		batch = append(batch, r)
		delete(l.open, id)
	}
	return batch
}

// back returns what could not be written, where nothing newer stands.
func (l *ledger) back(batch []Record) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, r := range batch {
		if _, newer := l.open[r.ID]; !newer {
			l.open[r.ID] = r
		}
	}
}

// gathering is how long a record waits for others: each batch costs an fsync.
const gathering = 10 * time.Millisecond

// record writes batches until ctx ends. A batch that fails is tried again, for
// what it belongs to goes on meanwhile.
func (l *ledger) record(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-l.wake:
		}
		for {
			select {
			case <-ctx.Done():
				return
			case <-time.After(gathering):
			}
			batch := l.take()
			if len(batch) == 0 {
				break
			}
			if err := l.to.Save(ctx, batch); err != nil {
				l.back(batch)
				if ctx.Err() != nil {
					return
				}
				l.log.Error(l.what+" could not be recorded, they will be again", "component", "call", "count", len(batch), "err", err)
				select {
				case <-ctx.Done():
					return
				case <-time.After(time.Second):
				}
			}
		}
	}
}

// flush writes what is left.
func (l *ledger) flush(ctx context.Context) error {
	for {
		batch := l.take()
		if len(batch) == 0 {
			return nil
		}
		if err := l.to.Save(ctx, batch); err != nil {
			return fmt.Errorf("recording %s: %w", l.what, err)
		}
	}
}

func recordID(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:16])
}

// recorded is a Record's State.
type recorded struct {
	CallID  string    `json:"call_id"`
	Legs    [2]leg    `json:"legs"`
	Since   time.Time `json:"since"`
	Expires time.Time `json:"expires,omitzero"`
	Limited bool      `json:"limited,omitempty"` // it counts in the limits
	Media   string    `json:"media,omitempty"`   // its name at the relay
	Offerer string    `json:"offerer,omitempty"` // and the tag of who offered first there
}

// save queues the call's record. d is locked.
func (d *dialog) save() {
	if !d.up || d.answerer != nil { // our own conversations end with the server
		return
	}
	record := recorded{CallID: d.callID, Legs: d.legs, Since: d.since, Expires: d.expires, Limited: d.seat != nil && d.seat.limited}
	record.Media, record.Offerer = d.media.state()
	state, err := json.Marshal(record)
	if err != nil {
		return // nothing in it can fail to be written
	}
	d.known = true
	r := Record{ID: recordID(d.key), CustomerID: d.customerID, State: state}
	for i := range d.legs {
		if id := d.legs[i].ChannelID; id != "" {
			r.ChannelIDs = append(r.ChannelIDs, id)
		}
	}
	d.s.ledger.add(r)
}

// restore brings back what was recorded, once it is all read: whoever keeps it
// need not be asked other things meanwhile.
func (l *ledger) restore(ctx context.Context, revive func(Record) error) error {
	if l.to == nil {
		return nil
	}
	var list []Record
	err := l.to.Load(ctx, func(r Record) error { list = append(list, r); return nil })
	if err != nil {
		return fmt.Errorf("loading %s: %w", l.what, err)
	}
	for _, r := range list {
		if err := revive(r); err != nil {
			l.log.Warn("one of the recorded "+l.what+" cannot be read and is forgotten", "component", "call", "err", err)
			l.add(Record{ID: r.ID, CustomerID: r.CustomerID})
		}
	}
	return nil
}

// revive brings a recorded call back.
func (s *Server) revive(r Record) error {
	var state recorded
	if err := json.Unmarshal(r.State, &state); err != nil {
		return err
	}
	d := &dialog{
		s: s, callID: state.CallID, customerID: r.CustomerID, legs: state.Legs,
		key: dialogKey(state.CallID, state.Legs[0].Tag, state.Legs[1].Tag), known: true,
	}
	if state.Media != "" && s.cfg.Relay != nil {
		d.media = &media{s: s, name: state.Media, tag: state.Offerer, users: 1}
	}
	now := time.Now()
	if !state.Expires.IsZero() && now.After(state.Expires) || now.After(state.Since.Add(forgetAfter)) {
		s.ledger.add(Record{ID: r.ID, CustomerID: r.CustomerID})
		return nil
	}
	if !s.keep(d) {
		return nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.since, d.seen, d.expires = state.Since, now, state.Expires
	if now.Before(state.Since.Add(s.cfg.Longest)) {
		d.up = true
		d.seat = s.limits.resume(telephony.CallPlan{CustomerID: r.CustomerID, ChannelID: state.Legs[0].ChannelID}, state.Limited)
		for i := range d.legs {
			s.busy.enter(d.legs[i].SIPUser, d.legs[i].ChannelID, d)
		}
		d.show()
	}
	d.arm()
	return nil
}
