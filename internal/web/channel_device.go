package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
	"tischlein/internal/web/view"
)

// channelDevice is the device of the channel or, for those who may, the choice of
// one to attach.
func (p *Portal) channelDevice(c *Call, v app.ChannelView, edit bool) (m view.ChannelDevice, err error) {
	ctx := c.R.Context()
	m = view.ChannelDevice{CPE: v.CPE, Registered: v.Registered, Reveal: c.Actor.Can(auth.ScopeReveal), Effects: view.Effects{ID: "device-effects"}}
	if v.CPE != nil && v.Link == nil {
		if m.Code, err = p.deskCode(c.Customer.Number, v.Channel); err != nil {
			return m, err
		}
	}
	if v.CPE == nil {
		if edit && v.Channel.Kind != telephony.KindClient {
			m.Choices, m.Ports, err = p.devicePicker(c, v.Channel.ID, "")
		}
		return m, err
	}
	d, err := p.app.CPEs.Get(ctx, c.Actor, c.Customer.ID, v.CPE.ID)
	if err != nil {
		return m, err
	}
	m.Fetches = d.Fetches
	if i := slices.IndexFunc(d.Attachments, func(a telephony.Attachment) bool { return a.ChannelID == v.Channel.ID }); i >= 0 {
		m.Port = d.Attachments[i].Port
	}
	if !edit {
		return m, nil
	}
	done, err := p.app.CPEs.Detach(ctx, c.Actor, c.Customer.ID, v.Channel.ID, true)
	if telephony.CodeOf(err) == telephony.Conflict {
		return m, nil // detached while we read
	}
	m.Detach = c.effects(done)
	return m, err
}

// devicePicker is the choice of a device, those that are nowhere first.
func (p *Portal) devicePicker(c *Call, channelID, q string) (m view.Picker, ports int, err error) {
	path := view.CustomerPath(c.Customer.ID, "channels", channelID)
	m = view.Picker{
		Name: "cpe", Label: c.T("channels.choose_cpe"), Most: 1, Source: path + "/devices",
		Attributes: templ.Attributes{"hx-get": path + "/effects", "hx-trigger": "change", "hx-target": "#device-effects", "hx-swap": "outerMorph"},
	}
	seen := map[string]bool{}
	for _, part := range []app.Query{{Search: q, Filter: "unattached", Limit: 100}, {Search: q, Limit: 100}} {
		l, err := p.app.CPEs.List(c.R.Context(), c.Actor, c.Customer.ID, part)
		if err != nil {
			return m, 0, err
		}
		m.More = m.More || l.Next != ""
		for _, x := range l.Items {
			if !seen[x.CPE.ID] {
				seen[x.CPE.ID] = true
				ports = max(ports, x.CPE.Ports)
				m.Options = append(m.Options, c.deviceOption(x))
			}
		}
	}
	return m, ports, nil
}

// deviceOption says of a device where it is now, and what choosing it means.
func (c *Call) deviceOption(x app.CPEView) view.Option {
	o := view.Option{Value: x.CPE.ID, Label: x.CPE.Name}
	if x.CPE.MAC != "" && !strings.Contains(x.CPE.Name, x.CPE.MAC.Colon()) {
		o.Detail = x.CPE.MAC.Colon()
	}
	var places []string
	for _, a := range x.Attachments {
		places = append(places, x.Places[a.ChannelID])
	}
	switch {
	case x.CPE.Lost:
		o.Refused = c.T("channels.device_lost")
	case len(places) > 0 && x.CPE.Ports == 1:
		o.Detail = c.T("channels.device_moves", "Places", places)
	case len(places) >= x.CPE.Ports:
		o.Refused = c.T("channels.device_full")
	case x.CPE.Ports > 1:
		o.Detail = c.Text().N("channels.device_ports", x.CPE.Ports-len(places))
	}
	return o
}

// channelDevices answers what the choice of a device is asked for while one types.
func (p *Portal) channelDevices(c *Call) error {
	if _, err := p.app.Channels.Get(c.R.Context(), c.Actor, c.Customer.ID, c.R.PathValue("channel")); err != nil {
		return err
	}
	m, _, err := p.devicePicker(c, c.R.PathValue("channel"), c.R.FormValue("q"))
	if err != nil {
		return err
	}
	return c.Part(http.StatusOK, view.PickerOptions(m.Options))
}

// channelAttach connects a device with the channel; a link that waits there takes
// effect (S02).
func (p *Portal) channelAttach(c *Call) error {
	ctx, id := c.R.Context(), c.R.PathValue("channel")
	f, err := c.Form()
	if err != nil {
		return err
	}
	v, err := p.app.Channels.Get(ctx, c.Actor, c.Customer.ID, id)
	if err != nil {
		return err
	}
	if f.Need("cpe"); f.OK() {
		port, wrong := strconv.Atoi(f.Value("port"))
		if f.Value("port") != "" && wrong != nil {
			f.Refuse("port", "errors.invalid")
		} else {
			_, err = p.app.CPEs.Attach(ctx, c.Actor, c.Customer.ID, f.Value("cpe"), id, port, false)
			if err == nil {
				return c.Redirect(view.CustomerPath(c.Customer.ID, "channels", id), Done("channels.attached", "Name", v.Channel.Name))
			}
			if err := f.Take(gone(err, telephony.Invalidf("cpe", "cpe_gone", "the device was deleted meanwhile")), "cpe", "port"); err != nil {
				return err
			}
		}
	}
	m, err := p.channelPage(c, v, channelFill(v))
	if err != nil {
		return err
	}
	m.Device.Form = f.Form
	for i := range m.Device.Choices.Options {
		m.Device.Choices.Options[i].Selected = m.Device.Choices.Options[i].Value == f.Value("cpe")
	}
	if m.Device.CPE != nil {
		m.Form.General = f.General // somebody attached another one meanwhile
	}
	return c.showChannel(f.Status(), m)
}

// channelDetachAsk asks before the device is taken off (D14).
func (p *Portal) channelDetachAsk(c *Call) error {
	ctx, id := c.R.Context(), c.R.PathValue("channel")
	v, err := p.app.Channels.Get(ctx, c.Actor, c.Customer.ID, id)
	if err != nil {
		return err
	}
	if v.CPE == nil {
		return c.Redirect(view.CustomerPath(c.Customer.ID, "channels", id), Remark("channels.detached_already"))
	}
	done, err := p.app.CPEs.Detach(ctx, c.Actor, c.Customer.ID, id, true)
	if err != nil {
		return err
	}
	return c.Page(http.StatusOK, view.Page{Title: c.T("channels.detach"), Section: view.SectionService, Narrow: true},
		view.ChannelDetach(p.channelQuestion(c, v, done)))
}

// channelDetach takes off the device that somebody has read, not one that came
// since.
func (p *Portal) channelDetach(c *Call) error {
	ctx, id := c.R.Context(), c.R.PathValue("channel")
	v, err := p.app.Channels.Get(ctx, c.Actor, c.Customer.ID, id)
	if err != nil {
		return err
	}
	back := view.CustomerPath(c.Customer.ID, "channels", id)
	asked := c.R.FormValue("cpe")
	if v.CPE == nil || asked != "" && asked != v.CPE.ID { // what somebody has read is gone already
		return c.Redirect(back, Remark("channels.detached_already"))
	}
	_, err = p.app.CPEs.Detach(ctx, c.Actor, c.Customer.ID, id, false)
	if telephony.ReasonOf(err) == "no_device" {
		return c.Redirect(back, Remark("channels.detached_already"))
	}
	if err != nil {
		return err
	}
	return c.Redirect(back, Done("channels.detached", "Device", v.CPE.Name, "Name", v.Channel.Name))
}

// channelCredentials shows what is typed into a device that fetches nothing
// (D27). The answer is the page itself, once; the audit log has it.
func (p *Portal) channelCredentials(c *Call) error {
	ctx, id := c.R.Context(), c.R.PathValue("channel")
	v, err := p.app.Channels.Get(ctx, c.Actor, c.Customer.ID, id)
	if err != nil {
		return err
	}
	m, err := p.channelPage(c, v, channelFill(v))
	if err != nil {
		return err
	}
	user, secret, err := p.app.CPEs.Credentials(ctx, c.Actor, c.Customer.ID, id)
	if telephony.CodeOf(err) == telephony.Conflict {
		m.Form.General = c.Word(err)
		return c.showChannel(http.StatusConflict, m)
	}
	if err != nil {
		return err
	}
	m.Device.Secret = &view.SIPCredentials{User: user, Password: secret.Reveal(), Realm: p.app.Realm()}
	c.Secret()
	return c.showChannel(http.StatusOK, m)
}
