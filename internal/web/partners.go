package web

import (
	"net/http"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
	"tischlein/internal/web/view"
)

var partnerRoutes = []Route{
	get("/partners", SignedIn, (*Portal).partnerList).needs(auth.ScopeAdmin),
	get("/partners/new", SignedIn, (*Portal).partnerNew).needs(auth.ScopeAdmin),
	post("/partners/new", SignedIn, auth.ScopeAdmin, (*Portal).partnerCreate).keeps(),
	get("/partners/{partner}", SignedIn, (*Portal).partnerShow).needs(auth.ScopeAdmin),
	post("/partners/{partner}", SignedIn, auth.ScopeAdmin, (*Portal).partnerUpdate).keeps(),
	get("/partners/{partner}/delete", SignedIn, (*Portal).partnerDeleteAsk).needs(auth.ScopeAdmin),
	post("/partners/{partner}/delete", SignedIn, auth.ScopeAdmin, (*Portal).partnerDelete),
}

// partnerList lists the resellers, for the operator.
func (p *Portal) partnerList(c *Call) error {
	v := c.R.URL.Query()
	l, err := p.app.Partners.List(c.R.Context(), c.Actor, app.Query{Cursor: v.Get("cursor"), Search: v.Get("q")})
	if err != nil {
		return err
	}
	m := view.PartnerList{Place: c.Place(), Rows: l.Items, Pager: view.Pager{Place: c.Place(), Prev: l.Prev, Next: l.Next, Shown: len(l.Items), Total: -1}}
	if c.Fragment() {
		return c.Part(http.StatusOK, view.PartnerListPart(m))
	}
	return c.Page(http.StatusOK, view.Page{Title: c.T("common.nav_partners"), Section: view.SectionPartners}, view.PartnerListPage(m))
}

func (p *Portal) partnerNew(c *Call) error {
	if !c.Actor.Operator() {
		return auth.Denied(auth.ScopeAdmin)
	}
	return c.showPartner(http.StatusOK, telephony.Partner{}, Fill())
}

func (c *Call) showPartner(status int, x telephony.Partner, f view.Form) error {
	title := x.Name
	if x.ID == "" {
		title = c.T("partners.new")
	}
	return c.Page(status, view.Page{Title: title, Section: view.SectionPartners, Narrow: true}, view.PartnerEdit(view.PartnerForm{Partner: x, Form: f}))
}

func (p *Portal) partnerCreate(c *Call) error {
	f, err := c.Form()
	if err != nil {
		return err
	}
	if f.Need("name"); f.OK() {
		x, err := p.app.Partners.Create(c.R.Context(), c.Actor, telephony.Partner{Name: f.Value("name")})
		if err == nil {
			return c.Redirect("/partners", Done("partners.created", "Name", x.Name))
		}
		if err := f.Take(err, "name"); err != nil {
			return err
		}
	}
	return c.showPartner(f.Status(), telephony.Partner{}, f.Form)
}

func (p *Portal) partnerShow(c *Call) error {
	x, err := p.app.Partners.Get(c.R.Context(), c.Actor, c.R.PathValue("partner"))
	if err != nil {
		return err
	}
	return c.showPartner(http.StatusOK, x, Fill("name", x.Name, "version", x.Version))
}

func (p *Portal) partnerUpdate(c *Call) error {
	ctx, id := c.R.Context(), c.R.PathValue("partner")
	f, err := c.Form()
	if err != nil {
		return err
	}
	x, err := p.app.Partners.Get(ctx, c.Actor, id)
	if err != nil {
		return err
	}
	if f.Need("name"); f.OK() {
		version := versionOf(f.Value("version"))
		saved, err := p.app.Partners.Update(ctx, c.Actor, id, version, func(x *telephony.Partner) error { x.Name = f.Value("name"); return nil })
		if err == nil {
			return c.Redirect("/partners", Done("partners.saved", "Name", saved.Name))
		}
		if telephony.ReasonOf(err) == "version_changed" {
			f.Renew(x.Version)
		}
		if err := f.Take(err, "name"); err != nil {
			return err
		}
	}
	return c.showPartner(f.Status(), x, f.Form)
}

func (p *Portal) partnerDeleteAsk(c *Call) error {
	x, err := p.app.Partners.Get(c.R.Context(), c.Actor, c.R.PathValue("partner"))
	if err != nil {
		return err
	}
	return c.Page(http.StatusOK, view.Page{Title: c.T("partners.delete"), Section: view.SectionPartners, Narrow: true}, view.PartnerDelete(x))
}

func (p *Portal) partnerDelete(c *Call) error {
	ctx, id := c.R.Context(), c.R.PathValue("partner")
	x, err := p.app.Partners.Get(ctx, c.Actor, id)
	if err != nil {
		return err
	}
	version := versionOf(c.R.FormValue("version"))
	err = p.app.Partners.Delete(ctx, c.Actor, id, version)
	if telephony.CodeOf(err) == telephony.Conflict && err != nil {
		f := Fill("name", x.Name, "version", x.Version)
		f.General = c.Word(err)
		return c.showPartner(http.StatusConflict, x, f)
	}
	if err != nil {
		return err
	}
	return c.Redirect("/partners", Done("partners.deleted", "Name", x.Name))
}
