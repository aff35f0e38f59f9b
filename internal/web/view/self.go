package view

import (
	"context"
	"net/url"
	"time"

	"tischlein/internal/web/text"
)

// DeskPath is where the QR code of a desk leads.
func DeskPath(customer, desk string) string {
	return "/desk/" + url.PathEscape(customer) + "/" + url.PathEscape(desk)
}

// SelfSignInModel is the page on which an end user signs in.
type SelfSignInModel struct {
	Form    Form
	Next    string // where it leads
	Desk    string // the desk whose QR code led here, "" = none
	Done    bool   // somebody has just signed out
	Present string // who is signed in to the portal in this browser, "" = nobody
}

// known reports whether the customer's number stands there already.
func (m SelfSignInModel) known() bool { return m.Form.Value("customer") != "" }

// customerHint says where the number comes from, to those who have to type it.
func (m SelfSignInModel) customerHint(ctx context.Context) string {
	if m.known() {
		return ""
	}
	return text.T(ctx, "self.customer_hint")
}

// Self is an end user's page.
type Self struct {
	Form        Form // of the desk's number
	Name        string
	Number      string
	Customer    string // name
	Live        string
	Places      []SelfPlace
	LockedUntil time.Time // logging in at phones by PIN; zero: it is not locked
	Now         time.Time
	Account     bool // signed in with a portal account
	HasPIN      bool
}

// SelfPlace is a phone at which an end user is logged in, or would be.
type SelfPlace struct {
	ID, Name string
	Desk     string
	Linked   bool // by an administrator
	Waiting  bool // linked, and there is no phone yet
	Since    time.Time
	Until    time.Time // zero: without end
}

// own counts the places that the user can leave.
func (m Self) own() (n int) {
	for _, p := range m.Places {
		if !p.Linked {
			n++
		}
	}
	return n
}

// nowhere reports whether calls ring at no phone.
func (m Self) nowhere() bool {
	for _, p := range m.Places {
		if !p.Waiting {
			return false
		}
	}
	return true
}

// Moment is the time of day, with the date when it is another day's.
func Moment(ctx context.Context, t, now time.Time) string {
	p := text.From(ctx)
	if p.Date(t) == p.Date(now) {
		return p.Clock(t)
	}
	return p.DateTime(t)
}

// SelfDesk is the question whether to log in at a desk.
type SelfDesk struct {
	Place, Desk string
	Number      string // of who asks
	Path        string
	Channel     string
	Live        string
	Here        bool   // they are logged in there
	Linked      bool   // by an administrator
	Refused     string // why nobody can log in there, already worded
	Remark      string // what happened meanwhile
	TakeOver    bool   // somebody must leave
	Taken       bool   // another one, who is there
	Leaving     []string
	Choices     []Choice // own places, of which one must be left
	End         string   // the one that is chosen
	Seen        string   // who would leave: what is agreed to
	Over        string   // the number of who sits there, which the page does not show
}

// Title is the question as the browser's tab has it.
func (m SelfDesk) Title(ctx context.Context) string {
	if m.Here || m.Refused != "" {
		return m.Place
	}
	return text.T(ctx, "self.ask", "Place", m.Place)
}

// do is the word on the button.
func (m SelfDesk) do(ctx context.Context) string {
	switch {
	case m.Taken:
		return text.T(ctx, "self.do_take")
	case m.TakeOver:
		return text.T(ctx, "self.do_move")
	}
	return text.T(ctx, "self.do")
}

// SelfPIN is the page for a new PIN. Must is set while the administrator's has to
// go: then there is nothing else yet.
type SelfPIN struct {
	Form   Form
	Must   bool
	Number string
	Next   string
}

// DeskCode leads end users to a free desk.
type DeskCode struct {
	Place, Desk string
	URL         string
	Squares     []Square
	Size        int
}
