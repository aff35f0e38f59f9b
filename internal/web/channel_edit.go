package web

import (
	"net/http"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
	"tischlein/internal/web/view"
)

// channelEdit is the page Kanal bearbeiten, and all its parts when one of them is
// read anew.
func (p *Portal) channelEdit(c *Call) error {
	v, err := p.app.Channels.Get(c.R.Context(), c.Actor, c.Customer.ID, c.R.PathValue("channel"))
	if err != nil {
		return err
	}
	m, err := p.channelPage(c, v, channelFill(v))
	if err != nil {
		return err
	}
	if c.Fragment() {
		return c.Part(http.StatusOK, view.ChannelEdit(m))
	}
	return c.showChannel(http.StatusOK, m)
}

func (c *Call) showChannel(status int, m view.ChannelPage) error {
	return c.Page(status, view.Page{Title: m.Channel.Name, Section: view.SectionService}, view.ChannelEdit(m))
}

func channelFill(v app.ChannelView) view.Form {
	return Fill("name", v.Channel.Name, "location", v.Channel.Location, "elin", v.Channel.ELIN, "version", v.Channel.Version)
}

// channelPage reads all that the page shows; f is what stands in its fields.
func (p *Portal) channelPage(c *Call, v app.ChannelView, f view.Form) (m view.ChannelPage, err error) {
	m = view.ChannelPage{
		Customer: *c.Customer, Service: p.cfg.Service, Channel: v.Channel, State: v.State,
		Link: v.Link, LinkedTo: v.LinkedTo, Login: v.Login, User: v.User, Unlocated: v.Unlocated, InCall: v.InCall,
		Form: f, Edit: c.Actor.Can(auth.ScopeWrite) && c.Actor.Can(auth.ScopeLink), Now: p.now(),
		Search: c.R.FormValue("q"), Effects: view.Effects{ID: "channel-effects"},
	}
	if m.Progress, err = p.progress(c, v.Channel.ID, view.CustomerPath(c.Customer.ID, "channels", v.Channel.ID)); err != nil {
		return m, err
	}
	if m.Device, err = p.channelDevice(c, v, m.Edit); err != nil || !m.Edit {
		return m, err
	}
	if v.Link != nil {
		done, err := p.app.Links.Unlink(c.R.Context(), c.Actor, c.Customer.ID, v.Channel.ID, true)
		if telephony.CodeOf(err) == telephony.Conflict {
			return m, nil // taken away while we read
		}
		m.Unlink = c.effects(done)
		return m, err
	}
	m.Choices, err = p.channelPicker(c, v, f.Value("extension"))
	return m, err
}

// channelUpdate saves the fields and the link as one (S10, D23).
func (p *Portal) channelUpdate(c *Call) error {
	ctx, id := c.R.Context(), c.R.PathValue("channel")
	f, err := c.Form()
	if err != nil {
		return err
	}
	v, err := p.app.Channels.Get(ctx, c.Actor, c.Customer.ID, id)
	if err != nil {
		return err
	}
	if f.Need("name"); !f.OK() {
		return p.channelRefused(c, v, f)
	}
	version := versionOf(f.Value("version"))
	saved, done, err := p.app.Channels.Arrange(ctx, c.Actor, app.Furnishing{
		CustomerID: c.Customer.ID, ChannelID: id, Version: version, ExtensionID: f.Value("extension"),
		Change: func(x *telephony.Channel) error {
			x.Name, x.Location, x.ELIN = f.Value("name"), f.Value("location"), f.Value("elin")
			return nil
		},
	})
	if err != nil {
		return p.channelNotSaved(c, f, err)
	}
	said := "channels.saved"
	if len(done) > 0 {
		said = "channels.saved_linked"
	}
	return c.Redirect(view.CustomerPath(c.Customer.ID, "channels", id), Done(said, "Name", saved.Channel.Name))
}

// channelNotSaved says why, beside what it is about: a field, or the link that was
// not made because somebody was faster, or because of where the extension is.
func (p *Portal) channelNotSaved(c *Call, f *Form, cause error) error {
	v, err := p.app.Channels.Get(c.R.Context(), c.Actor, c.Customer.ID, c.R.PathValue("channel"))
	if err != nil {
		return err // deleted meanwhile
	}
	gone := telephony.CodeOf(cause) == telephony.NotFound
	if gone {
		cause = telephony.Conflictf("extension_gone", "the extension was deleted meanwhile")
	}
	if err := f.Take(cause, "name", "location", "elin"); err != nil {
		return err
	}
	switch reason := telephony.ReasonOf(cause); {
	case f.General == "": // said beside its field
	case reason == "version_changed":
		f.General = c.T("channels.version_changed", "Name", v.Channel.Name, "Location", v.Channel.Location)
		f.Renew(v.Channel.Version)
	case reason == "channel_linked":
		f.General += " " + c.T("channels.not_saved")
	case f.Value("extension") != "":
		f.Errors = append(f.Errors, view.FieldError{Name: "extension", Message: f.General})
		f.General = ""
		if gone {
			f.Values.Del("extension")
		}
	}
	return p.channelRefused(c, v, f)
}

// channelRefused shows the page again with all that was typed.
func (p *Portal) channelRefused(c *Call, v app.ChannelView, f *Form) error {
	m, err := p.channelPage(c, v, f.Form)
	if err != nil {
		return err
	}
	return c.showChannel(f.Status(), m)
}
