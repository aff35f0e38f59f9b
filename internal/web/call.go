package web

import (
	"bytes"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"sync"

	"github.com/a-h/templ"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
	"tischlein/internal/web/text"
	"tischlein/internal/web/view"
)

// Call is one request with who asks and what is known by then.
type Call struct {
	W        http.ResponseWriter
	R        *http.Request
	From     netip.Addr
	Session  app.Session         // zero on open routes of nobody
	Actor    auth.Actor          // the session's
	Customer *telephony.Customer // of routes OfCustomer
	Employer telephony.Customer  // of routes Own: the end user's

	portal *Portal
	since  uint64 // the newest event when the page began to be read
	quiet  bool   // the answer holds a secret: it is not compressed
	keeps  bool   // what was typed is kept for after signing in
}

// Text is the printer of who asks.
func (c *Call) Text() *text.Printer { return text.From(c.R.Context()) }

// T words a text for who asks.
func (c *Call) T(id string, args ...any) string { return c.Text().T(id, args...) }

// Fragment reports whether a part of the page is asked for rather than the page:
// by htmx, or to bring live state up to date.
func (c *Call) Fragment() bool {
	return c.R.Header.Get("HX-Request") != "" && c.R.Header.Get("HX-History-Restore-Request") == ""
}

// Place is where in a list the request is.
func (c *Call) Place() view.Place {
	return view.Place{Path: c.R.URL.Path, Values: c.R.URL.Query()}
}

// Secret says that the answer shows a secret: compressing it beside what somebody
// else may have chosen would tell it.
func (c *Call) Secret() { c.quiet = true }

// Page answers with a page in its frame.
func (c *Call) Page(status int, p view.Page, content templ.Component) error {
	c.complete(&p)
	ctx := templ.WithChildren(c.R.Context(), content)
	frame := view.Layout
	if c.endUser() {
		frame = view.SelfLayout
	}
	return c.render(status, func(b *bytes.Buffer) error { return frame(p).Render(ctx, b) })
}

// Gate answers with a page for those who are not signed in.
func (c *Call) Gate(status int, p view.Page, content templ.Component) error {
	c.complete(&p)
	ctx := templ.WithChildren(c.R.Context(), content)
	return c.render(status, func(b *bytes.Buffer) error { return view.Gate(p).Render(ctx, b) })
}

// Part answers with a component alone.
func (c *Call) Part(status int, content templ.Component) error {
	return c.render(status, func(b *bytes.Buffer) error { return content.Render(c.R.Context(), b) })
}

// complete fills in what every page has.
func (c *Call) complete(p *view.Page) {
	p.Service, p.Theme, p.Path = c.portal.cfg.Service, c.Session.Theme, c.R.URL.RequestURI()
	if c.R.Method != http.MethodGet {
		p.Path = c.R.URL.Path
	}
	p.Toasts = append(p.Toasts, c.takeToasts()...)
	if c.Session.Stage == app.SessionFull {
		p.Person = &view.Person{Name: c.Actor.Name, Role: string(c.Actor.Role), Manages: manages(c.Actor), Number: c.Session.Number, Account: !c.Session.ByPIN}
	}
	if c.Customer != nil && p.Customer == nil {
		p.Customer = c.Customer
	}
	if c.Customer != nil && p.Events == "" {
		p.Events = view.CustomerPath(c.Customer.ID, "events") + "?after=" + strconv.FormatUint(c.since, 10)
	}
}

func manages(a auth.Actor) view.ManageSection {
	admin := a.Can(auth.ScopeAdmin)
	return view.ManageSection{Partners: admin && a.Operator(), Users: admin, Tokens: admin, Trunks: a.Operator() && a.Can(auth.ScopeRead), Log: a.Operator() && a.Can(auth.ScopeRead)}
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// render draws into memory first: a page that fails half-way is an error page and
// not half a page.
func (c *Call) render(status int, draw func(*bytes.Buffer) error) error {
	b := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(b)
	b.Reset()
	if err := draw(b); err != nil {
		return fmt.Errorf("drawing %s: %w", c.R.URL.Path, err)
	}
	h := c.W.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Add("Vary", "HX-Request, Accept-Language, Cookie")
	send(c.W, c.R, status, b.Bytes(), c.quiet)
	return nil
}

// Redirect leads on after something was done; what is said is shown there.
func (c *Call) Redirect(to string, say ...Said) error {
	if len(say) > 0 {
		c.keepToasts(say)
	}
	http.Redirect(c.W, c.R, to, http.StatusSeeOther)
	return nil
}

// back is the page that somebody wants to be led back to: this one, or the one
// that sent the form or asked for a part.
func (c *Call) back() string {
	if c.R.Method == http.MethodGet && !c.Fragment() {
		return localPath(c.R.URL.RequestURI())
	}
	from := c.R.Header.Get("HX-Current-URL")
	if from == "" {
		from = c.R.Referer()
	}
	u, err := url.Parse(from)
	if err != nil {
		return "/"
	}
	return localPath(u.RequestURI())
}

func withNext(path, next string) string {
	if next == "/" {
		return path
	}
	return path + "?next=" + url.QueryEscape(next)
}

// localPath is a path of the portal that a link asked to be led back to, or the
// start: never another host's.
func localPath(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.IsAbs() || u.Host != "" || len(s) > 2048 || len(u.Path) < 2 || u.Path[0] != '/' || u.Path[1] == '/' || u.Path[1] == '\\' {
		return "/"
	}
	u.Fragment = ""
	return u.String()
}
