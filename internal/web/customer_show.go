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
	h, err := p.app.Customers.Health(ctx, c.Actor, x.ID)
	if err != nil {
		return err
	}
	m := view.CustomerPage{
		Customer: x, Service: p.cfg.Service, Edit: c.Actor.Can(auth.ScopeWrite), Delete: adds(c.Actor),
		Language: languageName(x.Language), Time: p.now(),
		Channels: h.Channels, Extensions: h.Extensions, CPEs: h.CPEs, Linked: h.Linked,
		States: h.States, Devices: h.Devices,
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

func languageName(word string) string {
	if l, ok := text.Known(word); ok {
		return text.NameOf(l)
	}
	return word
}
