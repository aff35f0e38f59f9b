package web

import (
	"net/http"

	"tischlein/internal/app"
	"tischlein/internal/telephony"
	"tischlein/internal/web/text"
	"tischlein/internal/web/view"
)

// selfPINAsk is the page for a new PIN. While the PIN is the administrator's 0000 it
// is all that an end user sees (D20).
func (p *Portal) selfPINAsk(c *Call) error {
	return p.selfPIN(c, func() error { return p.showPIN(c, http.StatusOK, view.Form{}, ownPath(c.R.FormValue("next"))) })
}

// selfPIN lets end users through whose second factor is not due any more.
func (p *Portal) selfPIN(c *Call, f func() error) error {
	switch {
	case c.Session.Stage == app.SessionSecond:
		return c.Redirect("/sign-in/code")
	case !c.endUser():
		return telephony.NotFoundf("page")
	}
	return f()
}

func (p *Portal) showPIN(c *Call, status int, f view.Form, next string) error {
	m := view.SelfPIN{Form: f, Next: next, Must: c.Session.Stage == app.SessionPIN, Number: c.Session.Number}
	if m.Must {
		return c.Gate(status, view.Page{Title: c.T("self.pin_own")}, view.SelfPINGate(m))
	}
	return c.Page(status, c.selfPage(c.T("self.pin_change"), false), view.SelfPINPage(m))
}

func (p *Portal) selfPINChange(c *Call) error {
	return p.selfPIN(c, func() error {
		f, err := c.Form()
		if err != nil {
			return err
		}
		next := ownPath(f.Value("next"))
		if c.Session.Stage == app.SessionFull {
			f.Need("pin")
		}
		f.Need("new_pin")
		if f.OK() && f.Value("new_pin") != f.Value("new_pin_again") {
			f.Refuse("new_pin_again", "self.pins_differ")
		}
		if f.OK() {
			err := p.app.SelfService.ChangePIN(c.R.Context(), c.Session, telephony.Secret(f.Value("pin")), telephony.Secret(f.Value("new_pin")))
			if err == nil {
				return c.Redirect(next, Done("self.pin_changed"))
			}
			if telephony.ReasonOf(err) == "pin_wrong" {
				f.Refuse("pin", "self.pin_not_present")
			} else if err := f.Take(err, "pin", "new_pin"); err != nil {
				return err
			}
		}
		return p.showPIN(c, f.Status(), f.Form, next)
	})
}

func (p *Portal) selfLookAsk(c *Call) error {
	return p.showLook(c, http.StatusOK, Fill("language", c.Session.Language, "theme", c.Session.Theme))
}

func (p *Portal) showLook(c *Call, status int, f view.Form) error {
	return c.Page(status, c.selfPage(c.T("self.look"), false), view.SelfLook(f))
}

// selfLookChange keeps language and theme. What it says is said in the new language
// already.
func (p *Portal) selfLookChange(c *Call) error {
	f, err := c.Form()
	if err != nil {
		return err
	}
	err = p.app.SelfService.Look(c.R.Context(), c.Session, f.Value("language"), f.Value("theme"))
	if err == nil {
		if l, ok := text.Known(f.Value("language")); ok {
			p.setCookie(c.W, languageCookie, string(l), yearLong)
		}
		return c.Redirect("/me", Done("account.saved"))
	}
	if err := f.Take(err, "language", "theme"); err != nil {
		return err
	}
	return p.showLook(c, f.Status(), f.Form)
}
