package view

import (
	"context"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"tischlein/internal/telephony"
	"tischlein/internal/web/text"
)

// ExtensionList is the tab Nebenstellen.
type ExtensionList struct {
	Customer telephony.Customer
	Service  string
	Place    Place
	Edit     bool // whoever reads may change extensions
	Rows     []ExtensionRow
	Pager    Pager
	Total    int
	More     bool // Total is a lower bound
}

// ExtensionRow is one extension of the list.
type ExtensionRow struct {
	Extension telephony.Extension
	Sits      []Seat
	Locked    bool // hot-desk login, after wrong PINs
}

// Seat is a place of an extension: a link, logged in or waiting, or a guest login.
type Seat struct {
	ChannelID, Channel string
	Linked, LoggedIn   bool
	Since, Until       time.Time // Until: when a guest's login ends by itself, zero: never
	Path               string    // by which a guest came
}

// ExtensionPage is the page Benutzer-Nebenstelle bearbeiten.
type ExtensionPage struct {
	Customer    telephony.Customer
	Service     string
	Extension   telephony.Extension
	Seats       []Seat
	LockedUntil time.Time // hot-desk login, after wrong PINs; zero: it is not
	Tracks      []ExtensionTrack
	Numbers     []telephony.Number // that lead to it
	Outside     []Choice           // numbers that can be shown outside

	Form    Form   // outbound_number, number, name, language, multi_login, channel, version, seen
	PIN     Form   // pin
	Edit    bool   // whoever reads may change it
	Choices Picker // of channels
	Search  string // what the choices were searched for, without scripts
	Effects ExtensionEffects
	Keys    KeyEditor
	Now     time.Time
}

// ExtensionTrack is the live track of one channel that the extension is linked with.
type ExtensionTrack struct {
	ChannelID, Channel string
	Progress           Progress
}

// ExtensionEffects is what saving would do, and the box that confirms a take-over
// (D02).
type ExtensionEffects struct {
	Effects
	Path     string // answers it anew, asked with the whole form
	Ask      bool
	TakeOver bool
}

// ExtensionForm is the page that makes an extension.
type ExtensionForm struct {
	Customer telephony.Customer
	Service  string
	Form     Form
}

// ExtensionQuestion is a question about an extension as a page of its own.
type ExtensionQuestion struct {
	Customer  telephony.Customer
	Service   string
	Extension telephony.Extension
	Effects   []Effect
	Seats     []Seat
	Form      Form // what is saved when it is confirmed
}

func (m ExtensionList) path(parts ...string) string {
	return CustomerPath(m.Customer.ID, append([]string{"extensions"}, parts...)...)
}

func (m ExtensionPage) path(parts ...string) string {
	return CustomerPath(m.Customer.ID, append([]string{"extensions", m.Extension.ID}, parts...)...)
}

// asks are the attributes of a field whose change is answered at once with what
// saving would do.
func (m ExtensionPage) asks(target, swap string) templ.Attributes {
	return templ.Attributes{"hx-get": m.path("effects"), "hx-trigger": "change", "hx-target": target, "hx-swap": swap, "hx-include": "closest form", "hx-vals": `{"switched":"on"}`}
}

func (m ExtensionEffects) asks() templ.Attributes {
	return templ.Attributes{"hx-get": m.Path, "hx-trigger": "change", "hx-target": "#extension-effects-box", "hx-swap": "outerMorph", "hx-include": "closest form"}
}

// box is what is read out; that it is read anew is the whole box's matter.
func (m ExtensionEffects) box() Effects {
	m.Effects.Source = ""
	return m.Effects
}

func (m ExtensionQuestion) path(parts ...string) string {
	return CustomerPath(m.Customer.ID, append([]string{"extensions", m.Extension.ID}, parts...)...)
}

func (m ExtensionList) columns(ctx context.Context) []Column {
	t := func(id string) string { return text.T(ctx, id) }
	return []Column{
		{Label: t("extensions.number"), Sort: "number", Class: "tight number"},
		{Label: t("extensions.name"), Sort: "name", Class: "name"},
		{Label: t("extensions.place"), Sort: "place"},
		{Label: t("extensions.traits"), Quiet: true},
		{Label: t("extensions.edit"), Quiet: true, Class: "tight tools-cell"},
	}
}

func (m ExtensionList) filters(ctx context.Context) []Filter {
	f := Filter{Name: "filter", Label: text.T(ctx, "extensions.filter"), Choices: []Choice{{"", text.T(ctx, "extensions.filter_all")}}}
	for _, w := range []string{"free", "linked", "hotdesked", "multi", "locked"} {
		f.Choices = append(f.Choices, Choice{w, text.T(ctx, "extensions.filter_"+w)})
	}
	return []Filter{f}
}

func (m ExtensionList) count(ctx context.Context) string {
	if m.More {
		return text.T(ctx, "extensions.count_more", "Count", m.Total)
	}
	return text.N(ctx, "extensions.count", m.Total)
}

// live are the events that change the row.
func (r ExtensionRow) live() string {
	s := "extension-" + r.Extension.ID
	for _, x := range r.Sits {
		s += " channel-" + x.ChannelID
	}
	return s
}

// live are the events that change the page.
func (m ExtensionPage) live() string {
	return ExtensionRow{Extension: m.Extension, Sits: m.Seats}.live()
}

func (m ExtensionPage) title(ctx context.Context) string {
	if m.Edit {
		return text.T(ctx, "extensions.title_edit")
	}
	return text.T(ctx, "extensions.title_see")
}

func extensionCrumbs(ctx context.Context, c telephony.Customer, service string, last ...Crumb) []Crumb {
	return append([]Crumb{
		{text.T(ctx, "common.nav_customers"), "/customers"}, {c.Name, CustomerPath(c.ID)},
		{service + " · " + text.T(ctx, "common.tab_extensions"), CustomerPath(c.ID, "extensions")},
	}, last...)
}

func extensionLanguages(ctx context.Context) []Choice {
	list := []Choice{{"", text.T(ctx, "extensions.language_customer")}}
	for _, l := range []string{"de", "en", "nl"} {
		list = append(list, Choice{l, text.T(ctx, "extensions.language_"+l)})
	}
	return list
}

// hidden is what was asked for, to be sent again with the confirmation.
func (m ExtensionQuestion) hidden() (list []Choice) {
	for _, name := range []string{"number", "name", "language", "multi_login", "outbound_number", "version", "seen", "channel", "take_over"} {
		for _, v := range m.Form.Values[name] {
			list = append(list, Choice{Value: name, Label: v})
		}
	}
	return append(list, Choice{Value: "confirmed", Label: "on"})
}

func (m ExtensionQuestion) confirmQuestion(ctx context.Context) Confirmation {
	return Confirmation{
		ID: "extension-confirm", Title: text.T(ctx, "extensions.confirm_title"), Action: m.path(), Back: m.path(),
		Do: text.T(ctx, "extensions.confirm"), Danger: true, Hidden: m.hidden(),
	}
}

func (m ExtensionQuestion) deleteQuestion(ctx context.Context) Confirmation {
	return Confirmation{
		ID: "extension-delete", Title: text.T(ctx, "extensions.delete_title", "Number", m.Extension.Number, "Name", m.Extension.Name),
		Action: m.path("delete"), Back: m.path(), Do: text.T(ctx, "extensions.delete"), Danger: true,
		Hidden: []Choice{{Value: "version", Label: strconv.FormatInt(m.Extension.Version, 10)}},
	}
}

func (m ExtensionQuestion) logoutQuestion(ctx context.Context) Confirmation {
	return Confirmation{
		ID: "extension-logout", Title: text.T(ctx, "extensions.logout_title", "Name", m.Extension.Name, "Channel", m.Seats[0].Channel),
		Action: m.path("logout"), Back: m.path(), Do: text.T(ctx, "extensions.logout"), Danger: true,
		Hidden: []Choice{{Value: "channel", Label: m.Seats[0].ChannelID}},
	}
}

func (m ExtensionPage) question() ExtensionQuestion {
	return ExtensionQuestion{Customer: m.Customer, Service: m.Service, Extension: m.Extension, Seats: m.Seats}
}

// seatWord words how somebody sits at a place.
func (s Seat) word(ctx context.Context) (Tone, string) {
	switch {
	case s.Linked && s.LoggedIn:
		return ToneOK, text.T(ctx, "extensions.seat_linked")
	case s.Linked:
		return ToneWait, text.T(ctx, "extensions.seat_waiting")
	}
	return ToneBusy, text.T(ctx, "extensions.seat_guest")
}

// facts word since when somebody sits there and, of a guest, more.
func (s Seat) facts(ctx context.Context, now time.Time) []string {
	if s.Linked {
		return []string{text.From(ctx).Since(s.Since, now)}
	}
	return Guest{Login: telephony.Login{Since: s.Since, Until: s.Until, Path: s.Path}}.facts(ctx, now)
}

func (s Seat) icon() string {
	if s.Linked {
		return "link"
	}
	return "user"
}
