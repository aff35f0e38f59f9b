package view

import (
	"context"
	"time"

	"tischlein/internal/web/text"
)

// SignInModel is the sign-in page and the one for the code after it.
type SignInModel struct {
	Form  Form
	Next  string // where it leads
	Done  bool   // somebody has just signed out
	Ended bool   // a page was asked for without a session
	Kept  bool   // a form waits to be sent again
}

// WelcomeModel is what a one-time link leads to.
type WelcomeModel struct {
	Form        Form
	Kind        string // first_admin, invitation, reset
	Name, Login string
	Expires     time.Time
	Path        string
}

// first reports whether it makes the first administrator.
func (m WelcomeModel) first() bool { return m.Kind == "first_admin" }

// AccountModel is one's own account.
type AccountModel struct {
	Form         Form
	Login, Role  string
	SecondFactor SecondFactor
	Sessions     []OwnSession
	Now          time.Time
}

// others reports whether there are sessions besides this one.
func (m AccountModel) others() bool { return len(m.Sessions) > 1 }

// SecondFactor is how one's second factor stands.
type SecondFactor struct {
	On       bool
	Since    time.Time
	Codes    int // recovery codes left
	Required bool
}

// OwnSession is one of one's own sessions.
type OwnSession struct {
	ID            string
	Current       bool
	Browser, From string
	Since, Seen   time.Time
}

// SecondFactorModel is the page of the second factor. Secret, Squares and Size
// are there while enrolling: the code that apps read, drawn of unit squares.
type SecondFactorModel struct {
	Form    Form
	Off     Form
	Now     SecondFactor
	Secret  string
	Squares []Square
	Size    int
}

// crumbs lead back, for those who may go there yet.
func (m SecondFactorModel) crumbs(ctx context.Context) []Crumb {
	if m.Now.Required {
		return nil
	}
	return []Crumb{{text.T(ctx, "account.title"), "/account"}, {text.T(ctx, "account.second_factor"), ""}}
}

// Square is a run of black squares of a code.
type Square struct{ X, Y, Width int }
