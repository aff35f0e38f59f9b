package storage

import (
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
	ObjectID string
	Action   string
	Before   string // id to page on from, newest first
	Limit    int
}

// Audits lists the customer's entries, newest first; customer "" holds what
// concerns the installation.
func (tx *Tx) Audits(customerID string, f AuditFilter) ([]Audit, error) {
	r, err := tx.query(`SELECT id, at, customer_id, actor_kind, actor_id, actor_name, from_addr, action, object_kind, object_id, outcome, reason, before, after
		FROM audit WHERE customer_id = $1 AND ($2 = '' OR object_id = $2) AND ($3 = '' OR action = $3) AND ($4 = '' OR id < $4)
		ORDER BY id DESC LIMIT $5`, customerID, f.ObjectID, f.Action, f.Before, f.Limit)
	return all("audit entries", func(s scanner) (a Audit, err error) {
		var at int64
		err = s.Scan(&a.ID, &at, &a.CustomerID, &a.ActorKind, &a.ActorID, &a.ActorName, &a.From, &a.Action, &a.ObjectKind, &a.ObjectID,
			&a.Outcome, &a.Reason, &a.Before, &a.After)
		a.At = fromMicros(at)
		return a, err
	}, r, err)
}
