package web

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"tischlein/internal/auth"
	"tischlein/internal/telephony"
	"tischlein/internal/web/view"
)

var customerFields = []string{"name", "number", "language", "time_zone", "contact_person", "contact_phone", "contact_email", "partner_id"}

func (p *Portal) customerNew(c *Call) error {
	if !serves(c.Actor) {
		return auth.Denied(auth.ScopeWrite)
	}
	return p.showCustomerForm(c, http.StatusOK, Fill("language", string(c.Text().Language), "time_zone", "Europe/Berlin", "partner_id", c.R.FormValue("partner")))
}

// customerCreate makes a customer and leads to its page.
func (p *Portal) customerCreate(c *Call) error {
	f, err := c.Form()
	if err != nil {
		return err
	}
	if f.Need("name", "number"); f.OK() {
		x, err := p.app.Customers.Create(c.R.Context(), c.Actor, telephony.Customer{
			Name: f.Value("name"), Number: f.Value("number"), Language: f.Value("language"), TimeZone: f.Value("time_zone"), PartnerID: f.Value("partner_id"),
			ContactPerson: f.Value("contact_person"), ContactPhone: f.Value("contact_phone"), ContactEmail: f.Value("contact_email"),
		})
		if err == nil {
			return c.Redirect(view.CustomerPath(x.ID), Done("customers.created", "Name", x.Name))
		}
		if err := f.Take(err, customerFields...); err != nil {
			return err
		}
	}
	return p.showCustomerForm(c, f.Status(), f.Form)
}

func (p *Portal) customerEdit(c *Call) error {
	x := c.Customer
	return p.showCustomerForm(c, http.StatusOK, Fill("name", x.Name, "number", x.Number, "language", x.Language,
		"contact_person", x.ContactPerson, "contact_phone", x.ContactPhone, "contact_email", x.ContactEmail, "time_zone", x.TimeZone, "partner_id", x.PartnerID, "version", x.Version))
}

func (p *Portal) customerUpdate(c *Call) error {
	f, err := c.Form()
	if err != nil {
		return err
	}
	if f.Need("name", "number"); f.OK() {
		version := versionOf(f.Value("version"))
		x, err := p.app.Customers.Update(c.R.Context(), c.Actor, c.Customer.ID, version, func(x *telephony.Customer) error {
			x.Name, x.Number, x.Language, x.TimeZone = f.Value("name"), f.Value("number"), f.Value("language"), f.Value("time_zone")
			x.ContactPerson, x.ContactPhone, x.ContactEmail = f.Value("contact_person"), f.Value("contact_phone"), f.Value("contact_email")
			if c.Actor.Operator() && f.Values.Has("partner_id") {
				x.PartnerID = f.Value("partner_id")
			}
			return nil
		})
		if err == nil {
			return c.Redirect(view.CustomerPath(x.ID), Done("customers.saved", "Name", x.Name))
		}
		if err := f.Take(err, customerFields...); err != nil {
			return err
		}
		if telephony.ReasonOf(err) == "version_changed" {
			f.General = c.T("customers.version_changed")
			f.Renew(c.Customer.Version)
		}
	}
	return p.showCustomerForm(c, f.Status(), f.Form)
}

func (p *Portal) showCustomerForm(c *Call, status int, f view.Form) error {
	partners, err := p.partnerNames(c)
	if err != nil {
		return err
	}
	m := view.CustomerForm{Form: f, Zones: zones}
	page := view.Page{Title: c.T("customers.new"), Section: view.SectionCustomers, Narrow: true}
	if c.Customer != nil {
		m.Customer, page.Title, page.Section = c.Customer, c.T("customers.edit"), view.SectionMaster
	}
	if len(partners) > 0 {
		m.Partners = []view.Choice{{Value: "", Label: c.T("customers.partner_none")}}
		for id, name := range partners {
			m.Partners = append(m.Partners, view.Choice{Value: id, Label: name})
		}
		slices.SortFunc(m.Partners[1:], func(a, b view.Choice) int {
			return cmp.Compare(strings.ToLower(a.Label), strings.ToLower(b.Label))
		})
	}
	return c.Page(status, page, view.CustomerEdit(m))
}

// zones are proposed; every other IANA name can be typed.
var zones = []string{
	"Europe/Berlin", "Europe/Vienna", "Europe/Zurich", "Europe/Amsterdam", "Europe/Brussels", "Europe/Luxembourg", "Europe/Copenhagen",
	"Europe/Stockholm", "Europe/Oslo", "Europe/Helsinki", "Europe/Warsaw", "Europe/Prague", "Europe/Budapest", "Europe/Paris", "Europe/Madrid",
	"Europe/Lisbon", "Europe/Rome", "Europe/Athens", "Europe/Bucharest", "Europe/Istanbul", "Europe/London", "Europe/Dublin", "Atlantic/Canary",
	"America/New_York", "America/Chicago", "America/Los_Angeles", "America/Sao_Paulo", "Asia/Dubai", "Asia/Kolkata", "Asia/Singapore",
	"Asia/Shanghai", "Asia/Tokyo", "Australia/Sydney", "UTC",
}
