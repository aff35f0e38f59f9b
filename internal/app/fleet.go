package app

import (
	"cmp"
	"context"
	"slices"
	"time"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// Fleet says how far all devices have come that somebody sees (P10).
type Fleet struct{ *core }

// FleetCount counts devices by state. Converged are those that have fetched what
// they should have and are registered, or are connected nowhere.
type FleetCount struct {
	Devices int
	States  map[telephony.CPEStateCode]int
}

func (c *FleetCount) add(r storage.FleetRow) {
	if c.States == nil {
		c.States = map[telephony.CPEStateCode]int{}
	}
	c.Devices += r.Devices
	for s, n := range r.States {
		c.States[s] += n
	}
}

// FleetGroup is a part of the fleet: of a customer, a model, or a model's firmware.
type FleetGroup struct {
	CustomerID, Customer    string
	Driver, Model, Firmware string
	FleetCount
}

// FleetView is the whole fleet and its parts; those with the most laggards first.
type FleetView struct {
	All       FleetCount
	Customers []FleetGroup
	Models    []FleetGroup
	Firmwares []FleetGroup
	At        time.Time // when it was counted
}

// Summary counts the devices that the actor sees.
func (f Fleet) Summary(ctx context.Context, actor auth.Actor) (v FleetView, err error) {
	reach, err := f.reach(actor)
	if err != nil {
		return v, err
	}
	return f.fleets.of(ctx, reach, f.now, f.work.Go, keepFleet, func(ctx context.Context) (FleetView, error) { return f.count(ctx, reach) })
}

func (f Fleet) count(ctx context.Context, reach storage.Reach) (v FleetView, err error) {
	err = f.db.View(ctx, func(tx *storage.Tx) error {
		rows, err := tx.Fleet(reach, f.fetching())
		if err != nil {
			return err
		}
		names, err := tx.CustomerNames(reach)
		if err != nil {
			return err
		}
		v = summary(rows, names)
		v.At = tx.Now
		return nil
	})
	return v, err
}

// fleetFor is how long a count holds at least: a page that is live asks often.
const fleetFor = 2 * time.Second

func keepFleet(_ FleetView, took time.Duration) time.Duration {
	if took > slow {
		return max(fleetFor, countHolds*took)
	}
	return fleetFor
}

func (f Fleet) reach(actor auth.Actor) (storage.Reach, error) {
	if !actor.Can(auth.ScopeRead) {
		return storage.Reach{}, auth.Denied(auth.ScopeRead)
	}
	return reachOf(actor)
}

func summary(rows []storage.FleetRow, names map[string]string) (v FleetView) {
	v.All.States = map[telephony.CPEStateCode]int{}
	by := func(part func(storage.FleetRow) FleetGroup) []FleetGroup {
		type key struct{ customer, driver, model, firmware string }
		at := map[key]int{}
		list := []FleetGroup{}
		for _, r := range rows {
			g := part(r)
			k := key{g.CustomerID, g.Driver, g.Model, g.Firmware}
			i, ok := at[k]
			if !ok {
				i = len(list)
				at[k], list = i, append(list, g)
			}
			list[i].add(r)
		}
		slices.SortStableFunc(list, func(a, b FleetGroup) int {
			return cmp.Compare(b.Devices-b.States[telephony.CPEConverged], a.Devices-a.States[telephony.CPEConverged])
		})
		return list
	}
	for _, r := range rows {
		v.All.add(r)
	}
	v.Customers = by(func(r storage.FleetRow) FleetGroup {
		return FleetGroup{CustomerID: r.CustomerID, Customer: names[r.CustomerID]}
	})
	v.Models = by(func(r storage.FleetRow) FleetGroup { return FleetGroup{Driver: r.Driver, Model: r.Model} })
	v.Firmwares = by(func(r storage.FleetRow) FleetGroup {
		return FleetGroup{Driver: r.Driver, Model: r.Model, Firmware: r.Firmware}
	})
	return v
}

// FleetLaggard is a device that is not converged, and the first thing it lacks.
type FleetLaggard struct {
	CPE      telephony.CPE
	Customer string
	State    telephony.CPEStateCode
	Missing  *telephony.Step // as explain says; nil where it is connected nowhere
}

// Laggards lists devices that are not converged, with the first thing that each
// lacks (P10).
func (f Fleet) Laggards(ctx context.Context, actor auth.Actor, q Query) (l List[FleetLaggard], err error) {
	reach, err := f.reach(actor)
	if err != nil {
		return l, err
	}
	pg, err := page(q)
	if err != nil {
		return l, err
	}
	err = f.db.View(ctx, func(tx *storage.Tx) error {
		rows, err := tx.Laggards(reach, f.fetching(), pg.Cursor.ID, pg.Limit)
		if err != nil {
			return err
		}
		var items []FleetLaggard
		for _, r := range rows {
			x := FleetLaggard{CPE: r.CPE, State: r.State}
			c, err := tx.Customer(r.CPE.CustomerID)
			if err != nil {
				return err
			}
			x.Customer = c.Name
			if r.ChannelID != "" {
				d, err := f.desk(tx, r.CPE.CustomerID, r.ChannelID)
				if err != nil {
					return err
				}
				fetches, pushable := f.traits(d.CPE)
				x.Missing = telephony.Missing(telephony.Chain(d, f.observed(d.Channel.SIPUser), fetches, pushable))
			}
			items = append(items, x)
		}
		l = list(items, pg, func(x FleetLaggard) (string, string) { return "", x.CPE.ID })
		return nil
	})
	return l, err
}
