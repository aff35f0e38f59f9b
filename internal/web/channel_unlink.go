package web

import (
	"net/http"

	"tischlein/internal/app"
	"tischlein/internal/telephony"
	"tischlein/internal/web/view"
)

// channelQuestion is what is asked before something ends at a channel.
func (p *Portal) channelQuestion(c *Call, v app.ChannelView, effects []app.Effect) view.ChannelQuestion {
	q := view.ChannelQuestion{Customer: *c.Customer, Service: p.cfg.Service, Channel: v.Channel, Linked: v.LinkedTo, Effects: c.effects(effects)}
	if v.CPE != nil {
		q.Device, q.DeviceID = v.CPE.Name, v.CPE.ID
	}
	return q
}

// channelUnlinkAsk is Trennen for those without scripts: it asks, and does
// nothing yet (S12).
func (p *Portal) channelUnlinkAsk(c *Call) error {
	ctx, id := c.R.Context(), c.R.PathValue("channel")
	v, err := p.app.Channels.Get(ctx, c.Actor, c.Customer.ID, id)
	if err != nil {
		return err
	}
	if v.LinkedTo == nil {
		return c.Redirect(view.CustomerPath(c.Customer.ID, "channels", id), Remark("channels.unlinked_already"))
	}
	done, err := p.app.Links.Unlink(ctx, c.Actor, c.Customer.ID, id, true)
	if err != nil {
		return err
	}
	return c.Page(http.StatusOK, view.Page{Title: c.T("channels.unlink"), Section: view.SectionService, Narrow: true},
		view.ChannelUnlink(p.channelQuestion(c, v, done)))
}

// channelUnlink is Bestätigen. It takes away the link that somebody has read, not
// one that was made since.
func (p *Portal) channelUnlink(c *Call) error {
	ctx, id := c.R.Context(), c.R.PathValue("channel")
	back := view.CustomerPath(c.Customer.ID, "channels", id)
	v, err := p.app.Channels.Get(ctx, c.Actor, c.Customer.ID, id)
	if err != nil {
		return err
	}
	if v.LinkedTo == nil {
		return c.Redirect(back, Remark("channels.unlinked_already"))
	}
	if asked := c.R.FormValue("extension"); asked != "" && asked != v.LinkedTo.ID {
		m, err := p.channelPage(c, v, channelFill(v))
		if err != nil {
			return err
		}
		m.Form.General = c.T("channels.linked_otherwise", "Name", v.LinkedTo.Name, "Number", v.LinkedTo.Number)
		return c.showChannel(http.StatusConflict, m)
	}
	_, err = p.app.Links.Unlink(ctx, c.Actor, c.Customer.ID, id, false)
	if telephony.ReasonOf(err) == "not_linked" {
		return c.Redirect(back, Remark("channels.unlinked_already"))
	}
	if err != nil {
		return err
	}
	return c.Redirect(back, Done("channels.unlinked", "Name", v.LinkedTo.Name, "Number", v.LinkedTo.Number, "Channel", v.Channel.Name))
}
