package metrics

import (
	"sync"
	"sync/atomic"
	"time"
)

// Links measures how long links take. The registrar asks it at every REGISTER, so
// that while nobody waits it is one look at one number.
type Links struct {
	done    func(time.Duration)
	now     func() time.Time
	waiting sync.Map // of *link by channel id
	n       atomic.Int64
}

type link struct {
	since  time.Time
	before string // the name that the phone registered under
}

// What is waited for, and how long: a phone that takes longer was not reachable.
const (
	mostLinks   = 10_000
	longestLink = 10 * time.Minute
)

// NewLinks makes one that tells done of each link.
func NewLinks(done func(time.Duration), now func() time.Time) *Links {
	return &Links{done: done, now: now}
}

// Began notes a link at a channel whose phone is registered under that name.
func (l *Links) Began(channelID, name string, at time.Time) {
	if l.n.Load() >= mostLinks {
		l.sweep()
		if l.n.Load() >= mostLinks {
			return
		}
	}
	if _, was := l.waiting.Swap(channelID, &link{at, name}); !was {
		l.n.Add(1)
	}
}

// Registered notes a REGISTER. Only another name shows that the phone has what it
// should have (C06): a refresh may come in between.
func (l *Links) Registered(channelID, name string) {
	if l.n.Load() == 0 {
		return
	}
	v, ok := l.waiting.Load(channelID)
	if !ok || v.(*link).before == name || !l.waiting.CompareAndDelete(channelID, v) {
		return
	}
	l.n.Add(-1)
	if took := l.now().Sub(v.(*link).since); took < longestLink {
		l.done(max(took, 0))
	}
}

// Gone forgets a channel whose link has ended.
func (l *Links) Gone(channelID string) {
	if _, was := l.waiting.LoadAndDelete(channelID); was {
		l.n.Add(-1)
	}
}

func (l *Links) sweep() {
	now := l.now()
	l.waiting.Range(func(k, v any) bool {
		if now.Sub(v.(*link).since) >= longestLink && l.waiting.CompareAndDelete(k, v) {
			l.n.Add(-1)
		}
		return true
	})
}
