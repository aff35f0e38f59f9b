package web

import (
	"net/http"

	"tischlein/internal/app"
	"tischlein/internal/telephony"
	"tischlein/internal/web/text"
	"tischlein/internal/web/view"
)

var accountRoutes = []Route{
	get("/account", Account, (*Portal).accountShow),
	post("/account", Account, "", (*Portal).accountUpdate).keeps(),
	get("/account/password", Account, (*Portal).passwordAsk),
	post("/account/password", Account, "", (*Portal).passwordChange),
	get("/account/second-factor", Entering, (*Portal).secondFactorShow),
	post("/account/second-factor/enrol", Entering, "", (*Portal).secondFactorEnrol),
	post("/account/second-factor", Entering, "", (*Portal).secondFactorConfirm),
	post("/account/second-factor/off", Account, "", (*Portal).secondFactorOff),
	post("/account/second-factor/codes", Account, "", (*Portal).recoveryCodesRenew),
	post("/account/sessions/{session}/end", Account, "", (*Portal).sessionEnd),
	post("/account/sessions/end-others", Account, "", (*Portal).sessionsEndOthers),
}

func (p *Portal) accountShow(c *Call) error {
	s := c.Session
	return p.showAccount(c, http.StatusOK, Fill("name", s.Name, "language", s.Language, "theme", s.Theme))
}

func (p *Portal) showAccount(c *Call, status int, f view.Form) error {
	second, err := p.app.Profile.SecondFactor(c.R.Context(), c.Session)
	if err != nil {
		return err
	}
	sessions, err := p.app.Sessions.List(c.R.Context(), c.Session)
	if err != nil {
		return err
	}
	m := view.AccountModel{
		Form: f, Login: c.Session.Login, Role: string(c.Actor.Role), Now: p.now(),
		SecondFactor: view.SecondFactor{On: second.On, Since: second.Since, Codes: second.RecoveryLeft, Required: second.Required},
	}
	for _, x := range sessions {
		m.Sessions = append(m.Sessions, view.OwnSession{ID: x.ID, Current: x.Current, Browser: browserOf(x.UserAgent), From: x.From, Since: x.Created, Seen: x.Seen})
	}
	return c.Page(status, view.Page{Title: c.T("account.title"), Section: view.SectionAccount}, view.Account(m))
}

// accountUpdate changes name, language and theme. What it says is said in the new
// language already.
func (p *Portal) accountUpdate(c *Call) error {
	f, err := c.Form()
	if err != nil {
		return err
	}
	f.Need("name")
	if f.OK() {
		err := p.app.Profile.Update(c.R.Context(), c.Session, app.ProfileForm{Name: f.Value("name"), Language: f.Value("language"), Theme: f.Value("theme")})
		if err == nil {
			if l, ok := text.Known(f.Value("language")); ok {
				p.setCookie(c.W, languageCookie, string(l), yearLong)
			}
			return c.Redirect("/account", Done("account.saved"))
		}
		if err := f.Take(err, "name", "language", "theme"); err != nil {
			return err
		}
	}
	return p.showAccount(c, f.Status(), f.Form)
}

func (p *Portal) passwordAsk(c *Call) error {
	return c.Page(http.StatusOK, view.Page{Title: c.T("account.password_change"), Section: view.SectionAccount, Narrow: true}, view.PasswordChange(view.Form{}))
}

func (p *Portal) passwordChange(c *Call) error {
	f, err := c.Form()
	if err != nil {
		return err
	}
	f.Need("password", "new_password")
	if f.OK() && f.Value("new_password") != f.Value("new_password_again") {
		f.Refuse("new_password_again", "account.passwords_differ")
	}
	if f.OK() {
		s, err := p.app.Profile.ChangePassword(c.R.Context(), c.Session,
			telephony.Secret(f.Value("password")), telephony.Secret(f.Value("new_password")), c.R.UserAgent())
		if err == nil {
			p.enter(c, s)
			return c.Redirect("/account", Done("account.password_changed"))
		}
		if err := f.Take(err, "password", "new_password"); err != nil {
			return err
		}
	}
	return c.Page(f.Status(), view.Page{Title: c.T("account.password_change"), Section: view.SectionAccount, Narrow: true}, view.PasswordChange(f.Form))
}

func (p *Portal) sessionEnd(c *Call) error {
	if err := p.app.Sessions.Revoke(c.R.Context(), c.Session, c.R.PathValue("session")); err != nil {
		return err
	}
	return c.Redirect("/account", Done("account.session_ended"))
}

func (p *Portal) sessionsEndOthers(c *Call) error {
	n, err := p.app.Sessions.RevokeOthers(c.R.Context(), c.Session)
	if err != nil {
		return err
	}
	return c.Redirect("/account", Done("account.sessions_ended", "Count", n))
}
