package app

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestQ10_ALargeCustomerIsNotCountedAgainAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var m counts[string, Health]
		now := func() time.Time { return time.Now() }
		behind := func(f func()) { go f() }
		var mu sync.Mutex
		counted := map[string]int{}
		asked := func(id string, more int) int {
			mu.Lock()
			defer mu.Unlock()
			counted[id] += more
			return counted[id]
		}
		count := func(id string, channels int, takes time.Duration, fails error) Health {
			h, err := m.of(t.Context(), id, now, behind, keepHealth, func(context.Context) (Health, error) {
				n := asked(id, 1)
				time.Sleep(takes)
				return Health{Channels: channels + n}, fails
			})
			if !errors.Is(err, fails) {
				t.Error(err)
			}
			return h
		}
		for range 5 {
			go count("large", 100_000, time.Second, nil)
		}
		if h := count("large", 100_000, time.Second, nil); asked("large", 0) != 1 || h.Channels != 100_001 {
			t.Errorf("six ask at once: counted %d times, %d", asked("large", 0), h.Channels)
		}
		time.Sleep(9 * time.Second)
		count("large", 100_000, time.Second, nil)
		if asked("large", 0) != 1 {
			t.Error("counted again while it is remembered")
		}
		// Then it is counted anew, and nobody waits for that.
		time.Sleep(2 * time.Second)
		begun := time.Now()
		for range 3 {
			if h := count("large", 100_000, time.Second, nil); h.Channels != 100_001 || time.Since(begun) > 0 {
				t.Errorf("%d after %v: it was waited for", h.Channels, time.Since(begun))
			}
		}
		synctest.Wait()
		time.Sleep(2 * time.Second)
		if h := count("large", 100_000, time.Second, nil); asked("large", 0) != 2 || h.Channels != 100_002 {
			t.Errorf("counted %d times, %d", asked("large", 0), h.Channels)
		}
		// What is older is not shown.
		time.Sleep(time.Minute)
		if h := count("large", 100_000, time.Second, nil); asked("large", 0) != 3 || h.Channels != 100_003 {
			t.Errorf("it is remembered for too long: %d", h.Channels)
		}
		// One count waits for no other.
		go count("slow", 100_000, time.Minute, nil)
		synctest.Wait()
		begun = time.Now()
		count("other", 100_000, time.Second, nil)
		if d := time.Since(begun); d != time.Second {
			t.Errorf("another customer's count took %v", d)
		}
		time.Sleep(2 * time.Minute)
		count("small", 100, time.Second, nil)
		count("small", 100, time.Second, nil)
		count("quick", 100_000, 0, nil)
		count("quick", 100_000, 0, nil)
		broken := errors.New("broken")
		count("broken", 100_000, time.Second, broken)
		count("broken", 100_000, time.Second, broken)
		for _, id := range []string{"small", "quick", "broken"} {
			if asked(id, 0) != 2 {
				t.Errorf("%s was counted %d times", id, asked(id, 0))
			}
		}
		if len(m.known) != 3 {
			t.Errorf("%d customers are remembered", len(m.known))
		}
	})
}
