package app

import (
	"context"
	"encoding/json"
	"iter"
	"slices"
	"strings"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// Audit reads the audit log, and takes back what it tells of (U12).
type Audit struct{ *core }

func auditEntry(r storage.Audit) AuditEntry {
	e := AuditEntry{ID: r.ID, At: r.At, CustomerID: r.CustomerID, ActorKind: r.ActorKind, ActorID: r.ActorID, ActorName: r.ActorName, From: r.From, Action: r.Action,
		ObjectKind: r.ObjectKind, ObjectID: r.ObjectID, Outcome: r.Outcome, Reason: r.Reason, Before: r.Before, After: r.After}
	if r.Outcome == "done" && r.ObjectKind == "channel" {
		e.Undo = map[string]string{"link": "unlink", "unlink": "link"}[r.Action]
	}
	return e
}

// audited runs f where the actor may read the log: of a customer, or with ""
// what concerns the installation, for the operator.
func (a Audit) audited(ctx context.Context, actor auth.Actor, customerID string, f func(tx *storage.Tx) error) error {
	if customerID != "" {
		return a.look(ctx, actor, customerID, func(tx *storage.Tx, _ telephony.Customer) error { return f(tx) })
	}
	if err := operator(actor, auth.ScopeRead); err != nil {
		return err
	}
	return a.db.View(ctx, f)
}

func auditFilter(q AuditQuery) storage.AuditFilter {
	return storage.AuditFilter{ObjectID: storable(q.ObjectID), ObjectKind: storable(q.ObjectKind), Action: storable(q.Action), Outcome: storable(q.Outcome),
		Actor: strings.TrimSpace(storable(q.Actor)), Text: strings.TrimSpace(storable(q.Text)), Since: q.Since, Until: q.Until}
}

// List lists entries of a customer, newest first; customer "" is what concerns
// the installation, for the operator.
func (a Audit) List(ctx context.Context, actor auth.Actor, customerID string, q AuditQuery) (l List[AuditEntry], err error) {
	x, err := listing(Query{Cursor: q.Cursor, Limit: q.Limit}, []string{"at"}, nil)
	if err != nil {
		return l, err
	}
	f := auditFilter(q)
	f.Limit, f.Back = x.Limit, x.Back
	if x.At != nil {
		f.At = x.At.ID
	}
	err = a.audited(ctx, actor, customerID, func(tx *storage.Tx) error {
		rows, err := tx.Audits(customerID, f)
		if err != nil {
			return err
		}
		marked := make([]storage.Marked[storage.Audit], len(rows))
		for i, r := range rows {
			marked[i] = storage.Marked[storage.Audit]{Row: r, Mark: storage.Mark{ID: r.ID}}
		}
		if l, err = pieces(marked, x, storage.Total{}, func(r storage.Audit) (AuditEntry, error) { return auditEntry(r), nil }); err != nil {
			return err
		}
		return nameThem(tx, customerID, l.Items)
	})
	return l, err
}

// nameThem says what the ids of entries are called now.
func nameThem(tx *storage.Tx, customerID string, entries []AuditEntry) error {
	of := make([][]string, len(entries))
	var ids []string
	for i, e := range entries {
		of[i] = append(mentioned(e.Before), mentioned(e.After)...)
		of[i] = append(of[i], e.ObjectID)
		ids = append(ids, of[i]...)
	}
	slices.Sort(ids)
	names, err := tx.Names(customerID, slices.Compact(ids))
	if err != nil {
		return err
	}
	for i := range entries {
		entries[i].Names = map[string]string{}
		for _, id := range of[i] {
			if n, ok := names[id]; ok {
				entries[i].Names[id] = n
			}
		}
	}
	return nil
}

// mentioned are the ids of other objects in what an entry keeps of one.
func mentioned(text string) (ids []string) {
	var m struct{ Extension, Channel, CPE any }
	if json.Unmarshal([]byte(text), &m) != nil {
		return nil // not an object: it mentions nobody
	}
	for _, v := range []any{m.Extension, m.Channel, m.CPE} {
		if id, ok := v.(string); ok && id != "" {
			ids = append(ids, id)
		}
	}
	return ids
}

// exportPage is how many entries one transaction of an export reads.
const exportPage = 500

// Export gives all entries that match, newest first, however many there are;
// Cursor and Limit do not count. It ends with the first error.
func (a Audit) Export(ctx context.Context, actor auth.Actor, customerID string, q AuditQuery) iter.Seq2[AuditEntry, error] {
	return func(yield func(AuditEntry, error) bool) {
		f := auditFilter(q)
		f.Limit = exportPage
		for {
			var entries []AuditEntry
			err := a.audited(ctx, actor, customerID, func(tx *storage.Tx) error {
				rows, err := tx.Audits(customerID, f)
				entries = nil
				for _, r := range rows {
					entries = append(entries, auditEntry(r))
				}
				if err != nil {
					return err
				}
				return nameThem(tx, customerID, entries)
			})
			if err != nil {
				yield(AuditEntry{}, err)
				return
			}
			for _, e := range entries {
				if !yield(e, nil) {
					return
				}
			}
			if len(entries) < exportPage {
				return
			}
			f.At = entries[len(entries)-1].ID
		}
	}
}
