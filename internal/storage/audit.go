package storage

import (
	"slices"
	"time"
)

// bindingGrace keeps lapsed bindings a while, for the pages that say since when
// a phone has been offline.
const bindingGrace = 7 * 24 * time.Hour

// Audit is one entry of the audit log (U12): append-only.
type Audit struct {
	ID         string
	At         time.Time
	CustomerID string
	ActorKind  string
	ActorID    string
	ActorName  string
	From       string
	Action     string
	ObjectKind string
	ObjectID   string
	Outcome    string // done or refused
	Reason     string
	Before     string // JSON
	After      string // JSON
}

// InsertAudit appends an entry; id and time are the transaction's.
func (tx *Tx) InsertAudit(a Audit) error {
	n, err := tx.exec(`INSERT INTO audit (id, at, customer_id, actor_kind, actor_id, actor_name, from_addr, action, object_kind, object_id, outcome, reason, before, after)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		NewID(tx.Now), micros(tx.Now), a.CustomerID, a.ActorKind, a.ActorID, a.ActorName, a.From, a.Action, a.ObjectKind, a.ObjectID, a.Outcome, a.Reason, a.Before, a.After)
	return must("audit entry", n, err)
}

// AuditFilter narrows the log; empty fields do not.
type AuditFilter struct {
	ObjectID     string
	ObjectKind   string
	Action       string
	Actor        string // part of the name
	Outcome      string
	Since, Until time.Time // Until exclusive
	Text         string    // part of actor, action, reason, before or after
	At           string    // id to page on from; "" = the newest
	Back         bool      // towards the newest
	Limit        int
}

const auditColumns = `id, at, customer_id, actor_kind, actor_id, actor_name, from_addr, action, object_kind, object_id, outcome, reason, before, after`

func scanAudit(s scanner) (a Audit, err error) {
	var at int64
	err = s.Scan(&a.ID, &at, &a.CustomerID, &a.ActorKind, &a.ActorID, &a.ActorName, &a.From, &a.Action, &a.ObjectKind, &a.ObjectID,
		&a.Outcome, &a.Reason, &a.Before, &a.After)
	a.At = fromMicros(at)
	return a, err
}

// AuditEntry reads one entry.
func (tx *Tx) AuditEntry(customerID, id string) (Audit, error) {
	return one("audit entry", tx.row(`SELECT `+auditColumns+` FROM audit WHERE customer_id = $1 AND id = $2`, customerID, id), scanAudit)
}

// Audits lists the customer's entries, newest first; customer "" holds what
// concerns the installation. Ids sort by time, so a time is a place in their
// index, and only conditions that are asked for stand in the text.
func (tx *Tx) Audits(customerID string, f AuditFilter) ([]Audit, error) {
	where := []string{`customer_id = :customer`}
	v := values{"customer": customerID, "limit": f.Limit}
	add := func(set bool, condition, name string, value any) {
		if set {
			where = append(where, condition)
			v[name] = value
		}
	}
	add(f.ObjectID != "", `object_id = :object`, "object", f.ObjectID)
	add(f.ObjectKind != "", `object_kind = :kind`, "kind", f.ObjectKind)
	add(f.Action != "", `action = :action`, "action", f.Action)
	add(f.Outcome != "", `outcome = :outcome`, "outcome", f.Outcome)
	add(!f.Since.IsZero(), `id >= :since AND at >= :sinceat`, "since", firstID(f.Since))
	add(!f.Until.IsZero(), `id < :until AND at < :untilat`, "until", firstID(f.Until.Add(time.Millisecond)))
	v["sinceat"], v["untilat"] = micros(f.Since), micros(f.Until)
	add(f.Actor != "", contains(`actor_name`, "actor"), "", nil)
	for name, text := range map[string]string{"actor": f.Actor, "text": f.Text} {
		v[name+"like"], v[name+"fold"] = like(text), Page{Search: text}.like()
	}
	add(f.Text != "", contains(`actor_name || ' ' || action || ' ' || reason || ' ' || before || ' ' || after`, "text"), "", nil)
	order := ` DESC`
	add(f.At != "" && !f.Back, `id < :from`, "from", f.At)
	if f.Back {
		add(f.At != "", `id > :from`, "from", f.At)
		order = ``
	}
	rows, err := list(tx, "audit entries", `SELECT `+auditColumns+` FROM audit WHERE `+conditions(where...)+` ORDER BY id`+order+` LIMIT :limit`, v, scanAudit)
	if f.Back {
		slices.Reverse(rows)
	}
	return rows, err
}

// contains holds where a text has a part, as it was typed or whatever the case of
// its ASCII letters: the databases do not fold others alike.
func contains(text, name string) string {
	return text + ` LIKE :` + name + `like ESCAPE '!' OR LOWER(` + text + `) LIKE :` + name + `fold ESCAPE '!'`
}

// LinkedSince reports whether the log tells of a link or an unlinking of the
// channel after a moment.
func (tx *Tx) LinkedSince(customerID, channelID string, at time.Time) (yes bool, err error) {
	err = tx.row(`SELECT EXISTS (SELECT 1 FROM audit WHERE customer_id = $1 AND object_id = $2 AND at > $3
		AND action IN ('link', 'unlink') AND outcome = 'done' AND object_kind = 'channel')`, customerID, channelID, micros(at)).Scan(&yes)
	return yes, err
}
