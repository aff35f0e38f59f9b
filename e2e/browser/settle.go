package browser

import (
	"context"
	"time"
)

// pause is how long is waited between two looks at the page where nothing tells of its changes.
const pause = 30 * time.Millisecond

// until looks again and again until ok holds, and reports whether it ever did.
func (b *Tab) until(ok func() bool) bool {
	ctx, cancel := b.within()
	defer cancel()
	tick := time.NewTicker(pause)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return false
		}
	}
	return true
}

// settle waits until the page is there and asks for nothing more. What an event of the page starts later is for the next
// look to wait for.
func (b *Tab) settle() {
	b.t.Helper()
	ctx, cancel := b.within()
	defer cancel()
	for {
		// The round trip brings the events of all that was done before.
		state, err := tryJS[string](b, `document.readyState`)
		what, changed := b.seen.busy()
		if err == nil && what == "" && state == "complete" {
			return
		}
		if !wait(ctx, changed) {
			b.fail("the page does not come to rest: %s, %s, %v", what, state, err)
		}
	}
}

// wait waits for a change, or a moment at most: not everything is told.
func wait(ctx context.Context, changed <-chan struct{}) bool {
	moment := time.NewTimer(pause)
	defer moment.Stop()
	select {
	case <-changed:
	case <-moment.C:
	case <-ctx.Done():
		return false
	}
	return true
}
