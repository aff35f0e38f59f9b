package call

import (
	"encoding/json"
	"sync"
	"time"
)

// callBack is a device that made an emergency call and may be called back under
// the number that was asserted for it (C11).
type callBack struct {
	Number     string    `json:"number"`
	CustomerID string    `json:"customer"`
	ChannelID  string    `json:"channel"`
	SIPUser    string    `json:"user"`
	Until      time.Time `json:"until"`
}

// backs are the call-backs that may come now. Their devices are not disturbed.
type backs struct {
	s        *Server
	mu       sync.Mutex
	byNumber map[string][]callBack
	clocks   map[string]*time.Timer // by number and device
	ended    bool
}

// expect keeps b, in the place of an earlier one of the same device and number.
func (k *backs) expect(b callBack) {
	if b.Number == "" || b.SIPUser == "" {
		return
	}
	k.keep(b)
	state, err := json.Marshal(recorded{Back: &b})
	if err == nil { // nothing in it can fail to be written
		k.s.ledger.add(Record{ID: b.id(), CustomerID: b.CustomerID, ChannelIDs: []string{b.ChannelID}, State: state})
	}
}

func (b *callBack) id() string { return recordID("back " + b.Number + " " + b.SIPUser) }

// restore keeps b after a restart, or has its record dropped.
func (k *backs) restore(b callBack) {
	if k.s.cfg.Now().Before(b.Until) {
		k.keep(b)
		return
	}
	k.s.ledger.add(Record{ID: b.id(), CustomerID: b.CustomerID})
}

func (k *backs) keep(b callBack) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.ended {
		return
	}
	if k.byNumber == nil {
		k.byNumber, k.clocks = map[string][]callBack{}, map[string]*time.Timer{}
	}
	k.remove(b)
	k.s.busy.enter(b.SIPUser, b.ChannelID, nil)
	k.byNumber[b.Number] = append(k.byNumber[b.Number], b)
	k.clocks[b.id()] = time.AfterFunc(b.Until.Sub(k.s.cfg.Now()), func() {
		k.mu.Lock()
		defer k.mu.Unlock()
		if k.remove(b) {
			k.s.ledger.add(Record{ID: b.id(), CustomerID: b.CustomerID})
		}
	})
}

// remove takes out what is kept of the device under that number and reports
// whether there was anything. k is locked.
func (k *backs) remove(b callBack) bool {
	list := k.byNumber[b.Number]
	for i := range list {
		if list[i].SIPUser != b.SIPUser {
			continue
		}
		k.byNumber[b.Number] = append(list[:i:i], list[i+1:]...)
		if len(list) == 1 {
			delete(k.byNumber, b.Number)
		}
		k.clocks[b.id()].Stop()
		delete(k.clocks, b.id())
		k.s.busy.leave(b.SIPUser, nil)
		return true
	}
	return false
}

// at are the devices that a call to the number rings.
func (k *backs) at(number string) []callBack {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.byNumber[number]
}

func (k *backs) stop() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.ended = true
	for _, c := range k.clocks {
		c.Stop()
	}
}
