package web

import (
	"net/http"

	"tischlein/internal/telephony"
	"tischlein/internal/web/view"
)

func (p *Portal) extensionNew(c *Call) error {
	return p.extensionShowNew(c, http.StatusOK, Fill())
}

func (p *Portal) extensionShowNew(c *Call, status int, f view.Form) error {
	return c.Page(status, view.Page{Title: c.T("extensions.new"), Section: view.SectionService, Narrow: true},
		view.ExtensionNew(view.ExtensionForm{Customer: *c.Customer, Service: p.cfg.Service, Form: f}))
}

// extensionCreate makes an extension and leads to its page, where it is linked.
func (p *Portal) extensionCreate(c *Call) error {
	f, err := c.Form()
	if err != nil {
		return err
	}
	if f.Need("number", "name"); !f.OK() {
		return p.extensionShowNew(c, f.Status(), f.Form)
	}
	v, err := p.app.Extensions.Create(c.R.Context(), c.Actor, telephony.Extension{
		CustomerID: c.Customer.ID, Number: f.Value("number"), Name: f.Value("name"), Language: f.Value("language"), MultiLogin: f.On("multi_login"),
	}, telephony.Secret(f.Value("pin")))
	if err != nil {
		if err := f.Take(err, "number", "name", "language", "pin"); err != nil {
			return err
		}
		return p.extensionShowNew(c, f.Status(), f.Form)
	}
	return c.Redirect(view.CustomerPath(c.Customer.ID, "extensions", v.Extension.ID), Done("extensions.created", "Number", v.Extension.Number, "Name", v.Extension.Name))
}

// extensionPIN sets the PIN for hotdesking (D20).
func (p *Portal) extensionPIN(c *Call) error {
	ctx, id := c.R.Context(), c.R.PathValue("extension")
	f, err := c.Form()
	if err != nil {
		return err
	}
	v, err := p.app.Extensions.Get(ctx, c.Actor, c.Customer.ID, id)
	if err != nil {
		return err
	}
	if f.Need("pin"); f.OK() {
		err = p.app.Extensions.SetPIN(ctx, c.Actor, c.Customer.ID, id, telephony.Secret(f.Value("pin")))
		if err == nil {
			return c.Redirect(view.CustomerPath(c.Customer.ID, "extensions", id), Done("extensions.pin_set"))
		}
		if err := f.Take(err, "pin"); err != nil {
			return err
		}
	}
	m, err := p.extensionPage(c, v, extensionFill(v))
	if err != nil {
		return err
	}
	m.PIN = f.Form
	return c.showExtension(f.Status(), m)
}

// extensionUnlock lifts the lock after wrong PINs (D20).
func (p *Portal) extensionUnlock(c *Call) error {
	id := c.R.PathValue("extension")
	if err := p.app.Extensions.Unlock(c.R.Context(), c.Actor, c.Customer.ID, id); err != nil {
		return err
	}
	return c.Redirect(view.CustomerPath(c.Customer.ID, "extensions", id), Done("extensions.unlocked"))
}

// extensionLogoutAsk says where somebody is logged off.
func (p *Portal) extensionLogoutAsk(c *Call) error {
	v, err := p.app.Extensions.Get(c.R.Context(), c.Actor, c.Customer.ID, c.R.PathValue("extension"))
	if err != nil {
		return err
	}
	q := view.ExtensionQuestion{Customer: *c.Customer, Service: p.cfg.Service, Extension: v.Extension}
	for _, s := range sits(v) {
		if !s.Linked && (c.R.FormValue("channel") == "" || c.R.FormValue("channel") == s.ChannelID) {
			q.Seats = append(q.Seats, s)
		}
	}
	if len(q.Seats) == 0 {
		return c.Redirect(view.CustomerPath(c.Customer.ID, "extensions", v.Extension.ID), Remark("extensions.not_logged_in"))
	}
	return c.Page(http.StatusOK, view.Page{Title: c.T("extensions.logout"), Section: view.SectionService, Narrow: true}, view.ExtensionLogout(q))
}

// extensionLogout ends a hot-desk login.
func (p *Portal) extensionLogout(c *Call) error {
	ctx, id, channel := c.R.Context(), c.R.PathValue("extension"), c.R.FormValue("channel")
	back := view.CustomerPath(c.Customer.ID, "extensions", id)
	v, err := p.app.Extensions.Get(ctx, c.Actor, c.Customer.ID, id)
	if err != nil {
		return err
	}
	for _, s := range sits(v) {
		if s.Linked || s.ChannelID != channel {
			continue
		}
		if _, err := p.app.Logins.Logout(ctx, c.Actor, c.Customer.ID, channel, false); err != nil {
			return err
		}
		return c.Redirect(back, Done("extensions.logged_out", "Name", v.Extension.Name, "Channel", s.Channel))
	}
	return c.Redirect(back, Remark("extensions.not_logged_in"))
}

// extensionDeleteAsk says what deleting ends (D15).
func (p *Portal) extensionDeleteAsk(c *Call) error {
	v, err := p.app.Extensions.Get(c.R.Context(), c.Actor, c.Customer.ID, c.R.PathValue("extension"))
	if err != nil {
		return err
	}
	return c.Page(http.StatusOK, view.Page{Title: c.T("extensions.delete"), Section: view.SectionService, Narrow: true},
		view.ExtensionDelete(view.ExtensionQuestion{Customer: *c.Customer, Service: p.cfg.Service, Extension: v.Extension, Seats: sits(v)}))
}

func (p *Portal) extensionDelete(c *Call) error {
	ctx, id := c.R.Context(), c.R.PathValue("extension")
	v, err := p.app.Extensions.Get(ctx, c.Actor, c.Customer.ID, id)
	if err != nil {
		return err
	}
	version := versionOf(c.R.FormValue("version"))
	err = p.app.Extensions.Delete(ctx, c.Actor, c.Customer.ID, id, version)
	if telephony.CodeOf(err) == telephony.Conflict && err != nil {
		m, wrong := p.extensionPage(c, v, extensionFill(v))
		if wrong != nil {
			return wrong
		}
		m.Form.General = c.Word(err)
		return c.showExtension(http.StatusConflict, m)
	}
	if err != nil {
		return err
	}
	return c.Redirect(view.CustomerPath(c.Customer.ID, "extensions"), Done("extensions.deleted", "Number", v.Extension.Number, "Name", v.Extension.Name))
}
