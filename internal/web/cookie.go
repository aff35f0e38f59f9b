package web

import (
	"net/http"
	"time"
)

// Names of our cookies, without the prefix they have over HTTPS.
const (
	sessionCookie  = "session"
	languageCookie = "language"
)

const yearLong = 365 * 24 * time.Hour

// cookieName has the prefix by which browsers refuse a cookie that is not this
// host's own and secure. Over plain HTTP on this machine there is no such thing.
func (p *Portal) cookieName(name string) string {
	if p.secure {
		return "__Host-" + name
	}
	return "tischlein-" + name
}

// setCookie keeps a value for this host only, out of reach of scripts. life 0
// ends with the browser, below 0 deletes.
func (p *Portal) setCookie(w http.ResponseWriter, name, value string, life time.Duration) {
	c := &http.Cookie{
		Name: p.cookieName(name), Value: value, Path: "/", HttpOnly: true, Secure: p.secure, SameSite: http.SameSiteLaxMode,
	}
	switch {
	case life > 0:
		c.MaxAge = int(life / time.Second)
	case life < 0:
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}

func (p *Portal) cookie(r *http.Request, name string) string {
	c, err := r.Cookie(p.cookieName(name))
	if err != nil {
		return ""
	}
	return c.Value
}
