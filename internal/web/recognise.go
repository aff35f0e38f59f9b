package web

import (
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
	"tischlein/internal/web/text"
)

// recognise finds out who asks and in which language to answer.
func (p *Portal) recognise(c *Call) error {
	lang, known := text.Known(p.cookie(c.R, languageCookie))
	if !known {
		lang = text.Match(c.R.Header.Get("Accept-Language"))
	}
	value := p.cookie(c.R, sessionCookie)
	err := error(&telephony.Error{Code: telephony.Unauthenticated, Reason: "session_missing", Message: "nobody is signed in"})
	if value != "" {
		c.Visitor, err = p.cfg.Authenticate(c.R.Context(), value, c.From)
	}
	if err == nil && c.Language != "" {
		lang = c.Language
	}
	c.R = c.R.WithContext(text.With(c.R.Context(), text.For(lang, p.zone())))
	return err
}

func denied(s auth.Scope) error { return auth.Denied(s) }
