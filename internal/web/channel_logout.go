package web

import (
	"net/http"

	"tischlein/internal/app"
	"tischlein/internal/telephony"
	"tischlein/internal/web/view"
)

// guestThere is the channel with who hot-desks there, nil if nobody does.
func (p *Portal) guestThere(c *Call) (v app.ChannelView, who *telephony.Extension, err error) {
	v, err = p.app.Channels.Get(c.R.Context(), c.Actor, c.Customer.ID, c.R.PathValue("channel"))
	if err == nil && v.Login != nil && v.Login.Kind == telephony.LoginHotdesk {
		who = v.User
	}
	return v, who, err
}

// channelLogoutAsk says who is logged out before it is done.
func (p *Portal) channelLogoutAsk(c *Call) error {
	v, who, err := p.guestThere(c)
	if err != nil {
		return err
	}
	if who == nil {
		return c.Redirect(view.CustomerPath(c.Customer.ID, "channels", v.Channel.ID), Remark("hotdesk.logged_out_already"))
	}
	done, err := p.app.Logins.Logout(c.R.Context(), c.Actor, c.Customer.ID, v.Channel.ID, true)
	if err != nil {
		return err
	}
	q := p.channelQuestion(c, v, done)
	q.User = who
	return c.Page(http.StatusOK, view.Page{Title: c.T("hotdesk.logout"), Section: view.SectionService, Narrow: true}, view.ChannelLogout(q))
}

// channelLogout ends the hot-desk login that somebody has read, not one that was
// made since.
func (p *Portal) channelLogout(c *Call) error {
	v, who, err := p.guestThere(c)
	if err != nil {
		return err
	}
	back := view.CustomerPath(c.Customer.ID, "channels", v.Channel.ID)
	if who == nil {
		return c.Redirect(back, Remark("hotdesk.logged_out_already"))
	}
	if asked := c.R.FormValue("extension"); asked != "" && asked != who.ID {
		return c.Redirect(back, Remark("hotdesk.other_now", "Name", who.Name, "Number", who.Number))
	}
	_, err = p.app.Logins.Logout(c.R.Context(), c.Actor, c.Customer.ID, v.Channel.ID, false)
	if telephony.ReasonOf(err) == "not_logged_in" {
		return c.Redirect(back, Remark("hotdesk.logged_out_already"))
	}
	if err != nil {
		return err
	}
	return c.Redirect(back, Done("hotdesk.logged_out", "Name", who.Name, "Number", who.Number, "Channel", v.Channel.Name))
}
