package view

import (
	"context"
	"strconv"

	"tischlein/internal/telephony"
	"tischlein/internal/web/text"
)

// NumberList is the list of a customer's outside numbers.
type NumberList struct {
	Customer  telephony.Customer
	Service   string
	Place     Place
	Edit, Add bool // whoever reads may say whom a number rings; may add numbers
	Rows      []NumberRow
	Pager     Pager
}

// NumberRow is one number with whom it rings.
type NumberRow struct {
	Number    telephony.Number
	Extension *telephony.Extension // nil: nobody yet
}

// NumberForm is the page on which a number is added or changed.
type NumberForm struct {
	Customer     telephony.Customer
	Service      string
	Number       *telephony.Number // nil: a new one
	Form         Form              // e164, extension, note, version
	Rings        *telephony.Extension
	Choices      Picker
	Search       string // what the choices were searched for, without scripts
	Edit, Delete bool
}

func (m NumberList) path(parts ...string) string {
	return CustomerPath(m.Customer.ID, append([]string{"numbers"}, parts...)...)
}

func (m NumberForm) path(parts ...string) string {
	at := []string{"numbers"}
	if m.Number == nil {
		at = append(at, "new")
	} else {
		at = append(at, m.Number.ID)
	}
	return CustomerPath(m.Customer.ID, append(at, parts...)...)
}

func (m NumberForm) title(ctx context.Context) string {
	if m.Number == nil {
		return text.T(ctx, "numbers.new")
	}
	return m.Number.E164
}

// live are the events that change the row.
func (r NumberRow) live() string {
	s := "number-" + r.Number.ID
	if r.Extension != nil {
		s += " extension-" + r.Extension.ID
	}
	return s
}

func (m NumberList) columns(ctx context.Context) []Column {
	t := func(id string) string { return text.T(ctx, id) }
	return []Column{
		{Label: t("numbers.number"), Class: "name number"}, {Label: t("numbers.rings")}, {Label: t("numbers.note"), Class: "wide"},
		{Label: t("numbers.edit"), Quiet: true, Class: "tight tools-cell"},
	}
}

// callsCrumbs lead to the pages that hang on the tab Detail.
func callsCrumbs(ctx context.Context, c telephony.Customer, service string, last ...Crumb) []Crumb {
	return customerCrumbs(ctx, c, append([]Crumb{{service + " · " + text.T(ctx, "common.tab_detail"), CustomerPath(c.ID, "detail") + "#calls"}}, last...)...)
}

func (m NumberForm) crumbs(ctx context.Context) []Crumb {
	return callsCrumbs(ctx, m.Customer, m.Service, Crumb{text.T(ctx, "numbers.title"), CustomerPath(m.Customer.ID, "numbers")}, Crumb{m.title(ctx), ""})
}

func (m NumberForm) deleteQuestion(ctx context.Context) Confirmation {
	return Confirmation{
		ID: "number-delete", Title: text.T(ctx, "numbers.delete_title", "Number", m.Number.E164), Action: m.path("delete"), Back: m.path(),
		Do: text.T(ctx, "numbers.delete"), Danger: true, Hidden: []Choice{{"version", strconv.FormatInt(m.Number.Version, 10)}},
	}
}
