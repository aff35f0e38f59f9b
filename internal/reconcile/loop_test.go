package reconcile

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"tischlein/internal/telephony"
)

func answers(o telephony.PushOutcome, status int) func(string, int) telephony.PushResult {
	return func(string, int) telephony.PushResult { return telephony.PushResult{Outcome: o, Status: status} }
}

func TestP09_PushedAtOnceWhenWoken(t *testing.T) {
	w := newWorld()
	run(t, w, Config{}, func(t *testing.T, l *Loop, _ func()) {
		start := time.Now()
		w.want("a", false)
		l.Wake()
		synctest.Wait()
		if it := w.get("a"); len(it.pushes) != 1 || !it.pushes[0].Equal(start) || it.outcome != telephony.PushAnswered {
			t.Fatalf("pushed %v, outcome %q", it.pushes, it.outcome)
		}
	})
}

func TestP09_LostWakeCostsOneTick(t *testing.T) {
	w := newWorld()
	run(t, w, Config{Tick: 30 * time.Second}, func(t *testing.T, _ *Loop, _ func()) {
		w.want("a", false)
		time.Sleep(30 * time.Second)
		synctest.Wait()
		if it := w.get("a"); len(it.pushes) != 1 {
			t.Fatalf("pushed %d times", len(it.pushes))
		}
	})
}

func TestP09_UnansweredIsRetriedWithGrowingPauses(t *testing.T) {
	w := newWorld()
	w.answer = answers(telephony.PushUnreachable, 408)
	run(t, w, Config{}, func(t *testing.T, l *Loop, _ func()) {
		w.want("a", false)
		l.Wake()
		time.Sleep(4 * time.Hour)
		want := []time.Duration{5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, time.Hour, time.Hour}
		if got := gaps(w.get("a")); len(got) < len(want) || !slices.Equal(got[:len(want)], want) {
			t.Fatalf("pauses %v, want %v", got, want)
		}
	})
}

func TestC05_WhatFollowsEachOutcome(t *testing.T) {
	for _, c := range []struct {
		outcome telephony.PushOutcome
		status  int
		first   time.Duration // until the second push, 0: none in a day
	}{
		{telephony.PushAnswered, 200, time.Hour},
		{telephony.PushUnsupported, 489, 0},
		{telephony.PushUnregistered, 0, time.Hour},
		{telephony.PushUnreachable, 430, time.Hour},
		{telephony.PushUnreachable, 0, 5 * time.Second},
		{telephony.PushRefused, 500, 5 * time.Second},
	} {
		t.Run(fmt.Sprint(c.outcome, c.status), func(t *testing.T) {
			w := newWorld()
			w.answer = answers(c.outcome, c.status)
			run(t, w, Config{}, func(t *testing.T, l *Loop, _ func()) {
				w.want("a", false)
				l.Wake()
				time.Sleep(24 * time.Hour)
				got := gaps(w.get("a"))
				if c.first == 0 && len(got) != 0 || c.first > 0 && (len(got) == 0 || got[0] != c.first) {
					t.Fatalf("pauses %v, want %v first", got, c.first)
				}
			})
		})
	}
}

func TestC05_RegisterMakesItDueAtOnce(t *testing.T) {
	w := newWorld()
	w.answer = func(_ string, try int) telephony.PushResult {
		if try == 1 {
			return telephony.PushResult{Outcome: telephony.PushUnregistered}
		}
		return telephony.PushResult{Outcome: telephony.PushAnswered, Status: 200}
	}
	run(t, w, Config{}, func(t *testing.T, l *Loop, _ func()) {
		w.want("a", false)
		l.Wake()
		time.Sleep(time.Minute)
		w.want("a", false) // what the records do at a REGISTER
		l.Wake()
		synctest.Wait()
		if it := w.get("a"); it.outcome != telephony.PushAnswered || len(it.pushes) != 2 {
			t.Fatalf("%d pushes, outcome %q", len(it.pushes), it.outcome)
		}
	})
}

func TestC05_DeviceThatOnlyPollsIsNeverPushed(t *testing.T) {
	w := newWorld()
	run(t, w, Config{}, func(t *testing.T, l *Loop, _ func()) {
		w.want("a", false)
		w.items["a"].pushable = false
		l.Wake()
		time.Sleep(24 * time.Hour)
		if it := w.get("a"); len(it.pushes) != 0 || it.outcome != telephony.PushUnsupported || !it.due.IsZero() {
			t.Fatalf("%d pushes, outcome %q, due %v", len(it.pushes), it.outcome, it.due)
		}
	})
}

func TestP09_InteractiveDoesNotWaitForBulk(t *testing.T) {
	w := newWorld()
	w.takes = 30 * time.Second // bulk phones that do not answer fill their lane
	run(t, w, Config{InFlight: 8}, func(t *testing.T, l *Loop, _ func()) {
		for i := range 500 {
			w.want(fmt.Sprint("bulk", i), true)
		}
		l.Wake()
		time.Sleep(time.Second)
		now := time.Now()
		w.want("a", false)
		l.Wake()
		synctest.Wait()
		if it := w.get("a"); len(it.pushes) != 1 || !it.pushes[0].Equal(now) {
			t.Fatalf("pushed %v, wanted at %v", it.pushes, now)
		}
	})
}

func TestP09_BulkIsPacedAndAllOfItArrives(t *testing.T) {
	w := newWorld()
	run(t, w, Config{BulkRate: 200}, func(t *testing.T, l *Loop, _ func()) {
		for i := range 1000 {
			w.want(fmt.Sprint(i), true)
		}
		l.Wake()
		pushed := func() (n int) {
			for i := range 1000 {
				n += len(w.get(fmt.Sprint(i)).pushes)
			}
			return n
		}
		time.Sleep(2 * time.Second)
		if n := pushed(); n < 380 || n > 440 {
			t.Errorf("%d pushed in 2 s at 200/s", n)
		}
		time.Sleep(5 * time.Second)
		if n := pushed(); n != 1000 {
			t.Errorf("%d of 1000 pushed in the end", n)
		}
	})
}

func TestP09_InFlightIsBounded(t *testing.T) {
	w := newWorld()
	w.takes = 10 * time.Second
	run(t, w, Config{InFlight: 7}, func(t *testing.T, l *Loop, _ func()) {
		for i := range 50 {
			w.want(fmt.Sprint(i), false)
		}
		l.Wake()
		time.Sleep(5 * time.Minute)
		synctest.Wait()
		if w.peak != 7 {
			t.Errorf("%d pushes under way at once, 7 allowed", w.peak)
		}
		for i := range 50 {
			if it := w.get(fmt.Sprint(i)); it.outcome != telephony.PushAnswered {
				t.Errorf("%d: %q", i, it.outcome)
			}
		}
	})
}

func TestP09_ShutdownBlamesNoPhone(t *testing.T) {
	w := newWorld()
	w.takes = time.Minute
	run(t, w, Config{}, func(t *testing.T, l *Loop, stop func()) {
		w.want("a", false)
		l.Wake()
		synctest.Wait()
		start := time.Now()
		stop()
		it := w.get("a")
		if time.Since(start) != 0 || it.outcome != "" {
			t.Errorf("ended after %v, outcome %q", time.Since(start), it.outcome)
		}
		if !it.due.Equal(start.Add(45 * time.Second)) {
			t.Errorf("due again at %v, its lease ends at %v", it.due, start.Add(45*time.Second))
		}
	})
}
