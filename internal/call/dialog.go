package call

import (
	"cmp"
	"strconv"
	"sync"
	"time"

	"tischlein/internal/sip"
)

func itoa(n int) string { return strconv.Itoa(n) }

// dialog is a call between two sides, from the first ringing on. Both sides share
// its tags, and but for a call that was picked up its Call-ID; which side a request
// comes from its tag says.
type dialog struct {
	s          *Server
	key        string
	callID     string
	customerID string
	seat       *seat     // of the call in the limits; nil after a restart
	answerer   *answerer // the second leg is our own: a conversation of a hot-desk code

	media   *media // nil: it goes directly; never changes
	settled func() // the first ACK has come; nil: nobody waits for it
	acks    *acks  // of the INVITEs that we have answered ourselves; nil: none

	mu      sync.Mutex
	legs    [2]leg // who called, who was called
	up      bool   // answered, and not over
	known   bool   // in the records
	asks    bool   // the last INVITE had no offer: the answer to it has
	gone    bool
	since   time.Time
	seen    time.Time // last request
	expires time.Time // of the session; zero: it has no timer (RFC 4028)
	timer   *time.Timer
}

// forgetAfter is how long a call without a session timer is kept for its BYE
// after it counts as up no more.
const forgetAfter = 24 * time.Hour

func dialogKey(callID, a, b string) string {
	if a > b {
		a, b = b, a
	}
	return callID + " " + a + " " + b
}

// keep makes the dialog one that its requests find, and reports whether nobody
// else has its place.
func (s *Server) keep(d *dialog) bool {
	if !s.dialogs.put(d.key, d) {
		return false
	}
	if twin := d.twin(); twin != "" && !s.twins.put(twin, d) {
		s.dialogs.drop(d.key)
		return false
	}
	return true
}

// dialog is the call with that Call-ID and tags.
func (s *Server) dialog(callID, tag, other string) (*dialog, bool) {
	key := dialogKey(callID, tag, other)
	if d, ok := s.dialogs.get(key); ok {
		return d, true
	}
	return s.twins.get(key)
}

// twin is the other key of a call that was picked up, "" for any other.
func (d *dialog) twin() string {
	if d.legs[1].CallID == "" {
		return ""
	}
	return dialogKey(d.legs[1].CallID, d.legs[0].Tag, d.legs[1].Tag)
}

// id is the Call-ID that side i knows the call by. It never changes.
func (d *dialog) id(i int) string { return cmp.Or(d.legs[i].CallID, d.callID) }

// side is the index of the leg with that tag.
func (d *dialog) side(tag string) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.legs[0].Tag == tag {
		return 0
	}
	return 1
}

// early reports whether it rings and nobody has answered yet.
func (d *dialog) early() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.since.IsZero()
}

// leg is a copy of a side as it is now.
func (d *dialog) leg(i int) leg {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.legs[i]
}

// raise makes the call one that is up: both devices are busy, and a restart will
// not lose it.
func (d *dialog) raise(session time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.up || d.gone {
		return
	}
	d.up, d.since = true, time.Now()
	d.seen = d.since
	for i := range d.legs {
		d.s.busy.enter(d.legs[i].SIPUser, d.legs[i].ChannelID, d)
	}
	d.show()
	if d.seat != nil && !d.seat.take() {
		d.seat = nil // it was told as ended: who answered now came too late to count
	}
	d.session(session)
	d.save()
}

// session sets the session timer anew; zero: there is none (RFC 4028 9). d is
// locked.
func (d *dialog) session(interval time.Duration) {
	d.expires = time.Time{}
	if interval > 0 {
		d.expires = time.Now().Add(interval)
	}
	d.arm()
}

// arm sets the timer to whatever ends the call next. d is locked.
func (d *dialog) arm() {
	if d.timer != nil {
		d.timer.Stop()
	}
	if d.gone {
		return
	}
	next := d.seen.Add(forgetAfter)
	if !d.expires.IsZero() {
		next = d.expires
	}
	if end := d.since.Add(d.s.cfg.Longest); d.up && end.Before(next) {
		next = end
	}
	d.timer = time.AfterFunc(time.Until(next), d.due)
}

func (d *dialog) due() {
	now := time.Now()
	d.mu.Lock()
	if d.up && !now.Before(d.since.Add(d.s.cfg.Longest)) {
		d.down()
	}
	end := d.expires
	if end.IsZero() {
		end = d.seen.Add(forgetAfter)
	}
	over := !now.Before(end)
	if !over {
		d.arm()
	}
	lapsed := over && !d.expires.IsZero() && !d.since.IsZero()
	d.mu.Unlock()
	switch {
	case lapsed: // whoever has not noticed would talk to nobody for ever (RFC 4028 10)
		d.leave(`SIP;cause=408;text="Session expired"`, 0, 1)
	case over:
		d.forget()
	}
}

// down ends the call as far as others wait for it. Its requests still find their
// way, for who believes in it must be able to hang up. d is locked.
func (d *dialog) down() {
	if !d.up {
		return
	}
	d.up = false
	d.hide()
	for i := range d.legs {
		d.s.busy.leave(d.legs[i].SIPUser, d)
	}
	if d.seat != nil {
		d.seat.leave()
	}
}

// over ends the call when one side has said goodbye.
func (d *dialog) over() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.down()
}

// ended reports whether nobody waits for anything of it any more.
func (d *dialog) ended() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.gone
}

// forget ends the call and its memory.
func (d *dialog) forget() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.gone {
		return
	}
	d.down()
	d.gone = true
	if d.timer != nil {
		d.timer.Stop()
	}
	d.s.dialogs.drop(d.key)
	if twin := d.twin(); twin != "" {
		d.s.twins.drop(twin)
	}
	d.media.leave()
	if d.known {
		d.s.ledger.add(Record{ID: recordID(d.key), CustomerID: d.customerID})
	}
}

// rest stops the clock at the end of the server.
func (d *dialog) rest() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.gone = true
	if d.timer != nil {
		d.timer.Stop()
	}
}

// rebooted ends the call when its device has registered from another boot.
func (d *dialog) rebooted(sipUser, registration string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := range d.legs {
		if l := &d.legs[i]; l.SIPUser == sipUser && l.Registration != "" && l.Registration != registration {
			d.down()
		}
	}
}

// heard notes a request of a side: where it is now, and that it lives.
func (d *dialog) heard(i int, f sip.Flow) {
	d.mu.Lock()
	defer d.mu.Unlock()
	l := &d.legs[i]
	moved := l.Remote != f.Peer() || l.Local != f.Local()
	l.over(f)
	d.seen = time.Now()
	if moved && d.up {
		d.save()
	}
}

// refreshed takes over what a successful INVITE or UPDATE changes: both remote
// targets and the session timer (RFC 3261 12.2, RFC 4028).
func (d *dialog) refreshed(i int, ask, answer carrier) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if c := contactURI(value(ask, "Contact")); c != "" {
		d.legs[i].Contact = c
	}
	if c := contactURI(value(answer, "Contact")); c != "" {
		d.legs[1-i].Contact = c
	}
	d.session(agreed(ask, answer))
	d.save()
}

// sent notes the CSeq of a request to a side.
func (d *dialog) sent(i int, cseq uint32) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.legs[i].Sent = max(d.legs[i].Sent, cseq)
}

// push puts our CSeq towards a side one further ahead of the other side's.
func (d *dialog) push(i int) uint32 {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.legs[i].Shift++
	d.save()
	return d.legs[i].Shift
}
