package app_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

// entryOf is the newest entry of an action on a channel.
func (h *house) entryOf(ch telephony.Channel, action string) app.AuditEntry {
	h.Helper()
	l := h.audits(app.AuditQuery{ObjectID: ch.ID, Action: action, Outcome: "done", Limit: 1})
	if len(l) == 0 {
		h.Fatalf("no entry %q of %s", action, ch.Name)
	}
	return l[0]
}

func (h *house) undo(e app.AuditEntry) error {
	h.Helper()
	_, err := h.app.Audit.Undo(bg, h.admin, h.cust.ID, e.ID, false)
	return err
}

func TestU12_UndoTakesALinkBackAndMakesItAgain(t *testing.T) {
	both(t, func(h *house) {
		ch, _ := h.desk("Empfang", "01")
		e := h.extension("21", false)
		h.link(ch, e)
		linked := h.entryOf(ch, "link")
		if linked.Undo != "unlink" || linked.Names[ch.ID] != "Empfang" || linked.Names[e.ID] != "Person 21 (21)" {
			t.Errorf("%+v", linked)
		}
		done, err := h.app.Audit.Undo(bg, h.admin, h.cust.ID, linked.ID, true)
		h.ok(err)
		if !has(done, "unlinked", "Empfang") || h.view(ch).Link == nil {
			t.Errorf("the dry run says %+v", done)
		}
		h.pass(time.Second)
		h.ok(h.undo(linked))
		h.nobody(ch)
		unlinked := h.entryOf(ch, "unlink")
		if unlinked.Undo != "link" || h.entryOf(ch, "undo").Undo != "" {
			t.Errorf("%+v", unlinked)
		}
		h.refused(h.undo(linked), telephony.Conflict, "undo_moved_on")
		h.pass(time.Second)
		h.ok(h.undo(unlinked))
		h.at(ch, e, telephony.LoginLinked)
		h.refused(h.undo(unlinked), telephony.Conflict, "undo_moved_on")
	})
}

func TestU12_UndoLeavesWhatOthersDidSince(t *testing.T) {
	both(t, func(h *house) {
		ch, _ := h.desk("Empfang", "01")
		other, _ := h.desk("Lager", "02")
		e, f := h.extension("21", false), h.extension("22", false)
		h.link(ch, e)
		linked := h.entryOf(ch, "link")
		h.pass(time.Second)
		h.unlink(ch)
		unlinked := h.entryOf(ch, "unlink")
		h.pass(time.Second)
		h.link(ch, f)
		for _, x := range []app.AuditEntry{linked, unlinked} {
			err := h.undo(x)
			h.refused(err, telephony.Conflict, "undo_moved_on")
		}
		h.at(ch, f, telephony.LoginLinked)
		h.pass(time.Second)
		h.unlink(ch)
		h.refused(h.undo(unlinked), telephony.Conflict, "undo_moved_on")
		h.pass(time.Second)
		h.link(ch, e)
		h.pass(time.Second)
		h.unlink(ch)
		unlinked = h.entryOf(ch, "unlink")
		h.link(other, e)
		err := h.undo(unlinked)
		h.refused(err, telephony.Conflict, "extension_linked")
		h.says(err, "Lager")
		h.unlink(other)
		h.ok(h.app.Extensions.Delete(bg, h.admin, h.cust.ID, e.ID, 0))
		h.refused(h.undo(unlinked), telephony.Conflict, "extension_gone")
		h.ok(h.app.Channels.Delete(bg, h.admin, h.cust.ID, ch.ID, 0))
		h.refused(h.undo(unlinked), telephony.Conflict, "channel_gone")
		h.refused(h.undo(h.audits(app.AuditQuery{Action: "create"})[0]), telephony.Conflict, "not_undoable")
		if n := len(h.audits(app.AuditQuery{Action: "undo", Outcome: "refused"})); n != 7 {
			t.Errorf("%d refused attempts are in the log", n)
		}
	})
}

func TestU12_UndoIsForAdministratorsWithinReach(t *testing.T) {
	both(t, func(h *house) {
		ch, _ := h.desk("Empfang", "01")
		e := h.extension("21", false)
		h.link(ch, e)
		entry := h.entryOf(ch, "link")
		for _, dry := range []bool{true, false} {
			for _, who := range []auth.Actor{h.support(), h.user(e)} {
				_, err := h.app.Audit.Undo(bg, who, h.cust.ID, entry.ID, dry)
				h.refused(err, telephony.Forbidden, "")
			}
			foreign := h.customerAdmin()
			foreign.CustomerID = "another"
			_, err := h.app.Audit.Undo(bg, foreign, h.cust.ID, entry.ID, dry)
			h.refused(err, telephony.NotFound, "")
		}
		mine := h.cust
		h.cust = h.customer("2000")
		h.refused(h.undo(entry), telephony.NotFound, "")
		h.cust = mine
		_, err := h.app.Audit.Undo(bg, h.customerAdmin(), h.cust.ID, entry.ID, false)
		h.ok(err)
		h.nobody(ch)
	})
}

func TestU12_TheLogIsNarrowedPagedAndExported(t *testing.T) {
	both(t, func(h *house) {
		ch, _ := h.desk("Empfang", "01")
		e := h.extension("21", false)
		start := h.clock()
		for range 3 {
			h.pass(time.Minute)
			h.link(ch, e)
			h.pass(time.Minute)
			h.unlink(ch)
		}
		_, err := h.tryLink(h.channel("Lager"), telephony.Extension{ID: e.ID}, telephony.FromChannel, false)
		h.ok(err)
		_, err = h.tryLink(ch, e, telephony.FromChannel, false)
		h.refused(err, telephony.Conflict, "extension_linked")
		for what, c := range map[string]struct {
			q    app.AuditQuery
			want int
		}{
			"action":   {app.AuditQuery{Action: "unlink"}, 3},
			"object":   {app.AuditQuery{ObjectID: ch.ID, Action: "link", Outcome: "done"}, 3},
			"kind":     {app.AuditQuery{ObjectKind: "channel", Action: "unlink"}, 3},
			"refused":  {app.AuditQuery{Outcome: "refused"}, 1},
			"actor":    {app.AuditQuery{Actor: "ada", Action: "link", Outcome: "done"}, 4},
			"nobody":   {app.AuditQuery{Actor: "Zacharias"}, 0},
			"text":     {app.AuditQuery{Text: "Person 21", Outcome: "refused"}, 1},
			"wildcard": {app.AuditQuery{Text: "%", Outcome: "refused"}, 0},
			"since":    {app.AuditQuery{Since: start.Add(3 * time.Minute), Action: "link", Outcome: "done"}, 3},
			"until":    {app.AuditQuery{Until: start.Add(3 * time.Minute), Action: "link"}, 1},
			"between":  {app.AuditQuery{Since: start.Add(2 * time.Minute), Until: start.Add(4 * time.Minute), ObjectID: ch.ID, ObjectKind: "channel", Action: "unlink"}, 1},
		} {
			if got := len(h.audits(c.q)); got != c.want {
				t.Errorf("%s: %d entries, want %d", what, got, c.want)
			}
			n := 0
			for _, err := range h.app.Audit.Export(bg, h.admin, h.cust.ID, c.q) {
				h.ok(err)
				n++
			}
			if n != c.want {
				t.Errorf("%s: %d entries exported, want %d", what, n, c.want)
			}
		}
		var all, paged []string
		for x, err := range h.app.Audit.Export(bg, h.admin, h.cust.ID, app.AuditQuery{}) {
			h.ok(err)
			all = append(all, x.ID)
		}
		if !slices.IsSortedFunc(all, func(a, b string) int { return strings.Compare(b, a) }) {
			t.Error("the export is not newest first")
		}
		q := app.AuditQuery{Limit: 4}
		var last app.List[app.AuditEntry]
		for {
			l, err := h.app.Audit.List(bg, h.admin, h.cust.ID, q)
			h.ok(err)
			for _, x := range l.Items {
				paged = append(paged, x.ID)
			}
			last = l
			if q.Cursor = l.Next; l.Next == "" {
				break
			}
		}
		if !slices.Equal(all, paged) {
			t.Errorf("pages hold %d entries, the export %d", len(paged), len(all))
		}
		back, err := h.app.Audit.List(bg, h.admin, h.cust.ID, app.AuditQuery{Limit: 4, Cursor: last.Prev})
		h.ok(err)
		if n := len(paged) - len(last.Items) - 4; back.Items[0].ID != paged[n] || back.Next == "" {
			t.Error("the page before the last is another one going back")
		}
	})
}

// TestU12_AnExportIsAsLongAsTheLog crosses the pages that it is read in.
func TestU12_AnExportIsAsLongAsTheLog(t *testing.T) {
	both(t, func(h *house) {
		for i := range 260 {
			h.ok(h.app.Customers.Disallow(bg, h.admin, h.cust.ID, h.allowed(fmt.Sprintf("198.51.100.%d", i%250+1))))
		}
		seen := map[string]bool{}
		for x, err := range h.app.Audit.Export(bg, h.admin, h.cust.ID, app.AuditQuery{}) {
			h.ok(err)
			seen[x.ID] = true
		}
		if len(seen) != 521 { // the customer's own entry too
			t.Errorf("%d entries", len(seen))
		}
	})
}

func (h *house) allowed(address string) string { h.Helper(); h.allow(address); return address }
