package web

import (
	"net/http"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
	"tischlein/internal/web/view"
)

var userRoutes = []Route{
	get("/users", SignedIn, (*Portal).userList).needs(auth.ScopeAdmin),
	get("/users/new", SignedIn, (*Portal).userNew).needs(auth.ScopeAdmin),
	post("/users/new", SignedIn, auth.ScopeAdmin, (*Portal).userCreate).keeps(),
	get("/users/{user}", SignedIn, (*Portal).userShow).needs(auth.ScopeAdmin),
	post("/users/{user}", SignedIn, auth.ScopeAdmin, (*Portal).userUpdate).keeps(),
	post("/users/{user}/link", SignedIn, auth.ScopeAdmin, (*Portal).userLink),
	post("/users/{user}/unlock", SignedIn, auth.ScopeAdmin, (*Portal).userUnlock),
	post("/users/{user}/end-sessions", SignedIn, auth.ScopeAdmin, (*Portal).userEndSessions),
	post("/users/{user}/second-factor", SignedIn, auth.ScopeAdmin, (*Portal).userRemoveSecondFactor),
	get("/users/{user}/delete", SignedIn, (*Portal).userDeleteAsk).needs(auth.ScopeAdmin),
	post("/users/{user}/delete", SignedIn, auth.ScopeAdmin, (*Portal).userDelete),
}

var userFields = []string{"name", "login", "role", "partner_id", "customer_id", "extension_id", "language", "disabled"}

func userPath(id string) string { return "/users/" + id }

// words are the words of roles and scopes.
func words[T ~string](list []T) (out []string) {
	for _, x := range list {
		out = append(out, string(x))
	}
	return out
}

func shownUser(u app.UserView) view.User {
	return view.User{
		ID: u.ID, Name: u.Name, Login: u.Login, Role: string(u.Role), Partner: u.Partner, Customer: u.Customer, Number: u.Number, State: string(u.State),
		SecondFactor: u.SecondFactor, LinkExpires: u.LinkExpires, LastSignIn: u.LastSignIn, Version: u.Version, Own: u.Own,
	}
}

// userList lists who may sign in to the portal, within the actor's reach.
func (p *Portal) userList(c *Call) error {
	v := c.R.URL.Query()
	l, err := p.app.Users.List(c.R.Context(), c.Actor, app.UserQuery{Query: app.Query{Cursor: v.Get("cursor"), Search: v.Get("q")}})
	if err != nil {
		return err
	}
	m := view.UserList{Place: c.Place(), Now: p.now(), Pager: view.Pager{Place: c.Place(), Prev: l.Prev, Next: l.Next, Shown: len(l.Items), Total: -1}}
	for _, u := range l.Items {
		m.Rows = append(m.Rows, shownUser(u))
	}
	if c.Fragment() {
		return c.Part(http.StatusOK, view.UserListPart(m))
	}
	return c.Page(http.StatusOK, view.Page{Title: c.T("common.nav_users"), Section: view.SectionUsers}, view.UserListPage(m))
}

func (p *Portal) userNew(c *Call) error {
	role := ""
	if roles := p.app.Users.Roles(c.Actor); len(roles) > 0 {
		role = string(roles[len(roles)-1])
	}
	return p.showUserForm(c, http.StatusOK, nil, Fill("role", role, "customer_id", c.R.FormValue("customer"), "partner_id", c.R.FormValue("partner")))
}

// userSpec is what the form says. A customer is named by its number, since there
// are too many to choose from a list.
func (p *Portal) userSpec(c *Call, f *Form) (s app.UserSpec, err error) {
	s = app.UserSpec{Name: f.Value("name"), Login: f.Value("login"), Role: auth.Role(f.Value("role")), Language: f.Value("language"), Disabled: f.On("disabled")}
	switch s.Role {
	case auth.PartnerAdmin:
		s.PartnerID = f.Value("partner_id")
		if c.Actor.Role == auth.PartnerAdmin {
			s.PartnerID = c.Actor.PartnerID
		}
	case auth.CustomerAdmin, auth.User:
		s.CustomerID = c.Actor.CustomerID
		if c.Actor.Role != auth.CustomerAdmin {
			s.CustomerID, err = p.customerNumbered(c, f.Value("customer_id"))
		}
		if err == nil && s.Role == auth.User && s.CustomerID != "" {
			s.ExtensionID, err = p.extensionNumbered(c, s.CustomerID, f.Value("extension_id"))
		}
	}
	return s, err
}

// customerNumbered is the id of the customer with the number, "" if there is none.
func (p *Portal) customerNumbered(c *Call, number string) (string, error) {
	if number == "" {
		return "", nil
	}
	l, err := p.app.Customers.List(c.R.Context(), c.Actor, app.Query{Search: number, Limit: 200})
	if telephony.CodeOf(err) == telephony.Invalid {
		return "", nil // too long to be one
	}
	for _, x := range l.Items {
		if x.Number == number {
			return x.ID, err
		}
	}
	return "", err
}

// extensionNumbered is the id of the customer's extension with the number, "" if
// there is none.
func (p *Portal) extensionNumbered(c *Call, customerID, number string) (string, error) {
	if number == "" {
		return "", nil
	}
	l, err := p.app.Extensions.List(c.R.Context(), c.Actor, customerID, app.Query{Search: number, Limit: 200})
	if telephony.CodeOf(err) == telephony.Invalid {
		return "", nil
	}
	for _, x := range l.Items {
		if x.Extension.Number == number {
			return x.Extension.ID, err
		}
	}
	return "", err
}

// userCreate invites somebody; the link is shown once.
func (p *Portal) userCreate(c *Call) error {
	f, err := c.Form()
	if err != nil {
		return err
	}
	if f.Need("name", "login"); f.OK() {
		s, err := p.userSpec(c, f)
		if err != nil {
			return err
		}
		u, link, err := p.app.Users.Create(c.R.Context(), c.Actor, s)
		if err == nil {
			return p.showLink(c, u, link)
		}
		if err := f.Take(err, userFields...); err != nil {
			return err
		}
	}
	return p.showUserForm(c, f.Status(), nil, f.Form)
}

// showLink shows a one-time link, which nobody can read again.
func (p *Portal) showLink(c *Call, u app.UserView, link app.OneTimeLink) error {
	c.Secret()
	c.W.Header().Set("Cache-Control", "no-store")
	return c.Page(http.StatusOK, view.Page{Title: c.T("users.link_title"), Section: view.SectionUsers, Narrow: true},
		view.UserLink(view.OneTimeLink{User: shownUser(u), URL: p.URL("/welcome/" + link.Token.Reveal()), Expires: link.Expires, Reset: link.Kind == app.LinkReset}))
}

func (p *Portal) userShow(c *Call) error {
	u, err := p.app.Users.Get(c.R.Context(), c.Actor, c.R.PathValue("user"))
	if err != nil {
		return err
	}
	f, err := p.userFill(c, u)
	if err != nil {
		return err
	}
	return p.showUserForm(c, http.StatusOK, &u, f)
}

func (p *Portal) userFill(c *Call, u app.UserView) (view.Form, error) {
	number := ""
	if u.CustomerID != "" {
		x, err := p.app.Customers.Get(c.R.Context(), c.Actor, u.CustomerID)
		if err != nil {
			return view.Form{}, err
		}
		number = x.Number
	}
	return Fill("name", u.Name, "login", u.Login, "role", string(u.Role), "partner_id", u.PartnerID, "customer_id", number, "extension_id", u.Number,
		"language", u.Language, "disabled", u.Disabled, "version", u.Version), nil
}

func (p *Portal) showUserForm(c *Call, status int, u *app.UserView, f view.Form) error {
	m := view.UserForm{Form: f, Roles: append(words(p.app.Users.Roles(c.Actor)), string(auth.User)), OwnCustomer: c.Actor.Role == auth.CustomerAdmin}
	page := view.Page{Title: c.T("users.new"), Section: view.SectionUsers, Narrow: true}
	if u != nil {
		x := shownUser(*u)
		m.User, m.Now, page.Title, page.Narrow = &x, p.now(), u.Name, false
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
	return c.Page(status, page, view.UserEdit(m))
}

func (p *Portal) userUpdate(c *Call) error {
	ctx, id := c.R.Context(), c.R.PathValue("user")
	f, err := c.Form()
	if err != nil {
		return err
	}
	u, err := p.app.Users.Get(ctx, c.Actor, id)
	if err != nil {
		return err
	}
	if f.Need("name", "login"); f.OK() {
		s, err := p.userSpec(c, f)
		if err != nil {
			return err
		}
		version := versionOf(f.Value("version"))
		saved, err := p.app.Users.Update(ctx, c.Actor, id, version, func(x *app.UserSpec) error { *x = s; return nil })
		if err == nil {
			return c.Redirect(userPath(id), Done("users.saved", "Name", saved.Name))
		}
		if telephony.ReasonOf(err) == "version_changed" {
			f.Renew(u.Version)
		}
		if err := f.Take(err, userFields...); err != nil {
			return err
		}
	}
	return p.showUserForm(c, f.Status(), &u, f.Form)
}

// userLink makes a new one-time link: to set the password anew, or the invitation
// again.
func (p *Portal) userLink(c *Call) error {
	ctx, id := c.R.Context(), c.R.PathValue("user")
	link, err := p.app.Users.ResetLink(ctx, c.Actor, id)
	if err != nil {
		return p.userRefused(c, id, err)
	}
	u, err := p.app.Users.Get(ctx, c.Actor, id)
	if err != nil {
		return err
	}
	return p.showLink(c, u, link)
}

// userRefused shows the page of the user with why something was refused.
func (p *Portal) userRefused(c *Call, id string, cause error) error {
	if telephony.CodeOf(cause) != telephony.Conflict {
		return cause
	}
	u, err := p.app.Users.Get(c.R.Context(), c.Actor, id)
	if err != nil {
		return err
	}
	f, err := p.userFill(c, u)
	if err != nil {
		return err
	}
	f.General = c.Word(cause)
	return p.showUserForm(c, http.StatusConflict, &u, f)
}

func (p *Portal) userUnlock(c *Call) error {
	id := c.R.PathValue("user")
	if err := p.app.Users.Unlock(c.R.Context(), c.Actor, id); err != nil {
		return p.userRefused(c, id, err)
	}
	return c.Redirect(userPath(id), Done("users.unlocked"))
}

func (p *Portal) userEndSessions(c *Call) error {
	id := c.R.PathValue("user")
	if _, err := p.app.Users.EndSessions(c.R.Context(), c.Actor, id); err != nil {
		return p.userRefused(c, id, err)
	}
	return c.Redirect(userPath(id), Done("users.sessions_ended"))
}

func (p *Portal) userRemoveSecondFactor(c *Call) error {
	id := c.R.PathValue("user")
	if err := p.app.Users.RemoveSecondFactor(c.R.Context(), c.Actor, id); err != nil {
		return p.userRefused(c, id, err)
	}
	return c.Redirect(userPath(id), Done("users.second_factor_removed"))
}

func (p *Portal) userDeleteAsk(c *Call) error {
	u, err := p.app.Users.Get(c.R.Context(), c.Actor, c.R.PathValue("user"))
	if err != nil {
		return err
	}
	return c.Page(http.StatusOK, view.Page{Title: c.T("users.delete"), Section: view.SectionUsers, Narrow: true}, view.UserDelete(shownUser(u)))
}

func (p *Portal) userDelete(c *Call) error {
	ctx, id := c.R.Context(), c.R.PathValue("user")
	u, err := p.app.Users.Get(ctx, c.Actor, id)
	if err != nil {
		return err
	}
	version := versionOf(c.R.FormValue("version"))
	if err := p.app.Users.Delete(ctx, c.Actor, id, version); err != nil {
		return p.userRefused(c, id, err)
	}
	return c.Redirect("/users", Done("users.deleted", "Name", u.Name))
}
