package web

import (
	"net/http"
	"slices"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
	"tischlein/internal/web/view"
)

// sits are the places of an extension: its links, logged in or waiting, and the
// guest logins.
func sits(v app.ExtensionView) (out []view.Seat) {
	for _, l := range v.Links {
		in := slices.ContainsFunc(v.Logins, func(x telephony.Login) bool { return x.ChannelID == l.ChannelID })
		out = append(out, view.Seat{ChannelID: l.ChannelID, Channel: v.Places[l.ChannelID], Linked: true, LoggedIn: in, Since: l.Since})
	}
	for _, l := range v.Logins {
		if l.Kind == telephony.LoginHotdesk {
			out = append(out, view.Seat{ChannelID: l.ChannelID, Channel: v.Places[l.ChannelID], LoggedIn: true, Since: l.Since, Until: l.Until, Path: l.Path})
		}
	}
	return out
}

func linkedChannels(v app.ExtensionView) (ids []string) {
	for _, l := range v.Links {
		ids = append(ids, l.ChannelID)
	}
	return ids
}

// extensionEdit is the page Benutzer-Nebenstelle bearbeiten, and all its parts
// when one of them is read anew.
func (p *Portal) extensionEdit(c *Call) error {
	v, err := p.app.Extensions.Get(c.R.Context(), c.Actor, c.Customer.ID, c.R.PathValue("extension"))
	if telephony.CodeOf(err) == telephony.NotFound && err != nil && c.Fragment() {
		return c.Part(http.StatusOK, view.ExtensionGone(*c.Customer))
	}
	if err != nil {
		return err
	}
	m, err := p.extensionPage(c, v, extensionFill(v))
	if err != nil {
		return err
	}
	if c.Fragment() {
		return c.Part(http.StatusOK, view.ExtensionEdit(m))
	}
	return c.showExtension(http.StatusOK, m)
}

func (c *Call) showExtension(status int, m view.ExtensionPage) error {
	return c.Page(status, view.Page{Title: m.Extension.Number + " " + m.Extension.Name, Section: view.SectionService}, view.ExtensionEdit(m))
}

func extensionFill(v app.ExtensionView) view.Form {
	x := v.Extension
	return Fill("number", x.Number, "name", x.Name, "language", x.Language, "multi_login", x.MultiLogin, "outbound_number", x.OutboundNumber, "version", x.Version,
		"channel", linkedChannels(v), "seen", linkedChannels(v))
}

// extensionPage reads all that the page shows; f is what stands in its fields.
func (p *Portal) extensionPage(c *Call, v app.ExtensionView, f view.Form) (m view.ExtensionPage, err error) {
	path := view.CustomerPath(c.Customer.ID, "extensions", v.Extension.ID)
	m = view.ExtensionPage{
		Customer: *c.Customer, Service: p.cfg.Service, Extension: v.Extension, Seats: sits(v), LockedUntil: v.LockedUntil, Numbers: v.Numbers,
		Form: f, Edit: c.Actor.Can(auth.ScopeWrite) && c.Actor.Can(auth.ScopeLink) && c.Actor.Administrator(), Now: p.now(),
		Search: c.R.FormValue("q"), Effects: view.ExtensionEffects{Path: path + "/effects", Effects: view.Effects{ID: "extension-effects"}},
	}
	for _, l := range v.Links {
		t, err := p.progress(c, l.ChannelID, path)
		if telephony.CodeOf(err) == telephony.NotFound && err != nil {
			continue // deleted while we read
		}
		if err != nil {
			return m, err
		}
		m.Tracks = append(m.Tracks, view.ExtensionTrack{Channel: v.Places[l.ChannelID], ChannelID: l.ChannelID, Progress: t})
	}
	if m.Keys, err = p.keyEditor(c, v, m.Edit); err != nil {
		return m, err
	}
	if !m.Edit {
		return m, nil
	}
	if m.Outside, err = p.outsideNumbers(c); err != nil {
		return m, err
	}
	m.Choices, err = p.channelsPicker(c, v, f)
	return m, err
}

// arrangement is what the form asks for.
func (c *Call) arrangement(f view.Form, id string) app.Arrangement {
	version := versionOf(f.Value("version"))
	return app.Arrangement{
		CustomerID: c.Customer.ID, ExtensionID: id, Version: version,
		Seen: chosen(f, "seen"), Channels: chosen(f, "channel"), TakeOver: f.On("take_over"), Confirmed: f.On("confirmed"),
		Change: func(x *telephony.Extension) error {
			x.Number, x.Name, x.Language, x.MultiLogin = f.Value("number"), f.Value("name"), f.Value("language"), f.On("multi_login")
			if f.Values.Has("outbound_number") {
				x.OutboundNumber = f.Value("outbound_number")
			}
			return nil
		},
	}
}

// chosen are a field's values, without the entry that stands for none.
func chosen(f view.Form, name string) (out []string) {
	for _, v := range f.Values[name] {
		if v != "" && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

// extensionUpdate saves the fields and the links as one (S09). What takes a link
// or a login away is asked for first (D08, D11).
func (p *Portal) extensionUpdate(c *Call) error {
	ctx, id := c.R.Context(), c.R.PathValue("extension")
	f, err := c.Form()
	if err != nil {
		return err
	}
	v, err := p.app.Extensions.Get(ctx, c.Actor, c.Customer.ID, id)
	if err != nil {
		return err
	}
	f.Need("number", "name")
	if len(chosen(f.Form, "channel")) > 2 {
		f.Refuse("channel", "extensions.three")
	}
	if !f.OK() {
		return p.extensionRefused(c, v, f)
	}
	a := c.arrangement(f.Form, id)
	a.DryRun = true
	_, done, err := p.app.Extensions.Arrange(ctx, c.Actor, a)
	if err != nil {
		return p.extensionNotSaved(c, v, f, err)
	}
	if ends := endings(done); len(ends) > 0 && !a.Confirmed {
		return c.Page(http.StatusOK, view.Page{Title: c.T("extensions.confirm_title"), Section: view.SectionService, Narrow: true},
			view.ExtensionConfirm(view.ExtensionQuestion{Customer: *c.Customer, Service: p.cfg.Service, Extension: v.Extension, Effects: c.effects(done), Form: f.Form}))
	}
	a.DryRun = false
	saved, _, err := p.app.Extensions.Arrange(ctx, c.Actor, a)
	if err != nil {
		return p.extensionNotSaved(c, v, f, err)
	}
	return c.Redirect(view.CustomerPath(c.Customer.ID, "extensions", id), Done("extensions.saved", "Number", saved.Extension.Number, "Name", saved.Extension.Name))
}

// endings are the effects that end what somebody has: a link, or by multi-login a
// login.
func endings(list []app.Effect) (out []app.Effect) {
	for _, e := range list {
		if e.Kind == "unlinked" || e.Kind == "logged_off" && e.Reason == string(telephony.EndMultiLoginOff) {
			out = append(out, e)
		}
	}
	return out
}

// ofLinks are the refusals that belong to the choice of channels.
var ofLinks = []string{"channel_linked", "extension_linked", "extension_in_use", "take_over_needed", "channel_is_client", "two_links"}

// extensionNotSaved shows why, beside what it is about.
func (p *Portal) extensionNotSaved(c *Call, v app.ExtensionView, f *Form, cause error) error {
	reason := telephony.ReasonOf(cause)
	if telephony.CodeOf(cause) == telephony.NotFound {
		cause = telephony.Conflictf("channel_gone", "the channel was deleted meanwhile")
	}
	if err := f.Take(cause, "number", "name", "language", "multi_login", "outbound_number"); err != nil {
		return err
	}
	switch {
	case slices.Contains(ofLinks, reason):
		f.Errors = append(f.Errors, view.FieldError{Name: "channel", Message: f.General})
		f.General = ""
	case reason == "links_changed" || reason == "version_changed":
		f.General = c.T("extensions.changed_meanwhile", "Number", v.Extension.Number, "Name", v.Extension.Name, "Places", placesOf(v, c))
		f.Renew(v.Extension.Version)
		f.Values["seen"] = linkedChannels(v)
	}
	return p.extensionRefused(c, v, f)
}

func placesOf(v app.ExtensionView, c *Call) string {
	var names []string
	for _, l := range v.Links {
		names = append(names, v.Places[l.ChannelID])
	}
	if len(names) == 0 {
		return c.T("extensions.nowhere")
	}
	return c.Text().And(names)
}

// extensionRefused shows the page again with all that was typed.
func (p *Portal) extensionRefused(c *Call, v app.ExtensionView, f *Form) error {
	m, err := p.extensionPage(c, v, f.Form)
	if err != nil {
		return err
	}
	if m.Edit {
		if m.Effects, err = p.effectsOf(c, v, f.Form); err != nil {
			return err
		}
		m.Effects.Refusal = "" // stands beside its field
	}
	return c.showExtension(f.Status(), m)
}
