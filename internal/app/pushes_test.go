package app_test

import (
	"context"
	"testing"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/storagetest"
	"tischlein/internal/telephony"
)

// A push that found nobody may note so only after the phone has registered: the
// registration must not be forgotten over it.
func TestP09_RegistrationDuringAPushStaysDue(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, dsn string) {
		w, ctx := newWorld(t, dsn), context.Background()
		w.settleIn(t)
		phone, channel := w.devices[1], w.channels[0]
		_, err := w.a.CPEs.Attach(ctx, boss, w.customer, phone, channel, 0, false)
		must(t, err)
		due, err := w.a.Pushes.Claim(ctx, false, 10, time.Hour)
		must(t, err)
		i := -1
		for n, d := range due {
			if d.CPEID == phone {
				i = n
			}
		}
		if i < 0 {
			t.Fatalf("the attached phone is not due: %+v", due)
		}
		seen, stop := context.WithCancel(ctx)
		w.a.Registrar.Registered(ctx, telephony.Binding{ChannelID: channel, CustomerID: w.customer}, true)
		stop()
		w.a.Run(seen) // writes what was noted, then ends
		must(t, w.a.Pushes.Done(ctx, due[i], telephony.PushResult{Outcome: telephony.PushUnregistered}, time.Now().Add(time.Hour)))
		again, err := w.a.Pushes.Claim(ctx, false, 10, time.Hour)
		must(t, err)
		for _, d := range again {
			if d.CPEID == phone {
				return
			}
		}
		t.Fatalf("the phone registered during the push and is not due any more: %+v", again)
	})
}

// A click that takes the last one back may come when the device has fetched but
// that is not written yet: the record then says that it has what it should.
func TestP09_ChangeBackBeforeTheFetchIsNotedIsPushed(t *testing.T) {
	both(t, func(h *house) {
		ch, x := h.desk("Empfang", "31")
		e := h.extension("101", false)
		h.fetches(x, home)
		push := func() string {
			h.Helper()
			due, err := h.app.Pushes.Claim(bg, false, 10, time.Hour)
			h.ok(err)
			if len(due) != 1 || due[0].CPEID != x.ID {
				h.Fatalf("due: %+v, want the device alone", due)
			}
			h.ok(h.app.Pushes.Done(bg, due[0], telephony.PushResult{Outcome: telephony.PushAnswered, Status: 200}, h.clock().Add(time.Hour)))
			return due[0].Revision
		}
		takes := func(revision string) {
			h.app.Devices.Fetched(bg, app.Fetch{Device: app.Device{ID: x.ID, CustomerID: h.cust.ID}, Revision: revision, From: home, At: h.clock()})
		}
		free := push()
		takes(free)
		h.flush()
		for range 2 { // the second time, both revisions have been pushed before
			h.link(ch, e)
			linked := push()
			takes(linked)
			h.unlink(ch)
			h.flush()
			if again := push(); again != free {
				h.Fatalf("pushed %s, want %s of the free desk", again, free)
			}
			takes(free)
			h.flush()
			if due, err := h.app.Pushes.Claim(bg, false, 10, time.Hour); err != nil || len(due) > 0 {
				h.Fatalf("in order, and still due: %+v %v", due, err)
			}
		}
	})
}

// A phone that is told the moment a change is committed may still be given the
// files of before. Its fetch shows that, so it is told again: but not for ever.
func TestP09_FetchOfOldFilesAfterItsPushIsPushedAgain(t *testing.T) {
	both(t, func(h *house) {
		ch, x := h.desk("Empfang", "32")
		h.fetches(x, home)
		claim := func() []app.DuePush {
			h.Helper()
			due, err := h.app.Pushes.Claim(bg, false, 10, time.Hour)
			h.ok(err)
			for _, d := range due {
				h.ok(h.app.Pushes.Done(bg, d, telephony.PushResult{Outcome: telephony.PushAnswered, Status: 200}, h.clock().Add(time.Hour)))
			}
			return due
		}
		takes := func(revision string) {
			h.Helper()
			h.app.Devices.Fetched(bg, app.Fetch{Device: app.Device{ID: x.ID, CustomerID: h.cust.ID}, Revision: revision, From: home, At: h.clock()})
			h.flush()
		}
		free := claim()[0].Revision
		takes(free)
		h.link(ch, h.extension("101", false))
		if due := claim(); len(due) != 1 {
			h.Fatalf("linked, and due: %+v", due)
		}
		takes(free)
		if due := claim(); len(due) != 1 || due[0].Revision == free {
			h.Fatalf("it took the files of before, and due: %+v", due)
		}
		pushes := 0
		for range 60 {
			takes(free)
			h.pass(time.Second)
			pushes += len(claim())
		}
		if pushes == 0 || pushes > 5 {
			h.Errorf("pushed %d times more in a minute to a device that always takes the old files", pushes)
		}
	})
}

// The provisioning side passes over repeated fetches; the one that answers a push
// must count although nothing has changed since the last.
func TestP10_FetchAfterAPushIsNotPassedOver(t *testing.T) {
	both(t, func(h *house) {
		ch, x := h.desk("Empfang", "32")
		h.link(ch, h.extension("102", false))
		h.dev.mu.Lock()
		h.dev.changed = nil
		h.dev.mu.Unlock()
		due, err := h.app.Pushes.Claim(bg, false, 10, time.Hour)
		h.ok(err)
		if len(due) != 1 || !h.dev.has(x.ID) {
			h.Fatalf("claimed %d, told %v", len(due), h.dev.changed)
		}
	})
}
