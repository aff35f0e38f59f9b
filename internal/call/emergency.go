package call

import (
	"slices"
	"sync"
	"time"
)

// callBack is a device that made an emergency call and may be called back under
// the number that was asserted for it (C11).
type callBack struct {
	Number, CustomerID, ChannelID, SIPUser string
	Until                                  time.Time
}

// backs are the call-backs that may come now: their devices are not disturbed,
// ring whoever is logged in there, and count in no limit. The house keeps them
// too, over a restart; here is what must be known at once.
type backs struct {
	s     *Server
	mu    sync.Mutex
	list  map[string][]callBack // by number
	clock map[callBack]*time.Timer
	ended bool
}

// expect keeps b, in the place of an earlier one of the same device and number.
func (k *backs) expect(b callBack) {
	if b.Number == "" || b.SIPUser == "" {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.ended {
		return
	}
	if k.list == nil {
		k.list, k.clock = map[string][]callBack{}, map[callBack]*time.Timer{}
	}
	k.s.busy.enter(b.SIPUser, b.ChannelID, nil)
	for _, old := range k.list[b.Number] {
		if old.SIPUser == b.SIPUser {
			k.remove(old)
			break
		}
	}
	k.list[b.Number] = append(slices.Clone(k.list[b.Number]), b)
	k.clock[b] = time.AfterFunc(b.Until.Sub(k.s.cfg.Now()), func() {
		k.mu.Lock()
		defer k.mu.Unlock()
		k.remove(b)
	})
}

// remove takes b out. k is locked.
func (k *backs) remove(b callBack) {
	clock, here := k.clock[b]
	if !here {
		return
	}
	clock.Stop()
	delete(k.clock, b)
	rest := slices.DeleteFunc(slices.Clone(k.list[b.Number]), func(o callBack) bool { return o == b })
	if k.list[b.Number] = rest; len(rest) == 0 {
		delete(k.list, b.Number)
	}
	k.s.busy.leave(b.SIPUser, nil)
}

// at are the devices that a call to the number rings.
func (k *backs) at(number string) []callBack {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.list[number]
}

func (k *backs) stop() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.ended = true
	for _, c := range k.clock {
		c.Stop()
	}
}
