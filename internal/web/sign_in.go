package web

import (
	"net/http"

	"tischlein/internal/app"
	"tischlein/internal/telephony"
	"tischlein/internal/web/view"
)

// signInAsk shows the sign-in page; who is signed in already is led on.
func (p *Portal) signInAsk(c *Call) error {
	next := localPath(c.R.FormValue("next"))
	if c.Session.Stage == app.SessionFull {
		return c.Redirect(next)
	}
	m := view.SignInModel{Next: next, Done: c.R.FormValue("done") != "", Ended: next != "/", Kept: keptWaits(next)}
	return c.Gate(http.StatusOK, view.Page{Title: c.T("account.sign_in")}, view.SignIn(m))
}

func (p *Portal) signIn(c *Call) error {
	f, err := c.Form()
	if err != nil {
		return err
	}
	next := localPath(f.Value("next"))
	f.Need("login", "password")
	if f.OK() {
		s, err := p.app.Sessions.SignIn(c.R.Context(), app.SignIn{
			Login: f.Value("login"), Password: telephony.Secret(f.Value("password")), From: c.From, UserAgent: c.R.UserAgent(),
		})
		if err == nil {
			return p.arrived(c, s, next)
		}
		if err := f.Take(err, "login", "password"); err != nil {
			return err
		}
	}
	return c.Gate(f.Status(), view.Page{Title: c.T("account.sign_in")}, view.SignIn(view.SignInModel{Form: f.Form, Next: next}))
}

func (p *Portal) codeAsk(c *Call) error {
	next := localPath(c.R.FormValue("next"))
	if c.Session.Stage != app.SessionSecond {
		return c.Redirect(next)
	}
	return c.Gate(http.StatusOK, view.Page{Title: c.T("account.code")}, view.SignInCode(view.SignInModel{Next: next}))
}

func (p *Portal) codeCheck(c *Call) error {
	f, err := c.Form()
	if err != nil {
		return err
	}
	next := localPath(f.Value("next"))
	f.Need("code")
	if f.OK() {
		s, err := p.app.Sessions.SecondFactor(c.R.Context(), p.cookie(c.R, sessionCookie), f.Value("code"), c.From, c.R.UserAgent())
		if err == nil {
			return p.arrived(c, s, next)
		}
		if err := f.Take(err, "code"); err != nil {
			return err
		}
	}
	f.Values.Del("code") // it is good for nothing now
	return c.Gate(f.Status(), view.Page{Title: c.T("account.code")}, view.SignInCode(view.SignInModel{Form: f.Form, Next: next}))
}
