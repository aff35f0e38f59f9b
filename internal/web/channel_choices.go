package web

import (
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"tischlein/internal/app"
	"tischlein/internal/telephony"
	"tischlein/internal/web/view"
)

// How many extensions a page brings along: those that can be chosen first, then
// some that cannot, with the reason. The rest is found by typing.
const (
	choicesOffered = 150
	choicesRefused = 50
)

// channelPicker is the field Benutzer mit Kanal/CPE verbinden as a choice (S10).
func (p *Portal) channelPicker(c *Call, v app.ChannelView, chosen string) (view.Picker, error) {
	path := view.CustomerPath(c.Customer.ID, "channels", v.Channel.ID)
	m := view.Picker{
		Name: "extension", Label: c.T("channels.link_field"), Most: 1, Source: path + "/choices",
		Attributes: templ.Attributes{"hx-get": path + "/effects", "hx-trigger": "change", "hx-target": "#channel-effects", "hx-swap": "outerMorph"},
	}
	if v.Channel.Kind == telephony.KindClient {
		return m, nil
	}
	var err error
	m.Options, m.More, err = p.extensionOptions(c, v.Channel.ID, c.R.FormValue("q"))
	if err != nil {
		return m, err
	}
	m.More = m.More || c.R.FormValue("q") != ""
	found := chosen == ""
	for i := range m.Options {
		if m.Options[i].Value == chosen {
			m.Options[i].Selected, found = true, true
		}
	}
	if !found {
		x, err := p.app.Extensions.Get(c.R.Context(), c.Actor, c.Customer.ID, chosen)
		if telephony.CodeOf(err) == telephony.NotFound {
			return m, nil
		}
		if err != nil {
			return m, err
		}
		m.Options = append([]view.Option{{Value: chosen, Label: extensionLabel(x.Extension), Selected: true}}, m.Options...)
	}
	return m, nil
}

func extensionLabel(x telephony.Extension) string { return x.Number + " " + x.Name }

// extensionOptions are the customer's extensions that match q: first what can be
// chosen for the channel, then what cannot. more says that there are others.
func (p *Portal) extensionOptions(c *Call, channelID, q string) (options []view.Option, more bool, err error) {
	for _, part := range []app.Query{{Search: q, Filter: "offered", Limit: choicesOffered}, {Search: q, Filter: "refused", Limit: choicesRefused}} {
		l, err := p.app.Channels.Choices(c.R.Context(), c.Actor, c.Customer.ID, channelID, part)
		if err != nil {
			return nil, false, err
		}
		more = more || l.Next != ""
		for _, x := range l.Items {
			o := view.Option{Value: x.Extension.ID, Label: extensionLabel(x.Extension)}
			if x.Extension.MultiLogin {
				o.Detail = c.T("channels.multi_login")
			}
			if !x.Offered {
				o.Refused = c.refusedChoice(x)
			}
			options = append(options, o)
		}
	}
	return options, more, nil
}

// refusedChoice words why an extension cannot be chosen.
func (c *Call) refusedChoice(x app.ExtensionChoice) string {
	var places []string
	for _, h := range x.Holders {
		places = append(places, h.Name)
	}
	switch x.Reason {
	case "extension_in_use":
		return c.T("channels.refused_in_use", "Places", places)
	case "extension_linked":
		return c.T("channels.refused_linked", "Places", places)
	}
	return c.T("channels.refused")
}

// channelChoices answers what the picker is asked for while one types.
func (p *Portal) channelChoices(c *Call) error {
	options, _, err := p.extensionOptions(c, c.R.PathValue("channel"), c.R.FormValue("q"))
	if err != nil {
		return err
	}
	return c.Part(http.StatusOK, view.PickerOptions(options))
}

// channelEffects says what saving would do: of a chosen extension, or of a device
// that would be attached. Its answer knows by itself how to be read anew.
func (p *Portal) channelEffects(c *Call) error {
	ctx, id := c.R.Context(), c.R.PathValue("channel")
	if _, err := p.app.Channels.Get(ctx, c.Actor, c.Customer.ID, id); err != nil {
		return err
	}
	m := view.Effects{ID: "channel-effects", Live: "channel-" + id}
	dry := func() ([]app.Effect, error) { return nil, nil }
	if x := c.R.FormValue("extension"); x != "" {
		m.Live += " extension-" + x
		dry = func() ([]app.Effect, error) {
			return p.app.Links.Link(ctx, c.Actor, app.LinkRequest{CustomerID: c.Customer.ID, ChannelID: id, ExtensionID: x, Side: telephony.FromChannel, DryRun: true})
		}
	}
	if c.R.URL.Query().Has("cpe") {
		m.ID = "device-effects"
		if x := c.R.FormValue("cpe"); x != "" {
			m.Live += " cpe-" + x
			dry = func() ([]app.Effect, error) {
				return p.app.CPEs.Attach(ctx, c.Actor, c.Customer.ID, x, id, 0, true)
			}
		}
	}
	list, err := dry()
	switch telephony.CodeOf(err) {
	case telephony.Conflict, telephony.Invalid, telephony.NotFound:
		m.Refusal = c.Word(err)
	default:
		if err != nil {
			return err
		}
	}
	m.List = c.effects(list)
	if len(m.List) > 0 || m.Refusal != "" {
		m.Source = c.R.URL.Path + "?" + url.Values{"extension": c.R.Form["extension"], "cpe": c.R.Form["cpe"]}.Encode()
	}
	return c.Part(http.StatusOK, view.EffectsBox(m))
}
