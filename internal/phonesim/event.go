package phonesim

import "time"

// EventKind names what a phone just did or saw.
type EventKind string

// What is reported.
const (
	Booted        EventKind = "booted"
	PoweredOff    EventKind = "powered_off"
	Fetched       EventKind = "fetched" // one file: URL, Status, Bytes
	ChainDone     EventKind = "chain"   // the whole file order was walked
	Applied       EventKind = "applied" // settings changed
	Registered    EventKind = "registered"
	Refreshed     EventKind = "refreshed"
	Unregistered  EventKind = "unregistered"
	NotifyCame    EventKind = "notify" // Detail: the Event header
	ScreenChanged EventKind = "screen"
	Failed        EventKind = "failed" // Detail: what went wrong
)

// Event is one moment in a phone's life. Unused fields are zero.
type Event struct {
	At     time.Time     `json:"at"`
	MAC    MAC           `json:"mac"`
	Kind   EventKind     `json:"kind"`
	URL    string        `json:"url,omitempty"`
	Status int           `json:"status,omitempty"` // HTTP or SIP status
	Bytes  int           `json:"bytes,omitempty"`
	Took   time.Duration `json:"took,omitempty"`
	User   string        `json:"user,omitempty"`
	Detail string        `json:"detail,omitempty"`
	Screen []string      `json:"screen,omitempty"`
}

// emit queues an event. p.mu is held; do delivers after unlocking, so that a
// listener may call the phone.
func (p *Phone) emit(e Event) {
	e.At, e.MAC = time.Now(), p.cfg.MAC
	if p.cfg.OnEvent == nil && p.fleet.cfg.OnEvent == nil {
		return
	}
	p.outbox = append(p.outbox, e)
}

// deliver hands queued events out in order: one goroutine at a time drains.
func (p *Phone) deliver() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.delivering {
		return
	}
	p.delivering = true
	for len(p.outbox) > 0 {
		batch := p.outbox
		p.outbox = nil
		p.mu.Unlock()
		for _, e := range batch {
			if f := p.cfg.OnEvent; f != nil {
				f(e)
			}
			if f := p.fleet.cfg.OnEvent; f != nil {
				f(e)
			}
		}
		p.mu.Lock()
	}
	p.delivering = false
}
