package web

import (
	"net/http"
	"strconv"
	"strings"

	"tischlein/internal/app"
	"tischlein/internal/telephony"
	"tischlein/internal/web/view"
)

var cpeFields = []string{"mac", "driver", "model", "name", "ports"}

func (p *Portal) cpeNew(c *Call) error {
	return p.showCPEForm(c, http.StatusOK, nil, Fill("channel", c.R.FormValue("channel")))
}

// showCPEForm shows the page on which a device is added or changed. Makers and
// models stand in one list; which maker a MAC hints at is found by the page.
func (p *Portal) showCPEForm(c *Call, status int, x *telephony.CPE, f view.Form) error {
	m := view.CPEForm{Customer: *c.Customer, Service: p.cfg.Service, CPE: x, Form: f}
	for _, i := range p.app.Makers() {
		mk := view.Maker{Vendor: i.Vendor, Name: p.maker(c, i.Vendor), OUIs: i.OUIs}
		for _, y := range i.Models {
			if len(i.Models) == 1 && strings.EqualFold(y.Name, i.Vendor) {
				continue // there is nothing to choose
			}
			mk.Models = append(mk.Models, view.MakerModel{Name: y.Name, Ports: max(1, y.Ports)})
		}
		m.Makers = append(m.Makers, mk)
	}
	if id := f.Value("channel"); id != "" {
		v, err := p.app.Channels.Get(c.R.Context(), c.Actor, c.Customer.ID, id)
		if err != nil && telephony.CodeOf(err) != telephony.NotFound {
			return err
		}
		m.Channel = v.Channel.Name
	}
	page := view.Page{Title: c.T("cpes.new"), Section: view.SectionService, Narrow: true}
	if x != nil {
		page.Title = c.T("cpes.edit")
	}
	if x == nil {
		c.W.Header().Set("Permissions-Policy", "camera=(self)") // to read the label of a device
	}
	return c.Page(status, page, view.CPEEdit(m))
}

// cpeOf is what the form says. The choice of the model names maker and model; a
// maker alone is a device whose model shows itself.
func cpeOf(f *Form, x *telephony.CPE) {
	x.MAC, x.Name, x.Model = telephony.MAC(f.Value("mac")), f.Value("name"), f.Value("model")
	if d := f.Value("driver"); d != "" {
		x.Driver = d
	}
	x.Ports, _ = strconv.Atoi(f.Value("ports")) // 0, what the model has
}

// cpeCreate adds a device, and attaches it where one came from a channel.
func (p *Portal) cpeCreate(c *Call) error {
	ctx := c.R.Context()
	f, err := c.Form()
	if err != nil {
		return err
	}
	if f.Need("driver"); !f.OK() {
		return p.showCPEForm(c, f.Status(), nil, f.Form)
	}
	x := telephony.CPE{CustomerID: c.Customer.ID}
	cpeOf(f, &x)
	v, err := p.app.CPEs.Create(ctx, c.Actor, x)
	if err != nil {
		if err := f.Take(err, cpeFields...); err != nil {
			return err
		}
		return p.showCPEForm(c, f.Status(), nil, f.Form)
	}
	page := view.CustomerPath(c.Customer.ID, "cpes", v.CPE.ID)
	if id := f.Value("channel"); id != "" {
		if _, err := p.app.CPEs.Attach(ctx, c.Actor, c.Customer.ID, v.CPE.ID, id, 0, false); err != nil {
			return c.Redirect(page, Done("cpes.created", "Name", v.CPE.Name), Remark("cpes.not_attached"))
		}
	}
	return c.Redirect(page, Done("cpes.created", "Name", v.CPE.Name))
}

func (p *Portal) cpeEdit(c *Call) error {
	v, err := p.app.CPEs.Get(c.R.Context(), c.Actor, c.Customer.ID, c.R.PathValue("cpe"))
	if err != nil {
		return err
	}
	return p.showCPEForm(c, http.StatusOK, &v.CPE, cpeFill(v))
}

func cpeFill(v app.CPEView) view.Form {
	x := v.CPE
	return Fill("name", x.Name, "mac", x.MAC.Colon(), "driver", x.Driver, "model", x.Model, "ports", x.Ports, "version", x.Version)
}

func (p *Portal) cpeUpdate(c *Call) error {
	ctx, id := c.R.Context(), c.R.PathValue("cpe")
	f, err := c.Form()
	if err != nil {
		return err
	}
	v, err := p.app.CPEs.Get(ctx, c.Actor, c.Customer.ID, id)
	if err != nil {
		return err
	}
	version := versionOf(f.Value("version"))
	saved, err := p.app.CPEs.Update(ctx, c.Actor, c.Customer.ID, id, version, func(x *telephony.CPE) error { cpeOf(f, x); return nil })
	if err == nil {
		return c.Redirect(view.CustomerPath(c.Customer.ID, "cpes", id), Done("cpes.saved", "Name", saved.CPE.Name))
	}
	if telephony.ReasonOf(err) == "version_changed" {
		f.Renew(v.CPE.Version)
	}
	if err := f.Take(err, cpeFields...); err != nil {
		return err
	}
	return p.showCPEForm(c, f.Status(), &v.CPE, f.Form)
}
