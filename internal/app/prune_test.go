package app_test

import (
	"testing"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/storage"
)

// TestQ06_PruningIsDoneInPieces: whoever writes meanwhile waits for a piece and not
// for all that an hour has made too old.
func TestQ06_PruningIsDoneInPieces(t *testing.T) {
	both(t, func(h *house) {
		const old = 2500
		x := h.cpe("805ec0000001")
		h.ok(h.db.Update(bg, func(tx *storage.Tx) error {
			for range old {
				if err := tx.InsertHistory(h.cust.ID, x.ID, storage.History{Kind: "refused"}); err != nil {
					return err
				}
			}
			return tx.KeepAnswer("t", "k", storage.Answer{Request: "r", Status: 200, Body: []byte("{}")})
		}))
		h.pass(91 * 24 * time.Hour)
		h.ok(h.db.Update(bg, func(tx *storage.Tx) error {
			return tx.InsertHistory(h.cust.ID, x.ID, storage.History{Kind: "trusted"})
		}))
		more, err := h.app.Jobs.Prune(bg)
		h.ok(err)
		if l, err := h.app.CPEs.History(bg, h.admin, h.cust.ID, x.ID, app.Query{Limit: 200}); err != nil || len(l.Items) < 200 || !more {
			h.Errorf("after one piece %d lines are listed, more %v, %v", len(l.Items), more, err)
		}
		for more {
			more, err = h.app.Jobs.Prune(bg)
			h.ok(err)
		}
		l, err := h.app.CPEs.History(bg, h.admin, h.cust.ID, x.ID, app.Query{})
		h.ok(err)
		if len(l.Items) != 1 || l.Items[0].Kind != "trusted" {
			h.Errorf("%d lines are left", len(l.Items))
		}
		if a, err := h.app.Answer(bg, "t", "k"); a != nil || err != nil {
			h.Errorf("an answer of long ago is kept: %v, %v", a, err)
		}
	})
}
