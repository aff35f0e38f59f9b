package web

import (
	"net/http"

	"tischlein/internal/telephony"
	"tischlein/internal/web/view"
)

// channelDeleteAsk says what deleting ends (D15).
func (p *Portal) channelDeleteAsk(c *Call) error {
	v, err := p.app.Channels.Get(c.R.Context(), c.Actor, c.Customer.ID, c.R.PathValue("channel"))
	if err != nil {
		return err
	}
	return c.Page(http.StatusOK, view.Page{Title: c.T("channels.delete"), Section: view.SectionService, Narrow: true},
		view.ChannelDelete(p.channelQuestion(c, v, nil)))
}

func (p *Portal) channelDelete(c *Call) error {
	ctx, id := c.R.Context(), c.R.PathValue("channel")
	v, err := p.app.Channels.Get(ctx, c.Actor, c.Customer.ID, id)
	if err != nil {
		return err
	}
	version := versionOf(c.R.FormValue("version"))
	err = p.app.Channels.Delete(ctx, c.Actor, c.Customer.ID, id, version)
	if telephony.CodeOf(err) == telephony.Conflict {
		m, wrong := p.channelPage(c, v, channelFill(v))
		if wrong != nil {
			return wrong
		}
		m.Form.General = c.Word(err)
		return c.showChannel(http.StatusConflict, m)
	}
	if err != nil {
		return err
	}
	return c.Redirect(view.CustomerPath(c.Customer.ID, "channels"), Done("channels.deleted", "Name", v.Channel.Name))
}
