package jobs

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func start(t *testing.T, tasks ...Task) (*Runner, func()) {
	r := New(slog.New(slog.DiscardHandler), tasks...)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		r.Run(ctx)
		close(ended)
	}()
	return r, func() {
		cancel()
		<-ended
	}
}

func TestRunsAtOnceThenAtItsTimeThenWhenWoken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var n atomic.Int32
		r, stop := start(t, Task{Name: "a", Every: time.Minute, RunOnce: func(context.Context) (bool, error) {
			n.Add(1)
			return false, nil
		}})
		defer stop()
		want := func(want int32, when string) {
			t.Helper()
			if synctest.Wait(); n.Load() != want {
				t.Fatalf("%s: ran %d times, want %d", when, n.Load(), want)
			}
		}
		want(1, "start")
		time.Sleep(2 * time.Minute)
		want(3, "two minutes")
		r.Wake("other")
		want(3, "another's wake")
		r.Wake("a")
		want(4, "woken")
	})
}

func TestPiecesFollowWhileThereAreMoreAndAnErrorEndsTheTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var n atomic.Int32
		_, stop := start(t, Task{Name: "a", Every: time.Minute, RunOnce: func(context.Context) (bool, error) {
			switch n.Add(1) {
			case 1, 2:
				return true, nil
			case 3:
				return true, errors.New("no database")
			}
			return false, nil
		}})
		defer stop()
		synctest.Wait()
		if n.Load() != 3 {
			t.Fatalf("%d pieces before the error's pause, want 3", n.Load())
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if n.Load() != 4 {
			t.Fatalf("%d pieces after it, want 4", n.Load())
		}
	})
}

func TestSlowTaskDelaysNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var n atomic.Int32
		_, stop := start(t,
			Task{Name: "slow", Every: time.Minute, RunOnce: func(ctx context.Context) (bool, error) {
				<-ctx.Done()
				return false, ctx.Err()
			}},
			Task{Name: "quick", Every: time.Minute, RunOnce: func(context.Context) (bool, error) {
				n.Add(1)
				return false, nil
			}})
		time.Sleep(3*time.Minute + time.Second)
		stop()
		if n.Load() != 4 {
			t.Fatalf("ran %d times, want 4", n.Load())
		}
	})
}
