package view

import (
	"context"
	"time"

	"tischlein/internal/telephony"
	"tischlein/internal/web/text"
)

// Trust is the card of the tab Detail that says how devices become trusted.
type Trust struct {
	Minimum Form // trust_minimum, version
	Tokens  []SiteToken
	More    int  // older tokens that are not listed
	Reveal  bool // whoever reads may make tokens
	Now     time.Time
}

// SiteToken is one, without what it is.
type SiteToken struct {
	ID, Name, CreatedBy string
	Devices, Used       int
	Addresses           []string
	Created, Expires    time.Time
	Voided              time.Time // zero: not
}

// SiteTokenForm is the page on which one is made.
type SiteTokenForm struct {
	Customer telephony.Customer
	Service  string
	Form     Form // name, devices, addresses, days
}

// SiteTokenShown is one with its URL, or the question before it is void.
type SiteTokenShown struct {
	SiteToken
	Customer telephony.Customer
	Service  string
	URL      string
}

// Rotation is the question before secrets are rotated: of a device or, without
// one, of all the customer's devices.
type Rotation struct {
	Customer telephony.Customer
	Service  string
	CPE      *telephony.CPE
	State    telephony.CPEState
	ByHand   bool // somebody types its secrets in
	Count    int  // of devices
	Absent   int  // of them off line, or never seen
	Secrets  []RotatedSecret
	Form     Form // what
}

// RotatedSecret is what can be chosen, and the channels that it is of.
type RotatedSecret struct {
	Word     string // sip, http, admin, token
	Channels []string
}

func trustMinima(ctx context.Context) (list []Choice) {
	for _, m := range telephony.TrustMinima {
		list = append(list, Choice{m, trustMinimum(ctx, m)})
	}
	return list
}

func trustMinimum(ctx context.Context, minimum string) string {
	if minimum == "" {
		return text.T(ctx, "trust.minimum_any")
	}
	return text.T(ctx, "trust.minimum_"+minimum)
}

// state words whether a site token still opens anything.
func (t SiteToken) state(ctx context.Context, now time.Time) (word string, tone Tone) {
	switch {
	case !t.Voided.IsZero():
		return text.T(ctx, "trust.token_is_void"), ToneIdle
	case !now.Before(t.Expires):
		return text.T(ctx, "trust.token_expired"), ToneIdle
	case t.Used >= t.Devices:
		return text.T(ctx, "trust.token_used_up"), ToneIdle
	}
	return text.T(ctx, "trust.token_good"), ToneOK
}

// open reports whether there is anything to void.
func (t SiteToken) open(now time.Time) bool { return t.Voided.IsZero() && now.Before(t.Expires) }

func siteTokenDays(ctx context.Context) (list []Choice) {
	for _, d := range []struct {
		word string
		days int
	}{{"1", 1}, {"7", 7}, {"30", 30}, {"90", 90}} {
		list = append(list, Choice{d.word, text.N(ctx, "tokens.days", d.days)})
	}
	return list
}

// dhcp is the command that writes the token into a DHCP server's configuration.
func (s SiteTokenShown) dhcp() string { return "tischlein dhcp dnsmasq --site-url " + s.URL }

func (s SiteTokenShown) confirmation(ctx context.Context) Confirmation {
	return Confirmation{
		ID: "void", Title: text.T(ctx, "trust.token_void_title", "Name", s.Name), Do: text.T(ctx, "trust.token_void"), Danger: true,
		Action: CustomerPath(s.Customer.ID, "site-tokens", s.ID, "void"), Back: trustPlace(s.Customer),
	}
}

func trustPlace(c telephony.Customer) string { return CustomerPath(c.ID, "detail") + "#trust" }

func trustCrumbs(ctx context.Context, c telephony.Customer, service, last string) []Crumb {
	return customerCrumbs(ctx, c, Crumb{service, CustomerPath(c.ID, "detail")}, Crumb{last, ""})
}

func (m Rotation) crumbs(ctx context.Context) []Crumb {
	if m.CPE == nil {
		return trustCrumbs(ctx, m.Customer, m.Service, m.title(ctx))
	}
	return cpeCrumbs(ctx, m.Customer, m.Service, Crumb{m.CPE.Name, m.back()}, Crumb{text.T(ctx, "cpes.do_rotate"), ""})
}

func (m Rotation) title(ctx context.Context) string {
	if m.CPE == nil {
		return text.T(ctx, "trust.rotate_all")
	}
	return text.T(ctx, "cpes.do_rotate")
}

// path is where the form goes.
func (m Rotation) path() string {
	if m.CPE == nil {
		return CustomerPath(m.Customer.ID, "rotate")
	}
	return CustomerPath(m.Customer.ID, "cpes", m.CPE.ID, "rotate")
}

func (m Rotation) back() string {
	if m.CPE == nil {
		return trustPlace(m.Customer)
	}
	return CustomerPath(m.Customer.ID, "cpes", m.CPE.ID)
}

// absent reports whether the device will not hear of it before it is back.
func (m Rotation) absent() bool {
	return m.State.Code == telephony.CPEOffline || m.State.Code == telephony.CPENeverContacted
}
