package sip

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"tischlein/internal/telephony"
)

// pickyDisk refuses one channel, as a database does whose channel was deleted.
type pickyDisk struct{ *house }

func (d pickyDisk) Apply(ctx context.Context, batch []BindingChange) error {
	for _, c := range batch {
		if c.Binding.SIPUser == "deleted" {
			return telephony.NotFoundf("channel")
		}
	}
	return d.house.Apply(ctx, batch)
}

func TestC03_OneRefusedChangeDoesNotTakeTheOthers(t *testing.T) {
	h := newHouse("alice", "deleted", "bob")
	h.gate = make(chan struct{})
	s := start(t, h, func(c *Config) { c.Bindings = pickyDisk{h} })
	first := dialPhone(t, s, "udp", "alice") // holds the disk until the others wait in one batch
	phones := []*phone{first, dialPhone(t, s, "udp", "deleted"), dialPhone(t, s, "udp", "bob")}
	for _, p := range phones {
		p.send(p.request(300, ""))
		p.take(want(t, p.read(), 401))
		p.send(p.request(300, ""))
		eventually(t, "waiting for the disk", func() bool {
			sh := s.table.shardOf(p.user)
			sh.mu.Lock()
			defer sh.mu.Unlock()
			return sh.users[p.user] != nil && sh.users[p.user].pending != nil
		})
	}
	close(h.gate)
	want(t, phones[0].read(), 200)
	want(t, phones[1].read(), 503)
	want(t, phones[2].read(), 200)
}

func TestC03_C14_StormOfPhonesAndChanges(t *testing.T) {
	var users []string
	for i := range 40 {
		users = append(users, fmt.Sprintf("u%02d", i))
	}
	h := newHouse(users...)
	s := start(t, h)
	var wg sync.WaitGroup
	for i, u := range users {
		wg.Go(func() {
			p := dialPhone(t, s, everyTransport[i%3], u)
			for range 15 {
				p.send(p.request(300, ""))
				m := p.read()
				switch {
				case m.status == 401:
					p.take(m)
				case m.status == 503: // its credential changed again and again
				case m.status != 200:
					t.Errorf("%s: %s", u, m.raw)
					return
				}
			}
		})
	}
	stop := make(chan struct{})
	var churn sync.WaitGroup
	churn.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
			}
			s.Forget(users[i%len(users)])
			s.sweep(1 << 40)
			if i%10 == 0 {
				s.ForgetAll()
			}
			if i%3 == 0 { // UDP phones only: a drop closes connections
				if err := s.Drop(context.Background(), users[i%len(users)/3*3], "churn"); err != nil {
					t.Error(err)
					return
				}
			}
		}
	})
	wg.Wait()
	close(stop)
	churn.Wait()
	for i, u := range users { // memory and disk say the same
		b, bound := s.Lookup(u)
		h.mu.Lock()
		stored, ok := h.stored["ch-"+u]
		h.mu.Unlock()
		if bound != ok || bound && (b.Source != stored.Source || b.Contact != stored.Contact) {
			t.Errorf("%d %s: in memory %v %+v, on disk %v %+v", i, u, bound, b, ok, stored)
		}
	}
}
