package app_test

import (
	"context"
	"testing"
	"time"

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
