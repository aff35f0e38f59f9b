package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/config"
	"tischlein/internal/server"
)

// userCmd is for whoever may read key and database: also the way back in for who
// has locked themselves out.
type userCmd struct {
	Create    userCreateCmd `cmd:"" help:"Make a portal user; prints the one-time link by which they choose their password."`
	List      userListCmd   `cmd:"" help:"List the portal's users."`
	ResetLink userLinkCmd   `cmd:"" name:"reset-link" help:"Print a one-time link by which a user chooses a new password; also lifts a lock."`
}

type userCreateCmd struct {
	Login         string    `arg:"" help:"E-mail address or name to sign in with."`
	Name          string    `help:"Name of the person. Default: the login."`
	Role          auth.Role `default:"operator_admin" help:"operator_admin, operator_support, partner_admin or customer_admin."`
	Partner       string    `help:"Partner id, for partner_admin."`
	Customer      string    `help:"Customer id, for customer_admin."`
	Language      string    `help:"de, en or nl. Default: what the browser wants."`
	URL           string    `name:"url" env:"TISCHLEIN_PORTAL_URL" placeholder:"URL" help:"The portal's address, to print the whole link."`
	JSON          bool      `name:"json" help:"Answer as JSON."`
	config.Config `embed:""`
}

func (c userCreateCmd) Run(ctx context.Context) error {
	a, done, err := server.Offline(ctx, c.Config)
	if err != nil {
		return err
	}
	defer done() //nolint:errcheck // everything is committed by then
	if c.Name == "" {
		c.Name = c.Login
	}
	v, l, err := a.Users.Create(ctx, administrator, app.UserSpec{
		Name: c.Name, Login: c.Login, Role: c.Role, PartnerID: c.Partner, CustomerID: c.Customer, Language: c.Language,
	})
	if err != nil {
		return err
	}
	return showLink(os.Stdout, c.URL, v, l, c.JSON)
}

type userLinkCmd struct {
	Login               string `arg:"" help:"What the user signs in with."`
	WithoutSecondFactor bool   `help:"Also take the second factor off, for who has lost it."`
	URL                 string `name:"url" env:"TISCHLEIN_PORTAL_URL" placeholder:"URL" help:"The portal's address, to print the whole link."`
	JSON                bool   `name:"json" help:"Answer as JSON."`
	config.Config       `embed:""`
}

func (c userLinkCmd) Run(ctx context.Context) error {
	a, done, err := server.Offline(ctx, c.Config)
	if err != nil {
		return err
	}
	defer done() //nolint:errcheck // everything is committed by then
	v, err := userByLogin(ctx, a, c.Login)
	if err != nil {
		return err
	}
	if c.WithoutSecondFactor {
		if err := a.Users.RemoveSecondFactor(ctx, administrator, v.ID); err != nil {
			return err
		}
	}
	if err := a.Users.Unlock(ctx, administrator, v.ID); err != nil {
		return err
	}
	l, err := a.Users.ResetLink(ctx, administrator, v.ID)
	if err != nil {
		return err
	}
	return showLink(os.Stdout, c.URL, v, l, c.JSON)
}

// userByLogin finds a user by what they sign in with, in any case.
func userByLogin(ctx context.Context, a *app.App, login string) (app.UserView, error) {
	for v, err := range users(ctx, a, login) {
		if err != nil || auth.LoginKey(v.Login) == auth.LoginKey(login) {
			return v, err
		}
	}
	return app.UserView{}, fmt.Errorf("nobody signs in as %s", login)
}

// users are all users whose name or login contains the text, page by page.
func users(ctx context.Context, a *app.App, search string) func(func(app.UserView, error) bool) {
	return func(yield func(app.UserView, error) bool) {
		q := app.UserQuery{Query: app.Query{Limit: 200, Search: search}}
		for {
			l, err := a.Users.List(ctx, administrator, q)
			if err != nil {
				yield(app.UserView{}, err)
				return
			}
			for _, v := range l.Items {
				if !yield(v, nil) {
					return
				}
			}
			if q.Cursor = l.Next; q.Cursor == "" {
				return
			}
		}
	}
}

type userListCmd struct {
	Search        string `arg:"" optional:"" help:"Part of a name or login."`
	JSON          bool   `name:"json" help:"Answer as JSON, one user a line."`
	config.Config `embed:""`
}

func (c userListCmd) Run(ctx context.Context) error {
	a, done, err := server.Offline(ctx, c.Config)
	if err != nil {
		return err
	}
	defer done() //nolint:errcheck // nothing is written
	for v, err := range users(ctx, a, c.Search) {
		if err != nil {
			return err
		}
		if err := showUser(os.Stdout, v, c.JSON); err != nil {
			return err
		}
	}
	return nil
}

func showUser(w io.Writer, v app.UserView, asJSON bool) error {
	if asJSON {
		line := map[string]any{"id": v.ID, "login": v.Login, "name": v.Name, "role": v.Role, "state": v.State,
			"partner_id": v.PartnerID, "customer_id": v.CustomerID, "second_factor": v.SecondFactor, "last_sign_in": nil}
		if !v.LastSignIn.IsZero() {
			line["last_sign_in"] = v.LastSignIn
		}
		return json.NewEncoder(w).Encode(line)
	}
	last := "never"
	if !v.LastSignIn.IsZero() {
		last = v.LastSignIn.Local().Format("2006-01-02 15:04")
	}
	_, err := fmt.Fprintf(w, "%s %s %s %s %s %s\n", pad(v.Login, 32), pad(string(v.Role), 16), pad(string(v.State), 8), pad(last, 16), v.Name, v.Partner+v.Customer)
	return err
}

// showLink prints a one-time link; without the portal's address, its path.
func showLink(w io.Writer, portal string, v app.UserView, l app.OneTimeLink, asJSON bool) error {
	link := strings.TrimSuffix(portal, "/") + "/welcome/" + l.Token.Reveal()
	if asJSON {
		return json.NewEncoder(w).Encode(map[string]any{"id": v.ID, "login": v.Login, "role": v.Role, "kind": l.Kind, "link": link, "expires": l.Expires})
	}
	_, err := fmt.Fprintf(w, "%s\n  for %s (%s), good once until %s\n", link, v.Login, v.Role, l.Expires.Local().Format(time.DateTime))
	return err
}
