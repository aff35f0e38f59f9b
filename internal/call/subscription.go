package call

import (
	"context"
	"slices"
	"sync"
	"time"

	"tischlein/internal/call/presence"
	"tischlein/internal/telephony"
)

// The event packages (C12).
const (
	eventDialog   = "dialog"          // RFC 4235
	eventMessages = "message-summary" // RFC 3842
	allowEvents   = eventDialog + ", " + eventMessages
)

// subscription is a phone that watches an extension. It is told one thing at a
// time and always the present state, so that whatever changes while the phone
// answers is told together.
type subscription struct {
	s          *Server
	key        string
	callID     string
	tag        string // our own
	event      string
	eventID    string // of the Event header; "" for none
	customerID string
	watcher    string          // the extension that is logged in at the phone's desk
	party      telephony.Party // who is watched

	mu      sync.Mutex
	leg     leg    // the phone
	heard   uint32 // its highest CSeq
	version uint64
	expires time.Time
	timer   *time.Timer
	news    news            // what there is to tell
	told    news            // what it was told last
	past    []presence.Line // of told: with those that had ended
	asking  bool            // a NOTIFY is under way
	due     bool            // there is something to tell
	anyway  bool            // even if it is what it was
	over    string          // why it ends, "" while it does not
	gone    bool
}

// news is the state of what is watched.
type news struct {
	Lines      []presence.Line
	Fresh, Old int
}

// tell tells the phone what is new, anyway even if nothing is.
func (n *subscription) tell(anyway bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.due, n.anyway = true, n.anyway || anyway
	n.next()
}

// next sends what is due unless the phone still has to answer. n is locked.
func (n *subscription) next() {
	if n.asking || !n.due || n.gone {
		return
	}
	if n.event == eventDialog {
		n.news.Lines = n.s.board.Lines(n.party.ExtensionID)
	}
	if !n.anyway && n.over == "" && n.news.Fresh == n.told.Fresh && n.news.Old == n.told.Old && slices.Equal(n.news.Lines, n.told.Lines) {
		n.due = false
		return
	}
	f, ok := n.s.way(&n.leg)
	if !ok {
		n.gone = n.over != "" // else it is told when it comes back
		return
	}
	n.due, n.anyway, n.asking = false, false, true
	id := newBranch()
	n.leg.Sent++
	out := n.s.onward("NOTIFY", &n.leg, f, id, n.tag, n.callID, n.leg.Sent, 70)
	add(out, "Contact", contact(n.party, n.s.front.Advertised(f), f))
	add(out, "Event", eventOf(n.event, n.eventID))
	if n.over == "" {
		add(out, "Subscription-State", "active;expires="+itoa(max(0, int(time.Until(n.expires).Round(time.Second)/time.Second))))
	} else {
		add(out, "Subscription-State", "terminated;reason="+n.over)
	}
	out.SetBody(nil)
	if body := n.body(); body != nil {
		add(out, "Content-Type", bodies[n.event])
		out.SetBody(body)
	}
	n.told = n.news
	n.s.send(out, id, f, listener{got: n.got(n.over != ""), lost: n.lost(n.over != "")})
}

// body is the present state, nil where a NOTIFY says only that it is over. n is
// locked.
func (n *subscription) body() []byte {
	realm := n.s.cfg.Realm
	switch {
	case n.over != "" && n.over != "timeout":
		return nil // it may no longer know
	case n.event == eventMessages:
		return presence.Summary(n.party.Number, realm, n.news.Fresh, n.news.Old)
	}
	n.past = presence.Since(n.past, n.news.Lines)
	b := presence.Document(n.party.Number, realm, n.version, n.past)
	n.version++
	return b
}

// arm ends the subscription in time. n is locked.
func (n *subscription) arm() {
	if n.timer != nil {
		n.timer.Stop()
	}
	if !n.gone && n.over == "" {
		n.timer = time.AfterFunc(time.Until(n.expires), n.lapse)
	}
}

func (n *subscription) lapse() {
	n.mu.Lock()
	late := !time.Now().Before(n.expires)
	n.mu.Unlock()
	if late {
		n.end("timeout")
	}
}

// end tells the phone that it is over and why (RFC 6665 4.1.3).
func (n *subscription) end(reason string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.over != "" || n.gone {
		return
	}
	n.over = reason
	n.drop()
	n.due = true
	n.next()
}

// drop takes the subscription out of all lists. n is locked.
func (n *subscription) drop() {
	if n.timer != nil {
		n.timer.Stop()
	}
	n.s.subs.remove(n)
	n.s.subs.ledger.add(Record{ID: recordID(n.key), CustomerID: n.customerID})
}

// judge asks the house whether the subscription may go on, and ends it if not:
// another login at the desk is another watcher, who must ask for it (RFC 6665
// 4.1.3: deactivated is tried again at once, rejected is not).
func (n *subscription) judge(ctx context.Context) {
	n.mu.Lock()
	channelID := n.leg.ChannelID
	n.mu.Unlock()
	w, err := n.s.cfg.House.Watch(ctx, channelID, n.event, n.party.Number)
	switch {
	case err == nil && (w.Watcher != n.watcher || w.Party.ExtensionID != n.party.ExtensionID):
		n.end("deactivated")
	case err == nil:
		n.count(w.Fresh, w.Old)
	case telephony.CodeOf(err) == telephony.NotFound:
		n.end("noresource")
	case telephony.CodeOf(err) == telephony.Forbidden:
		n.end("rejected")
	}
}

// count takes over how many messages there are.
func (n *subscription) count(fresh, old int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.news.Fresh, n.news.Old = fresh, old
}
