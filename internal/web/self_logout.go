package web

import (
	"slices"

	"tischlein/internal/app"
	"tischlein/internal/telephony"
	"tischlein/internal/web/view"
)

// selfLogout logs an end user off at one of their places (H02, H03: here). What is
// not one of theirs is not found.
func (p *Portal) selfLogout(c *Call) error {
	ctx, id := c.R.Context(), c.R.PathValue("channel")
	x, err := p.app.Desks.Mine(ctx, c.Actor, c.Actor.CustomerID, "")
	if err != nil {
		return err
	}
	at := slices.IndexFunc(x.Places, func(l app.Place) bool { return l.ChannelID == id })
	if at < 0 {
		return &telephony.Error{Code: telephony.NotFound, Reason: "not_there", Message: "you are not logged in there"}
	}
	_, err = p.app.Desks.LogOut(ctx, c.Actor, app.LogoutRequest{CustomerID: c.Actor.CustomerID, ChannelID: id, Where: telephony.WhereHere, Path: "self_service"})
	if err != nil {
		return p.selfRefused(c, err)
	}
	return c.Redirect("/me", Done("self.logged_out", "Place", x.Places[at].Channel))
}

// selfLogoutAll logs an end user off everywhere. Where an administrator has linked
// them they stay, and are told so (D10).
func (p *Portal) selfLogoutAll(c *Call) error {
	done, err := p.app.Logins.LogoutAll(c.R.Context(), c.Actor, c.Actor.CustomerID, c.Actor.ExtensionID, false)
	if err != nil {
		return p.selfRefused(c, err)
	}
	var off, kept []string
	for _, e := range done {
		switch e.Kind {
		case "logged_off":
			off = append(off, e.Channel)
		case "kept":
			kept = append(kept, e.Channel)
		}
	}
	if len(kept) > 0 {
		return c.Redirect("/me", Remark("self.logged_out_but", "Places", c.Text().And(off), "Kept", c.Text().And(kept)))
	}
	return c.Redirect("/me", Done("self.logged_out_all", "Places", c.Text().And(off)))
}

// selfRefused shows an end user's page with why something was refused.
func (p *Portal) selfRefused(c *Call, cause error) error {
	f := &Form{words: c.Text()}
	if err := f.Take(cause); err != nil {
		return err
	}
	return p.showSelf(c, statusOf(cause), view.Form{General: f.General})
}
