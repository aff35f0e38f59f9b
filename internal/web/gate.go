package web

import (
	"net/http"
	"time"

	"tischlein/internal/auth"
	"tischlein/internal/web/text"
	"tischlein/internal/web/view"
)

var gateRoutes = []Route{
	get("/{$}", SignedIn, (*Portal).start),
	get("/language", Open, (*Portal).languageChoose),
	get("/sign-in", Open, (*Portal).signInForm),
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
		p.setCookie(c.W, languageCookie, string(l), 365*24*time.Hour)
	}
	return c.Redirect(localPath(c.R.FormValue("next")))
}

func (p *Portal) signInForm(c *Call) error {
	if c.Actor.Role != "" {
		return c.Redirect(localPath(c.R.FormValue("next")))
	}
	return c.showSignIn(http.StatusOK, view.Form{})
}

func (c *Call) showSignIn(status int, f view.Form) error {
	return c.Gate(status, view.Page{Title: c.T("account.sign_in")}, view.SignIn(view.SignInModel{Form: f, Next: localPath(c.R.FormValue("next"))}))
}
