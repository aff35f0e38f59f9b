package web

import (
	"encoding/base64"
	"encoding/json"
	"time"

	"tischlein/internal/web/view"
)

// Said is a short message that is shown on the next page: the id of a text with
// its arguments, so that it needs no language yet.
type Said struct {
	Tone view.Tone `json:"t"`
	ID   string    `json:"i"`
	Args []any     `json:"a,omitempty"`
}

// Done says that something was done.
func Done(id string, args ...any) Said { return Said{view.ToneOK, id, args} }

// Remark says something that somebody should know.
func Remark(id string, args ...any) Said { return Said{view.ToneWait, id, args} }

// keepToasts hands messages on to the next page in a cookie of this browser
// alone, so that it does not matter which node answers there.
func (c *Call) keepToasts(say []Said) {
	b, err := json.Marshal(say)
	if err != nil || len(b) > 2000 {
		return // a message is not worth failing for
	}
	c.portal.setCookie(c.W, toastCookie, base64.RawURLEncoding.EncodeToString(b), time.Minute)
}

// takeToasts gives the messages that were kept, once.
func (c *Call) takeToasts() []view.Toast {
	raw := c.portal.cookie(c.R, toastCookie)
	if raw == "" || c.Fragment() {
		return nil
	}
	c.portal.setCookie(c.W, toastCookie, "", -1)
	b, err := base64.RawURLEncoding.DecodeString(raw)
	if err != nil {
		return nil
	}
	var said []Said
	if json.Unmarshal(b, &said) != nil {
		return nil
	}
	var out []view.Toast
	for _, s := range said {
		if c.Text().Has(s.ID) {
			out = append(out, view.Toast{Tone: s.Tone, Text: c.T(s.ID, s.Args...)})
		}
	}
	return out
}
