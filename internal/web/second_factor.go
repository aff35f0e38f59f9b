package web

import (
	"net/http"

	"rsc.io/qr"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
	"tischlein/internal/web/view"
)

// issuer is the name under which an authenticator app keeps our codes.
const issuer = "Tischlein"

func (p *Portal) secondFactorShow(c *Call) error {
	if c.Session.Stage == app.SessionSecond {
		return c.Redirect("/sign-in/code")
	}
	return p.showSecondFactor(c, http.StatusOK, view.Form{}, view.Form{}, "")
}

// showSecondFactor shows how it stands, or while enrolling the secret to take.
func (p *Portal) showSecondFactor(c *Call, status int, f, off view.Form, secret telephony.Secret) error {
	now, err := p.app.Profile.SecondFactor(c.R.Context(), c.Session)
	if err != nil {
		return err
	}
	m := view.SecondFactorModel{Form: f, Off: off, Now: view.SecondFactor{On: now.On, Since: now.Since, Codes: now.RecoveryLeft, Required: c.Session.MustTOTP}}
	if secret != "" && !now.On {
		code, err := qr.Encode(auth.TOTPURL(secret, issuer, c.Session.Login).Reveal(), qr.M)
		if err != nil {
			return err
		}
		c.Secret()
		m.Secret, m.Squares, m.Size = secret.Reveal(), squares(code), code.Size
	}
	page := view.Page{Title: c.T("account.second_factor"), Section: view.SectionAccount, Narrow: true}
	if c.Session.Stage == app.SessionEnrol {
		return c.Gate(status, page, view.SecondFactorPage(m))
	}
	return c.Page(status, page, view.SecondFactorPage(m))
}

// squares is the code as an SVG path of unit squares.
func squares(code *qr.Code) (path []view.Square) {
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			from := x
			for x < code.Size && code.Black(x, y) {
				x++
			}
			if x > from {
				path = append(path, view.Square{X: from, Y: y, Width: x - from})
			}
		}
	}
	return path
}

func (p *Portal) secondFactorEnrol(c *Call) error {
	e, err := p.app.Profile.EnrolTOTP(c.R.Context(), c.Session, issuer)
	if err != nil {
		return err
	}
	return p.showSecondFactor(c, http.StatusOK, view.Form{}, view.Form{}, e.Secret)
}

// secondFactorConfirm switches it on. A wrong code shows the same secret again:
// the app has it already.
func (p *Portal) secondFactorConfirm(c *Call) error {
	f, err := c.Form()
	if err != nil {
		return err
	}
	f.Need("code")
	if f.OK() {
		codes, err := p.app.Profile.ConfirmTOTP(c.R.Context(), c.Session, f.Value("code"))
		if err == nil {
			return p.showCodes(c, codes)
		}
		if err := f.Take(err, "code"); err != nil {
			return err
		}
	}
	secret := f.Value("secret")
	f.Values.Del("code")
	if len(secret) != 32 {
		secret = ""
	}
	return p.showSecondFactor(c, f.Status(), f.Form, view.Form{}, telephony.Secret(secret))
}

// showCodes shows the recovery codes, this once.
func (p *Portal) showCodes(c *Call, codes []telephony.Secret) error {
	c.Secret()
	var shown []string
	for _, x := range codes {
		shown = append(shown, x.Reveal())
	}
	page := view.Page{Title: c.T("account.recovery_codes"), Section: view.SectionAccount, Narrow: true}
	if c.Session.Stage == app.SessionEnrol {
		return c.Gate(http.StatusOK, page, view.RecoveryCodes(shown))
	}
	return c.Page(http.StatusOK, page, view.RecoveryCodes(shown))
}

func (p *Portal) secondFactorOff(c *Call) error {
	f, err := p.reauthenticate(c, func(password telephony.Secret, code string) error {
		return p.app.Profile.DisableTOTP(c.R.Context(), c.Session, password, code)
	})
	if err != nil {
		return err
	}
	if f.OK() {
		return c.Redirect("/account", Done("account.second_factor_off_done"))
	}
	return p.showSecondFactor(c, f.Status(), view.Form{}, f.Form, "")
}

func (p *Portal) recoveryCodesRenew(c *Call) error {
	var codes []telephony.Secret
	f, err := p.reauthenticate(c, func(password telephony.Secret, code string) (err error) {
		codes, err = p.app.Profile.NewRecoveryCodes(c.R.Context(), c.Session, password, code)
		return err
	})
	if err != nil {
		return err
	}
	if f.OK() {
		return p.showCodes(c, codes)
	}
	return p.showSecondFactor(c, f.Status(), view.Form{}, f.Form, "")
}

// reauthenticate reads password and code and hands them on; a refusal is in the
// form.
func (p *Portal) reauthenticate(c *Call, do func(password telephony.Secret, code string) error) (*Form, error) {
	f, err := c.Form()
	if err != nil {
		return nil, err
	}
	f.Need("password", "code")
	if f.OK() {
		if err := do(telephony.Secret(f.Value("password")), f.Value("code")); err != nil {
			return f, f.Take(err, "password", "code")
		}
	}
	return f, nil
}
