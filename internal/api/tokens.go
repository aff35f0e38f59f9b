package api

import (
	"context"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/auth"
)

// TokenBody is a token without its text.
type TokenBody struct {
	ID          string       `json:"id"`
	Name        string       `json:"name"`
	Role        auth.Role    `json:"role"`
	PartnerID   string       `json:"partner_id,omitempty"`
	CustomerID  string       `json:"customer_id,omitempty"`
	ExtensionID string       `json:"extension_id,omitempty"`
	Scopes      []auth.Scope `json:"scopes" nullable:"false"`
	Expires     time.Time    `json:"expires,omitzero" doc:"Absent: never."`
	CreatedBy   string       `json:"created_by,omitempty"`
	Created     time.Time    `json:"created"`
}

func showToken(t app.TokenView) TokenBody {
	b := TokenBody(t)
	if b.Scopes == nil {
		b.Scopes = []auth.Scope{}
	}
	return b
}

type newToken struct {
	Name        string       `json:"name" minLength:"1" maxLength:"100" doc:"What it is for."`
	Role        auth.Role    `json:"role" enum:"operator_admin,operator_support,partner_admin,customer_admin,user"`
	PartnerID   string       `json:"partner_id,omitempty" doc:"Of partner_admin."`
	CustomerID  string       `json:"customer_id,omitempty" doc:"Of customer_admin and user."`
	ExtensionID string       `json:"extension_id,omitempty" doc:"Of user."`
	Scopes      []auth.Scope `json:"scopes,omitempty" enum:"read,write,link,login,push,reveal,admin" doc:"All that the role may, if left out."`
	Expires     time.Time    `json:"expires,omitzero" doc:"Never, if left out."`
}

type issuedToken struct {
	TokenBody
	Token string `json:"token" doc:"The token itself, shown this once."`
}

type setupOrder struct {
	SetupToken string `json:"setup_token" maxLength:"200" doc:"Printed at the first start; works once."`
	Name       string `json:"name" minLength:"1" maxLength:"100" doc:"Who the first administrator is."`
}

// AtToken names an API token.
type AtToken struct {
	Token string `path:"token" doc:"The token's id, not its text."`
}

func (r *routes) tokens() {
	const tag, all, one = "Tokens", "/v1/tokens", "/v1/tokens/{token}"
	a := &r.s.app.Tokens
	add(r, get(all), tag, "list-tokens", "List API tokens", "Without their texts, which nobody can read again.",
		func(ctx context.Context, actor auth.Actor, in *struct{ Page }) (*listed[TokenBody], error) {
			l, err := a.List(ctx, actor, in.query())
			return listOf(l, showToken), err
		})
	add(r, post(all), tag, "create-token", "Create an API token", "It may do no more than the token that creates it.",
		func(ctx context.Context, actor auth.Actor, in *struct{ Body newToken }) (*made[issuedToken], error) {
			t, secret, err := a.Create(ctx, actor, app.TokenSpec(in.Body))
			return &made[issuedToken]{Location: all + "/" + t.ID, Body: issuedToken{showToken(t), secret.Reveal()}}, err
		}, isCreated, hasSecret)
	add(r, remove(one), tag, "revoke-token", "Revoke an API token", "It stops working at once.",
		func(ctx context.Context, actor auth.Actor, in *AtToken) (*nothing, error) {
			return nil, a.Revoke(ctx, actor, in.Token)
		})
	add(r, post("/v1/setup"), tag, "set-up", "Make the first administrator", "Turns the one-time token that the first start printed into an API token of an operator administrator.",
		func(ctx context.Context, _ auth.Actor, in *struct{ Body setupOrder }) (*made[issuedToken], error) {
			t, secret, err := a.Setup(ctx, in.Body.SetupToken, in.Body.Name, peerOf(ctx))
			return &made[issuedToken]{Location: all + "/" + t.ID, Body: issuedToken{showToken(t), secret.Reveal()}}, err
		}, isCreated, isOpen, hasSecret)
}
