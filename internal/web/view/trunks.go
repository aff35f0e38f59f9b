package view

import (
	"context"
	"strconv"

	"tischlein/internal/telephony"
	"tischlein/internal/web/text"
)

// TrunkHouse is whose trunks a page shows: a customer's, or with a customer
// without id the installation's.
type TrunkHouse struct {
	Customer telephony.Customer
	Service  string
}

// TrunkList is the list of trunks.
type TrunkList struct {
	TrunkHouse
	Place Place
	Add   bool // whoever reads may add and change trunks
	Rows  []telephony.Trunk
	Pager Pager
}

// TrunkForm is the page on which a trunk is made or changed.
type TrunkForm struct {
	TrunkHouse
	Trunk     *telephony.Trunk // nil: a new one
	HasSecret bool
	Form      Form // name, switch, host, sources, user, secret, emergency, version
	Edit      bool
}

func (h TrunkHouse) ofHouse() bool { return h.Customer.ID == "" }

// Path is where the trunks are.
func (h TrunkHouse) Path(parts ...string) string {
	if !h.ofHouse() {
		return CustomerPath(h.Customer.ID, append([]string{"trunks"}, parts...)...)
	}
	s := "/trunks"
	for _, p := range parts {
		s += "/" + p
	}
	return s
}

func (h TrunkHouse) crumbs(ctx context.Context, last ...Crumb) []Crumb {
	if h.ofHouse() {
		return append([]Crumb{{text.T(ctx, "trunks.title"), h.Path()}}, last...)
	}
	return callsCrumbs(ctx, h.Customer, h.Service, append([]Crumb{{text.T(ctx, "trunks.title"), h.Path()}}, last...)...)
}

func (m TrunkForm) path(parts ...string) string {
	if m.Trunk == nil {
		return m.Path("new")
	}
	return m.Path(append([]string{m.Trunk.ID}, parts...)...)
}

func (m TrunkForm) title(ctx context.Context) string {
	if m.Trunk == nil {
		return text.T(ctx, "trunks.new")
	}
	return m.Trunk.Name
}

func (m TrunkList) columns(ctx context.Context) []Column {
	t := func(id string) string { return text.T(ctx, id) }
	return []Column{{Label: t("trunks.name"), Class: "name"}, {Label: t("trunks.host")}, {Label: t("trunks.emergency"), Class: "wide"}}
}

func trunkEmergencies(ctx context.Context) []Choice {
	return []Choice{
		{string(telephony.EmergencyPlain), text.T(ctx, "trunks.emergency_plain")},
		{string(telephony.EmergencyGeolocation), text.T(ctx, "trunks.emergency_geolocation")},
		{string(telephony.EmergencyELIN), text.T(ctx, "trunks.emergency_elin")},
	}
}

func trunkEmergency(ctx context.Context, m telephony.EmergencyMode) string {
	for _, c := range trunkEmergencies(ctx) {
		if c.Value == string(m) {
			return c.Label
		}
	}
	return string(m)
}

// secretHint says what an empty field does.
func (m TrunkForm) secretHint(ctx context.Context) string {
	if m.HasSecret {
		return text.T(ctx, "trunks.secret_keep")
	}
	return text.T(ctx, "trunks.secret_hint")
}

func (m TrunkForm) deleteQuestion(ctx context.Context) Confirmation {
	return Confirmation{
		ID: "trunk-delete", Title: text.T(ctx, "trunks.delete_title", "Name", m.Trunk.Name), Action: m.path("delete"), Back: m.path(),
		Do: text.T(ctx, "trunks.delete"), Danger: true, Hidden: []Choice{{"version", strconv.FormatInt(m.Trunk.Version, 10)}},
	}
}
