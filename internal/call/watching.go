package call

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"tischlein/internal/call/presence"
	"tischlein/internal/telephony"
)

var bodies = map[string]string{eventDialog: presence.DialogInfo, eventMessages: presence.SimpleSummary}

// subscriptions are all of them, by what they are looked for.
type subscriptions struct {
	all       table[*subscription] // by Call-ID and both tags
	byChannel index
	byWatched index // by event and extension
	ledger    ledger
}

func (n *subscription) watched() string { return n.event + " " + n.party.ExtensionID }

// add keeps n unless its channel has too many.
func (l *subscriptions) add(n *subscription) bool {
	if !l.byChannel.put(n.leg.ChannelID, n, mostWatches) {
		return false
	}
	if !l.all.put(n.key, n) {
		l.byChannel.drop(n.leg.ChannelID, n)
		return false
	}
	l.byWatched.put(n.watched(), n, 0)
	return true
}

func (l *subscriptions) remove(n *subscription) {
	l.byWatched.drop(n.watched(), n)
	l.all.drop(n.key)
	l.byChannel.drop(n.leg.ChannelID, n)
}

// index finds subscriptions by what several may share.
type index struct {
	table[map[*subscription]struct{}]
}

// put adds n unless there are most already; 0 is no limit.
func (x *index) put(key string, n *subscription, most int) bool {
	s := x.lock(key)
	defer s.mu.Unlock()
	if most > 0 && len(s.items[key]) >= most {
		return false
	}
	if s.items[key] == nil {
		s.items[key] = map[*subscription]struct{}{}
	}
	s.items[key][n] = struct{}{}
	return true
}

func (x *index) drop(key string, n *subscription) {
	s := x.lock(key)
	defer s.mu.Unlock()
	delete(s.items[key], n)
	if len(s.items[key]) == 0 {
		delete(s.items, key)
	}
}

func (x *index) of(key string) []*subscription {
	s := x.lock(key)
	defer s.mu.Unlock()
	return slices.Collect(maps.Keys(s.items[key]))
}

// changed tells whoever watches the extension that its calls have. Who makes the
// call waits for none of it.
func (s *Server) changed(extensionID string) {
	if list := s.subs.byWatched.of(eventDialog + " " + extensionID); len(list) > 0 {
		s.run(func() {
			for _, n := range list {
				n.tell(false)
			}
		})
	}
}

// MessagesChanged tells the extension's phone how many messages it has.
func (s *Server) MessagesChanged(extensionID string, fresh, old int) {
	for _, n := range s.subs.byWatched.of(eventMessages + " " + extensionID) {
		n.count(fresh, old)
		n.tell(false)
	}
}

// DesksChanged hears that who is logged in at channels may have changed: what was
// watched there is judged anew.
func (s *Server) DesksChanged(channelIDs ...string) {
	for _, id := range channelIDs {
		if list := s.subs.byChannel.of(id); len(list) > 0 {
			s.run(func() {
				ctx, cancel := context.WithTimeout(s.ctx, planTime)
				defer cancel()
				for _, n := range list {
					n.judge(ctx)
				}
			})
		}
	}
}

// remindEvery spaces what a start would otherwise send all at once.
const remindEvery = 2 * time.Millisecond

// Remind tells everybody who watched before a restart what is now. It must come
// after the bindings are back: only then are the phones to be found.
func (s *Server) Remind(ctx context.Context) {
	tick := time.NewTicker(remindEvery)
	defer tick.Stop()
	s.subs.all.each(func(n *subscription) {
		select {
		case <-ctx.Done():
			return
		case <-s.ctx.Done():
			return
		case <-tick.C:
		}
		n.judge(ctx)
		n.tell(true)
	})
}

// kept is a subscription's record.
type kept struct {
	CallID  string          `json:"call_id"`
	Tag     string          `json:"tag"`
	Event   string          `json:"event"`
	EventID string          `json:"event_id,omitempty"`
	Watcher string          `json:"watcher"`
	Party   telephony.Party `json:"party"`
	Leg     leg             `json:"leg"`
	Heard   uint32          `json:"heard"`
	Version uint64          `json:"version"`
	Expires time.Time       `json:"expires"`
}

// ahead is by how much numbers jump at a restart. They must rise, and what was
// sent since the last record stands nowhere: not every NOTIFY is worth a write.
const ahead = 1 << 16

// save queues the subscription's record. n is locked.
func (n *subscription) save() {
	state, err := json.Marshal(kept{
		CallID: n.callID, Tag: n.tag, Event: n.event, EventID: n.eventID, Watcher: n.watcher, Party: n.party,
		Leg: n.leg, Heard: n.heard, Version: n.version, Expires: n.expires,
	})
	if err != nil {
		return // nothing in it can fail to be written
	}
	n.s.subs.ledger.add(Record{ID: recordID(n.key), CustomerID: n.customerID, ChannelIDs: []string{n.leg.ChannelID}, State: state})
}

// rewatch brings a recorded subscription back.
func (s *Server) rewatch(r Record) error {
	var k kept
	if err := json.Unmarshal(r.State, &k); err != nil {
		return err
	}
	k.Leg.Sent += ahead
	n := &subscription{
		s: s, key: dialogKey(k.CallID, k.Leg.Tag, k.Tag), callID: k.CallID, tag: k.Tag, event: k.Event, eventID: k.EventID,
		customerID: r.CustomerID, watcher: k.Watcher, party: k.Party, leg: k.Leg, heard: k.Heard, version: k.Version + ahead, expires: k.Expires,
	}
	if !time.Now().Before(n.expires) || !s.subs.add(n) {
		s.subs.ledger.add(Record{ID: r.ID, CustomerID: r.CustomerID})
		return nil
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.save() // a second restart must jump again
	n.arm()
	return nil
}

// rest stops the clock at the end of the server.
func (n *subscription) rest() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.gone = true
	if n.timer != nil {
		n.timer.Stop()
	}
}
