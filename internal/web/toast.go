package web

import (
	"encoding/json"

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

// keepToasts hands messages on to the session's next page.
func (c *Call) keepToasts(say []Said) {
	b, err := json.Marshal(say)
	if err == nil && c.Session.ID != "" {
		err = c.portal.app.Sessions.LeaveFlash(c.R.Context(), c.Session, string(b))
	}
	if err != nil { // a message is not worth failing for
		c.portal.log.WarnContext(c.R.Context(), "a message for the next page was lost", "err", err)
	}
}

// takeToasts gives the messages that were kept, once.
func (c *Call) takeToasts() (out []view.Toast) {
	if c.Session.Flash == "" || c.Fragment() {
		return nil
	}
	kept, err := c.portal.app.Sessions.TakeFlash(c.R.Context(), c.Session)
	var said []Said
	if err != nil || json.Unmarshal([]byte(kept), &said) != nil {
		return nil
	}
	for _, s := range said {
		out = append(out, view.Toast{Tone: s.Tone, Text: c.T(s.ID, s.Args...)})
	}
	return out
}
