package web

import (
	"net/http"
	"strconv"

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
	return Fill("name", v.Channel.Name, "location", v.Channel.Location, "version", v.Channel.Version)
}

// channelPage reads all that the page shows; f is what stands in its fields.
func (p *Portal) channelPage(c *Call, v app.ChannelView, f view.Form) (m view.ChannelPage, err error) {
	m = view.ChannelPage{
		Customer: *c.Customer, Service: p.cfg.Service, Channel: v.Channel, State: v.State,
		Link: v.Link, LinkedTo: v.LinkedTo, Login: v.Login, User: v.User,
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

// channelUpdate saves the fields and the link in one go (S10, D23). What the link
// is refused for is found out before anything is written, so that a refusal
// leaves nothing half done.
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
	f.Need("name")
	if !f.OK() {
		return p.channelRefused(c, v, f)
	}
	link := app.LinkRequest{CustomerID: c.Customer.ID, ChannelID: id, ExtensionID: f.Value("extension"), Side: telephony.FromChannel, DryRun: true}
	wants := link.ExtensionID != "" && (v.Link == nil || v.Link.ExtensionID != link.ExtensionID)
	if wants {
		if _, err := p.app.Links.Link(ctx, c.Actor, link); err != nil {
			return p.channelNotLinked(c, v, f, err)
		}
	}
	saved := v
	if f.Value("name") != v.Channel.Name || f.Value("location") != v.Channel.Location {
		version, _ := strconv.ParseInt(f.Value("version"), 10, 64) // 0, any, when it was tampered with
		saved, err = p.app.Channels.Update(ctx, c.Actor, c.Customer.ID, id, version, func(x *telephony.Channel) error {
			x.Name, x.Location = f.Value("name"), f.Value("location")
			return nil
		})
		if telephony.ReasonOf(err) == "version_changed" {
			if err := f.Take(err); err != nil {
				return err
			}
			f.General = c.T("channels.version_changed", "Name", v.Channel.Name, "Location", v.Channel.Location)
			f.Values.Set("version", strconv.FormatInt(v.Channel.Version, 10)) // who saves now has read what they replace
			return p.channelRefused(c, v, f)
		}
		if err != nil {
			if err := f.Take(err, "name", "location"); err != nil {
				return err
			}
			return p.channelRefused(c, v, f)
		}
	}
	back := view.CustomerPath(c.Customer.ID, "channels", id)
	if !wants {
		return c.Redirect(back, Done("channels.saved", "Name", saved.Channel.Name))
	}
	link.DryRun = false
	if _, err := p.app.Links.Link(ctx, c.Actor, link); err != nil {
		f.Values.Set("version", strconv.FormatInt(saved.Channel.Version, 10))
		return p.channelNotLinked(c, saved, f, err)
	}
	return c.Redirect(back, Done("channels.saved_linked", "Name", saved.Channel.Name))
}

// channelNotLinked says why the link was not made: who was faster, or where the
// extension is.
func (p *Portal) channelNotLinked(c *Call, v app.ChannelView, f *Form, cause error) error {
	gone := telephony.CodeOf(cause) == telephony.NotFound
	if gone {
		cause = telephony.Conflictf("extension_gone", "the extension was deleted meanwhile")
	}
	if err := f.Take(cause); err != nil {
		return err
	}
	reason := f.General
	f.General = ""
	if telephony.ReasonOf(cause) == "channel_linked" {
		f.General = reason + " " + c.T("channels.not_saved")
		now, err := p.app.Channels.Get(c.R.Context(), c.Actor, c.Customer.ID, v.Channel.ID)
		if err != nil {
			return err
		}
		return p.channelRefused(c, now, f)
	}
	if gone {
		f.Values.Del("extension")
	}
	f.Errors = append(f.Errors, view.FieldError{Name: "extension", Message: reason})
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
