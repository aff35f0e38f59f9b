package call

import (
	"math/rand/v2"
	"sync"
	"testing"
	"time"
)

// TestC12_WhoeverIsFirstGetsTheCallAndNobodyElse has two pick up at once while the
// callee answers or declines and the caller hangs up, in any mixture: everybody has
// one answer, the caller talks to nobody or to one, and nothing is left over.
func TestC12_WhoeverIsFirstGetsTheCallAndNobodyElse(t *testing.T) {
	h := newHouse()
	h.codes()
	h.seat("104", "Dora", "ch-dora")
	s, alice, bob, carla := cubicles(t, h, func(c *Config) { c.ChannelPerMinute = 10000 })
	dora := s.registered("udp", "dora")
	for _, p := range []*phone{alice, carla, dora} { // their nonces are fresh, so that they need not ask for one in the race
		p.dial("*8", "").ack(p.told("INVITE", 480))
	}
	won := map[string]int{}
	for round := range 60 {
		a := alice.dial("102", "")
		b := bob.rings()
		b.ringing()
		alice.told("INVITE", 180)
		answers, declines, gives := rand.N(3) == 0, rand.N(5) == 0, rand.N(3) == 0
		pickers := []*phone{carla, dora}[rand.N(2):]
		picks := make([]*talk, len(pickers))
		var race sync.WaitGroup
		race.Go(func() {
			switch {
			case answers:
				b.answers("")
			case declines:
				b.reply(b.invite, "486 Busy Here", "", "")
			}
		})
		if gives {
			race.Go(func() { a.cancel("") })
		}
		for i, p := range pickers {
			race.Go(func() { picks[i] = p.dial([]string{"*8", "*8102"}[rand.N(2)], "") })
		}
		race.Wait()

		final := alice.take("final answer", func(m msg) bool { return m.method == "INVITE" && m.status >= 200 })
		a.ack(final)
		with := ""
		if final.status == 200 {
			with = final.tag("to")
		}
		talks := 0
		var far *talk
		for i, c := range picks {
			p := pickers[i]
			m := p.take("final answer", func(m msg) bool { return m.method == "INVITE" && m.status >= 200 })
			c.ack(m)
			switch {
			case m.status == 200 && with == parseTag(c.local):
				talks++
				far = c
				won[p.user]++
			case m.status == 200, with == parseTag(c.local), m.status != 480:
				t.Fatalf("round %d: alice %s with %s, %s %s", round, final.first, with, p.user, m.first)
			}
		}
		switch {
		case answers:
			bob.asked("ACK")
			if with == parseTag(b.local) {
				talks++
				far = b
				won["bob"]++
			} else {
				m := bob.asked("BYE")
				if with != "" && m.get("reason") != elsewhere {
					t.Errorf("round %d: %s", round, m.raw)
				}
				b.ok(m)
			}
		case declines:
			bob.asked("ACK")
		default:
			b.cancelled()
		}
		if want := map[bool]int{true: 1}[with != ""]; talks != want {
			t.Fatalf("round %d: alice has %s, and %d talk to her", round, final.first, talks)
		}
		if with == "" {
			won["nobody"]++
		} else {
			a.hangUp(far)
		}
		alice.quiet("answered twice", func(m msg) bool {
			return m.method == "INVITE" && m.status >= 200 && m.raw != final.raw && m.tag("to") != with
		})
		for _, p := range []*phone{alice, bob, carla, dora} {
			p.mu.Lock()
			p.inbox = nil
			p.mu.Unlock()
		}
	}
	t.Log(won)
	nothingLeft(t, s.calls)
}

// nothingLeft waits until there is no call, and nobody is in one.
func nothingLeft(t *testing.T, s *Server) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(2 * waitFor); ; <-tick.C {
		twins, engaged := 0, 0
		s.twins.each(func(*dialog) { twins++ })
		s.busy.devices.each(func(*engagement) { engaged++ })
		u := s.limits.of("cu-1")
		u.mu.Lock()
		calls := u.calls
		u.mu.Unlock()
		if s.Stats() == (Stats{}) && twins == 0 && engaged == 0 && calls == 0 {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("left over: %+v, %d twins, %d devices in a call, %d calls that count", s.Stats(), twins, engaged, calls)
		}
	}
}
