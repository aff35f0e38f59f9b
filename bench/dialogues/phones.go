package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"slices"
	"sync"
	"time"
)

const (
	number = "101"
	pin    = "4711"

	frame   = 20 * time.Millisecond
	ramp    = 10 * time.Second // in which the dialogues begin
	tooLate = 40 * time.Millisecond
)

// lot is all phones: one goroutine sends and hears for them, every 5 ms a quarter.
type lot struct {
	conn  net.Conn
	out   *json.Encoder
	stats chan stats
	io    *socketIO

	mu     sync.Mutex // over the phones' news and what follows
	phones []*phone
	lost   error
	result result
	late   []int32 // µs
}

func runPhones(server string, n int, measured time.Duration) (r result, err error) {
	conn, err := net.Dial("tcp", server)
	if err != nil {
		return r, err
	}
	defer conn.Close()
	l := &lot{conn: conn, out: json.NewEncoder(conn), stats: make(chan stats, 1), io: newSocketIO()}
	for i := range n {
		p, err := newPhone(i)
		if err != nil {
			return r, err
		}
		defer p.conn.Close()
		l.phones = append(l.phones, p)
	}
	go l.listen()
	before, err := l.ask()
	if err != nil {
		return r, err
	}
	start := time.Now()
	next, turn := start, 0
	var middle stats
	asked := false
	for time.Since(start) < ramp+measured {
		now := time.Now()
		for ; !next.After(now); next, turn = next.Add(frame/4), turn+1 {
			for i := turn % 4; i < n; i += 4 {
				if since := now.Sub(start); since > ramp*time.Duration(i)/time.Duration(n) {
					if err := l.turn(l.phones[i], since > ramp); err != nil {
						return r, err
					}
				}
			}
		}
		if !asked && time.Since(start) > ramp+measured/2 {
			asked = true
			if middle, err = l.ask(); err != nil {
				return r, err
			}
		}
		time.Sleep(time.Until(next))
	}
	after, err := l.ask()
	if err != nil {
		return r, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, p := range l.phones {
		l.close(p)
	}
	if middle.Sessions < n*9/10 {
		return r, fmt.Errorf("only %d dialogues were up at once", middle.Sessions)
	}
	l.result.Dialogues = middle.Sessions
	l.result.Memory = (middle.Memory - before.Memory) / int64(middle.Sessions)
	l.result.Skipped = after.Skipped - before.Skipped
	return l.sum()
}

// sum makes the figures out of what was collected.
func (l *lot) sum() (result, error) {
	if l.lost != nil || len(l.late) == 0 {
		return l.result, errors.Join(errors.New("no packet was measured"), l.lost)
	}
	slices.Sort(l.late)
	ms := func(share float64) float64 { return float64(l.late[int(share*float64(len(l.late)-1))]) / 1000 }
	r := l.result
	r.Packets, r.P50, r.P99, r.P999, r.Max = len(l.late), ms(0.5), ms(0.99), ms(0.999), ms(1)
	first, _ := slices.BinarySearch(l.late, int32(tooLate/time.Microsecond)+1)
	r.Late = float64(len(l.late)-first) / float64(len(l.late))
	r.Speech /= float64(r.Packets)
	return r, nil
}

// turn is 20 ms of one phone.
func (l *lot) turn(p *phone, measuring bool) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.lost != nil {
		return l.lost
	}
	if p.ended != "" {
		if p.ended == "logged_in" {
			l.result.Finished++
		} else {
			l.result.Failed++
		}
		l.close(p)
		p.ended, p.dialled = "", false
	}
	if !p.dialled {
		p.begin(measuring, l.io)
		return l.out.Encode(message{ID: p.id, Offer: p.offer()})
	}
	if p.to == nil {
		return nil
	}
	p.hear(l.io)
	p.speak(l.io)
	return nil
}

// close takes over what a phone has measured in a dialogue.
func (l *lot) close(p *phone) {
	if p.measuring && len(p.offsets) > 0 {
		earliest := slices.Min(p.offsets)
		for _, o := range p.offsets {
			l.late = append(l.late, o-earliest)
		}
		l.result.Speech += float64(p.speech)
		l.result.Missing += p.missing
	}
	p.offsets = p.offsets[:0]
}

// listen takes what the server says.
func (l *lot) listen() {
	for in := json.NewDecoder(bufio.NewReader(l.conn)); ; {
		var m message
		err := in.Decode(&m)
		if m.Stats != nil {
			l.stats <- *m.Stats
			continue
		}
		l.mu.Lock()
		if err == nil && m.Error != "" {
			err = errors.New(m.Error)
		}
		if err != nil {
			l.lost = err
			l.mu.Unlock()
			close(l.stats)
			return
		}
		p := l.phones[m.ID]
		if m.Ended != "" {
			p.ended = m.Ended
		} else if err := p.take(m.Answer); err != nil {
			l.lost = err
		}
		l.mu.Unlock()
	}
}

func (l *lot) ask() (stats, error) {
	l.mu.Lock()
	err := l.out.Encode(message{Stats: &stats{}})
	l.mu.Unlock()
	if err != nil {
		return stats{}, err
	}
	s, ok := <-l.stats
	if !ok {
		return s, l.lost
	}
	return s, nil
}
