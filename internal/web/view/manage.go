package view

import (
	"context"
	"strconv"
	"time"

	"tischlein/internal/telephony"
	"tischlein/internal/web/text"
)

// User is somebody who may sign in to the portal.
type User struct {
	ID, Name, Login   string
	Role              string
	Partner, Customer string // names, "" where the role has none
	Number            string // of the extension whose user it is
	State             string // active, invited, locked, disabled
	SecondFactor      bool
	LinkExpires       time.Time // of an open one-time link
	LastSignIn        time.Time
	Version           int64
	Own               bool // it is whoever reads
}

// UserList is the list of them.
type UserList struct {
	Place Place
	Rows  []User
	Pager Pager
	Now   time.Time
}

// UserForm is the page on which a user is invited or changed.
type UserForm struct {
	User        *User // nil: a new one
	Form        Form
	Roles       []string // that whoever reads may give
	Partners    []Choice
	OwnCustomer bool // users are of the reader's customer, whatever is typed
	Now         time.Time
}

// OneTimeLink is a link that is shown once.
type OneTimeLink struct {
	User    User
	URL     string
	Expires time.Time
	Reset   bool // for a new password; else an invitation
}

// PartnerList is the list of resellers.
type PartnerList struct {
	Place Place
	Rows  []telephony.Partner
	Pager Pager
}

// PartnerForm is the page on which one is made or changed.
type PartnerForm struct {
	Partner telephony.Partner // without id: a new one
	Form    Form
}

// Token is an API token without its secret.
type Token struct {
	ID, Name, CreatedBy string
	Role                string
	Scopes              []string
	Created, Expires    time.Time // Expires zero: never
}

// TokenList is the list of them.
type TokenList struct {
	Place Place
	Rows  []Token
	Pager Pager
	Now   time.Time
}

// TokenForm is the page on which one is made.
type TokenForm struct {
	Form        Form
	Roles       []string
	Scopes      []string // that whoever reads has
	Partners    []Choice
	OwnCustomer bool
}

var userTones = map[string]Tone{"active": ToneOK, "invited": ToneWait, "locked": ToneBad, "disabled": ToneIdle}

func (m UserList) columns(ctx context.Context) []Column {
	t := func(id string) string { return text.T(ctx, id) }
	return []Column{
		{Label: t("users.name"), Class: "name"}, {Label: t("users.login"), Class: "wide"}, {Label: t("users.role")},
		{Label: t("users.state"), Class: "bare"}, {Label: t("users.last_sign_in"), Class: "wide"},
	}
}

func (m PartnerList) columns(ctx context.Context) []Column {
	return []Column{{Label: text.T(ctx, "partners.name"), Class: "name"}}
}

func (m TokenList) columns(ctx context.Context) []Column {
	t := func(id string) string { return text.T(ctx, id) }
	return []Column{
		{Label: t("tokens.name"), Class: "name"}, {Label: t("tokens.role")}, {Label: t("tokens.scopes"), Class: "wide"},
		{Label: t("tokens.created"), Class: "wide"}, {Label: t("tokens.expires")}, {Label: t("tokens.revoke"), Quiet: true, Class: "tight tools-cell"},
	}
}

// reach words whose customers somebody sees.
func (u User) reach() string {
	switch {
	case u.Number != "":
		return u.Customer + " · " + u.Number
	case u.Customer != "":
		return u.Customer
	}
	return u.Partner
}

func roleChoices(ctx context.Context, roles []string) []Choice {
	var list []Choice
	for _, r := range roles {
		list = append(list, Choice{r, text.T(ctx, "common.role_"+r)})
	}
	return list
}

func userLanguages(ctx context.Context) []Choice {
	return []Choice{{"", text.T(ctx, "users.language_browser")}, {"de", "Deutsch"}, {"en", "English"}, {"nl", "Nederlands"}}
}

func offers(roles []string, r string) bool {
	for _, x := range roles {
		if x == r {
			return true
		}
	}
	return false
}

func userDeleteQuestion(ctx context.Context, u User) Confirmation {
	return Confirmation{
		ID: "user-delete", Title: text.T(ctx, "users.delete_title", "Name", u.Name), Action: "/users/" + u.ID + "/delete", Back: "/users/" + u.ID,
		Do: text.T(ctx, "users.delete"), Danger: true, Hidden: []Choice{{Value: "version", Label: strconv.FormatInt(u.Version, 10)}},
	}
}

func partnerDeleteQuestion(ctx context.Context, x telephony.Partner) Confirmation {
	return Confirmation{
		ID: "partner-delete", Title: text.T(ctx, "partners.delete_title", "Name", x.Name), Action: "/partners/" + x.ID + "/delete", Back: "/partners/" + x.ID,
		Do: text.T(ctx, "partners.delete"), Danger: true, Hidden: []Choice{{Value: "version", Label: strconv.FormatInt(x.Version, 10)}},
	}
}

func tokenRevokeQuestion(ctx context.Context, t Token) Confirmation {
	return Confirmation{
		ID: "token-revoke", Title: text.T(ctx, "tokens.revoke_title", "Name", t.Name), Action: "/tokens/" + t.ID + "/revoke", Back: "/tokens",
		Do: text.T(ctx, "tokens.revoke"), Danger: true,
	}
}

func dayChoices(ctx context.Context) []Choice {
	return []Choice{
		{"30", text.N(ctx, "tokens.days", 30)}, {"90", text.N(ctx, "tokens.days", 90)}, {"365", text.N(ctx, "tokens.days", 365)},
		{"never", text.T(ctx, "tokens.days_never")},
	}
}

func expiresWord(ctx context.Context, t Token) string {
	if t.Expires.IsZero() {
		return text.T(ctx, "tokens.never")
	}
	return text.From(ctx).Date(t.Expires)
}
