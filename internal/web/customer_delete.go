package web

import (
	"net/http"

	"tischlein/internal/auth"
	"tischlein/internal/telephony"
	"tischlein/internal/web/view"
)

func (p *Portal) customerDeleteAsk(c *Call) error {
	return p.showCustomerDelete(c, http.StatusOK)
}

// showCustomerDelete asks before a customer is deleted, or says what is still
// there: it has to be gone first.
func (p *Portal) showCustomerDelete(c *Call, status int) error {
	if !serves(c.Actor) {
		return auth.Denied(auth.ScopeWrite)
	}
	n, err := p.app.Customers.Size(c.R.Context(), c.Actor, c.Customer.ID)
	if err != nil {
		return err
	}
	return c.Page(status, view.Page{Title: c.T("customers.delete"), Section: view.SectionMaster, Narrow: true},
		view.CustomerDelete(view.CustomerQuestion{Customer: *c.Customer, Channels: view.Amount(n.Channels), Extensions: view.Amount(n.Extensions), CPEs: view.Amount(n.CPEs)}))
}

func (p *Portal) customerDelete(c *Call) error {
	version := versionOf(c.R.FormValue("version"))
	err := p.app.Customers.Delete(c.R.Context(), c.Actor, c.Customer.ID, version)
	if telephony.CodeOf(err) == telephony.Conflict {
		return p.showCustomerDelete(c, http.StatusConflict)
	}
	if err != nil {
		return err
	}
	return c.Redirect("/customers", Done("customers.deleted", "Name", c.Customer.Name))
}
