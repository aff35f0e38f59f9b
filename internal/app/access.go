package app

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// scoped checks scope and reach, and loads the customer: what the actor may not
// see is not found (D24).
func scoped(tx *storage.Tx, actor auth.Actor, s auth.Scope, customerID string) (telephony.Customer, error) {
	c, err := tx.Customer(customerID)
	if err != nil {
		return c, err
	}
	if !actor.Sees(c) {
		return c, telephony.NotFoundf("customer")
	}
	if !actor.Can(s) {
		return c, auth.Denied(s)
	}
	return c, nil
}

// change runs a mutation inside one customer. What is refused although the actor
// may try goes into the audit log too (U12).
func (k *core) change(ctx context.Context, actor auth.Actor, s auth.Scope, customerID, action, kind, id string, f func(tx *storage.Tx, c telephony.Customer) error) error {
	err := k.db.Update(ctx, func(tx *storage.Tx) error {
		c, err := scoped(tx, actor, s, customerID)
		if err != nil {
			return err
		}
		return f(tx, c)
	})
	if err != nil {
		k.auditRefused(ctx, actor, customerID, action, kind, id, err)
	}
	return err
}

// look runs a reading use case inside one customer.
func (k *core) look(ctx context.Context, actor auth.Actor, customerID string, f func(tx *storage.Tx, c telephony.Customer) error) error {
	return k.try(ctx, actor, auth.ScopeRead, customerID, f)
}

// try runs a mutation inside one customer that only says what it would do. Nobody
// waits for it, and what it is refused for is in no log.
func (k *core) try(ctx context.Context, actor auth.Actor, s auth.Scope, customerID string, f func(tx *storage.Tx, c telephony.Customer) error) error {
	return k.db.View(ctx, func(tx *storage.Tx) error {
		c, err := scoped(tx, actor, s, customerID)
		if err != nil {
			return err
		}
		return f(tx, c)
	})
}

func (k *core) auditRefused(ctx context.Context, actor auth.Actor, customerID, action, kind, id string, cause error) {
	k.auditRefusedBy(ctx, actor, customerID, action, kind, id, "", cause)
}

// auditRefusedBy also notes by which path somebody came (H09).
func (k *core) auditRefusedBy(ctx context.Context, actor auth.Actor, customerID, action, kind, id, path string, cause error) {
	switch telephony.CodeOf(cause) {
	case telephony.Forbidden, telephony.Conflict:
	default:
		return
	}
	var e *telephony.Error
	errors.As(cause, &e)
	err := k.db.Update(context.WithoutCancel(ctx), func(tx *storage.Tx) error {
		a := entry(actor, customerID, action, kind, id)
		a.Outcome, a.Reason = "refused", e.Reason
		a.Before, a.After = "null", jsonText(refusedAs{e.Message, path, e.Detail})
		return tx.InsertAudit(a)
	})
	if err != nil {
		k.log.ErrorContext(ctx, "writing the audit log failed", "action", action, "err", err)
	}
}

// refusedAs is what the log keeps of a refused attempt: the words, and what they
// are made of for readers of another language.
type refusedAs struct {
	Message string         `json:"message"`
	Path    string         `json:"path,omitempty"`
	Detail  map[string]any `json:"detail,omitempty"`
}

func entry(actor auth.Actor, customerID, action, kind, id string) storage.Audit {
	from := ""
	if actor.From.IsValid() {
		from = actor.From.String()
	}
	return storage.Audit{
		CustomerID: customerID, ActorKind: actor.Kind, ActorID: actor.ID, ActorName: actor.Name, From: from,
		Action: action, ObjectKind: kind, ObjectID: id, Outcome: "done",
	}
}

// audit notes what was done: before and after as JSON, nil where there is none.
func audit(tx *storage.Tx, actor auth.Actor, customerID, action, kind, id string, before, after any) error {
	a := entry(actor, customerID, action, kind, id)
	a.Before, a.After = jsonText(before), jsonText(after)
	return tx.InsertAudit(a)
}

func jsonText(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return "null"
	}
	return string(b)
}

// versioned refuses a change that was made on an older state of the object.
func versioned(asked, present int64) error {
	if asked != 0 && asked != present {
		return telephony.Conflictf("version_changed", "somebody else has changed this meanwhile; load it again")
	}
	return nil
}

// page turns a query into storage's page.
func page(q Query) (storage.Page, error) {
	p := storage.Page{Limit: q.Limit, Search: q.Search}
	if p.Limit == 0 {
		p.Limit = 50
	}
	if p.Limit < 1 || p.Limit > 200 {
		return p, telephony.Invalidf("limit", "limit_range", "the limit must be between 1 and 200")
	}
	if len(q.Search) > 100 {
		return p, telephony.Invalidf("search", "text_too_long", "the search text is too long")
	}
	if q.Cursor != "" {
		b, err := base64.RawURLEncoding.DecodeString(q.Cursor)
		key, id, ok := strings.Cut(string(b), "\x00")
		if err != nil || !ok {
			return p, telephony.Invalidf("cursor", "cursor_malformed", "the cursor is not one that a list gave")
		}
		p.Cursor = storage.Cursor{Key: key, ID: id}
	}
	p.Limit++ // one more tells whether there is a next page
	return p, nil
}

// list cuts the row too many and makes the cursor of the next page from it.
func list[T any](items []T, p storage.Page, at func(T) (key, id string)) List[T] {
	l := List[T]{Items: items}
	if len(items) == p.Limit {
		l.Items = items[:p.Limit-1]
		key, id := at(l.Items[len(l.Items)-1])
		l.Next = base64.RawURLEncoding.EncodeToString([]byte(key + "\x00" + id))
	}
	if l.Items == nil {
		l.Items = []T{}
	}
	return l
}
