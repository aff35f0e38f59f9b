package storage

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// queue has the named ones wait in that order behind a turn that is taken, lets
// it end, and gives the order in which they came.
func queue(t *testing.T, turns *turns, names ...string) (order []string) {
	t.Helper()
	end, err := turns.take(Patient(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var all sync.WaitGroup
	for _, name := range names {
		ctx := t.Context()
		if name[0] == 'p' {
			ctx = Patient(ctx)
		}
		all.Go(func() {
			done, err := turns.take(ctx)
			if err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			order = append(order, name)
			mu.Unlock()
			time.Sleep(time.Millisecond) // of the bubble's clock: it writes
			done()
		})
		synctest.Wait() // so that they stand in the order named
	}
	end()
	all.Wait()
	return order
}

func TestQ07_WhoIsWaitedForWritesFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got := queue(t, &turns{alone: true}, "p1", "p2", "a", "b")
		if want := []string{"a", "b", "p1", "p2"}; !slices.Equal(got, want) {
			t.Errorf("wrote in the order %v, want %v", got, want)
		}
	})
}

func TestQ07_ThePatientGetOnAllTheSame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		names := []string{"p"}
		for range 3 * mostOvertaking {
			names = append(names, "a")
		}
		got := queue(t, &turns{alone: true}, names...)
		// The one that goes during the rest overtakes nobody.
		if at := slices.Index(got, "p"); at < 0 || at > mostOvertaking+1 {
			t.Errorf("%d went first, at most %d may", at, mostOvertaking+1)
		}
	})
}

func TestQ07_OnPostgreSQLOnlyThePatientTakeTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := &turns{}
		end, err := turns.take(Patient(t.Context()))
		if err != nil {
			t.Fatal(err)
		}
		other, err := turns.take(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		other()
		ctx, cancel := context.WithTimeout(Patient(t.Context()), time.Second)
		defer cancel()
		if _, err := turns.take(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("two patient ones wrote at once: %v", err)
		}
		end()
		again, err := turns.take(Patient(t.Context()))
		if err != nil {
			t.Fatalf("the turn is lost with who gave up waiting: %v", err)
		}
		again()
	})
}

// Who gives up in the moment of being given the turn must hand it on.
func TestTurnSurvivesThoseWhoGiveUp(t *testing.T) {
	turns := &turns{alone: true}
	var all sync.WaitGroup
	for i := range 400 {
		all.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), time.Duration(i%7)*20*time.Microsecond)
			defer cancel()
			if i%3 == 0 {
				ctx = Patient(ctx)
			}
			if done, err := turns.take(ctx); err == nil {
				done()
			}
		})
	}
	all.Wait()
	done, err := turns.take(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	done()
}
