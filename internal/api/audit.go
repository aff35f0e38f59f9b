package api

import (
	"context"
	"encoding/json"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/auth"
)

type auditBody struct {
	ID         string    `json:"id"`
	At         time.Time `json:"at"`
	ActorKind  string    `json:"actor_kind" doc:"token, setup, cli, phone or system."`
	ActorName  string    `json:"actor_name"`
	From       string    `json:"from,omitempty" doc:"The address it came from."`
	Action     string    `json:"action"`
	ObjectKind string    `json:"object_kind"`
	ObjectID   string    `json:"object_id"`
	Outcome    string    `json:"outcome" doc:"done or refused."`
	Reason     string    `json:"reason,omitempty"`
	Before     any       `json:"before,omitempty"`
	After      any       `json:"after,omitempty"`
}

func showAudit(e app.AuditEntry) auditBody {
	return auditBody{
		ID: e.ID, At: e.At, ActorKind: e.ActorKind, ActorName: e.ActorName, From: e.From, Action: e.Action,
		ObjectKind: e.ObjectKind, ObjectID: e.ObjectID, Outcome: e.Outcome, Reason: e.Reason, Before: value(e.Before), After: value(e.After),
	}
}

// value passes stored JSON on as it is.
func value(text string) any {
	if !json.Valid([]byte(text)) {
		return nil
	}
	return json.RawMessage(text)
}

// AuditPage asks for a piece of the audit log.
type AuditPage struct {
	Cursor   string    `query:"cursor" maxLength:"1024" doc:"As next in the answer before."`
	Limit    int       `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"How many at most."`
	ObjectID string    `query:"object_id" maxLength:"100" doc:"Only this object's."`
	Kind     string    `query:"object_kind" maxLength:"100" doc:"Only objects of this kind."`
	Action   string    `query:"action" maxLength:"100" doc:"Only this action's."`
	Actor    string    `query:"actor" maxLength:"100" doc:"Part of the name of who did it."`
	Outcome  string    `query:"outcome" enum:"done,refused" doc:"Only what was done, or only what was refused."`
	Text     string    `query:"search" maxLength:"100" doc:"Part of actor, action, reason or what changed."`
	Since    time.Time `query:"since" doc:"From this time on."`
	Until    time.Time `query:"until" doc:"Before this time."`
}

func (p AuditPage) query() app.AuditQuery {
	return app.AuditQuery{
		ObjectID: p.ObjectID, ObjectKind: p.Kind, Action: p.Action, Actor: p.Actor, Outcome: p.Outcome, Text: p.Text,
		Since: p.Since, Until: p.Until, Cursor: p.Cursor, Limit: p.Limit,
	}
}

func (r *routes) audit() {
	const tag = "Audit"
	a := &r.s.app.Audit
	add(r, get("/v1/customers/{customer}/audit"), tag, "list-customer-audit", "Read a customer's audit log", "Who did what, newest first, refusals included.",
		func(ctx context.Context, actor auth.Actor, in *struct {
			AtCustomer
			AuditPage
		}) (*listed[auditBody], error) {
			l, err := a.List(ctx, actor, in.Customer, in.query())
			return listOf(l, showAudit), err
		})
	add(r, get("/v1/audit"), tag, "list-audit", "Read the installation's audit log", "Partners, tokens and settings; for the operator.",
		func(ctx context.Context, actor auth.Actor, in *struct{ AuditPage }) (*listed[auditBody], error) {
			l, err := a.List(ctx, actor, "", in.query())
			return listOf(l, showAudit), err
		})
}
