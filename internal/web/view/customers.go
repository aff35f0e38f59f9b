package view

import (
	"context"
	"strings"
	"time"

	"github.com/a-h/templ"

	"tischlein/internal/telephony"
	"tischlein/internal/web/text"
)

// CustomerList is the list of customers.
type CustomerList struct {
	Place     Place
	Add, Edit bool // whoever reads may create customers, may change them
	Partners  bool // there are partners, and whoever reads sees them
	Rows      []CustomerRow
	Pager     Pager
	Total     int
	More      bool // Total is a lower bound
}

// CustomerRow is one customer of the list.
type CustomerRow struct {
	Customer telephony.Customer
	Partner  string // name, "" = the operator serves it directly
	Failing  int    // devices that are lost, frozen or were refused
	Behind   int    // devices that lack their newest configuration
}

func (m CustomerList) columns(ctx context.Context) []Column {
	t := func(id string) string { return text.T(ctx, id) }
	cols := []Column{
		{Label: t("customers.name"), Sort: "name", Class: "name"},
		{Label: t("customers.number"), Sort: "number"},
		{Label: t("customers.health"), Sort: "health", Class: "bare"},
	}
	if m.Partners {
		cols = append(cols, Column{Label: t("customers.partner"), Class: "wide"})
	}
	return append(cols, Column{Label: t("customers.edit"), Quiet: true, Class: "tight tools-cell"})
}

func (m CustomerList) count(ctx context.Context) string {
	if m.More {
		return text.T(ctx, "customers.count_more", "Count", m.Total)
	}
	return text.N(ctx, "customers.count", m.Total)
}

// CustomerPage is the page Kundendaten.
type CustomerPage struct {
	Customer telephony.Customer
	Service  string
	Partner  string // name, for the operator
	Language string // its name in itself
	Time     time.Time
	Edit     bool // whoever reads may change it
	Delete   bool
	Entries  int // of the allowlist

	Channels, Extensions, CPEs, Linked Amount
	Unlocated                          int  // channels without a location for emergency calls (C11)
	Relay                              bool // media can be relayed (C13)
	Counted                            bool // States and Devices are known; else they are asked for after the page
	Large                              bool // counting takes long, so that live state asks for the counts alone
	States                             map[telephony.StateCode]int
	Devices                            map[telephony.CPEStateCode]int
}

// Amount is how many there are; with More there are more than that.
type Amount struct {
	N    int
	More bool
}

func (a Amount) word(ctx context.Context) string {
	n := text.From(ctx).Number(a.N)
	if a.More {
		return text.T(ctx, "customers.more_than", "Count", n)
	}
	return n
}

// dialled is a number as people write it without what is not dialled.
func dialled(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, s)
}

// health is where the counts alone are, "" where the page itself is as quick.
func (m CustomerPage) health() string {
	if !m.Large {
		return ""
	}
	return m.path("health")
}

func (m CustomerPage) path(parts ...string) string { return CustomerPath(m.Customer.ID, parts...) }

// countsLive keeps a part with counts up to date: it is read anew with the page or,
// where counting takes long, alone.
func (m CustomerPage) countsLive(id string) templ.Attributes {
	a := templ.Attributes{}
	switch {
	case !m.Counted:
		a["hx-get"], a["hx-trigger"], a["hx-target"], a["hx-select"], a["hx-swap"] = m.health(), "load", "this", "#"+id, "outerHTML"
	case m.Large:
		a["data-live"], a["data-live-source"], a["data-health"] = "customer", m.health(), m.health()
	default:
		a["data-live"], a["data-health"] = "customer", ""
	}
	return a
}

// share is one state with how many there are and where they are listed.
type share struct {
	word, icon, href string
	tone             Tone
	n                int
}

// channelStates are the states that channels are in, the worst first.
func (m CustomerPage) channelStates(ctx context.Context) (list []share) {
	place := Place{Path: m.path("channels")}
	for _, s := range []telephony.StateCode{
		telephony.StateFailed, telephony.StateOffline, telephony.StatePending, telephony.StateWaitingForDevice,
		telephony.StateNoDevice, telephony.StateLoggedIn, telephony.StateLoggedOut,
	} {
		if n := m.States[s]; n > 0 {
			list = append(list, share{stateName(ctx, s), "state-" + string(s), string(place.With("filter", string(s))), tones[s], n})
		}
	}
	return list
}

// stateName words a state without the reason that one channel would have.
func stateName(ctx context.Context, s telephony.StateCode) string {
	if s == telephony.StateFailed {
		return text.T(ctx, "customers.state_failed")
	}
	return text.T(ctx, "common.state_"+string(s))
}

var deviceLooks = map[telephony.CPEStateCode]struct {
	tone     Tone
	icon, id string
}{
	telephony.CPEFailed:         {ToneBad, "state-failed", "customers.device_failed"},
	telephony.CPENeverContacted: {ToneWait, "state-waiting_for_device", "customers.device_never_contacted"},
	telephony.CPEOffline:        {ToneIdle, "state-offline", "customers.device_offline"},
	telephony.CPEPending:        {ToneBusy, "state-pending", "customers.device_pending"},
	telephony.CPEConverged:      {ToneOK, "state-logged_in", "customers.device_converged"},
}

// deviceStates are the states that devices are in, the worst first.
func (m CustomerPage) deviceStates(ctx context.Context) (list []share) {
	place := Place{Path: m.path("cpes")}
	for _, s := range telephony.CPEStateCodes {
		if n := m.Devices[s]; n > 0 {
			look := deviceLooks[s]
			list = append(list, share{text.T(ctx, look.id), look.icon, string(place.With("filter", string(s))), look.tone, n})
		}
	}
	return list
}

// CustomerForm is the form of a customer.
type CustomerForm struct {
	Form     Form
	Customer *telephony.Customer // nil: a new one
	Partners []Choice            // empty: no choice
	Zones    []string            // proposed time zones
}

func (m CustomerForm) back() string {
	if m.Customer == nil {
		return "/customers"
	}
	return CustomerPath(m.Customer.ID)
}

// CustomerQuestion is the question before a customer is deleted.
type CustomerQuestion struct {
	Customer                   telephony.Customer
	Channels, Extensions, CPEs Amount // what is still there
}

func (q CustomerQuestion) empty() bool { return q.Channels.N+q.Extensions.N+q.CPEs.N == 0 }

// languages are the choices of a customer's language.
func customerLanguages() (out []Choice) {
	for _, l := range text.Languages {
		out = append(out, Choice{string(l), text.NameOf(l)})
	}
	return out
}

func customerCrumbs(ctx context.Context, c telephony.Customer, last ...Crumb) []Crumb {
	return append([]Crumb{{text.T(ctx, "common.nav_customers"), "/customers"}, {c.Name, CustomerPath(c.ID)}}, last...)
}

// before is how many there are in the states before the i-th.
func before(list []share, i int) (n int) {
	for _, s := range list[:i] {
		n += s.n
	}
	return n
}
