package web

import (
	"tischlein/internal/app"
	"tischlein/internal/telephony"
	"tischlein/internal/web/view"
)

// effectWords are the texts and colours of what an action does.
var effectWords = map[string]struct {
	id   string
	tone view.Tone
}{
	"linked":             {"effects.linked", view.ToneOK},
	"unlinked":           {"effects.unlinked", view.ToneFree},
	"logged_in":          {"effects.logged_in", view.ToneOK},
	"logged_off":         {"effects.logged_off", view.ToneWait},
	"waiting_for_device": {"effects.waiting_for_device", view.ToneWait},
	"address_refused":    {"effects.address_refused", view.ToneBad},
	"attached":           {"effects.attached", view.ToneOK},
	"detached":           {"effects.detached", view.ToneWait},
}

// effects words what an action does or would do. That a link is made goes without
// saying where something follows from it.
func (c *Call) effects(list []app.Effect) []view.Effect {
	var out []view.Effect
	for _, e := range list {
		w, known := effectWords[e.Kind]
		if !known || e.Kind == "linked" && len(list) > 1 {
			continue
		}
		if e.Kind == "logged_off" && e.Reason == string(telephony.EndLinkMade) {
			w.id = "effects.guest_logged_off"
		}
		out = append(out, view.Effect{Tone: w.tone, Text: c.T(w.id, "Name", e.Name, "Number", e.Extension, "Channel", e.Channel, "Address", e.Address)})
	}
	return out
}
