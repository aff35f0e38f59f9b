package web

import (
	"tischlein/internal/app"
	"tischlein/internal/telephony"
	"tischlein/internal/web/view"
)

// effectTones are the colours of what an action does; what is not here is busy.
var effectTones = map[string]view.Tone{
	"logged_in": view.ToneOK, "linked": view.ToneOK, "attached": view.ToneOK,
	"logged_off": view.ToneWait, "unlinked": view.ToneFree, "waiting_for_device": view.ToneWait,
	"address_refused": view.ToneBad, "detached": view.ToneWait,
}

// effects words what an action does or would do. That a link is made goes without
// saying where something follows from it.
func (c *Call) effects(list []app.Effect) []view.Effect {
	var out []view.Effect
	for _, e := range list {
		if e.Kind == "linked" && len(list) > 1 {
			continue
		}
		id := "effects." + e.Kind
		if e.Kind == "logged_off" && e.Reason == string(telephony.EndLinkMade) {
			id = "effects.guest_logged_off"
		}
		tone, known := effectTones[e.Kind]
		if !known {
			tone = view.ToneBusy
		}
		out = append(out, view.Effect{Tone: tone, Text: c.T(id, "Name", e.Name, "Number", e.Extension, "Channel", e.Channel, "Address", e.Address)})
	}
	return out
}
