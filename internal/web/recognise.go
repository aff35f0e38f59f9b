package web

import (
	"strings"

	"tischlein/internal/app"
	"tischlein/internal/telephony"
	"tischlein/internal/web/text"
)

// recognise finds out who asks and in which language to answer. Without a session
// the error is unauthenticated, and the language still known.
func (p *Portal) recognise(c *Call) error {
	lang, known := text.Known(p.cookie(c.R, languageCookie))
	if !known {
		lang = text.Match(c.R.Header.Get("Accept-Language"))
	}
	err := error(&telephony.Error{Code: telephony.Unauthenticated, Reason: "session_missing", Message: "nobody is signed in"})
	if value := p.cookie(c.R, sessionCookie); value != "" {
		known := p.app.Sessions.Authenticate
		if c.byItself() {
			known = p.app.Sessions.Peek
		}
		c.Session, err = known(c.R.Context(), value, c.From)
	}
	if err == nil {
		c.Actor = c.Session.Actor
		if own, ok := text.Known(c.Session.Language); ok {
			lang = own
		}
	}
	c.R = c.R.WithContext(text.With(c.R.Context(), text.For(lang, ownZone(c.R))))
	return err
}

// byItself reports whether the page asks and not the person before it: that keeps
// no session alive.
func (c *Call) byItself() bool {
	return c.R.Header.Get("Tischlein-Live") != "" || strings.HasSuffix(c.R.URL.Path, "/events")
}

// halfway leads those who are not quite in yet to what is still to do.
func (p *Portal) halfway(c *Call) (elsewhere bool) {
	switch c.Session.Stage {
	case app.SessionSecond:
		_ = c.Redirect(withNext("/sign-in/code", c.back()))
	case app.SessionEnrol:
		_ = c.Redirect("/account/second-factor")
	case app.SessionPIN:
		_ = c.Redirect(withNext("/me/pin", c.back()))
	default:
		return false
	}
	return true
}

// enter keeps a new session in the browser.
func (p *Portal) enter(c *Call, s app.Session) {
	c.Session, c.Actor = s, s.Actor
	p.setCookie(c.W, sessionCookie, s.Token.Reveal(), s.Expires.Sub(p.now()))
	if s.Stage == app.SessionFull {
		p.setCookie(c.W, personCookie, s.UserID, 0)
	}
}
