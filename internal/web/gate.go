package web

import (
	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/web/text"
	"tischlein/internal/web/view"
)

var gateRoutes = []Route{
	get("/{$}", Entering, (*Portal).start),
	get("/language", Open, (*Portal).languageChoose),
	get("/sign-in", Open, (*Portal).signInAsk),
	post("/sign-in", Open, "", (*Portal).signIn),
	get("/sign-in/code", Entering, (*Portal).codeAsk),
	post("/sign-in/code", Entering, "", (*Portal).codeCheck),
	get(keptPath, Account, (*Portal).keptAsk),
	post("/sign-out", Entering, "", (*Portal).signOut),
	get("/welcome/{token}", Open, (*Portal).welcomeAsk),
	post("/welcome/{token}", Open, "", (*Portal).welcomeAccept),
}

// start leads to where somebody's work is.
func (p *Portal) start(c *Call) error {
	if p.halfway(c) {
		return nil
	}
	if c.endUser() {
		return c.Redirect("/me")
	}
	if c.Actor.Role == auth.CustomerAdmin {
		return c.Redirect(view.CustomerPath(c.Actor.CustomerID))
	}
	return c.Redirect("/customers")
}

// languageChoose keeps the language of a browser whose person we do not know.
func (p *Portal) languageChoose(c *Call) error {
	if l, ok := text.Known(c.R.FormValue("to")); ok {
		p.setCookie(c.W, languageCookie, string(l), yearLong)
		if c.endUser() && (c.Session.Stage == app.SessionFull || c.Session.Stage == app.SessionPIN) { // theirs is kept with them
			if err := p.app.SelfService.Look(c.R.Context(), c.Session, string(l), c.Session.Theme); err != nil {
				return err
			}
		}
	}
	return c.Redirect(localPath(c.R.FormValue("next")))
}

func (p *Portal) signOut(c *Call) error {
	if err := p.app.Sessions.SignOut(c.R.Context(), c.Session); err != nil {
		return err
	}
	p.setCookie(c.W, sessionCookie, "", -1)
	p.setCookie(c.W, personCookie, "", -1)
	if c.Session.ByPIN {
		return c.Redirect("/sign-in/extension?done=1")
	}
	return c.Redirect("/sign-in?done=1")
}

// arrived leads on after signing in: to what is still to do, or to the page that
// was asked for.
func (p *Portal) arrived(c *Call, s app.Session, next string) error {
	p.enter(c, s)
	switch s.Stage {
	case app.SessionSecond:
		return c.Redirect(withNext("/sign-in/code", next))
	case app.SessionEnrol:
		return c.Redirect("/account/second-factor")
	case app.SessionPIN:
		return c.Redirect(withNext("/me/pin", next))
	}
	if c.endUser() {
		next = ownPath(next)
	}
	return c.Redirect(next)
}
