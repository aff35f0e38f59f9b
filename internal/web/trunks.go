package web

import (
	"net/http"
	"net/netip"
	"strings"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
	"tischlein/internal/web/view"
)

const trunksPath = "/customers/{customer}/trunks"

// trunkRoutes are the trunks of a customer, and those of the installation, which
// carry the calls of every customer without its own.
var trunkRoutes = []Route{
	get("/trunks", SignedIn, (*Portal).trunkList).needs(auth.ScopeRead),
	get("/trunks/new", SignedIn, (*Portal).trunkNew).needs(auth.ScopeAdmin),
	post("/trunks/new", SignedIn, auth.ScopeAdmin, (*Portal).trunkCreate).keeps(),
	get("/trunks/{trunk}", SignedIn, (*Portal).trunkEdit).needs(auth.ScopeRead),
	post("/trunks/{trunk}", SignedIn, auth.ScopeAdmin, (*Portal).trunkUpdate).keeps(),
	get("/trunks/{trunk}/delete", SignedIn, (*Portal).trunkDeleteAsk).needs(auth.ScopeAdmin),
	post("/trunks/{trunk}/delete", SignedIn, auth.ScopeAdmin, (*Portal).trunkDelete),
	get(trunksPath, OfCustomer, (*Portal).trunkList),
	get(trunksPath+"/new", OfCustomer, (*Portal).trunkNew).needs(auth.ScopeWrite),
	post(trunksPath+"/new", OfCustomer, auth.ScopeWrite, (*Portal).trunkCreate).keeps(),
	get(trunksPath+"/{trunk}", OfCustomer, (*Portal).trunkEdit),
	post(trunksPath+"/{trunk}", OfCustomer, auth.ScopeWrite, (*Portal).trunkUpdate).keeps(),
	get(trunksPath+"/{trunk}/delete", OfCustomer, (*Portal).trunkDeleteAsk).needs(auth.ScopeWrite),
	post(trunksPath+"/{trunk}/delete", OfCustomer, auth.ScopeWrite, (*Portal).trunkDelete),
}

// trunksOf is whose trunks they are: the customer's id, or "" for the
// installation's, of which only the operator hears.
func (c *Call) trunksOf() (string, error) {
	if c.Customer != nil {
		return c.Customer.ID, nil
	}
	if !c.Actor.Operator() {
		return "", telephony.NotFoundf("page")
	}
	return "", nil
}

// keepsTrunks reports whether somebody may change them.
func (c *Call) keepsTrunks() bool {
	if c.Customer == nil {
		return c.Actor.Operator() && c.Actor.Can(auth.ScopeAdmin)
	}
	return serves(c.Actor)
}

func (p *Portal) trunkPage(c *Call, title string) view.Page {
	if c.Customer == nil {
		return view.Page{Title: title, Section: view.SectionTrunks}
	}
	return view.Page{Title: title, Section: view.SectionService}
}

func (p *Portal) trunkHouse(c *Call) view.TrunkHouse {
	h := view.TrunkHouse{Service: p.cfg.Service}
	if c.Customer != nil {
		h.Customer = *c.Customer
	}
	return h
}

// trunkList lists the peers that are no phones (C10).
func (p *Portal) trunkList(c *Call) error {
	of, err := c.trunksOf()
	if err != nil {
		return err
	}
	v := c.R.URL.Query()
	l, err := p.app.Trunks.List(c.R.Context(), c.Actor, of, app.Query{Cursor: v.Get("cursor"), Search: v.Get("q")})
	if err != nil {
		return err
	}
	m := view.TrunkList{
		TrunkHouse: p.trunkHouse(c), Place: c.Place(), Add: c.keepsTrunks(),
		Pager: view.Pager{Place: c.Place(), Prev: l.Prev, Next: l.Next, Shown: len(l.Items), Total: -1},
	}
	for _, x := range l.Items {
		m.Rows = append(m.Rows, x.Trunk)
	}
	if c.Fragment() {
		return c.Part(http.StatusOK, view.TrunkListPart(m))
	}
	return c.Page(http.StatusOK, p.trunkPage(c, c.T("trunks.title")), view.TrunkListPage(m))
}

func (p *Portal) showTrunk(c *Call, status int, v *app.TrunkView, f view.Form) error {
	m := view.TrunkForm{TrunkHouse: p.trunkHouse(c), Form: f, Edit: c.keepsTrunks()}
	title := c.T("trunks.new")
	if v != nil {
		m.Trunk, m.HasSecret, title = &v.Trunk, v.HasSecret, v.Trunk.Name
	}
	page := p.trunkPage(c, title)
	page.Narrow = true
	return c.Page(status, page, view.TrunkEdit(m))
}

func (p *Portal) trunkNew(c *Call) error {
	if _, err := c.trunksOf(); err != nil {
		return err
	}
	if !c.keepsTrunks() {
		return auth.Denied(auth.ScopeWrite)
	}
	return p.showTrunk(c, http.StatusOK, nil, Fill())
}

var trunkFields = []string{"name", "switch", "host", "sources", "user", "secret", "emergency"}

// trunkOf reads the form into a trunk; what is no address stands beside its field.
func trunkOf(f *Form, x *telephony.Trunk) {
	x.Name, x.Switch, x.Host, x.User = f.Value("name"), f.On("switch"), f.Value("host"), f.Value("user")
	x.Secret, x.Emergency = telephony.Secret(f.Value("secret")), telephony.EmergencyMode(f.Value("emergency"))
	x.Sources = nil
	for _, s := range numbersOf(f.Value("sources")) {
		prefix, err := netip.ParsePrefix(s)
		if err != nil {
			addr, wrong := netip.ParseAddr(s)
			if wrong != nil {
				f.Refuse("sources", "trunks.source_wrong", "Text", s)
				return
			}
			prefix = netip.PrefixFrom(addr, addr.BitLen())
		}
		x.Sources = append(x.Sources, prefix)
	}
}

func (p *Portal) trunkCreate(c *Call) error {
	of, err := c.trunksOf()
	if err != nil {
		return err
	}
	if !c.keepsTrunks() {
		return auth.Denied(auth.ScopeWrite)
	}
	f, err := c.Form()
	if err != nil {
		return err
	}
	x := telephony.Trunk{CustomerID: of}
	f.Need("name", "host")
	trunkOf(f, &x)
	if f.OK() {
		v, err := p.app.Trunks.Create(c.R.Context(), c.Actor, x)
		if err == nil {
			return c.Redirect(p.trunkHouse(c).Path(), Done("trunks.saved", "Name", v.Trunk.Name))
		}
		if err := f.Take(err, trunkFields...); err != nil {
			return err
		}
	}
	return p.showTrunk(c, f.Status(), nil, f.Form)
}

func trunkFill(t telephony.Trunk) view.Form {
	sources := make([]string, len(t.Sources))
	for i, s := range t.Sources {
		sources[i] = s.String()
		if s.IsSingleIP() {
			sources[i] = s.Addr().String()
		}
	}
	return Fill("name", t.Name, "switch", t.Switch, "host", t.Host, "sources", strings.Join(sources, "\n"), "user", t.User, "emergency", string(t.Emergency), "version", t.Version)
}

// trunkThere is the trunk that the address names.
func (p *Portal) trunkThere(c *Call) (of string, v app.TrunkView, err error) {
	if of, err = c.trunksOf(); err != nil {
		return of, v, err
	}
	v, err = p.app.Trunks.Get(c.R.Context(), c.Actor, of, c.R.PathValue("trunk"))
	return of, v, err
}

func (p *Portal) trunkEdit(c *Call) error {
	_, v, err := p.trunkThere(c)
	if err != nil {
		return err
	}
	return p.showTrunk(c, http.StatusOK, &v, trunkFill(v.Trunk))
}

// trunkUpdate saves a trunk. An empty secret keeps the one that is there.
func (p *Portal) trunkUpdate(c *Call) error {
	of, v, err := p.trunkThere(c)
	if err != nil {
		return err
	}
	if !c.keepsTrunks() {
		return auth.Denied(auth.ScopeWrite)
	}
	f, err := c.Form()
	if err != nil {
		return err
	}
	var typed telephony.Trunk
	f.Need("name", "host")
	if trunkOf(f, &typed); f.OK() {
		version := versionOf(f.Value("version"))
		saved, err := p.app.Trunks.Update(c.R.Context(), c.Actor, of, v.Trunk.ID, version, func(x *telephony.Trunk) error { trunkOf(f, x); return nil })
		if err == nil {
			return c.Redirect(p.trunkHouse(c).Path(), Done("trunks.saved", "Name", saved.Trunk.Name))
		}
		if telephony.ReasonOf(err) == "version_changed" {
			f.Renew(v.Trunk.Version)
		}
		if err := f.Take(err, trunkFields...); err != nil {
			return err
		}
	}
	return p.showTrunk(c, f.Status(), &v, f.Form)
}

func (p *Portal) trunkDeleteAsk(c *Call) error {
	_, v, err := p.trunkThere(c)
	if err != nil {
		return err
	}
	if !c.keepsTrunks() {
		return auth.Denied(auth.ScopeWrite)
	}
	page := p.trunkPage(c, c.T("trunks.delete"))
	page.Narrow = true
	return c.Page(http.StatusOK, page, view.TrunkDelete(view.TrunkForm{TrunkHouse: p.trunkHouse(c), Trunk: &v.Trunk}))
}

func (p *Portal) trunkDelete(c *Call) error {
	of, v, err := p.trunkThere(c)
	if err != nil {
		return err
	}
	version := versionOf(c.R.FormValue("version"))
	err = p.app.Trunks.Delete(c.R.Context(), c.Actor, of, v.Trunk.ID, version)
	if telephony.CodeOf(err) == telephony.Conflict && err != nil {
		f := trunkFill(v.Trunk)
		f.General = c.Word(err)
		return p.showTrunk(c, http.StatusConflict, &v, f)
	}
	if err != nil {
		return err
	}
	return c.Redirect(p.trunkHouse(c).Path(), Done("trunks.deleted", "Name", v.Trunk.Name))
}
