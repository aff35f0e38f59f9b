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
	if f.On("multi_login") || len(chosen(f, "channel")) > 1 { // two stay to be seen until one is taken away
		m.Most, m.Hint = 2, c.T("extensions.link_hint_two")
	}
	var err error
	lifted := liftsLimit(v, f.On("multi_login"))
	if lifted {
		m.Source += "?multi_login=on"
	}
	m.Options, m.More, err = p.channelOptions(c, v.Extension.ID, c.R.FormValue("q"), lifted)
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

// liftsLimit reports whether switching multi-login on, not saved yet, makes room
// for a second link.
func liftsLimit(v app.ExtensionView, multi bool) bool {
	return multi && !v.Extension.MultiLogin && len(v.Links) == 1
}

// channelOptions are the customer's channels that match q: first what can be
// chosen for the extension, then what cannot, with the reason. lifted: that it is
// linked already is none.
func (p *Portal) channelOptions(c *Call, extensionID, q string, lifted bool) (options []view.Option, more bool, err error) {
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
			case !x.Offered && !(lifted && x.Reason == "extension_linked"):
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
	v, err := p.app.Extensions.Get(c.R.Context(), c.Actor, c.Customer.ID, c.R.PathValue("extension"))
	if err != nil {
		return err
	}
	options, _, err := p.channelOptions(c, v.Extension.ID, c.R.FormValue("q"), liftsLimit(v, c.R.FormValue("multi_login") == "on"))
	if err != nil {
		return err
	}
	return c.Part(http.StatusOK, view.PickerOptions(options))
}

// needsTakeOver reports whether what the form asks for logs the extension off
// somewhere, which is confirmed first (D02).
func (c *Call) needsTakeOver(p *Portal, f view.Form, id string) bool {
	a := c.arrangement(f, id)
	a.Version, a.DryRun, a.TakeOver = 0, true, false
	a.Change = func(x *telephony.Extension) error {
		x.MultiLogin = f.On("multi_login")
		return nil
	}
	_, _, err := p.app.Extensions.Arrange(c.R.Context(), c.Actor, a)
	return telephony.ReasonOf(err) == "take_over_needed"
}

// extensionEffects says what saving the form as it stands would do. Who switched
// multi-login gets the choice anew, too, which is then of one or of two.
func (p *Portal) extensionEffects(c *Call) error {
	v, err := p.app.Extensions.Get(c.R.Context(), c.Actor, c.Customer.ID, c.R.PathValue("extension"))
	if err != nil {
		return err
	}
	f := view.Form{Values: c.R.URL.Query()}
	m, err := p.effectsOf(c, v, f)
	if err != nil {
		return err
	}
	if !f.On("switched") {
		return c.Part(http.StatusOK, view.ExtensionEffectsBox(m))
	}
	choices, err := p.channelsPicker(c, v, f)
	if err != nil {
		return err
	}
	return c.Part(http.StatusOK, view.ExtensionSwitched(f, choices, m))
}

// effectsOf is what saving the form as it stands would do. It knows by itself how
// to be read anew.
func (p *Portal) effectsOf(c *Call, v app.ExtensionView, f view.Form) (view.ExtensionEffects, error) {
	id := v.Extension.ID
	m := view.ExtensionEffects{
		Path:    view.CustomerPath(c.Customer.ID, "extensions", id, "effects"),
		Effects: view.Effects{ID: "extension-effects", Live: "extension-" + id}, TakeOver: f.On("take_over"),
	}
	m.Ask = c.needsTakeOver(p, f, id)
	a := c.arrangement(f, id)
	a.DryRun, a.TakeOver = true, true
	a.Version, a.Change = 0, func(x *telephony.Extension) error { // what is half typed is judged on saving
		x.MultiLogin = f.On("multi_login")
		return nil
	}
	_, done, err := p.app.Extensions.Arrange(c.R.Context(), c.Actor, a)
	switch telephony.CodeOf(err) {
	case telephony.Conflict, telephony.Invalid, telephony.NotFound:
		m.Refusal = c.Word(err)
	default:
		if err != nil {
			return m, err
		}
	}
	m.List = c.effects(done)
	if len(m.List) > 0 || m.Refusal != "" {
		for _, x := range chosen(f, "channel") {
			m.Live += " channel-" + x
		}
		q := url.Values{}
		for _, k := range []string{"multi_login", "seen", "channel", "take_over"} {
			if len(f.Values[k]) > 0 {
				q[k] = f.Values[k]
			}
		}
		m.Source = m.Path + "?" + q.Encode()
	}
	return m, nil
}
