package web

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"tischlein/internal/app"
	"tischlein/internal/telephony"
	"tischlein/internal/web/view"
)

// cpeAttachAsk is the page of a device with the choice of a channel opened.
func (p *Portal) cpeAttachAsk(c *Call) error {
	m, err := p.cpeOpened(c, view.Form{})
	return p.cpeAnswer(c, m, err)
}

// cpeOpened is the page with the choice of a channel; f is what stands in its form.
func (p *Portal) cpeOpened(c *Call, f view.Form) (m view.CPEPage, err error) {
	if m, err = p.cpePage(c); err != nil {
		return m, err
	}
	m.Form = f
	if !m.Attachable {
		return m, nil
	}
	m.Choices, err = p.placePicker(c, m.CPERow, c.R.FormValue("q"), f.Value("channel"))
	if len(f.Errors) == 0 {
		m.Choices.Attributes["autofocus"] = true
	}
	return m, err
}

// cpeEffects says what attaching the device to the chosen channel would do.
func (p *Portal) cpeEffects(c *Call) error {
	v, err := p.app.CPEs.Get(c.R.Context(), c.Actor, c.Customer.ID, c.R.PathValue("cpe"))
	if err != nil {
		return err
	}
	m := view.Effects{ID: "device-effects"}
	channel := c.R.FormValue("channel")
	if channel == "" {
		return c.Part(http.StatusOK, view.CPEAttachEffects(m))
	}
	done, err := p.app.CPEs.Attach(c.R.Context(), c.Actor, c.Customer.ID, v.CPE.ID, channel, 0, true)
	switch telephony.CodeOf(err) {
	case telephony.Conflict, telephony.Invalid, telephony.NotFound:
		m.Refusal = c.Word(err)
	default:
		if err != nil {
			return err
		}
	}
	m.List = c.effects(done)
	m.Live = "cpe-" + v.CPE.ID + " channel-" + channel
	m.Source = c.R.URL.Path + "?" + url.Values{"channel": {channel}}.Encode()
	return c.Part(http.StatusOK, view.CPEAttachEffects(m))
}

// errChannelGone refuses the choice of a channel that was deleted meanwhile.
var errChannelGone = telephony.Invalidf("channel", "channel_gone", "the channel was deleted meanwhile")

// cpeAttach connects a port with a channel; a link that waits there takes effect
// (S02). Who has not read what moving the device ends is asked.
func (p *Portal) cpeAttach(c *Call) error {
	f, err := c.Form()
	if err != nil {
		return err
	}
	ctx, id := c.R.Context(), c.R.PathValue("cpe")
	v, err := p.app.CPEs.Get(ctx, c.Actor, c.Customer.ID, id)
	if err != nil {
		return err
	}
	port, wrong := strconv.Atoi(f.Value("port")) // none: the next free one
	if f.Need("channel"); f.Value("port") != "" && wrong != nil {
		f.Refuse("port", "errors.invalid")
	}
	if !f.OK() {
		return p.cpeNotAttached(c, f)
	}
	if p.cpeRow(c, v).Moves() && !f.On("read") {
		done, err := p.app.CPEs.Attach(ctx, c.Actor, c.Customer.ID, id, f.Value("channel"), port, true)
		if err != nil {
			if err := f.Take(gone(err, errChannelGone), "channel", "port"); err != nil {
				return err
			}
			return p.cpeNotAttached(c, f)
		}
		q := view.CPEMove{Customer: *c.Customer, Service: p.cfg.Service, CPE: v.CPE, Effects: c.effects(done), Form: f.Form}
		return c.Page(http.StatusOK, view.Page{Title: v.CPE.Name, Section: view.SectionService, Narrow: true}, view.CPEMoveAsk(q))
	}
	if _, err = p.app.CPEs.Attach(ctx, c.Actor, c.Customer.ID, id, f.Value("channel"), port, false); err != nil {
		if err := f.Take(gone(err, errChannelGone), "channel", "port"); err != nil {
			return err
		}
		return p.cpeNotAttached(c, f)
	}
	return c.Redirect(view.CustomerPath(c.Customer.ID, "cpes", id), Done("cpes.attached"))
}

func (p *Portal) cpeNotAttached(c *Call, f *Form) error {
	m, err := p.cpeOpened(c, f.Form)
	if err != nil {
		return err
	}
	return c.showCPE(f.Status(), m)
}

// placePicker is the choice of a channel for a free port, or of another one for a
// device that has but one port: those without a device.
func (p *Portal) placePicker(c *Call, r view.CPERow, q, chosen string) (m view.Picker, err error) {
	page := view.CustomerPath(c.Customer.ID, "cpes", r.CPE.ID)
	m = view.Picker{
		Name: "channel", Label: c.T("cpes.choose_channel"), Most: 1, Source: page + "/channels",
		Attributes: templ.Attributes{"hx-get": page + "/effects", "hx-trigger": "change", "hx-target": "#cpe-attach-effects", "hx-swap": "outerMorph", "hx-include": "closest form"},
	}
	if r.Moves() {
		m.Label = c.T("cpes.choose_other")
	}
	l, err := p.app.Channels.List(c.R.Context(), c.Actor, c.Customer.ID, app.Query{Search: q, Sort: "-cpe", Limit: 200})
	if err != nil {
		return m, err
	}
	m.More = l.Next != "" || q != ""
	for _, x := range l.Items {
		if x.Channel.Kind == telephony.KindClient || x.CPE != nil && x.CPE.ID == r.CPE.ID {
			continue
		}
		o := view.Option{Value: x.Channel.ID, Label: x.Channel.Name, Selected: x.Channel.ID == chosen}
		if x.LinkedTo != nil {
			o.Detail = x.LinkedTo.Number + " " + x.LinkedTo.Name
		}
		if x.CPE != nil {
			o.Refused = c.T("cpes.channel_taken", "Device", x.CPE.Name)
		}
		m.Options = append(m.Options, o)
	}
	return m, nil
}

// cpeChannels answers what the choice of a channel is asked for while one types.
func (p *Portal) cpeChannels(c *Call) error {
	v, err := p.app.CPEs.Get(c.R.Context(), c.Actor, c.Customer.ID, c.R.PathValue("cpe"))
	if err != nil {
		return err
	}
	m, err := p.placePicker(c, p.cpeRow(c, v), c.R.FormValue("q"), "")
	if err != nil {
		return err
	}
	return c.Part(http.StatusOK, view.PickerOptions(m.Options))
}
