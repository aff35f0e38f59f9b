package web

import (
	"net/http"

	"tischlein/internal/app"
	"tischlein/internal/telephony"
	"tischlein/internal/web/view"
)

// welcomeAsk shows what a one-time link leads to, without using it up: programs
// that look at links beforehand must not spoil it.
func (p *Portal) welcomeAsk(c *Call) error {
	w, err := p.app.Sessions.Welcome(c.R.Context(), c.R.PathValue("token"), c.From)
	if err != nil {
		return err
	}
	return p.showWelcome(c, http.StatusOK, w, Fill("name", w.Name, "login", w.Login))
}

func (p *Portal) showWelcome(c *Call, status int, w app.Welcome, f view.Form) error {
	c.W.Header().Set("Referrer-Policy", "no-referrer") // the address is a secret
	c.Secret()
	m := view.WelcomeModel{Form: f, Kind: string(w.Kind), Name: w.Name, Login: w.Login, Expires: w.Expires, Path: c.R.URL.Path}
	return c.Gate(status, view.Page{Title: c.T("account.welcome")}, view.Welcome(m))
}

func (p *Portal) welcomeAccept(c *Call) error {
	token := c.R.PathValue("token")
	w, err := p.app.Sessions.Welcome(c.R.Context(), token, c.From)
	if err != nil {
		return err
	}
	f, err := c.Form()
	if err != nil {
		return err
	}
	if w.Kind == app.LinkFirstAdmin {
		f.Need("name", "login")
	}
	f.Need("password")
	if f.OK() && f.Value("password") != f.Value("password_again") {
		f.Refuse("password_again", "account.passwords_differ")
	}
	if f.OK() {
		language := ""
		if w.Language == "" {
			language = string(c.Text().Language)
		}
		s, err := p.app.Sessions.AcceptWelcome(c.R.Context(), app.Acceptance{
			Token: token, Name: f.Value("name"), Login: f.Value("login"), Language: language,
			Password: telephony.Secret(f.Value("password")), From: c.From, UserAgent: c.R.UserAgent(),
		})
		if err == nil {
			return p.arrived(c, s, "/")
		}
		if err := f.Take(err, "name", "login", "password"); err != nil {
			return err
		}
	}
	return p.showWelcome(c, f.Status(), w, f.Form)
}
