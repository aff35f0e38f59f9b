package web

import (
	"net/http"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/web/view"
)

var tokenRoutes = []Route{
	get("/tokens", SignedIn, (*Portal).tokenList).needs(auth.ScopeAdmin),
	get("/tokens/new", SignedIn, (*Portal).tokenNew).needs(auth.ScopeAdmin),
	post("/tokens/new", SignedIn, auth.ScopeAdmin, (*Portal).tokenCreate).keeps(),
	get("/tokens/{token}/revoke", SignedIn, (*Portal).tokenRevokeAsk).needs(auth.ScopeAdmin),
	post("/tokens/{token}/revoke", SignedIn, auth.ScopeAdmin, (*Portal).tokenRevoke),
}

func shownToken(t app.TokenView) view.Token {
	return view.Token{ID: t.ID, Name: t.Name, CreatedBy: t.CreatedBy, Role: string(t.Role), Scopes: words(t.Scopes), Created: t.Created, Expires: t.Expires}
}

// tokenList lists the tokens of integrators, within the actor's reach.
func (p *Portal) tokenList(c *Call) error {
	l, err := p.app.Tokens.List(c.R.Context(), c.Actor, app.Query{Cursor: c.R.FormValue("cursor")})
	if err != nil {
		return err
	}
	m := view.TokenList{Place: c.Place(), Now: p.now(), Pager: view.Pager{Place: c.Place(), Prev: l.Prev, Next: l.Next, Shown: len(l.Items), Total: -1}}
	for _, t := range l.Items {
		m.Rows = append(m.Rows, shownToken(t))
	}
	return c.Page(http.StatusOK, view.Page{Title: c.T("common.nav_tokens"), Section: view.SectionTokens}, view.TokenListPage(m))
}

func (p *Portal) tokenNew(c *Call) error {
	return p.showTokenForm(c, http.StatusOK, Fill("days", "90"))
}

func (p *Portal) showTokenForm(c *Call, status int, f view.Form) error {
	m := view.TokenForm{Form: f, Roles: words(p.app.Users.Roles(c.Actor)), OwnCustomer: c.Actor.Role == auth.CustomerAdmin}
	if f.Values.Get("role") == "" && len(m.Roles) > 0 {
		m.Form.Values.Set("role", m.Roles[len(m.Roles)-1])
	}
	for _, s := range auth.Scopes {
		if c.Actor.Can(s) {
			m.Scopes = append(m.Scopes, string(s))
		}
	}
	if c.Actor.Operator() {
		l, err := p.app.Partners.List(c.R.Context(), c.Actor, app.Query{Limit: 200})
		if err != nil {
			return err
		}
		for _, x := range l.Items {
			m.Partners = append(m.Partners, view.Choice{Value: x.ID, Label: x.Name})
		}
	}
	return c.Page(status, view.Page{Title: c.T("tokens.new"), Section: view.SectionTokens, Narrow: true}, view.TokenNew(m))
}

// tokenDays are how long a token can be made to last.
var tokenDays = map[string]int{"30": 30, "90": 90, "365": 365, "never": 0}

// tokenCreate makes a token and shows it, once.
func (p *Portal) tokenCreate(c *Call) error {
	f, err := c.Form()
	if err != nil {
		return err
	}
	days, known := tokenDays[f.Value("days")]
	if !known {
		f.Refuse("days", "errors.needed")
	}
	if f.Need("name"); !f.OK() {
		return p.showTokenForm(c, f.Status(), f.Form)
	}
	who, err := p.userSpec(c, f)
	if err != nil {
		return err
	}
	s := app.TokenSpec{Name: f.Value("name"), Role: who.Role, PartnerID: who.PartnerID, CustomerID: who.CustomerID}
	for _, x := range f.Values["scopes"] {
		s.Scopes = append(s.Scopes, auth.Scope(x))
	}
	if days > 0 {
		s.Expires = p.now().Add(time.Duration(days) * 24 * time.Hour)
	}
	v, secret, err := p.app.Tokens.Create(c.R.Context(), c.Actor, s)
	if err != nil {
		if err := f.Take(err, "name", "role", "scopes", "days", "partner_id", "customer_id"); err != nil {
			return err
		}
		return p.showTokenForm(c, f.Status(), f.Form)
	}
	c.Secret()
	c.W.Header().Set("Cache-Control", "no-store")
	return c.Page(http.StatusOK, view.Page{Title: c.T("tokens.made"), Section: view.SectionTokens, Narrow: true}, view.TokenMade(shownToken(v), secret.Reveal()))
}

// tokenRevokeAsk asks before a token ends: whatever uses it stops working.
func (p *Portal) tokenRevokeAsk(c *Call) error {
	t, err := p.app.Tokens.Get(c.R.Context(), c.Actor, c.R.PathValue("token"))
	if err != nil {
		return err
	}
	return c.Page(http.StatusOK, view.Page{Title: c.T("tokens.revoke"), Section: view.SectionTokens, Narrow: true}, view.TokenRevoke(shownToken(t)))
}

// tokenRevoke ends a token at once.
func (p *Portal) tokenRevoke(c *Call) error {
	if err := p.app.Tokens.Revoke(c.R.Context(), c.Actor, c.R.PathValue("token")); err != nil {
		return err
	}
	return c.Redirect("/tokens", Done("tokens.revoked"))
}
