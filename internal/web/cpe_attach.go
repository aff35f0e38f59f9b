package web

import (
	"net/http"
	"net/url"
	"strconv"

	"tischlein/internal/app"
	"tischlein/internal/telephony"
	"tischlein/internal/web/view"
)

// attaching is what connecting a port with the channel would do. A device with one
// port leaves the channel where it is.
func (p *Portal) attaching(c *Call, v app.CPEView, channel string, port int) ([]app.Effect, error) {
	ctx := c.R.Context()
	done, err := p.app.CPEs.Attach(ctx, c.Actor, c.Customer.ID, v.CPE.ID, channel, port, true)
	if err != nil || !moves(v) || v.Attachments[0].ChannelID == channel {
		return done, err
	}
	left, err := p.app.CPEs.Detach(ctx, c.Actor, c.Customer.ID, v.Attachments[0].ChannelID, true)
	if telephony.CodeOf(err) == telephony.Conflict && err != nil {
		return done, nil // detached while we read
	}
	return append(left, done...), err
}

func moves(v app.CPEView) bool { return v.CPE.Ports <= 1 && len(v.Attachments) > 0 }

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
	done, err := p.attaching(c, v, channel, 0)
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
	if moves(v) && !f.On("read") {
		done, err := p.attaching(c, v, f.Value("channel"), port)
		if err != nil {
			if err := f.Take(err, "channel", "port"); err != nil {
				return err
			}
			return p.cpeNotAttached(c, f)
		}
		q := view.CPEMove{Customer: *c.Customer, Service: p.cfg.Service, CPE: v.CPE, Effects: c.effects(done), Form: f.Form}
		return c.Page(http.StatusOK, view.Page{Title: v.CPE.Name, Section: view.SectionService, Narrow: true}, view.CPEMoveAsk(q))
	}
	if _, err = p.app.CPEs.Attach(ctx, c.Actor, c.Customer.ID, id, f.Value("channel"), port, false); err != nil {
		if err := f.Take(err, "channel", "port"); err != nil {
			return err
		}
		return p.cpeNotAttached(c, f)
	}
	return c.Redirect(view.CustomerPath(c.Customer.ID, "cpes", id), Done("cpes.attached"))
}

func (p *Portal) cpeNotAttached(c *Call, f *Form) error {
	m, err := p.cpePage(c, f.Form)
	if err != nil {
		return err
	}
	return c.showCPE(f.Status(), m)
}
