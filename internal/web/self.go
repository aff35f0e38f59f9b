package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"tischlein/internal/app"
	"tischlein/internal/telephony"
	"tischlein/internal/web/view"
)

// selfRoutes are the end users' own pages (H02 c). /desk/… is where the QR code at
// a free phone leads.
var selfRoutes = []Route{
	get("/sign-in/extension", Open, (*Portal).selfSignInAsk),
	post("/sign-in/extension", Open, "", (*Portal).selfSignIn),
	get("/me", Own, (*Portal).selfShow),
	get("/me/events", Own, (*Portal).selfStream),
	get("/me/desk", Own, (*Portal).selfDeskFind),
	post("/me/logout", Own, "", (*Portal).selfLogoutAll),
	post("/me/places/{channel}/logout", Own, "", (*Portal).selfLogout),
	get("/me/pin", Entering, (*Portal).selfPINAsk),
	post("/me/pin", Entering, "", (*Portal).selfPINChange),
	get("/me/look", Own, (*Portal).selfLookAsk),
	post("/me/look", Own, "", (*Portal).selfLookChange),
	get("/desk/{number}/{desk}", Own, (*Portal).selfDeskAsk),
	post("/desk/{number}/{desk}", Own, "", (*Portal).selfDeskLogin),
}

// endUser reports whether an extension's own user asks, who has pages of their own
// and none of the portal's.
func (c *Call) endUser() bool { return c.Session.Number != "" }

// among lets end users to their own pages only, and others to none of those: what
// is not theirs is not there (X02).
func (p *Portal) among(c *Call, r Route) error {
	if c.Session.ByPIN && strings.HasPrefix(r.Pattern, "/account") {
		return telephony.NotFoundf("page") // there is no password, and no second factor
	}
	switch r.Reach {
	case Own:
		if !c.endUser() {
			p.askToSignIn(c)
			return errElsewhere
		}
		x, err := p.app.SelfService.Customer(c.R.Context(), c.Session)
		if err != nil {
			return err
		}
		c.Employer = x
		c.useZone(x.TimeZone)
	case SignedIn, OfCustomer:
		if c.endUser() {
			return telephony.NotFoundf("page")
		}
	}
	return nil
}

// selfPage is the frame of an end user's page; a live one hears what changes at
// their extension.
func (c *Call) selfPage(title string, live bool) view.Page {
	p := view.Page{Title: title}
	if live {
		p.Events = "/me/events?after=" + strconv.FormatUint(c.since, 10)
	}
	return p
}

// signInPath is where somebody signs in for a page: by number and PIN for the end
// users' own.
func signInPath(next string) string {
	if path, _, _ := strings.Cut(next, "?"); path == "/me" || strings.HasPrefix(path, "/me/") || strings.HasPrefix(path, "/desk/") {
		return "/sign-in/extension"
	}
	return "/sign-in"
}

// deskOf reads the customer's number and the desk's out of the path of a QR code.
func deskOf(next string) (customer, desk string) {
	u, err := url.Parse(next)
	if err != nil {
		return "", ""
	}
	parts := strings.Split(u.EscapedPath(), "/")
	if len(parts) != 4 || parts[1] != "desk" {
		return "", ""
	}
	if customer, err = url.PathUnescape(parts[2]); err != nil {
		return "", ""
	}
	desk, _ = url.PathUnescape(parts[3]) // "" is shown as none
	return customer, desk
}

// selfStream tells an end user's pages what changes at their extension.
func (p *Portal) selfStream(c *Call) error {
	return p.streamed(c, 0, eventName, func(ctx context.Context, after uint64) (<-chan app.Event, error) {
		return p.app.Events.SubscribeOwn(ctx, c.Actor, after)
	})
}

// selfShow is an end user's page: who they are, where they are logged in, where
// else they could be.
func (p *Portal) selfShow(c *Call) error { return p.showSelf(c, http.StatusOK, view.Form{}) }

func (p *Portal) showSelf(c *Call, status int, f view.Form) error {
	x, err := p.app.Desks.Mine(c.R.Context(), c.Actor, c.Actor.CustomerID, "")
	if err != nil {
		return err
	}
	m := view.Self{
		Form: f, Name: c.Actor.Name, Number: x.Extension.Number, Customer: c.Employer.Name, Live: "extension-" + x.Extension.ID,
		Account: !c.Session.ByPIN, HasPIN: x.Extension.HasPIN, LockedUntil: x.LockedUntil, Now: p.now(),
	}
	for _, l := range x.Places {
		m.Places = append(m.Places, view.SelfPlace{
			ID: l.ChannelID, Name: l.Channel, Desk: l.Desk, Linked: l.Kind == telephony.LoginLinked, Since: l.Since, Until: l.Until,
		})
	}
	for _, l := range x.Waiting {
		m.Places = append(m.Places, view.SelfPlace{ID: l.ChannelID, Name: l.Channel, Linked: true, Waiting: true})
	}
	return c.Page(status, c.selfPage(c.T("self.title"), true), view.SelfPage(m))
}
