package web

import (
	"net/http"

	"tischlein/internal/auth"
	"tischlein/internal/web/view"
)

const extensionPath = "/customers/{customer}/extensions/{extension}"

var extensionRoutes = []Route{
	get("/customers/{customer}/extensions", OfCustomer, (*Portal).extensionList),
	get("/customers/{customer}/extensions/new", OfCustomer, (*Portal).extensionNew).needs(auth.ScopeWrite),
	post("/customers/{customer}/extensions/new", OfCustomer, auth.ScopeWrite, (*Portal).extensionCreate).keeps(),
	get(extensionPath, OfCustomer, (*Portal).extensionEdit),
	post(extensionPath, OfCustomer, auth.ScopeWrite, (*Portal).extensionUpdate).keeps(),
	get(extensionPath+"/choices", OfCustomer, (*Portal).extensionChoices),
	get(extensionPath+"/effects", OfCustomer, (*Portal).extensionEffects).needs(auth.ScopeWrite),
	post(extensionPath+"/keys", OfCustomer, auth.ScopeWrite, (*Portal).extensionKeys).keeps(),
	post(extensionPath+"/pin", OfCustomer, auth.ScopeWrite, (*Portal).extensionPIN),
	post(extensionPath+"/unlock", OfCustomer, auth.ScopeWrite, (*Portal).extensionUnlock),
	get(extensionPath+"/logout", OfCustomer, (*Portal).extensionLogoutAsk).needs(auth.ScopeLogin),
	post(extensionPath+"/logout", OfCustomer, auth.ScopeLogin, (*Portal).extensionLogout),
	get(extensionPath+"/delete", OfCustomer, (*Portal).extensionDeleteAsk).needs(auth.ScopeWrite),
	post(extensionPath+"/delete", OfCustomer, auth.ScopeWrite, (*Portal).extensionDelete),
}

// extensionList is the tab Nebenstellen.
func (p *Portal) extensionList(c *Call) error {
	l, err := p.app.Extensions.List(c.R.Context(), c.Actor, c.Customer.ID, channelQuery(c))
	if err != nil {
		return err
	}
	place := c.Place()
	m := view.ExtensionList{
		Customer: *c.Customer, Service: p.cfg.Service, Place: place, Edit: c.Actor.Can(auth.ScopeWrite),
		Pager: view.Pager{Place: place, Prev: l.Prev, Next: l.Next, Shown: len(l.Items), Total: l.Total},
		Total: l.Total, More: l.More,
	}
	for _, v := range l.Items {
		m.Rows = append(m.Rows, view.ExtensionRow{Extension: v.Extension, Sits: sits(v), Locked: !v.LockedUntil.IsZero()})
	}
	if c.Fragment() {
		return c.Part(http.StatusOK, view.ExtensionListPart(m))
	}
	return c.Page(http.StatusOK, view.Page{Title: c.T("common.tab_extensions"), Section: view.SectionService}, view.ExtensionListPage(m))
}
