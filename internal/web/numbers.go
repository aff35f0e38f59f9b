package web

import (
	"net/http"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
	"tischlein/internal/web/view"
)

const numbersPath = "/customers/{customer}/numbers"

var numberRoutes = []Route{
	get(numbersPath, OfCustomer, (*Portal).numberList),
	get(numbersPath+"/new", OfCustomer, (*Portal).numberNew).needs(auth.ScopeWrite),
	post(numbersPath+"/new", OfCustomer, auth.ScopeWrite, (*Portal).numberCreate).keeps(),
	get(numbersPath+"/extensions", OfCustomer, (*Portal).numberExtensions).needs(auth.ScopeWrite),
	get(numbersPath+"/{phonenumber}", OfCustomer, (*Portal).numberEdit),
	post(numbersPath+"/{phonenumber}", OfCustomer, auth.ScopeWrite, (*Portal).numberUpdate).keeps(),
	get(numbersPath+"/{phonenumber}/delete", OfCustomer, (*Portal).numberDeleteAsk).needs(auth.ScopeWrite),
	post(numbersPath+"/{phonenumber}/delete", OfCustomer, auth.ScopeWrite, (*Portal).numberDelete),
}

func (c *Call) numbersPath(parts ...string) string {
	return view.CustomerPath(c.Customer.ID, append([]string{"numbers"}, parts...)...)
}

// numberList lists the customer's outside numbers and whom they ring (C10).
func (p *Portal) numberList(c *Call) error {
	v := c.R.URL.Query()
	l, err := p.app.Numbers.List(c.R.Context(), c.Actor, c.Customer.ID, app.Query{Cursor: v.Get("cursor"), Search: v.Get("q")})
	if err != nil {
		return err
	}
	m := view.NumberList{
		Customer: *c.Customer, Service: p.cfg.Service, Place: c.Place(), Edit: c.Actor.Can(auth.ScopeWrite), Add: serves(c.Actor),
		Pager: view.Pager{Place: c.Place(), Prev: l.Prev, Next: l.Next, Shown: len(l.Items), Total: -1},
	}
	for _, x := range l.Items {
		m.Rows = append(m.Rows, view.NumberRow{Number: x.Number, Extension: x.Extension})
	}
	if c.Fragment() {
		return c.Part(http.StatusOK, view.NumberListPart(m))
	}
	return c.Page(http.StatusOK, view.Page{Title: c.T("numbers.title"), Section: view.SectionService}, view.NumberListPage(m))
}

// extensionPicker is the choice of whom a number rings.
func (p *Portal) extensionPicker(c *Call, chosen *telephony.Extension, q string) (m view.Picker, err error) {
	m = view.Picker{Name: "extension", Label: c.T("numbers.rings"), Hint: c.T("numbers.rings_hint"), Most: 1, Source: c.numbersPath("extensions")}
	l, err := p.app.Extensions.List(c.R.Context(), c.Actor, c.Customer.ID, app.Query{Search: q, Limit: 200})
	if err != nil {
		return m, err
	}
	m.More = l.Next != "" || q != ""
	if chosen != nil {
		m.Options = append(m.Options, view.Option{Value: chosen.ID, Label: extensionLabel(*chosen), Selected: true})
	}
	for _, x := range l.Items {
		if chosen == nil || x.Extension.ID != chosen.ID {
			m.Options = append(m.Options, view.Option{Value: x.Extension.ID, Label: extensionLabel(x.Extension)})
		}
	}
	return m, nil
}

// chosenExtension is whom the form names, nil if nobody.
func (p *Portal) chosenExtension(c *Call, id string) (*telephony.Extension, error) {
	if id == "" {
		return nil, nil
	}
	v, err := p.app.Extensions.Get(c.R.Context(), c.Actor, c.Customer.ID, id)
	if telephony.CodeOf(err) == telephony.NotFound && err != nil {
		return nil, nil
	}
	return &v.Extension, err
}

// numberExtensions answers what the choice is asked for while one types.
func (p *Portal) numberExtensions(c *Call) error {
	m, err := p.extensionPicker(c, nil, c.R.FormValue("q"))
	if err != nil {
		return err
	}
	return c.Part(http.StatusOK, view.PickerOptions(m.Options))
}

func (p *Portal) showNumber(c *Call, status int, n *telephony.Number, f view.Form) error {
	chosen, err := p.chosenExtension(c, f.Value("extension"))
	if err != nil {
		return err
	}
	m := view.NumberForm{Customer: *c.Customer, Service: p.cfg.Service, Number: n, Form: f, Rings: chosen, Edit: c.Actor.Can(auth.ScopeWrite), Delete: n != nil && serves(c.Actor), Search: c.R.URL.Query().Get("q")}
	if m.Edit {
		if m.Choices, err = p.extensionPicker(c, chosen, m.Search); err != nil {
			return err
		}
	}
	title := c.T("numbers.new")
	if n != nil {
		title = n.E164
	}
	return c.Page(status, view.Page{Title: title, Section: view.SectionService, Narrow: true}, view.NumberEdit(m))
}

func (p *Portal) numberNew(c *Call) error {
	if !serves(c.Actor) {
		return auth.Denied(auth.ScopeWrite)
	}
	return p.showNumber(c, http.StatusOK, nil, Fill("extension", c.R.FormValue("extension")))
}

func (p *Portal) numberCreate(c *Call) error {
	if !serves(c.Actor) {
		return auth.Denied(auth.ScopeWrite)
	}
	f, err := c.Form()
	if err != nil {
		return err
	}
	if f.Need("e164"); f.OK() {
		v, err := p.app.Numbers.Create(c.R.Context(), c.Actor, telephony.Number{
			CustomerID: c.Customer.ID, E164: f.Value("e164"), ExtensionID: f.Value("extension"), Note: f.Value("note"),
		})
		if err == nil {
			return c.Redirect(c.numbersPath(), Done("numbers.created", "Number", v.Number.E164))
		}
		if err := p.numberTake(c, f, err); err != nil {
			return err
		}
	}
	return p.showNumber(c, f.Status(), nil, f.Form)
}

// numberTake puts a refusal beside its field. That the extension is gone is one too.
func (p *Portal) numberTake(c *Call, f *Form, err error) error {
	if telephony.CodeOf(err) == telephony.NotFound && f.Value("extension") != "" {
		x, gone := p.chosenExtension(c, f.Value("extension"))
		if gone != nil {
			return gone
		}
		if x == nil {
			f.Refuse("extension", "errors.reason_extension_gone")
			f.Values.Del("extension")
			return nil
		}
	}
	return f.Take(err, "e164", "note", "extension")
}

func (p *Portal) numberEdit(c *Call) error {
	v, err := p.app.Numbers.Get(c.R.Context(), c.Actor, c.Customer.ID, c.R.PathValue("phonenumber"))
	if err != nil {
		return err
	}
	return p.showNumber(c, http.StatusOK, &v.Number, numberFill(v.Number))
}

func numberFill(n telephony.Number) view.Form {
	return Fill("extension", n.ExtensionID, "note", n.Note, "version", n.Version)
}

// numberUpdate says whom the number rings.
func (p *Portal) numberUpdate(c *Call) error {
	ctx, id := c.R.Context(), c.R.PathValue("phonenumber")
	f, err := c.Form()
	if err != nil {
		return err
	}
	v, err := p.app.Numbers.Get(ctx, c.Actor, c.Customer.ID, id)
	if err != nil {
		return err
	}
	version := versionOf(f.Value("version"))
	_, err = p.app.Numbers.Update(ctx, c.Actor, c.Customer.ID, id, version, func(n *telephony.Number) error {
		n.ExtensionID, n.Note = f.Value("extension"), f.Value("note")
		return nil
	})
	if err == nil {
		return c.Redirect(c.numbersPath(), Done("numbers.saved", "Number", v.Number.E164))
	}
	if telephony.ReasonOf(err) == "version_changed" {
		f.Renew(v.Number.Version)
	}
	if err := p.numberTake(c, f, err); err != nil {
		return err
	}
	return p.showNumber(c, f.Status(), &v.Number, f.Form)
}

func (p *Portal) numberDeleteAsk(c *Call) error {
	v, err := p.app.Numbers.Get(c.R.Context(), c.Actor, c.Customer.ID, c.R.PathValue("phonenumber"))
	if err != nil {
		return err
	}
	if !serves(c.Actor) {
		return auth.Denied(auth.ScopeWrite)
	}
	m := view.NumberForm{Customer: *c.Customer, Service: p.cfg.Service, Number: &v.Number, Rings: v.Extension}
	return c.Page(http.StatusOK, view.Page{Title: c.T("numbers.delete"), Section: view.SectionService, Narrow: true}, view.NumberDelete(m))
}

func (p *Portal) numberDelete(c *Call) error {
	ctx, id := c.R.Context(), c.R.PathValue("phonenumber")
	v, err := p.app.Numbers.Get(ctx, c.Actor, c.Customer.ID, id)
	if err != nil {
		return err
	}
	version := versionOf(c.R.FormValue("version"))
	err = p.app.Numbers.Delete(ctx, c.Actor, c.Customer.ID, id, version)
	if telephony.CodeOf(err) == telephony.Conflict && err != nil {
		f := numberFill(v.Number)
		f.General = c.Word(err)
		return p.showNumber(c, http.StatusConflict, &v.Number, f)
	}
	if err != nil {
		return err
	}
	return c.Redirect(c.numbersPath(), Done("numbers.deleted", "Number", v.Number.E164))
}
