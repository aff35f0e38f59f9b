package phone

import (
	"context"
	"encoding/hex"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"testing"

	"tischlein/internal/auth"
	"tischlein/internal/provision"
)

type (
	ctx      = context.Context
	fileKind = provision.FileKind
)

func TestP09_ChangedIsSeenByTheNextRequest(t *testing.T) {
	for name, change := range map[string]func(*stage){
		"device":   func(st *stage) { st.Changed("other", "cpe1") },
		"customer": func(st *stage) { st.ChangedCustomer("cust1") },
		"all":      func(st *stage) { st.ChangedAll() },
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake("yealink", yealinkMAC)
			st := newStage(t, f)
			config := own(yealinkMAC + ".cfg")
			st.want(200, config)
			before := f.lookups
			for range 5 {
				st.want(200, config)
			}
			st.Changed("other")
			st.ChangedCustomer("other")
			st.want(200, config)
			if f.lookups != before {
				t.Errorf("a hot file cost %d look-ups", f.lookups-before)
			}
			f.name = "Jan de Vries"
			change(st)
			if !strings.Contains(st.want(200, config), "Jan de Vries") {
				t.Error("the old file is still served")
			}
			f.gone = true // P14: detached or lost
			change(st)
			st.want(404, config)
			if f.done != 1 {
				t.Errorf("first use told %d times", f.done)
			}
		})
	}
}

// A change between reading and keeping: what was read must not stay.
func TestP09_ChangeDuringRenderLeavesNoStaleEntry(t *testing.T) {
	f := newFake("yealink", yealinkMAC)
	st := newStage(t, f)
	times := 0
	f.onDesired = func() {
		if times++; times == 1 {
			defer f.lock()()
			f.name = "Jan de Vries"
			st.Changed("cpe1")
		}
	}
	st.want(200, own(yealinkMAC+".cfg"))
	if !strings.Contains(st.want(200, own(yealinkMAC+".cfg")), "Jan de Vries") {
		t.Error("what was read before the change is served after it")
	}
	if e := st.memory.get(keyOf(ownToken)); e == nil || e.stale.Load() {
		t.Error("nothing is kept after the change")
	}
}

func TestD16_ContactMayChangeTheDevice(t *testing.T) {
	f := newFake("yealink", yealinkMAC)
	st := newStage(t, f)
	f.onContacted = func() {
		defer f.lock()()
		f.name = "from " + f.contacts[len(f.contacts)-1].String()
		st.Changed("cpe1")
	}
	config := own(yealinkMAC + ".cfg")
	for _, from := range []string{site, "198.51.100.9", site, site} {
		config.from = from
		if body := st.want(200, config); !strings.Contains(body, "from "+from) {
			t.Errorf("at %s the file is another address's", from)
		}
	}
	if len(f.contacts) != 3 {
		t.Errorf("%d contacts for three changes of address", len(f.contacts))
	}
}

// A revocation by another process is seen without a Changed, though later.
func TestP14_MemoryIsNotBelievedForever(t *testing.T) {
	f := newFake("yealink", yealinkMAC)
	st := newStage(t, f)
	config := own(yealinkMAC + ".cfg")
	st.want(200, config)
	st.clock = st.clock.Add(goodFor)
	st.want(200, config)
	if len(f.contacts) != 1 {
		t.Errorf("%d contacts from one address", len(f.contacts))
	}
	f.gone = true
	st.want(200, config)
	st.clock = st.clock.Add(goodFor)
	st.want(404, config)
}

func TestMemoryIsBounded(t *testing.T) {
	st := newStage(t, newFake("yealink", yealinkMAC))
	st.memory.most = 100
	for n := range 1000 {
		e := &entry{device: Device{ID: fmt.Sprint(n % 300)}}
		if !st.memory.keep(keyOf(fmt.Sprint(n)), e, st.memory.mark()) {
			t.Fatal("not kept")
		}
	}
	ids := 0
	for _, keys := range st.memory.byID {
		ids += len(keys)
	}
	if len(st.memory.byKey) != 100 || ids != 100 {
		t.Errorf("%d entries, %d in the index, want 100", len(st.memory.byKey), ids)
	}
	mark := st.memory.mark()
	for range len(st.memory.changes) + 1 {
		st.Changed("other")
	}
	if !st.memory.changed(mark, Device{ID: "x"}) {
		t.Error("a forgotten history passes for an empty one")
	}
}

func TestLimiterIsBounded(t *testing.T) {
	l := newLimiter(10, 40, 1000)
	l.most = 500
	st := newStage(t, newFake("yealink", yealinkMAC))
	for n := range 10_000 {
		l.unknown(netip.AddrFrom4([4]byte{10, byte(n >> 8), byte(n), 1}), fmt.Sprint(n), st.clock)
	}
	held := 0
	for _, s := range l.srcs {
		held += len(s.names)
	}
	if held != l.all || held > 502 {
		t.Errorf("%d names held, %d counted, want at most 502", held, l.all)
	}
}

func TestKeyIsTheHashOfAuth(t *testing.T) {
	k := keyOf(ownToken)
	if hex.EncodeToString(k[:]) != auth.HashToken(ownToken) || shortHash(k) != auth.HashToken(ownToken)[:8] {
		t.Error("memory and storage hash tokens differently")
	}
}

func TestChangesAndRequestsAtOnce(t *testing.T) {
	f := newFake("yealink", yealinkMAC)
	st := newStage(t, f)
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			a := own(yealinkMAC + ".cfg")
			a.from = fmt.Sprintf("203.0.113.%d", 10+g%2)
			for n := range 200 {
				if g == 0 && n%10 == 0 {
					f.mu.Lock()
					f.name = fmt.Sprintf("Person %d", n)
					f.mu.Unlock()
					st.Changed("cpe1")
				}
				st.do(a)
			}
		})
	}
	wg.Wait()
	if !strings.Contains(st.want(200, own(yealinkMAC+".cfg")), "Person 190") {
		t.Error("the last change is not served")
	}
}
