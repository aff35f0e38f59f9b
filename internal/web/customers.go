package web

import (
	"net/http"
	"strconv"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/web/view"
)

const customerPath = "/customers/{customer}"

var customerRoutes = []Route{
	get("/customers", SignedIn, (*Portal).customerList).needs(auth.ScopeRead),
	get("/customers/new", SignedIn, (*Portal).customerNew).needs(auth.ScopeWrite),
	post("/customers/new", SignedIn, auth.ScopeWrite, (*Portal).customerCreate).keeps(),
	get(customerPath, OfCustomer, (*Portal).customerShow),
	get(customerPath+"/health", OfCustomer, (*Portal).customerHealth),
	get(customerPath+"/edit", OfCustomer, (*Portal).customerEdit).needs(auth.ScopeWrite),
	post(customerPath+"/edit", OfCustomer, auth.ScopeWrite, (*Portal).customerUpdate).keeps(),
	get(customerPath+"/ip-listing", OfCustomer, (*Portal).listingAsk).needs(auth.ScopeWrite),
	post(customerPath+"/ip-listing", OfCustomer, auth.ScopeWrite, (*Portal).listingSwitch),
	get(customerPath+"/delete", OfCustomer, (*Portal).customerDeleteAsk).needs(auth.ScopeWrite),
	post(customerPath+"/delete", OfCustomer, auth.ScopeWrite, (*Portal).customerDelete),
	get(customerPath+"/detail", OfCustomer, (*Portal).detailShow),
	post(customerPath+"/detail", OfCustomer, auth.ScopeWrite, (*Portal).detailUpdate).keeps(),
	post(customerPath+"/detail/allow", OfCustomer, auth.ScopeWrite, (*Portal).allowAdd).keeps(),
	get(customerPath+"/detail/disallow", OfCustomer, (*Portal).allowRemoveAsk).needs(auth.ScopeWrite),
	post(customerPath+"/detail/disallow", OfCustomer, auth.ScopeWrite, (*Portal).allowRemove),
}

// serves reports whether somebody creates and deletes customers, and keeps their
// numbers, trunks and limits: the operator and partners do, a customer's own
// administrator does not.
func serves(a auth.Actor) bool { return a.Can(auth.ScopeWrite) && a.Role != auth.CustomerAdmin }

// customerList is the list of customers with their health at a glance.
func (p *Portal) customerList(c *Call) error {
	v := c.R.URL.Query()
	l, err := p.app.Customers.Overview(c.R.Context(), c.Actor, app.Query{
		Cursor: v.Get("cursor"), Search: v.Get("q"), Sort: v.Get("sort"), Filter: v.Get("filter"), Count: true,
	})
	if err != nil {
		return err
	}
	partners, err := p.partnerNames(c)
	if err != nil {
		return err
	}
	place := c.Place()
	m := view.CustomerList{
		Place: place, Add: serves(c.Actor), Edit: c.Actor.Can(auth.ScopeWrite), Partners: len(partners) > 0, Total: l.Total, More: l.More,
		Pager: view.Pager{Place: place, Prev: l.Prev, Next: l.Next, Shown: len(l.Items), Total: l.Total},
	}
	for _, x := range l.Items {
		m.Rows = append(m.Rows, view.CustomerRow{Customer: x.Customer, Partner: partners[x.Customer.PartnerID], Failing: x.Failing, Behind: x.Behind})
	}
	if c.Fragment() {
		return c.Part(http.StatusOK, view.CustomerListPart(m))
	}
	return c.Page(http.StatusOK, view.Page{
		Title: c.T("common.nav_customers"), Section: view.SectionCustomers, Events: "/customers/events?after=" + strconv.FormatUint(c.since, 10),
	}, view.CustomerListPage(m))
}

// partnerNames are the partners by id, for those who see them; nobody else learns
// that there are any.
func (p *Portal) partnerNames(c *Call) (map[string]string, error) {
	names := map[string]string{}
	if !c.Actor.Operator() {
		return names, nil
	}
	for q := (app.Query{Limit: 200}); ; {
		l, err := p.app.Partners.List(c.R.Context(), c.Actor, q)
		if err != nil {
			return nil, err
		}
		for _, x := range l.Items {
			names[x.ID] = x.Name
		}
		if q.Cursor = l.Next; q.Cursor == "" {
			return names, nil
		}
	}
}
