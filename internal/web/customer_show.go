package web

import (
	"net/http"

	"tischlein/internal/auth"
	"tischlein/internal/telephony"
	"tischlein/internal/web/text"
	"tischlein/internal/web/view"
)

// customerShow is the page Kundendaten (U03), and all its parts when one of them is
// read anew.
func (p *Portal) customerShow(c *Call) error {
	ctx, x := c.R.Context(), *c.Customer
	m := view.CustomerPage{
		Customer: x, Service: p.cfg.Service, Edit: c.Actor.Can(auth.ScopeWrite), Delete: serves(c.Actor),
		Language: languageName(x.Language), Time: p.now(), Relay: p.cfg.Relay,
	}
	if err := p.counts(c, &m, c.R.FormValue("counted") != ""); err != nil {
		return err
	}
	if c.Actor.Operator() && x.PartnerID != "" {
		partner, err := p.app.Partners.Get(ctx, c.Actor, x.PartnerID)
		if err != nil && telephony.CodeOf(err) != telephony.NotFound {
			return err
		}
		m.Partner = partner.Name
	}
	l, err := p.app.Customers.Allowlist(ctx, c.Actor, x.ID)
	if err != nil {
		return err
	}
	m.Entries = len(l)
	if c.Fragment() {
		return c.Part(http.StatusOK, view.CustomerShow(m))
	}
	return c.Page(http.StatusOK, view.Page{Title: x.Name, Section: view.SectionMaster}, view.CustomerShow(m))
}

// counts adds how many there are of everything, in which state. Of a large customer
// the page says "more than": counting all takes longer than the page may, so that
// the whole comes after it (Q10).
func (p *Portal) counts(c *Call, m *view.CustomerPage, whole bool) error {
	n, err := p.app.Customers.Size(c.R.Context(), c.Actor, c.Customer.ID)
	if err != nil {
		return err
	}
	m.Large = !n.Whole()
	m.Channels, m.Linked, m.Extensions, m.CPEs = view.Amount(n.Channels), view.Amount(n.Linked), view.Amount(n.Extensions), view.Amount(n.CPEs)
	if m.Large && !whole {
		return nil
	}
	h, err := p.app.Customers.Health(c.R.Context(), c.Actor, c.Customer.ID)
	if err != nil {
		return err
	}
	m.Counted, m.States, m.Devices, m.Unlocated = true, h.States, h.Devices, h.Unlocated
	m.Channels, m.Linked, m.Extensions, m.CPEs = view.Amount{N: h.Channels}, view.Amount{N: h.Linked}, view.Amount{N: h.Extensions}, view.Amount{N: h.CPEs}
	return nil
}

// customerHealth answers the counts alone, all of them.
func (p *Portal) customerHealth(c *Call) error {
	m := view.CustomerPage{Customer: *c.Customer, Service: p.cfg.Service, Edit: c.Actor.Can(auth.ScopeWrite)}
	if err := p.counts(c, &m, true); err != nil {
		return err
	}
	return c.Part(http.StatusOK, view.CustomerCounts(m))
}

func languageName(word string) string {
	if l, ok := text.Known(word); ok {
		return text.NameOf(l)
	}
	return word
}
