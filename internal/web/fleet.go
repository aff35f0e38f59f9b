package web

import (
	"net/http"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
	"tischlein/internal/web/view"
)

var fleetRoutes = []Route{
	get("/fleet", SignedIn, (*Portal).fleetShow).needs(auth.ScopeRead),
	get("/firmware", SignedIn, (*Portal).firmwareShow).needs(auth.ScopeRead),
	post("/firmware/files", SignedIn, auth.ScopeAdmin, (*Portal).firmwareAdd),
	get("/firmware/files/{firmware}/delete", SignedIn, (*Portal).firmwareRemoveAsk).needs(auth.ScopeAdmin),
	post("/firmware/files/{firmware}/delete", SignedIn, auth.ScopeAdmin, (*Portal).firmwareRemove),
	post("/firmware/rollouts", SignedIn, auth.ScopeAdmin, (*Portal).rolloutStart).keeps(),
	get("/firmware/rollouts/{rollout}", SignedIn, (*Portal).rolloutEdit).needs(auth.ScopeAdmin),
	post("/firmware/rollouts/{rollout}", SignedIn, auth.ScopeAdmin, (*Portal).rolloutUpdate).keeps(),
	get("/firmware/rollouts/{rollout}/end", SignedIn, (*Portal).rolloutEndAsk).needs(auth.ScopeAdmin),
	post("/firmware/rollouts/{rollout}/{action}", SignedIn, auth.ScopeAdmin, (*Portal).rolloutAct),
}

// fleetShow is how far all devices have come that somebody sees, with the way to
// those that have not (P10).
func (p *Portal) fleetShow(c *Call) error {
	ctx := c.R.Context()
	v, err := p.app.Fleet.Summary(ctx, c.Actor)
	if err != nil {
		return err
	}
	l, err := p.app.Fleet.Laggards(ctx, c.Actor, app.Query{Cursor: c.R.URL.Query().Get("cursor")})
	if err != nil {
		return err
	}
	m := view.Fleet{Tiles: []view.FleetTile{{Devices: v.All.Devices, State: "devices"}}, Pager: view.Pager{Place: c.Place(), Next: l.Next, Shown: len(l.Items), Total: -1}}
	for _, s := range []telephony.CPEStateCode{telephony.CPEConverged, telephony.CPEPending, telephony.CPEOffline, telephony.CPENeverContacted, telephony.CPEFailed} {
		m.Tiles = append(m.Tiles, view.FleetTile{Devices: v.All.States[s], State: string(s)})
	}
	line := func(g app.FleetGroup, name string) view.FleetLine {
		return view.FleetLine{Name: name, Devices: g.Devices, Behind: g.Devices - g.States[telephony.CPEConverged]}
	}
	for _, g := range v.Customers {
		x := line(g, g.Customer)
		x.Href = view.CustomerPath(g.CustomerID, "cpes") + worstFilter(g)
		m.Customers = append(m.Customers, x)
	}
	for _, g := range v.Models {
		m.Models = append(m.Models, line(g, view.Product(p.maker(c, g.Driver), g.Model)))
	}
	for _, g := range v.Firmwares {
		name := g.Firmware
		if name == "" {
			name = c.T("fleet.unknown")
		}
		m.Firmwares = append(m.Firmwares, line(g, view.Product(p.maker(c, g.Driver), g.Model)+" · "+name))
	}
	for _, x := range l.Items {
		lag := view.FleetLaggard{ID: x.CPE.ID, Name: x.CPE.Name, Href: view.CustomerPath(x.CPE.CustomerID, "cpes", x.CPE.ID), Customer: x.Customer,
			State: telephony.StateOfCPE(x.CPE, x.State == telephony.CPEOffline, false, true)}
		lag.State.Code = x.State
		if x.Missing != nil {
			lag.Missing = x.Missing.Name
		}
		m.Laggards = append(m.Laggards, lag)
	}
	return c.Page(http.StatusOK, view.Page{Title: c.T("fleet.title"), Section: view.SectionFleet}, view.FleetPage(m))
}

// worstFilter narrows a customer's list to the state in which most of its laggards
// are.
func worstFilter(g app.FleetGroup) string {
	worst, most := "", 0
	for _, s := range telephony.CPEStateCodes {
		if n := g.States[s]; s != telephony.CPEConverged && n > most {
			worst, most = "?filter="+string(s), n
		}
	}
	return worst
}
