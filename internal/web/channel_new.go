package web

import (
	"net/http"

	"tischlein/internal/telephony"
	"tischlein/internal/web/view"
)

func (p *Portal) channelNew(c *Call) error {
	return p.channelShowNew(c, http.StatusOK, Fill("kind", telephony.KindCPE))
}

func (p *Portal) channelShowNew(c *Call, status int, f view.Form) error {
	return c.Page(status, view.Page{Title: c.T("channels.new"), Section: view.SectionService, Narrow: true},
		view.ChannelNew(view.ChannelForm{Customer: *c.Customer, Service: p.cfg.Service, Form: f}))
}

// channelCreate makes a channel and leads to its page, where it gets its device
// and its user.
func (p *Portal) channelCreate(c *Call) error {
	f, err := c.Form()
	if err != nil {
		return err
	}
	if f.Need("name"); !f.OK() {
		return p.channelShowNew(c, f.Status(), f.Form)
	}
	v, err := p.app.Channels.Create(c.R.Context(), c.Actor, telephony.Channel{
		CustomerID: c.Customer.ID, Name: f.Value("name"), Location: f.Value("location"), Kind: telephony.ChannelKind(f.Value("kind")),
	})
	if err != nil {
		if err := f.Take(err, "name", "location", "kind"); err != nil {
			return err
		}
		return p.channelShowNew(c, f.Status(), f.Form)
	}
	return c.Redirect(view.CustomerPath(c.Customer.ID, "channels", v.Channel.ID), Done("channels.created", "Name", v.Channel.Name))
}
