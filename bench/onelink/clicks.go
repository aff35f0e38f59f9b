package main

import (
	"cmp"
	"context"
	"math/rand/v2"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"
)

type bench struct {
	config
	office       *office
	floor        *floor
	single, bulk []*seat
	next         int // of single
}

// latency is of one part of the run, in milliseconds. The stages are medians, of
// all clicks and of the slowest hundredth.
type latency struct {
	Clicks  int     `json:"clicks"`
	P50     float64 `json:"p50_ms"`
	P99     float64 `json:"p99_ms"`
	Max     float64 `json:"max_ms"`
	Usual   stages  `json:"usual"`
	Slowest stages  `json:"slowest"`
}

// stages are the way from the click to the registered phone, each from the end of
// the one before, in milliseconds. The answer to the click may come after the
// check-sync, so that is counted from the click too.
type stages struct {
	Saved      float64 `json:"saved"`
	Pushed     float64 `json:"pushed"`
	Fetched    float64 `json:"fetched"`
	Registered float64 `json:"registered"`
}

type sample struct{ total, saved, pushed, fetched, registered time.Duration }

type samples []sample

func (l samples) latency() latency {
	slices.SortFunc(l, func(a, b sample) int { return cmp.Compare(a.total, b.total) })
	n := len(l)
	return latency{n, ms(l[n/2].total), ms(l[n*99/100].total), ms(l[n-1].total), l.stages(), l[n*99/100:].stages()}
}

func (l samples) stages() stages {
	median := func(of func(sample) time.Duration) float64 {
		d := make([]time.Duration, len(l))
		for i := range l {
			d[i] = of(l[i])
		}
		slices.Sort(d)
		return ms(d[len(d)/2])
	}
	return stages{
		median(func(s sample) time.Duration { return s.saved }), median(func(s sample) time.Duration { return s.pushed }),
		median(func(s sample) time.Duration { return s.fetched }), median(func(s sample) time.Duration { return s.registered }),
	}
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func (b *bench) quiet(ctx context.Context) (latency, error) {
	var s samples
	for i := 0; i < b.clicks+b.clicked; i++ {
		if i == b.clicked {
			s = nil // each phone has been clicked once: all connections are warm
		}
		if err := b.click(ctx, &s); err != nil {
			return latency{}, err
		}
	}
	return s.latency(), nil
}

// click links the next phone, waits until it is there, and unlinks it again.
func (b *bench) click(ctx context.Context, l *samples) error {
	s := b.single[b.next%len(b.single)]
	b.next++
	time.Sleep(rand.N(b.think))
	who := s.people[0]
	done, start := b.floor.expect(s, shows(who.name)), time.Now()
	if err := b.office.link(ctx, s, who.extension); err != nil {
		return err
	}
	saved := time.Since(start)
	at, err := b.floor.await(ctx, s, done)
	if err != nil {
		return err
	}
	told, has := b.floor.stages(s)
	*l = append(*l, sample{at.Sub(start), saved, told.Sub(start), has.Sub(told), at.Sub(has)})
	done = b.floor.expect(s, free(who.name))
	if err := b.office.unlink(ctx, s); err != nil {
		return err
	}
	_, err = b.floor.await(ctx, s, done)
	return err
}

// wave is one bulk link of all others: how long until the last was saved, and
// until the last phone was there.
type wave struct {
	Saved  float64 `json:"saved_s"`
	Phones float64 `json:"phones_s"`
	Clicks int     `json:"clicks"`
}

// busy clicks while waves of bulk links run, until there are enough clicks. The
// waves bring one and the other person of each seat by turns.
func (b *bench) busy(ctx context.Context) (latency, []wave, error) {
	var l samples
	var waves []wave
	for len(l) < b.clicks {
		w, err := b.wave(ctx, len(waves)%2, &l)
		if err != nil {
			return latency{}, waves, err
		}
		waves = append(waves, w)
	}
	return l.latency(), waves, nil
}

func (b *bench) wave(ctx context.Context, who int, l *samples) (w wave, err error) {
	group, ctx := errgroup.WithContext(ctx)
	start, before, over := time.Now(), len(*l), make(chan struct{})
	group.Go(func() error {
		defer close(over)
		there, err := b.saveAll(ctx, who)
		if err != nil {
			return err
		}
		w.Saved = time.Since(start).Seconds()
		for i, done := range there {
			if _, err := b.floor.await(ctx, b.bulk[i], done); err != nil {
				return err
			}
		}
		w.Phones = time.Since(start).Seconds()
		return nil
	})
	group.Go(func() error {
		for {
			select {
			case <-over:
				return nil
			default:
			}
			if err := b.click(ctx, l); err != nil {
				return err
			}
		}
	})
	err = group.Wait()
	w.Clicks = len(*l) - before
	return w, err
}

func (b *bench) saveAll(ctx context.Context, who int) ([]<-chan time.Time, error) {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(b.savers)
	there := make([]<-chan time.Time, len(b.bulk))
	for i, s := range b.bulk {
		there[i] = b.floor.expect(s, shows(s.people[who].name))
		group.Go(func() error { return b.office.linkAmong(ctx, s, s.people[who].extension) })
	}
	return there, group.Wait()
}
