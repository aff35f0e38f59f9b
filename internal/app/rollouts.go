package app

import (
	"context"
	"time"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// Rollouts bring the devices of a model to a version, piece by piece (P12). They
// are the operator's.
type Rollouts struct{ *core }

// RolloutView is a rollout with how far it has come.
type RolloutView struct {
	Rollout telephony.Rollout
	File    telephony.FirmwareFile
	Counts  map[telephony.UpgradeState]int
	Looking bool // its devices are still being looked at, so that the counts grow
}

// Laggard is a device that has not arrived, and why.
type Laggard struct {
	Upgrade  telephony.Upgrade
	Name     string // of the device
	Customer string
}

func (r Rollouts) view(tx *storage.Tx, id string) (v RolloutView, err error) {
	if v.Rollout, err = tx.Rollout(id); err != nil {
		return v, err
	}
	if v.File, err = tx.FirmwareFile(v.Rollout.FirmwareID); err != nil {
		return v, err
	}
	after, at, err := tx.Walk(id)
	if err != nil {
		return v, err
	}
	v.Looking = v.Rollout.Status == telephony.RolloutRunning && (after != "" || at.IsZero())
	v.Counts, err = tx.CountUpgrades(id)
	return v, err
}

// List lists the latest rollouts, the newest first.
func (r Rollouts) List(ctx context.Context, actor auth.Actor) (list []RolloutView, err error) {
	if err := installation(actor, auth.ScopeRead); err != nil {
		return nil, err
	}
	err = r.db.View(ctx, func(tx *storage.Tx) error {
		list = []RolloutView{}
		all, err := tx.Rollouts(100)
		if err != nil {
			return err
		}
		for _, x := range all {
			v, err := r.view(tx, x.ID)
			if err != nil {
				return err
			}
			list = append(list, v)
		}
		return nil
	})
	return list, err
}

// Get reads one rollout.
func (r Rollouts) Get(ctx context.Context, actor auth.Actor, id string) (v RolloutView, err error) {
	if err := installation(actor, auth.ScopeRead); err != nil {
		return v, err
	}
	err = r.db.View(ctx, func(tx *storage.Tx) error { v, err = r.view(tx, id); return err })
	return v, err
}

// usual are the values of what nobody has decided.
func usual(x telephony.Rollout) telephony.Rollout {
	if x.AtOnce == 0 {
		x.AtOnce = 50
	}
	if x.MostFailures == 0 {
		x.MostFailures = 3
	}
	if x.Patience == 0 {
		x.Patience = 30 * time.Minute
	}
	return x
}

// Create begins a rollout. A model that has one already must end it first.
func (r Rollouts) Create(ctx context.Context, actor auth.Actor, x telephony.Rollout) (v RolloutView, err error) {
	if err := installation(actor, auth.ScopeAdmin); err != nil {
		return v, err
	}
	if x, err = telephony.CheckRollout(usual(x)); err != nil {
		return v, err
	}
	err = r.db.Update(ctx, func(tx *storage.Tx) error {
		file, err := tx.FirmwareFile(x.FirmwareID)
		if telephony.CodeOf(err) == telephony.NotFound {
			return telephony.Invalidf("firmware_id", "firmware_unknown", "there is no such firmware")
		}
		if err != nil {
			return err
		}
		if x.Driver = file.Driver; !file.Fits(x.Model) {
			return telephony.Invalidf("model", "firmware_model", "the file is not for a %s", x.Model)
		}
		d, err := r.drivers.Get(x.Driver)
		if err != nil {
			return err
		}
		model, ok := d.Info().Model(x.Model)
		if !ok {
			return telephony.Invalidf("model", "model_unknown", "%s has no model %q", d.Info().Name, x.Model)
		}
		if err := r.customers(tx, x.Customers); err != nil {
			return err
		}
		x.ID, x.Model, x.Version, x.Status, x.Reason = storage.NewID(tx.Now), model.Name, 1, telephony.RolloutRunning, ""
		x.CreatedAt, x.CreatedBy = tx.Now, actor.Name
		if err := tx.InsertRollout(x); err != nil {
			return err
		}
		tx.AfterCommit(func() { r.ports.Rollouts() })
		if err := audit(tx, actor, "", "create", "rollout", x.ID, nil, x); err != nil {
			return err
		}
		v, err = r.view(tx, x.ID)
		return err
	})
	return v, err
}

func (r Rollouts) customers(tx *storage.Tx, ids []string) error {
	for _, id := range ids {
		if _, err := tx.Customer(id); telephony.CodeOf(err) == telephony.NotFound {
			return telephony.Invalidf("customers", "customer_unknown", "there is no customer %q", id)
		} else if err != nil {
			return err
		}
	}
	return nil
}

// Update changes the stage, the window and the limits of a rollout that has not
// ended; its devices are looked at again.
func (r Rollouts) Update(ctx context.Context, actor auth.Actor, id string, version int64, f func(*telephony.Rollout) error) (RolloutView, error) {
	return r.change(ctx, actor, id, version, "update", func(tx *storage.Tx, x *telephony.Rollout) error {
		before := *x
		if err := f(x); err != nil {
			return err
		}
		x.ID, x.FirmwareID, x.Driver, x.Model, x.Status = before.ID, before.FirmwareID, before.Driver, before.Model, before.Status
		var err error
		if *x, err = telephony.CheckRollout(*x); err != nil {
			return err
		}
		return r.customers(tx, x.Customers)
	})
}

// Pause tells no further device, and takes back what those were told that have
// not begun. Resume goes on, also after a halt. End does so for good.
func (r Rollouts) Pause(ctx context.Context, actor auth.Actor, id string) (RolloutView, error) {
	return r.become(ctx, actor, id, "pause", telephony.RolloutPaused)
}

// Resume goes on after a pause or a halt; devices that failed stay failed.
func (r Rollouts) Resume(ctx context.Context, actor auth.Actor, id string) (RolloutView, error) {
	return r.become(ctx, actor, id, "resume", telephony.RolloutRunning)
}

// End ends a rollout for good.
func (r Rollouts) End(ctx context.Context, actor auth.Actor, id string) (RolloutView, error) {
	return r.become(ctx, actor, id, "end", telephony.RolloutEnded)
}

// Retry has the devices that failed wait for another turn, and goes on.
func (r Rollouts) Retry(ctx context.Context, actor auth.Actor, id string) (RolloutView, error) {
	return r.change(ctx, actor, id, 0, "retry", func(tx *storage.Tx, x *telephony.Rollout) error {
		x.Status, x.Reason = telephony.RolloutRunning, ""
		return tx.RetryUpgrades(id)
	})
}

func (r Rollouts) become(ctx context.Context, actor auth.Actor, id, action string, s telephony.RolloutStatus) (RolloutView, error) {
	return r.change(ctx, actor, id, 0, action, func(_ *storage.Tx, x *telephony.Rollout) error { x.Status, x.Reason = s, ""; return nil })
}

func (r Rollouts) change(ctx context.Context, actor auth.Actor, id string, version int64, action string, f func(*storage.Tx, *telephony.Rollout) error) (v RolloutView, err error) {
	if err := installation(actor, auth.ScopeAdmin); err != nil {
		return v, err
	}
	err = r.db.Update(ctx, func(tx *storage.Tx) error {
		before, err := tx.Rollout(id)
		if err != nil {
			return err
		}
		if err := versioned(version, before.Version); err != nil {
			return err
		}
		if before.Status == telephony.RolloutEnded {
			return telephony.Conflictf("rollout_ended", "the rollout has ended")
		}
		x := before
		if err := f(tx, &x); err != nil {
			return err
		}
		if err := tx.UpdateRollout(x, true); err != nil {
			return err
		}
		tx.AfterCommit(func() { r.ports.Rollouts() })
		if err := audit(tx, actor, "", action, "rollout", id, before, x); err != nil {
			return err
		}
		v, err = r.view(tx, id)
		return err
	})
	return v, err
}

// Laggards lists devices of a rollout that were told and have not arrived, those
// that failed first; at most limit of each.
func (r Rollouts) Laggards(ctx context.Context, actor auth.Actor, id string, limit int) (list []Laggard, err error) {
	if err := installation(actor, auth.ScopeRead); err != nil {
		return nil, err
	}
	err = r.db.View(ctx, func(tx *storage.Tx) error {
		list = []Laggard{}
		v, err := r.view(tx, id)
		if err != nil {
			return err
		}
		for _, s := range []telephony.UpgradeState{telephony.UpgradeFailed, telephony.UpgradeTold} {
			some, err := tx.Upgrades(id, s, telephony.Upgrade{}, limit)
			if err != nil {
				return err
			}
			for _, u := range some {
				c, err := tx.CPE(u.CustomerID, u.CPEID)
				if err != nil {
					return err
				}
				customer, err := tx.Customer(u.CustomerID)
				if err != nil {
					return err
				}
				list = append(list, Laggard{Upgrade: u.Judge(v.File.Version, v.Rollout.Patience, tx.Now), Name: c.Name, Customer: customer.Name})
			}
		}
		return nil
	})
	return list, err
}
