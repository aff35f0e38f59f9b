package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/config"
	"tischlein/internal/server"
)

type tokenCmd struct {
	Create tokenCreateCmd `cmd:"" help:"Make a token; it is shown once. Works on the database, so it is for whoever may read key and database."`
}

type tokenCreateCmd struct {
	Name          string        `arg:"" help:"What the token is for."`
	Role          auth.Role     `default:"operator_admin" help:"operator_admin, operator_support, partner_admin, customer_admin or user."`
	Partner       string        `help:"Partner id, for partner_admin."`
	Customer      string        `help:"Customer id, for customer_admin and user."`
	Extension     string        `help:"Extension id, for user."`
	Scopes        []auth.Scope  `help:"read, write, link, login, push, reveal, admin. Default: all that the role may."`
	Expires       time.Duration `placeholder:"TIME" help:"Life of the token, such as 720h. Default: until it is revoked."`
	JSON          bool          `name:"json" help:"Answer as JSON."`
	config.Config `embed:""`
}

func (c tokenCreateCmd) Run(ctx context.Context) error {
	a, done, err := server.Offline(ctx, c.Config)
	if err != nil {
		return err
	}
	defer done() //nolint:errcheck // everything is committed by then
	spec := app.TokenSpec{Name: c.Name, Role: c.Role, PartnerID: c.Partner, CustomerID: c.Customer, ExtensionID: c.Extension, Scopes: c.Scopes}
	if c.Expires > 0 {
		spec.Expires = time.Now().Add(c.Expires)
	}
	v, secret, err := a.Tokens.Create(ctx, administrator, spec)
	if err != nil {
		return err
	}
	return c.show(os.Stdout, v, secret.Reveal())
}

func (c tokenCreateCmd) show(w io.Writer, v app.TokenView, secret string) error {
	if c.JSON {
		return json.NewEncoder(w).Encode(map[string]any{"id": v.ID, "name": v.Name, "role": v.Role, "scopes": v.Scopes, "token": secret})
	}
	_, err := fmt.Fprintln(w, secret)
	return err
}
