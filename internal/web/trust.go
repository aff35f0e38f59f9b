package web

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
	"tischlein/internal/web/view"
)

const siteTokensPath = "/customers/{customer}/site-tokens"

var trustRoutes = []Route{
	get(siteTokensPath+"/new", OfCustomer, (*Portal).siteTokenNew).needs(auth.ScopeReveal),
	post(siteTokensPath+"/new", OfCustomer, auth.ScopeReveal, (*Portal).siteTokenCreate).keeps(),
	get(siteTokensPath+"/{sitetoken}/void", OfCustomer, (*Portal).siteTokenVoidAsk).needs(auth.ScopeWrite),
	post(siteTokensPath+"/{sitetoken}/void", OfCustomer, auth.ScopeWrite, (*Portal).siteTokenVoid),
	get("/customers/{customer}/rotate", OfCustomer, (*Portal).rotateAllAsk).needs(auth.ScopeWrite),
	post("/customers/{customer}/rotate", OfCustomer, auth.ScopeWrite, (*Portal).rotateAll),
	get(cpePath+"/rotate", OfCustomer, (*Portal).cpeRotateAsk).needs(auth.ScopeWrite),
	post(cpePath+"/rotate", OfCustomer, auth.ScopeWrite, (*Portal).cpeRotate),
}

// siteTokensShown is how many of a customer's site tokens its page lists, newest
// first.
const siteTokensShown = 50

// trustOf reads how the customer's devices become trusted (P03).
func (p *Portal) trustOf(c *Call, m *view.Trust, form func(part string, saved view.Form) view.Form) error {
	m.Reveal, m.Now = c.Actor.Can(auth.ScopeReveal), p.now()
	m.Minimum = form("trust", Fill("trust_minimum", c.Customer.TrustMinimum, "version", c.Customer.Version))
	list, err := p.siteTokens(c)
	if len(list) > siteTokensShown {
		list, m.More = list[:siteTokensShown], len(list)-siteTokensShown
	}
	m.Tokens = list
	return err
}

// siteTokens are all of the customer's, newest first.
func (p *Portal) siteTokens(c *Call) (out []view.SiteToken, err error) {
	for q := (app.Query{Limit: 200}); ; {
		l, err := p.app.SiteTokens.List(c.R.Context(), c.Actor, c.Customer.ID, q)
		if err != nil {
			return nil, err
		}
		for _, t := range l.Items {
			out = append(out, shownSiteToken(t))
		}
		if q.Cursor = l.Next; q.Cursor == "" {
			slices.Reverse(out)
			return out, nil
		}
	}
}

func shownSiteToken(t app.SiteToken) view.SiteToken {
	return view.SiteToken{ID: t.ID, Name: t.Name, CreatedBy: t.CreatedBy, Devices: t.Devices, Used: t.Used, Addresses: t.Addresses, Created: t.Created, Expires: t.Expires, Voided: t.Voided}
}

// siteTokenNew is the form of a new one. Where the customer's phones stand is
// mostly known.
func (p *Portal) siteTokenNew(c *Call) error {
	entries, err := p.app.Customers.Allowlist(c.R.Context(), c.Actor, c.Customer.ID)
	if err != nil {
		return err
	}
	known := ""
	for _, e := range entries {
		known += e.Entry.String() + "\n"
	}
	return p.showSiteTokenForm(c, http.StatusOK, Fill("days", "7", "addresses", known))
}

func (p *Portal) showSiteTokenForm(c *Call, status int, f view.Form) error {
	return c.Page(status, view.Page{Title: c.T("trust.token_new"), Section: view.SectionService, Narrow: true},
		view.SiteTokenNew(view.SiteTokenForm{Customer: *c.Customer, Service: p.cfg.Service, Form: f}))
}

// siteTokenDays are how long one can be made to last.
var siteTokenDays = []string{"1", "7", "30", "90"}

// siteTokenCreate makes one and shows it, once.
func (p *Portal) siteTokenCreate(c *Call) error {
	f, err := c.Form()
	if err != nil {
		return err
	}
	f.Need("name", "devices", "addresses")
	if !slices.Contains(siteTokenDays, f.Value("days")) {
		f.Refuse("days", "errors.needed")
	}
	devices := f.number("devices", 0, "errors.reason_devices_range")
	if !f.OK() {
		return p.showSiteTokenForm(c, f.Status(), f.Form)
	}
	days, _ := strconv.Atoi(f.Value("days")) // one of siteTokenDays
	t, url, err := p.app.SiteTokens.Create(c.R.Context(), c.Actor, c.Customer.ID, app.SiteToken{
		Name: f.Value("name"), Devices: devices, Addresses: entriesOf(f.Value("addresses")), Expires: p.now().Add(time.Duration(days) * 24 * time.Hour),
	})
	if err != nil {
		if err := f.Take(err, "name", "devices", "addresses"); err != nil {
			return err
		}
		return p.showSiteTokenForm(c, f.Status(), f.Form)
	}
	c.Secret()
	c.W.Header().Set("Cache-Control", "no-store")
	return c.Page(http.StatusOK, view.Page{Title: c.T("trust.token_made"), Section: view.SectionService, Narrow: true},
		view.SiteTokenMade(view.SiteTokenShown{Customer: *c.Customer, Service: p.cfg.Service, SiteToken: shownSiteToken(t), URL: url.Reveal()}))
}

// entriesOf are the addresses, ranges and networks in a text: one a line, or with
// commas between. A range may have blanks in it.
func entriesOf(s string) (list []string) {
	for _, e := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ';' || r == '\n' || r == '\r' }) {
		if e = strings.TrimSpace(e); e != "" {
			list = append(list, e)
		}
	}
	return list
}

// siteTokenVoidAsk asks before one ends.
func (p *Portal) siteTokenVoidAsk(c *Call) error {
	list, err := p.siteTokens(c)
	if err != nil {
		return err
	}
	for _, t := range list {
		if t.ID == c.R.PathValue("sitetoken") {
			return c.Page(http.StatusOK, view.Page{Title: c.T("trust.token_void"), Section: view.SectionService, Narrow: true},
				view.SiteTokenVoid(view.SiteTokenShown{Customer: *c.Customer, Service: p.cfg.Service, SiteToken: t}))
		}
	}
	return telephony.NotFoundf("site token")
}

func (p *Portal) siteTokenVoid(c *Call) error {
	if err := p.app.SiteTokens.Void(c.R.Context(), c.Actor, c.Customer.ID, c.R.PathValue("sitetoken")); err != nil {
		return err
	}
	return c.Redirect(trustPlace(c.Customer.ID), Done("trust.token_voided"))
}

// trustPlace is where the tab Detail speaks of trust.
func trustPlace(customerID string) string { return view.CustomerPath(customerID, "detail") + "#trust" }

// rotateAllAsk says what rotating the secrets of all the customer's devices would
// do, before it does (P14).
func (p *Portal) rotateAllAsk(c *Call) error {
	return p.showRotateAll(c, http.StatusOK, Fill("what", app.Secrets))
}

func (p *Portal) showRotateAll(c *Call, status int, f view.Form) error {
	m := view.Rotation{Customer: *c.Customer, Service: p.cfg.Service, Form: f}
	var err error
	if m.Count, err = p.app.CPEs.RotateAll(c.R.Context(), c.Actor, c.Customer.ID, nil, true); err != nil {
		return err
	}
	h, err := p.app.Customers.Health(c.R.Context(), c.Actor, c.Customer.ID)
	if err != nil {
		return err
	}
	m.Absent = h.Devices[telephony.CPEOffline] + h.Devices[telephony.CPENeverContacted]
	for _, w := range app.Secrets {
		m.Secrets = append(m.Secrets, view.RotatedSecret{Word: w})
	}
	return c.Page(status, view.Page{Title: c.T("trust.rotate_all"), Section: view.SectionService, Narrow: true}, view.RotateAsk(m))
}

func (p *Portal) rotateAll(c *Call) error {
	f, err := c.Form()
	if err != nil {
		return err
	}
	if f.Need("what"); !f.OK() {
		return p.showRotateAll(c, f.Status(), f.Form)
	}
	if _, err := p.app.CPEs.RotateAll(c.R.Context(), c.Actor, c.Customer.ID, f.Values["what"], false); err != nil {
		if err := f.Take(err, "what"); err != nil {
			return err
		}
		return p.showRotateAll(c, f.Status(), f.Form)
	}
	return c.Redirect(trustPlace(c.Customer.ID), Done("trust.rotating"))
}

// cpeRotateAsk says of each of the device's secrets what rotating it would do.
func (p *Portal) cpeRotateAsk(c *Call) error {
	return p.showRotate(c, http.StatusOK, Fill("what", app.Secrets))
}

func (p *Portal) showRotate(c *Call, status int, f view.Form) error {
	ctx, id := c.R.Context(), c.R.PathValue("cpe")
	v, err := p.app.CPEs.Get(ctx, c.Actor, c.Customer.ID, id)
	if err != nil {
		return err
	}
	would, err := p.app.CPEs.Rotate(ctx, c.Actor, c.Customer.ID, id, nil, true)
	if err != nil {
		return err
	}
	m := view.Rotation{Customer: *c.Customer, Service: p.cfg.Service, Form: f, CPE: &v.CPE, State: v.State, ByHand: !v.Fetches}
	for _, w := range app.Secrets {
		s := view.RotatedSecret{Word: w}
		concerns := false
		for _, e := range would {
			if e.Kind == "rotated_"+w {
				concerns = true
				if e.Channel != "" {
					s.Channels = append(s.Channels, e.Channel)
				}
			}
		}
		if concerns {
			m.Secrets = append(m.Secrets, s)
		}
	}
	return c.Page(status, view.Page{Title: v.CPE.Name, Section: view.SectionService, Narrow: true}, view.RotateAsk(m))
}

// cpeRotate renews the secrets that were chosen.
func (p *Portal) cpeRotate(c *Call) error {
	f, err := c.Form()
	if err != nil {
		return err
	}
	if f.Need("what"); !f.OK() {
		return p.showRotate(c, f.Status(), f.Form)
	}
	return p.ofCPE(c, "cpes.rotated", func(ctx context.Context, a auth.Actor, customerID, id string) error {
		_, err := p.app.CPEs.Rotate(ctx, a, customerID, id, f.Values["what"], false)
		return err
	})
}
