package call

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"tischlein/internal/telephony"
)

// ledger collects what is to be recorded. Whatever has collected while the last
// batch was being written is the next one; of each call only the last word.
type ledger struct {
	mu   sync.Mutex
	open map[string]Record
	wake chan struct{}
}

func (l *ledger) init() { l.open, l.wake = map[string]Record{}, make(chan struct{}, 1) }

func (l *ledger) add(r Record) {
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

// record writes batches until ctx ends. A batch that fails is tried again, for
// the call it belongs to goes on meanwhile.
func (s *Server) record(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.ledger.wake:
		}
		for {
			batch := s.ledger.take()
			if len(batch) == 0 {
				break
			}
			if err := s.cfg.Records.Save(ctx, batch); err != nil {
				s.ledger.back(batch)
				if ctx.Err() != nil {
					return
				}
				s.cfg.Log.Error("calls could not be recorded, they will be again", "component", "call", "count", len(batch), "err", err)
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
func (s *Server) flush(ctx context.Context) error {
	for {
		batch := s.ledger.take()
		if len(batch) == 0 {
			return nil
		}
		if err := s.cfg.Records.Save(ctx, batch); err != nil {
			return fmt.Errorf("recording calls: %w", err)
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
}

// save queues the call's record. d is locked.
func (d *dialog) save() {
	if !d.up || d.answerer != nil { // our own conversations end with the server
		return
	}
	state, err := json.Marshal(recorded{CallID: d.callID, Legs: d.legs, Since: d.since, Expires: d.expires, Limited: d.seat != nil && d.seat.limited})
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

// restore brings the recorded calls back, once they are all read: whoever keeps
// them need not be asked other things meanwhile.
func (s *Server) restore(ctx context.Context) error {
	var list []Record
	err := s.cfg.Records.Load(ctx, func(r Record) error { list = append(list, r); return nil })
	if err != nil {
		return fmt.Errorf("loading calls: %w", err)
	}
	for _, r := range list {
		var state recorded
		if err := json.Unmarshal(r.State, &state); err != nil {
			s.cfg.Log.Warn("a recorded call cannot be read and is forgotten", "component", "call", "err", err)
			s.ledger.add(Record{ID: r.ID, CustomerID: r.CustomerID})
			continue
		}
		s.revive(r, state)
	}
	return nil
}

func (s *Server) revive(r Record, state recorded) {
	d := &dialog{
		s: s, callID: state.CallID, customerID: r.CustomerID, legs: state.Legs,
		key: dialogKey(state.CallID, state.Legs[0].Tag, state.Legs[1].Tag), known: true,
	}
	now := time.Now()
	if !state.Expires.IsZero() && now.After(state.Expires) || now.After(state.Since.Add(forgetAfter)) {
		s.ledger.add(Record{ID: r.ID, CustomerID: r.CustomerID})
		return
	}
	if !s.dialogs.put(d.key, d) {
		return
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
	}
	d.arm()
}
