package view

import (
	"context"
	"net/url"
	"strings"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
	"tischlein/internal/web/text"
)

// OverridePage is the parameters of a vendor's files, for a device, a customer, a
// model or the installation (P08).
type OverridePage struct {
	Customer telephony.Customer // zero: the installation
	CPE      *telephony.CPE     // nil: not of a device
	Service  string
	Place    Place
	Vendors  []Choice
	Vendor   Choice
	Models   []string // of the vendor
	Model    string   // "" = all
	Level    string
	Edit     bool
	Rows     []OverrideRow
	Count    int // of all that match
	Void     []OverrideVoid
	Version  int64 // of what is set here: what is sent is refused when it is another then (D23)

	Form Form         // name, value, version
	Row  *OverrideRow // that the form sets, nil: none of that name
}

// OverrideRow is one parameter.
type OverrideRow struct {
	provision.Param
	Choices []string
	Values  []OverrideValue
}

// OverrideValue is what a parameter is, and by whose order.
type OverrideValue struct {
	Name, Value string
	Secret      bool
	Level       string // "" = the driver's
	Here        bool   // it is set on this page
}

// OverrideVoid is one that is set here and has no effect.
type OverrideVoid struct{ Name, Value, Why string }

func (m OverridePage) ofHouse() bool { return m.Customer.ID == "" }

// address is a page of the same vendor and model.
func (m OverridePage) address(below string, more ...string) string {
	v := url.Values{"vendor": {m.Vendor.Value}}
	if m.Model != "" {
		v.Set("model", m.Model)
	}
	for i := 0; i+1 < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	return m.Place.Path + below + "?" + v.Encode()
}

func (m OverridePage) crumbs(ctx context.Context, last ...Crumb) []Crumb {
	title := Crumb{text.T(ctx, "overrides.title"), m.address("")}
	switch {
	case m.ofHouse():
		return append([]Crumb{title}, last...)
	case m.CPE != nil:
		return cpeCrumbs(ctx, m.Customer, m.Service, append([]Crumb{{m.CPE.Name, CustomerPath(m.Customer.ID, "cpes", m.CPE.ID)}, title}, last...)...)
	}
	return customerCrumbs(ctx, m.Customer, append([]Crumb{{m.Service + " · " + text.T(ctx, "common.tab_detail"), CustomerPath(m.Customer.ID, "detail")}, title}, last...)...)
}

func (m OverridePage) tabs() (list []Tab) {
	for _, v := range m.Vendors {
		list = append(list, Tab{Label: v.Label, Href: m.Place.Path + "?" + url.Values{"vendor": {v.Value}}.Encode(), Current: v == m.Vendor})
	}
	return list
}

func (m OverridePage) filters(ctx context.Context) (list []Filter) {
	if !m.ofHouse() {
		return nil
	}
	models := []Choice{{"", text.T(ctx, "overrides.all_models")}}
	for _, x := range m.Models {
		models = append(models, Choice{x, x})
	}
	return []Filter{{Name: "model", Label: text.T(ctx, "overrides.model"), Choices: models}}
}

func (m OverridePage) columns(ctx context.Context) []Column {
	return []Column{
		{Label: text.T(ctx, "overrides.parameter"), Class: "name"}, {Label: text.T(ctx, "overrides.allowed"), Class: "wide"},
		{Label: text.T(ctx, "overrides.since"), Class: "wide tight"}, {Label: text.T(ctx, "overrides.now")}, {Label: text.T(ctx, "overrides.set"), Class: "tools-cell tight", Quiet: true},
	}
}

// takes words the values that a parameter takes.
func (r OverrideRow) takes(ctx context.Context) string {
	switch {
	case len(r.Choices) > 0:
		return strings.Join(r.Choices, ", ")
	case r.Type == provision.Int:
		return text.T(ctx, "overrides.takes_int", "Min", r.Min, "Max", r.Max) // as they are typed, without a point after the thousands
	case r.Type == provision.Text:
		most := r.Max
		if most == 0 {
			most = 255
		}
		return text.T(ctx, "overrides.takes_text", "Max", most)
	}
	return text.T(ctx, "overrides.takes_"+string(r.Type))
}

func (r OverrideRow) numbered() bool { return strings.Contains(r.Name, "#") }

func (r OverrideRow) choices() (list []Choice) {
	for _, v := range r.Choices {
		list = append(list, Choice{v, v})
	}
	return list
}

func (v OverrideValue) origin(ctx context.Context) string {
	if v.Level == "" {
		return text.T(ctx, "overrides.from_driver")
	}
	return text.T(ctx, "overrides.from_"+v.Level)
}

func (m OverridePage) nameHint(ctx context.Context) string {
	if m.Row != nil && strings.Contains(m.Form.Value("name"), "#") {
		return text.T(ctx, "overrides.numbered")
	}
	return ""
}
