package view

import (
	"context"
	"strings"
	"time"

	"tischlein/internal/telephony"
	"tischlein/internal/web/text"
)

// Log is the tab Protokoll, or with a customer without id the installation's log.
type Log struct {
	Customer telephony.Customer
	Service  string
	Place    Place
	Rows     []LogRow
	Pager    Pager
	WrongDay bool // a day of the filter could not be read
}

// LogRow is one entry, worded.
type LogRow struct {
	ID        string
	At        time.Time
	Actor     string
	ActorKind string // id of a text
	From      string // address
	Action    string
	Kind      string // of the object: channel, extension, cpe, customer, user, token
	ObjectID  string
	Object    string // its name now, "" = it is gone
	Refused   bool
	Reason    string // of the refusal
	Changes   []LogChange
	Undo      bool
}

// LogChange is one fact before and after, "" where there was or is none.
type LogChange struct{ Field, Before, After string }

// LogUndo asks before a link or an unlinking is taken back.
type LogUndo struct {
	Confirmation
	Effects []Effect
	Refused string // why it cannot be undone any more, "" = it can
}

// named reports whether the names of such objects are known here, so that one
// without is gone.
func (r LogRow) named() bool {
	switch r.Kind {
	case "channel", "extension", "cpe", "site_token", "number", "trunk":
		return true
	}
	return false
}

func (m Log) columns(ctx context.Context) []Column {
	t := func(id string) string { return text.T(ctx, id) }
	return []Column{
		{Label: t("log.at"), Class: "tight"},
		{Label: t("log.action"), Class: "name"},
		{Label: t("log.object")},
		{Label: t("log.actor")},
		{Label: t("log.changes"), Class: "log-what"},
		{Label: t("log.undo"), Quiet: true, Class: "tight tools-cell"},
	}
}

// logActions and logKinds are what the log can be narrowed to.
var (
	logActions = []string{"link", "unlink", "login", "logout", "attach", "detach", "create", "update", "delete", "allow", "disallow",
		"arm", "resync", "reboot", "rotate", "rotate_all", "forget_certificate", "contested", "device_pin", "pin_void", "unfreeze", "void", "lost", "freeze", "trust", "first_access", "reveal_url", "reveal_secret", "reveal_file", "override", "set_pin", "unlock", "undo", "sign_in", "call", "emergency_call"}
	logKinds = []string{"channel", "extension", "cpe", "number", "trunk", "customer", "user", "token"}

	houseActions = []string{"create", "update", "delete", "revoke", "sign_in", "sign_out", "change_password", "reset_link", "reset_password", "accept_invitation",
		"second_factor_on", "second_factor_off", "recovery_codes", "unlock", "end_session", "end_sessions", "override", "pause", "resume", "end", "retry", "halt"}
	houseKinds = []string{"user", "partner", "token", "trunk", "driver", "firmware", "rollout"}
)

// ofHouse reports whether it is the installation's log.
func (m Log) ofHouse() bool { return m.Customer.ID == "" }

// path is where the log is.
func (m Log) path(parts ...string) string {
	if m.ofHouse() {
		return strings.Join(append([]string{"/log"}, parts...), "/")
	}
	return CustomerPath(m.Customer.ID, append([]string{"log"}, parts...)...)
}

func (m Log) crumbs(ctx context.Context) []Crumb {
	if m.ofHouse() {
		return nil
	}
	return []Crumb{{text.T(ctx, "common.nav_customers"), "/customers"}, {m.Customer.Name, CustomerPath(m.Customer.ID)}, {m.Service, ""}}
}

func (m Log) filters(ctx context.Context) []Filter {
	choices := func(all, begin string, words []string) []Choice {
		out := []Choice{{"", text.T(ctx, all)}}
		for _, w := range words {
			out = append(out, Choice{w, text.T(ctx, begin+w)})
		}
		return out
	}
	actions, kinds := logActions, logKinds
	if m.ofHouse() {
		actions, kinds = houseActions, houseKinds
	}
	return []Filter{
		{Name: "action", Label: text.T(ctx, "log.action"), Choices: choices("log.all_actions", "log.action_", actions)},
		{Name: "kind", Label: text.T(ctx, "log.object"), Choices: choices("log.all_kinds", "log.kind_", kinds)},
		{Name: "outcome", Label: text.T(ctx, "log.outcome"), Choices: choices("log.all_outcomes", "log.outcome_", []string{"done", "refused"})},
	}
}

// href leads to the entry's object, "" where there is no page for it or it is gone.
func (m Log) href(r LogRow) string {
	if r.Object == "" {
		return ""
	}
	switch r.Kind {
	case "channel", "extension", "cpe", "number":
		return CustomerPath(m.Customer.ID, r.Kind+"s", r.ObjectID)
	case "trunk":
		return TrunkHouse{Customer: m.Customer}.Path(r.ObjectID)
	case "customer":
		return CustomerPath(m.Customer.ID)
	case "user", "partner":
		return "/" + r.Kind + "s/" + r.ObjectID
	}
	return ""
}

// export is the address of the file with all entries that are shown, and more pages of them.
func (m Log) export() string {
	p := Place{Path: m.path("export.csv"), Values: m.Place.Values}
	return string(p.With("cursor", ""))
}
