package web

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"tischlein/internal/telephony"
	"tischlein/internal/web/view"
)

// What was typed into a form whose session had ended is kept over signing in: in a
// cookie, sealed for whoever was signed in there last. It is sent again by their
// own click and never by itself.
const (
	keptCookie   = "kept"
	personCookie = "person" // who is signed in here, for when the session has ended
	keptPath     = "/sign-in/again"

	keptFor    = 15 * time.Minute // long enough to find the app with the codes
	mostKept   = 64 << 10         // bytes of a form
	mostSealed = 2800             // bytes of it in a cookie, which may have 4,096 with its name, in base64
)

// kept is a form that was not taken.
type kept struct {
	Path   string     `json:"p"` // where it was sent, and the only place it can be sent to
	Until  time.Time  `json:"u"`
	Values url.Values `json:"v"`
	// Missing are the fields whose content is secret and was not kept.
	Missing []string `json:"m,omitempty"`
}

// keptSecrets are the secret fields of forms that are kept without them, with the
// ids of their labels.
var keptSecrets = map[string]string{"pin": "extensions.pin", "secret": "trunks.secret"}

// keeps is the route with its form kept when the session has ended. It is for
// forms into which one types, not for questions: those are asked again.
func (r Route) keeps() Route { r.Keeps = true; return r }

// keep puts what was typed into the browser's keeping, if it is known whose it is.
func (p *Portal) keep(c *Call) {
	person := p.cookie(c.R, personCookie)
	f, err := c.Form()
	if person == "" || err != nil || len(f.Values) == 0 {
		return
	}
	k := kept{Path: c.R.URL.RequestURI(), Until: p.now().Add(keptFor), Values: f.Values}
	for name := range keptSecrets {
		if f.On(name) {
			k.Missing = append(k.Missing, name)
		}
		k.Values.Del(name)
	}
	value := ""
	if b, err := squeezed(k); err == nil {
		if b = p.app.Sessions.Keep(person, b); len(b) <= mostSealed {
			value = base64.RawURLEncoding.EncodeToString(b)
		}
	}
	p.setCookie(c.W, keptCookie, value, keptFor) // "" when it is too much: then that is said
	c.keeps = true
}

// keptAsk offers what was kept to be sent again, once.
func (p *Portal) keptAsk(c *Call) error {
	back := localPath(c.R.FormValue("next"))
	k, ok := p.kept(c)
	p.setCookie(c.W, keptCookie, "", -1)
	if !ok {
		return c.Redirect(back, Remark("account.again_lost"))
	}
	m := view.AgainModel{Path: k.Path, Back: back, Values: k.Values}
	for _, name := range k.Missing {
		m.Missing = append(m.Missing, view.Choice{Value: name, Label: c.T(keptSecrets[name])})
	}
	return c.Page(http.StatusOK, view.Page{Title: c.T("account.again"), Narrow: true}, view.Again(m))
}

// kept reads what the browser keeps, if it is theirs who asks and not too old.
func (p *Portal) kept(c *Call) (k kept, ok bool) {
	sealed, err := base64.RawURLEncoding.DecodeString(p.cookie(c.R, keptCookie))
	if err != nil {
		return k, false
	}
	b, err := p.app.Sessions.Kept(c.Session, sealed)
	if err != nil {
		return k, false
	}
	if b, err = io.ReadAll(flate.NewReader(bytes.NewReader(b))); err != nil || json.Unmarshal(b, &k) != nil {
		return k, false
	}
	return k, p.now().Before(k.Until)
}

// squeezed is what was typed in as few bytes as it takes.
func squeezed(k kept) ([]byte, error) {
	b, err := json.Marshal(k)
	if err == nil && len(b) > mostKept {
		err = telephony.Invalidf("", "body_too_large", "too much was sent")
	}
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	w, err := flate.NewWriter(&out, flate.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err = w.Write(b); err == nil {
		err = w.Close()
	}
	return out.Bytes(), err
}

// keptNext is where signing in leads from a form that was not taken.
func keptNext(back string) string { return withNext(keptPath, back) }

// keptWaits reports whether somebody signs in to have their form back.
func keptWaits(next string) bool { return next == keptPath || strings.HasPrefix(next, keptPath+"?") }
