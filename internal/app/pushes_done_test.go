package app_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/telephony"
)

// Thousands of phones may answer in the same second: what became of each is noted
// as its own, whoever's it is written with, and one that was deleted meanwhile
// takes no other with it.
func TestP09_PushesThatEndTogetherAreNotedEachForItself(t *testing.T) {
	both(t, func(h *house) {
		const n = 100
		for i := range n {
			h.desk(fmt.Sprint("Platz ", i), fmt.Sprintf("%02x", i))
		}
		due, err := h.app.Pushes.Claim(bg, false, 2*n, time.Hour)
		h.ok(err)
		if len(due) != n {
			h.Fatalf("%d pushes are due, want %d", len(due), n)
		}
		gone := app.DuePush{Push: telephony.Push{CPEID: "deleted", CustomerID: h.cust.ID}, Tries: 1}
		soon := h.clock().Add(time.Minute)
		var all sync.WaitGroup
		for i, d := range append(due, gone) {
			all.Go(func() {
				r, next := telephony.PushResult{Outcome: telephony.PushAnswered, Status: 200}, h.clock().Add(2*time.Hour)
				if i%2 == 1 {
					r, next = telephony.PushResult{Outcome: telephony.PushUnreachable}, soon
				}
				if err := h.app.Pushes.Done(bg, d, r, next); err != nil {
					h.Error(err)
				}
			})
		}
		all.Wait()
		h.pass(time.Minute)
		again, err := h.app.Pushes.Claim(bg, false, 2*n, time.Hour)
		h.ok(err)
		if len(again) != n/2 {
			h.Errorf("%d of the %d that nobody answered are due again", len(again), n/2)
		}
		unanswered := map[string]bool{}
		for i, d := range due {
			unanswered[d.CPEID] = i%2 == 1
		}
		for _, d := range again {
			if !unanswered[d.CPEID] {
				h.Errorf("%s has answered and is due again", d.CPEID)
			}
		}
	})
}
