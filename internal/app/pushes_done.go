package app

import (
	"context"
	"sync"
	"time"

	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// donePush is what became of a push.
type donePush struct {
	push   DuePush
	result telephony.PushResult
	next   time.Time
	noted  chan error
}

// donePushes are those not yet noted.
type donePushes struct {
	mu      sync.Mutex
	waiting []donePush
	noting  bool
}

// add reports whether somebody must begin to note them.
func (l *donePushes) add(x donePush) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.waiting = append(l.waiting, x)
	begin := !l.noting
	l.noting = true
	return begin
}

// take gives the oldest ones; none: whoever adds one must begin anew.
func (l *donePushes) take() []donePush {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := min(len(l.waiting), notesBatch)
	batch := l.waiting[:n:n]
	l.waiting, l.noting = l.waiting[n:], n > 0
	return batch
}

// noteDone writes what waits, many in one transaction: a commit of its own for each
// of thousands of phones that answer in the same second is what a push costs most.
func (p Pushes) noteDone() {
	for batch := p.done.take(); len(batch) > 0; batch = p.done.take() {
		err := p.writeDone(batch)
		for _, x := range batch {
			x.noted <- err
		}
	}
}

func (p Pushes) writeDone(batch []donePush) error {
	ctx, stop := context.WithTimeout(storage.Patient(context.Background()), 10*time.Second)
	defer stop()
	return p.db.Update(ctx, func(tx *storage.Tx) error {
		for _, x := range batch {
			d := x.push
			p.tell(tx, d.CustomerID, "cpe", d.CPEID, "pushed", string(x.result.Outcome))
			err := tx.Pushed(d.CustomerID, d.CPEID, d.Revision, d.Tries, x.result, x.next)
			if err != nil && telephony.CodeOf(err) != telephony.NotFound { // deleted meanwhile
				return err
			}
		}
		return nil
	})
}
