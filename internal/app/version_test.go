package app_test

import (
	"fmt"
	"sync"
	"testing"

	"tischlein/internal/telephony"
)

// versioned is an object that two administrators have open at its first version.
type versioned struct {
	name           string
	update, delete func(version int64) error
}

func (h *house) versioned(n int) []versioned {
	h.Helper()
	c := h.cust.ID
	ch, e := h.channel(fmt.Sprintf("Platz %d", n)), h.extension(fmt.Sprint(20+n), false)
	x := h.cpe(fmt.Sprintf("805ec00000%02x", n))
	other := h.customer(fmt.Sprint(2000 + n))
	p, err := h.app.Partners.Create(bg, h.admin, telephony.Partner{Name: fmt.Sprintf("Haus %d", n)})
	h.ok(err)
	return []versioned{
		{"channel", func(v int64) error { return second(h.app.Channels.Update(bg, h.admin, c, ch.ID, v, same)) },
			func(v int64) error { return h.app.Channels.Delete(bg, h.admin, c, ch.ID, v) }},
		{"extension", func(v int64) error {
			_, _, err := h.app.Extensions.Update(bg, h.admin, c, e.ID, v, false, false, same)
			return err
		}, func(v int64) error { return h.app.Extensions.Delete(bg, h.admin, c, e.ID, v) }},
		{"device", func(v int64) error { return second(h.app.CPEs.Update(bg, h.admin, c, x.ID, v, same)) },
			func(v int64) error { return h.app.CPEs.Delete(bg, h.admin, c, x.ID, v) }},
		{"customer", func(v int64) error { return second(h.app.Customers.Update(bg, h.admin, other.ID, v, same)) },
			func(v int64) error { return h.app.Customers.Delete(bg, h.admin, other.ID, v) }},
		{"partner", func(v int64) error { return second(h.app.Partners.Update(bg, h.admin, p.ID, v, same)) },
			func(v int64) error { return h.app.Partners.Delete(bg, h.admin, p.ID, v) }},
	}
}

func TestD23_DeletingWhatSomebodyElseChangedIsRefused(t *testing.T) {
	both(t, func(h *house) {
		for _, o := range h.versioned(1) {
			h.ok(o.update(1))
			h.refused(o.delete(1), telephony.Conflict, "version_changed")
			h.ok(o.update(2)) // it is still there, and at the version that was left
			h.ok(o.delete(3))
			h.refused(o.delete(0), telephony.NotFound, "")
		}
	})
}

// The version is compared in the transaction that deletes: between the two, no
// change slips through and is lost.
func TestD23_ChangingAndDeletingAtOnceHasOneWinner(t *testing.T) {
	both(t, func(h *house) {
		for n := range 8 {
			for _, o := range h.versioned(n) {
				var changed, deleted error
				var done sync.WaitGroup
				done.Go(func() { changed = o.update(1) })
				done.Go(func() { deleted = o.delete(1) })
				done.Wait()
				if (changed == nil) == (deleted == nil) {
					h.Fatalf("%s: changing: %v, deleting: %v, want one winner", o.name, changed, deleted)
				}
				if deleted != nil {
					h.refused(deleted, telephony.Conflict, "version_changed")
				} else {
					h.refused(changed, telephony.NotFound, "")
				}
			}
		}
	})
}
