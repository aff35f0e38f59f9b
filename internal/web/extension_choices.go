package web

import (
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"tischlein/internal/app"
	"tischlein/internal/telephony"
	"tischlein/internal/web/view"
)

// channelsPicker is the field Benutzer mit CPE/Kanal verbinden (S10): one channel,
// with multi-login two.
func (p *Portal) channelsPicker(c *Call, v app.ExtensionView, f view.Form) (view.Picker, error) {
	path := view.CustomerPath(c.Customer.ID, "extensions", v.Extension.ID)
	m := view.Picker{
		Name: "channel", Label: c.T("extensions.link_field"), Most: 1, Source: path + "/choices",
		Attributes: templ.Attributes{
			"hx-get": path + "/effects", "hx-trigger": "change", "hx-target": "#extension-effects-box", "hx-swap": "outerMorph", "hx-include": "closest form",
		},
	}
	if f.On("multi_login") {
		m.Most, m.Hint = 2, c.T("extensions.link_hint_two")
	}
	var err error
	m.Options, m.More, err = p.channelOptions(c, v.Extension.ID, c.R.FormValue("q"))
	if err != nil {
		return m, err
	}
	m.More = m.More || c.R.FormValue("q") != ""
	for _, id := range chosen(f, "channel") {
		found := false
		for i := range m.Options {
			if m.Options[i].Value == id {
				m.Options[i].Selected, found = true, true
			}
		}
		if found {
			continue
		}
		x, err := p.app.Channels.Get(c.R.Context(), c.Actor, c.Customer.ID, id)
		if telephony.CodeOf(err) == telephony.NotFound && err != nil {
			continue
		}
		if err != nil {
			return m, err
		}
		m.Options = append([]view.Option{{Value: id, Label: x.Channel.Name, Selected: true}}, m.Options...)
	}
	return m, nil
}

// channelOptions are the customer's channels that match q: first what can be
// chosen for the extension, then what cannot, with the reason.
func (p *Portal) channelOptions(c *Call, extensionID, q string) (options []view.Option, more bool, err error) {
	for _, part := range []app.Query{{Search: q, Filter: "offered", Limit: choicesOffered}, {Search: q, Filter: "refused", Limit: choicesRefused}} {
		l, err := p.app.Extensions.Choices(c.R.Context(), c.Actor, c.Customer.ID, extensionID, part)
		if err != nil {
			return nil, false, err
		}
		more = more || l.Next != ""
		for _, x := range l.Items {
			o := view.Option{Value: x.Channel.ID, Label: x.Channel.Name}
			switch {
			case x.Current:
				o.Detail = c.T("extensions.choice_current")
			case !x.Offered:
				o.Refused = c.refusedChannel(x)
			case x.TakeOver:
				o.Detail = c.T("extensions.choice_take_over", "Places", holderNames(x.Holders))
			case x.Guest != nil:
				o.Detail = c.T("extensions.choice_guest", "Name", x.Guest.Name, "Number", x.Guest.Number)
			case !x.HasCPE:
				o.Detail = c.T("extensions.choice_no_device")
			}
			options = append(options, o)
		}
	}
	return options, more, nil
}

func holderNames(list []app.Holder) (names []string) {
	for _, h := range list {
		if h.Number != "" {
			names = append(names, h.Number+" "+h.Name)
		} else {
			names = append(names, h.Name)
		}
	}
	return names
}

// refusedChannel words why a channel cannot be chosen.
func (c *Call) refusedChannel(x app.ChannelChoice) string {
	switch x.Reason {
	case "channel_linked":
		return c.T("extensions.refused_linked", "Holder", holderNames(x.Holders))
	case "channel_is_client":
		return c.T("extensions.refused_client")
	case "extension_linked":
		return c.T("extensions.refused_full", "Places", holderNames(x.Holders))
	}
	return c.T("extensions.refused")
}

// extensionChoices answers what the picker is asked for while one types.
func (p *Portal) extensionChoices(c *Call) error {
	options, _, err := p.channelOptions(c, c.R.PathValue("extension"), c.R.FormValue("q"))
	if err != nil {
		return err
	}
	return c.Part(http.StatusOK, view.PickerOptions(options))
}

// needsTakeOver reports whether what the form asks for logs the extension off
// somewhere, which is confirmed first (D02).
func (c *Call) needsTakeOver(p *Portal, f view.Form, id string) bool {
	a := c.arrangement(f, id)
	a.DryRun, a.TakeOver = true, false
	_, _, err := p.app.Extensions.Arrange(c.R.Context(), c.Actor, a)
	return telephony.ReasonOf(err) == "take_over_needed"
}

// extensionEffects says what saving the form as it stands would do. Its answer
// knows by itself how to be read anew.
func (p *Portal) extensionEffects(c *Call) error {
	ctx, id := c.R.Context(), c.R.PathValue("extension")
	v, err := p.app.Extensions.Get(ctx, c.Actor, c.Customer.ID, id)
	if err != nil {
		return err
	}
	f := view.Form{Values: c.R.URL.Query()}
	if f.Value("number") == "" || f.Value("name") == "" { // what is half typed is judged on saving
		f.Values.Set("number", v.Extension.Number)
		f.Values.Set("name", v.Extension.Name)
	}
	m := view.ExtensionEffects{Effects: view.Effects{ID: "extension-effects", Live: "extension-" + id}}
	m.Ask = c.needsTakeOver(p, f, id)
	m.TakeOver = f.On("take_over")
	a := c.arrangement(f, id)
	a.DryRun, a.TakeOver = true, true
	_, done, err := p.app.Extensions.Arrange(ctx, c.Actor, a)
	switch telephony.CodeOf(err) {
	case telephony.Conflict, telephony.Invalid, telephony.NotFound:
		m.Refusal = c.Word(err)
	default:
		if err != nil {
			return err
		}
	}
	m.List = c.effects(done)
	if len(m.List) > 0 || m.Refusal != "" {
		for _, x := range chosen(f, "channel") {
			m.Live += " channel-" + x
		}
		q := url.Values{}
		for _, k := range []string{"number", "name", "language", "multi_login", "version", "seen", "channel", "take_over"} {
			if len(f.Values[k]) > 0 {
				q[k] = f.Values[k]
			}
		}
		m.Source = c.R.URL.Path + "?" + q.Encode()
	}
	return c.Part(http.StatusOK, view.ExtensionEffectsBox(m))
}
