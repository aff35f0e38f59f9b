package web

import (
	"net/http"

	"tischlein/internal/telephony"
	"tischlein/internal/web/view"
)

// allowAdd puts an entry onto the allowlist (S08, D16); what failed because of it
// heals at once (D17).
func (p *Portal) allowAdd(c *Call) error {
	f, err := c.Form()
	if err != nil {
		return err
	}
	if f.Need("entry"); f.OK() {
		e, err := p.app.Customers.Allow(c.R.Context(), c.Actor, c.Customer.ID, f.Value("entry"), f.Value("note"))
		if err == nil {
			return c.Redirect(view.CustomerPath(c.Customer.ID, "detail")+"#allowlist", Done("customers.allowed", "Entry", e.Entry.String()))
		}
		if err := f.Take(err, "entry", "note"); err != nil {
			return err
		}
	}
	return p.showDetail(c, f.Status(), detailForms{"allow": f.Form})
}

// allowRemoveAsk says which devices would fail without the entry, before it is
// removed (D18).
func (p *Portal) allowRemoveAsk(c *Call) error {
	m := view.DisallowQuestion{Customer: *c.Customer, Service: p.cfg.Service, Entry: c.R.FormValue("entry")}
	listed, err := p.listedEntry(c, m.Entry)
	if err != nil {
		return err
	}
	if !listed {
		return c.Redirect(view.CustomerPath(c.Customer.ID, "detail")+"#allowlist", Remark("customers.disallowed_already", "Entry", m.Entry))
	}
	fail, _, err := p.app.Customers.ListingEffect(c.R.Context(), c.Actor, c.Customer.ID, c.Customer.IPListing, m.Entry)
	if err != nil {
		return err
	}
	m.Fail = affected(fail)
	if c.Fragment() {
		return c.Part(http.StatusOK, view.DisallowDialog(m))
	}
	return c.Page(http.StatusOK, view.Page{Title: c.T("customers.disallow"), Section: view.SectionService, Narrow: true}, view.DisallowAsk(m))
}

func (p *Portal) listedEntry(c *Call, text string) (bool, error) {
	entries, err := p.app.Customers.Allowlist(c.R.Context(), c.Actor, c.Customer.ID)
	for _, e := range entries {
		if e.Entry.String() == text {
			return true, err
		}
	}
	return false, err
}

func (p *Portal) allowRemove(c *Call) error {
	entry, back := c.R.FormValue("entry"), view.CustomerPath(c.Customer.ID, "detail")+"#allowlist"
	err := p.app.Customers.Disallow(c.R.Context(), c.Actor, c.Customer.ID, entry)
	if telephony.CodeOf(err) == telephony.NotFound {
		return c.Redirect(back, Remark("customers.disallowed_already", "Entry", entry))
	}
	if err != nil {
		return err
	}
	return c.Redirect(back, Done("customers.disallowed", "Entry", entry))
}
