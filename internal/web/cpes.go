package web

import (
	"net/http"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/web/view"
)

const cpePath = "/customers/{customer}/cpes/{cpe}"

var cpeRoutes = []Route{
	get("/customers/{customer}/cpes", OfCustomer, (*Portal).cpeList),
	get("/customers/{customer}/cpes/new", OfCustomer, (*Portal).cpeNew).needs(auth.ScopeWrite),
	post("/customers/{customer}/cpes/new", OfCustomer, auth.ScopeWrite, (*Portal).cpeCreate).keeps(),
	get(cpePath, OfCustomer, (*Portal).cpeShow),
	get(cpePath+"/edit", OfCustomer, (*Portal).cpeEdit).needs(auth.ScopeWrite),
	post(cpePath+"/edit", OfCustomer, auth.ScopeWrite, (*Portal).cpeUpdate).keeps(),
	get(cpePath+"/preview", OfCustomer, (*Portal).cpePreview),
	post(cpePath+"/preview", OfCustomer, auth.ScopeReveal, (*Portal).cpePreviewRevealed),
	get(cpePath+"/diff", OfCustomer, (*Portal).cpeDiff),
	get(cpePath+"/effects", OfCustomer, (*Portal).cpeEffects).needs(auth.ScopeWrite),
	get(cpePath+"/channels", OfCustomer, (*Portal).cpeChannels).needs(auth.ScopeWrite),
	get(cpePath+"/attach", OfCustomer, (*Portal).cpeAttachAsk).needs(auth.ScopeWrite),
	post(cpePath+"/attach", OfCustomer, auth.ScopeWrite, (*Portal).cpeAttach).keeps(),
	post(cpePath+"/arm", OfCustomer, auth.ScopeWrite, (*Portal).cpeArm),
	post(cpePath+"/unfreeze", OfCustomer, auth.ScopeWrite, (*Portal).cpeUnfreeze),
	post(cpePath+"/forget-certificate", OfCustomer, auth.ScopeWrite, (*Portal).cpeForgetCertificate),
	post(cpePath+"/pin", OfCustomer, auth.ScopeReveal, (*Portal).cpePIN),
	post(cpePath+"/disarm", OfCustomer, auth.ScopeWrite, (*Portal).cpeDisarm),
	post(cpePath+"/resync", OfCustomer, auth.ScopePush, (*Portal).cpeResync),
	post(cpePath+"/reboot", OfCustomer, auth.ScopePush, (*Portal).cpeReboot),
	post(cpePath+"/lost", OfCustomer, auth.ScopeWrite, (*Portal).cpeLost),
	post(cpePath+"/first-access", OfCustomer, auth.ScopeReveal, (*Portal).cpeFirstAccess),
	post(cpePath+"/reveal", OfCustomer, auth.ScopeReveal, (*Portal).cpeReveal),
	get(cpePath+"/uploads/{upload}", OfCustomer, (*Portal).cpeUpload),
	post(cpePath+"/uploads/{upload}/delete", OfCustomer, auth.ScopeWrite, (*Portal).cpeUploadDelete),
	post(cpePath+"/redirect", OfCustomer, auth.ScopeWrite, (*Portal).cpeRedirect),
	post(cpePath+"/redirect-retry", OfCustomer, auth.ScopeWrite, (*Portal).cpeRedirectRetry),
	post(cpePath+"/redirect-remove", OfCustomer, auth.ScopeWrite, (*Portal).cpeRedirectRemove),
	get(cpePath+"/ask", OfCustomer, (*Portal).cpeAsk),
	post(cpePath+"/delete", OfCustomer, auth.ScopeWrite, (*Portal).cpeDelete),
}

// cpeList is the tab CPEs.
func (p *Portal) cpeList(c *Call) error {
	l, err := p.app.CPEs.List(c.R.Context(), c.Actor, c.Customer.ID, channelQuery(c))
	if err != nil {
		return err
	}
	place := c.Place()
	m := view.CPEList{
		Customer: *c.Customer, Service: p.cfg.Service, Place: place, Edit: c.Actor.Can(auth.ScopeWrite),
		Pager: view.Pager{Place: place, Prev: l.Prev, Next: l.Next, Shown: len(l.Items), Total: l.Total},
		Total: l.Total, More: l.More,
	}
	for _, v := range l.Items {
		m.Rows = append(m.Rows, p.cpeRow(c, v))
	}
	if c.Fragment() {
		return c.Part(http.StatusOK, view.CPEListPart(m))
	}
	return c.Page(http.StatusOK, view.Page{Title: c.T("common.tab_cpes"), Section: view.SectionService}, view.CPEListPage(m))
}

func (p *Portal) cpeRow(c *Call, v app.CPEView) view.CPERow {
	r := view.CPERow{CPE: v.CPE, State: v.State, Maker: p.maker(c, v.CPE.Driver)}
	for _, a := range v.Attachments {
		r.Ports = append(r.Ports, view.CPEPort{Port: a.Port, ChannelID: a.ChannelID, Channel: v.Places[a.ChannelID]})
	}
	return r
}

// maker is what people call the vendor of a driver.
func (p *Portal) maker(c *Call, driver string) string {
	if driver == "generic" { // no vendor has a name for it
		return c.T("cpes.maker_generic")
	}
	for _, i := range p.app.Makers() {
		if i.Vendor == driver {
			return i.Name
		}
	}
	return driver
}
