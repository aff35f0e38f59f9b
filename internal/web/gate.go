package web

import (
	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/web/text"
	"tischlein/internal/web/view"
)

var gateRoutes = []Route{
	get("/{$}", SignedIn, (*Portal).start),
	get("/language", Open, (*Portal).languageChoose),
	get("/sign-in", Open, (*Portal).signInAsk),
	post("/sign-in", Open, "", (*Portal).signIn),
	get("/sign-in/code", Entering, (*Portal).codeAsk),
	post("/sign-in/code", Entering, "", (*Portal).codeCheck),
	post("/sign-out", Entering, "", (*Portal).signOut),
	get("/welcome/{token}", Open, (*Portal).welcomeAsk),
	post("/welcome/{token}", Open, "", (*Portal).welcomeAccept),
}

// start leads to where somebody's work is.
func (p *Portal) start(c *Call) error {
	if c.Actor.Role == auth.CustomerAdmin {
		return c.Redirect(view.CustomerPath(c.Actor.CustomerID))
	}
	return c.Redirect("/customers")
}

// languageChoose keeps the language of a browser whose person we do not know.
func (p *Portal) languageChoose(c *Call) error {
	if l, ok := text.Known(c.R.FormValue("to")); ok {
		p.setCookie(c.W, languageCookie, string(l), yearLong)
	}
	return c.Redirect(localPath(c.R.FormValue("next")))
}

func (p *Portal) signOut(c *Call) error {
	if err := p.app.Sessions.SignOut(c.R.Context(), c.Session); err != nil {
		return err
	}
	p.setCookie(c.W, sessionCookie, "", -1)
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
	}
	return c.Redirect(next)
}
