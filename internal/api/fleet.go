package api

import (
	"context"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

type fleetCount struct {
	Devices   int                            `json:"devices"`
	Converged int                            `json:"converged" doc:"Have fetched what they should have and are registered, or are connected nowhere."`
	States    map[telephony.CPEStateCode]int `json:"states" doc:"Devices by state: failed, never_contacted, offline, pending, converged."`
}

func showCount(c app.FleetCount) fleetCount {
	return fleetCount{c.Devices, c.States[telephony.CPEConverged], c.States}
}

type fleetGroup struct {
	CustomerID string `json:"customer_id,omitempty"`
	Customer   string `json:"customer,omitempty"`
	Driver     string `json:"driver,omitempty"`
	Model      string `json:"model,omitempty"`
	Firmware   string `json:"firmware,omitempty" doc:"As last seen in the User-Agent; absent: not seen yet."`
	fleetCount
}

func showGroup(g app.FleetGroup) fleetGroup {
	return fleetGroup{g.CustomerID, g.Customer, g.Driver, g.Model, g.Firmware, showCount(g.FleetCount)}
}

type fleetBody struct {
	fleetCount
	At        time.Time    `json:"at" doc:"When it was counted."`
	Customers []fleetGroup `json:"customers" nullable:"false" doc:"Those with the most laggards first."`
	Models    []fleetGroup `json:"models" nullable:"false"`
	Firmwares []fleetGroup `json:"firmwares" nullable:"false" doc:"By model and version."`
}

type laggardBody struct {
	CPEID      string                 `json:"cpe_id"`
	Name       string                 `json:"name"`
	CustomerID string                 `json:"customer_id"`
	Customer   string                 `json:"customer"`
	State      telephony.CPEStateCode `json:"state" enum:"failed,never_contacted,offline,pending"`
	Missing    string                 `json:"missing,omitempty" doc:"The first station that is missing on the way from link to registered phone; absent where it is connected nowhere."`
	Detail     string                 `json:"detail,omitempty"`
	Advice     string                 `json:"advice,omitempty"`
}

func showLaggard(l app.FleetLaggard) laggardBody {
	b := laggardBody{CPEID: l.CPE.ID, Name: l.CPE.Name, CustomerID: l.CPE.CustomerID, Customer: l.Customer, State: l.State}
	if l.Missing != nil {
		b.Missing, b.Detail, b.Advice = l.Missing.Name, l.Missing.Detail, l.Missing.Advice
	}
	return b
}

// fleet is how far all devices have come that the token sees (P10).
func (r *routes) fleet() {
	const tag = "Fleet"
	a := &r.s.app.Fleet
	add(r, get("/v1/fleet"), tag, "get-fleet", "Count the fleet", "How many devices have what they should have and are registered, by customer, model and firmware.",
		func(ctx context.Context, actor auth.Actor, _ *struct{}) (*plain[fleetBody], error) {
			v, err := a.Summary(ctx, actor)
			return &plain[fleetBody]{fleetBody{showCount(v.All), v.At, each(v.Customers, showGroup), each(v.Models, showGroup), each(v.Firmwares, showGroup)}}, err
		})
	add(r, get("/v1/fleet/laggards"), tag, "list-fleet-laggards", "List the laggards", "Devices that are not converged, with the first thing that each lacks and what to do.",
		func(ctx context.Context, actor auth.Actor, in *struct{ Page }) (*listed[laggardBody], error) {
			l, err := a.Laggards(ctx, actor, in.query())
			return listOf(l, showLaggard), err
		})
}
