package phone

import (
	"errors"
	"strings"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// logout ends the login at the line; with a second one it asks which (H03). Where
// a link holds it, only administrators can (S03).
func (p *press) logout(answer string) provision.Page {
	where := map[string]telephony.Where{"here": telephony.WhereHere, "all": telephony.WhereBoth}[answer]
	kept, err := p.cfg.Keys.LogOut(p.r.Context(), p.spot, where)
	var e *telephony.Error
	switch {
	case err == nil:
	case errors.As(err, &e) && e.Reason == "logout_where":
		devices, _ := e.Detail["devices"].([]string)
		return provision.Page{Title: p.word.LogOut, Text: provision.Say(p.text.Elsewhere, strings.Join(devices, ", ")), Leave: p.text.Back,
			Choices: []provision.Choice{
				{Label: p.text.HereOnly, Short: p.text.HereShort, URL: p.base + "logout/here"},
				{Label: p.text.All, Short: p.text.All, URL: p.base + "logout/all"},
			}}
	default:
		return p.refusal(p.word.LogOut, err)
	}
	text := p.text.LoggedOut
	switch {
	case len(kept) > 0:
		text += " " + provision.Say(p.text.StaysAt, strings.Join(kept, ", "))
	case where == telephony.WhereBoth:
		text = p.text.AllOut
	}
	return p.message(p.word.LogOut, text, resultStands)
}
