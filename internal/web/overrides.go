package web

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/provision"
	"tischlein/internal/telephony"
	"tischlein/internal/web/view"
)

const (
	customerOverrides = "/customers/{customer}/overrides"
	cpeOverrides      = "/customers/{customer}/cpes/{cpe}/overrides"
)

// overrideRoutes are the parameters set by hand: for the installation or a model
// of it, a customer, a device. Vendor and model stand behind the question mark.
var overrideRoutes = []Route{
	get("/overrides", SignedIn, (*Portal).overrideList).needs(auth.ScopeRead),
	post("/overrides", SignedIn, auth.ScopeAdmin, (*Portal).overrideUpdate),
	get("/overrides/set", SignedIn, (*Portal).overrideEdit).needs(auth.ScopeAdmin),
	get(customerOverrides, OfCustomer, (*Portal).overrideList),
	post(customerOverrides, OfCustomer, auth.ScopeWrite, (*Portal).overrideUpdate),
	get(customerOverrides+"/set", OfCustomer, (*Portal).overrideEdit).needs(auth.ScopeWrite),
	get(cpeOverrides, OfCustomer, (*Portal).overrideList),
	post(cpeOverrides, OfCustomer, auth.ScopeWrite, (*Portal).overrideUpdate),
	get(cpeOverrides+"/set", OfCustomer, (*Portal).overrideEdit).needs(auth.ScopeWrite),
}

// overridesShown is how many parameters a page shows; who seeks another searches.
const overridesShown = 80

// overridePlace reads for whom parameters are to be set, and what stands around
// their list.
func (p *Portal) overridePlace(c *Call) (m view.OverridePage, at app.OverridePlace, err error) {
	m = view.OverridePage{Service: p.cfg.Service, Place: c.Place(), Edit: c.Actor.Can(auth.ScopeWrite)}
	m.Place.Path = strings.TrimSuffix(m.Place.Path, "/set")
	v := c.R.URL.Query()
	if c.Customer == nil {
		if !c.Actor.Operator() {
			return m, at, telephony.NotFoundf("page")
		}
		m.Edit = c.Actor.Can(auth.ScopeAdmin)
	} else {
		m.Customer, at.CustomerID = *c.Customer, c.Customer.ID
	}
	if id := c.R.PathValue("cpe"); id != "" {
		x, err := p.app.CPEs.Get(c.R.Context(), c.Actor, at.CustomerID, id)
		if err != nil {
			return m, at, err
		}
		m.CPE, at.CPEID = &x.CPE, id
		v.Set("vendor", x.CPE.Driver)
	}
	for _, i := range p.app.Makers() {
		if i.Fetches() {
			m.Vendors = append(m.Vendors, view.Choice{Value: i.Vendor, Label: i.Name})
		}
	}
	if len(m.Vendors) == 0 {
		return m, at, telephony.NotFoundf("page")
	}
	at.Vendor = cmp.Or(v.Get("vendor"), m.Vendors[0].Value)
	for _, i := range p.app.Makers() {
		if i.Vendor != at.Vendor {
			continue
		}
		m.Vendor = view.Choice{Value: i.Vendor, Label: i.Name}
		for _, x := range i.Models {
			m.Models = append(m.Models, x.Name)
		}
	}
	if m.Vendor.Value == "" {
		return m, at, telephony.NotFoundf("page")
	}
	if c.Customer == nil && slices.Contains(m.Models, v.Get("model")) {
		at.Model, m.Model = v.Get("model"), v.Get("model")
	}
	return m, at, nil
}

// overrideList lists a vendor's open parameters with what they are (P08).
func (p *Portal) overrideList(c *Call) error {
	m, at, err := p.overridePlace(c)
	if err != nil {
		return err
	}
	sheet, err := p.app.Overrides.Get(c.R.Context(), c.Actor, at)
	if err != nil {
		return err
	}
	m.Level, m.Version = string(sheet.Place.Level()), sheet.Version
	for _, x := range sheet.Set {
		if x.Void != "" {
			m.Void = append(m.Void, view.OverrideVoid{Name: x.Name, Value: x.Value, Why: c.T("errors.reason_" + x.Void)})
		}
	}
	params, err := p.app.Overrides.Parameters(c.R.Context(), c.Actor, at, m.Place.Get("q"))
	if err != nil {
		return err
	}
	// What is set here comes first: there is little of it, and it is what one seeks.
	slices.SortStableFunc(params, func(a, b app.ParameterView) int { return cmp.Compare(setHere(b, m.Level), setHere(a, m.Level)) })
	for _, x := range params {
		if len(m.Rows) == overridesShown {
			break
		}
		m.Rows = append(m.Rows, overrideRow(x, m.Level))
	}
	m.Count = len(params)
	if c.Fragment() {
		return c.Part(http.StatusOK, view.OverrideListPart(m))
	}
	return c.Page(http.StatusOK, p.overrideFrame(c, m), view.OverrideListPage(m))
}

func (p *Portal) overrideFrame(c *Call, m view.OverridePage) view.Page {
	x := view.Page{Title: c.T("overrides.title"), Section: view.SectionService}
	if c.Customer == nil {
		x.Section = view.SectionOverrides
	}
	return x
}

func setHere(x app.ParameterView, level string) int {
	for _, v := range x.Values {
		if string(v.Level) == level {
			return 1
		}
	}
	return 0
}

func overrideRow(x app.ParameterView, level string) view.OverrideRow {
	r := view.OverrideRow{Param: x.Param, Choices: x.Choices()}
	for _, v := range x.Values {
		r.Values = append(r.Values, view.OverrideValue{Name: v.Name, Value: v.Value, Secret: v.Secret, Level: string(v.Level), Here: string(v.Level) == level})
	}
	return r
}

// overrideEdit is the form that sets one parameter.
func (p *Portal) overrideEdit(c *Call) error {
	m, at, err := p.overridePlace(c)
	if err != nil {
		return err
	}
	name := c.R.URL.Query().Get("name")
	sheet, err := p.app.Overrides.Get(c.R.Context(), c.Actor, at)
	if err != nil {
		return err
	}
	f := Fill("name", name, "version", sheet.Version)
	params, err := p.app.Overrides.Parameters(c.R.Context(), c.Actor, at, "")
	if err != nil {
		return err
	}
	for _, x := range params {
		for _, v := range x.Values {
			if v.Name == name {
				f.Values.Set("value", v.Value)
			}
		}
	}
	return p.overrideForm(c, m, at, f, http.StatusOK)
}

func (p *Portal) overrideForm(c *Call, m view.OverridePage, at app.OverridePlace, f view.Form, status int) error {
	params, err := p.app.Overrides.Parameters(c.R.Context(), c.Actor, at, "")
	if err != nil {
		return err
	}
	m.Level, m.Form = string(at.Level()), f
	for _, x := range params {
		if x.Name == f.Value("name") || provision.Names(x.Name, f.Value("name")) {
			row := overrideRow(x, m.Level)
			m.Row = &row
		}
	}
	frame := p.overrideFrame(c, m)
	frame.Title, frame.Narrow = c.T("overrides.set_title"), true
	return c.Page(status, frame, view.OverrideEdit(m))
}

// overrideUpdate sets one parameter, or takes it back.
func (p *Portal) overrideUpdate(c *Call) error {
	m, at, err := p.overridePlace(c)
	if err != nil {
		return err
	}
	f, err := c.Form()
	if err != nil {
		return err
	}
	back := m.Place.Path + "?" + url.Values{"vendor": {at.Vendor}, "model": {at.Model}}.Encode()
	version := versionOf(f.Value("version"))
	if name := f.Value("clear"); name != "" {
		_, err := p.app.Overrides.Change(c.R.Context(), c.Actor, at, version, app.OverridePatch{Clear: []string{name}})
		if telephony.ReasonOf(err) == "version_changed" { // the list that it leads back to is what is now
			return c.Redirect(back, Remark("overrides.changed", "Name", name))
		}
		if err != nil {
			return err
		}
		return c.Redirect(back, Done("overrides.cleared", "Name", name))
	}
	f.Need("name")
	if f.OK() {
		name := f.Value("name")
		_, err := p.app.Overrides.Change(c.R.Context(), c.Actor, at, version, app.OverridePatch{Set: map[string]string{name: f.Value("value")}})
		if err == nil {
			return c.Redirect(back, Done("overrides.saved", "Name", name))
		}
		var e *telephony.Error
		if errors.As(err, &e) && e.Field != "" {
			e.Field = "value"
			if e.Reason == "parameter_unknown" || e.Reason == "parameter_locked" {
				e.Field = "name"
			}
		}
		if err := f.Take(err, "name", "value"); err != nil {
			return err
		}
		if telephony.ReasonOf(err) == "version_changed" {
			if err := p.overrideSince(c, at, f, name); err != nil {
				return err
			}
		}
	}
	return p.overrideForm(c, m, at, f.Form, f.Status())
}

// overrideSince says what is set there now, and by whom: who saves again has read
// what they replace (D23).
func (p *Portal) overrideSince(c *Call, at app.OverridePlace, f *Form, name string) error {
	sheet, err := p.app.Overrides.Get(c.R.Context(), c.Actor, at)
	if err != nil {
		return err
	}
	f.Renew(sheet.Version)
	f.General = c.T("overrides.version_changed")
	for _, x := range sheet.Set {
		if x.Name != name && !provision.Names(x.Name, name) {
			continue
		}
		value := x.Value
		if x.Secret {
			value = provision.Masked
		}
		f.General = c.T("overrides.version_changed_to", "Name", x.Name, "Value", value, "By", x.SetBy)
	}
	return nil
}
