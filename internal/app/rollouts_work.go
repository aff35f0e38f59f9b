package app

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// One transaction of a rollout looks at so many devices, and tells or untells so
// many: to tell costs as much as a sweep's look.
const (
	walkBatch  = 200
	judgeBatch = 200
	tellBatch  = sweepBatch
)

// walkAgain is when new devices of the model are looked for.
const walkAgain = time.Hour

// rolled remembers up to where the devices under way were judged, by rollout and
// state: the next piece goes on from there.
type rolled struct {
	mu    sync.Mutex
	after map[string]telephony.Upgrade
}

func (j *rolled) at(key string) telephony.Upgrade {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.after[key]
}

func (j *rolled) set(key string, u telephony.Upgrade) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.after == nil {
		j.after = map[string]telephony.Upgrade{}
	}
	j.after[key] = u
}

// Roll moves every rollout on by one bounded piece; more says that there is more
// to do now.
func (j Jobs) Roll(ctx context.Context) (more bool, err error) {
	var ids []string
	err = j.db.View(ctx, func(tx *storage.Tx) error { ids, err = tx.WorkingRollouts(); return err })
	for _, id := range ids {
		if err != nil {
			break
		}
		again := false
		err = j.db.Update(storage.Patient(ctx), func(tx *storage.Tx) error { again, err = j.roll(tx, id); return err })
		more = more || again
	}
	return err == nil && more, err
}

func (j Jobs) roll(tx *storage.Tx, id string) (more bool, err error) {
	r, err := tx.Rollout(id)
	if err != nil {
		return false, err
	}
	file, err := tx.FirmwareFile(r.FirmwareID)
	if err != nil {
		return false, err
	}
	if r.Status == telephony.RolloutRunning {
		if more, err = j.walk(tx, r, file.Version); err != nil {
			return false, err
		}
	}
	for _, s := range []telephony.UpgradeState{telephony.UpgradeTold, telephony.UpgradeFailed} {
		again, err := j.judge(tx, r, file.Version, s)
		if err != nil {
			return false, err
		}
		more = more || again
	}
	if r, err = j.halt(tx, r); err != nil {
		return false, err
	}
	taken, err := j.takeBack(tx, r)
	if err != nil || r.Status != telephony.RolloutRunning {
		return more || taken, err
	}
	told, err := j.offer(tx, r)
	return more || taken || told, err
}

// walk looks at the next devices of the model: who belongs to the stage waits for
// its turn, who runs the version is done.
func (j Jobs) walk(tx *storage.Tx, r telephony.Rollout, version string) (more bool, err error) {
	after, at, err := tx.Walk(r.ID)
	if err != nil || at.After(tx.Now) {
		return false, err
	}
	devices, err := tx.OfModel(r.Driver, r.Model, after, walkBatch)
	if err != nil {
		return false, err
	}
	for _, d := range devices {
		in, here := !d.Lost && r.InStage(d.CustomerID, d.CPEID), d.Rollout == r.ID
		switch {
		case in && !here:
			u := telephony.Upgrade{CustomerID: d.CustomerID, CPEID: d.CPEID, State: telephony.UpgradeWaiting, Firmware: d.Firmware}
			if u.Runs(version) {
				u.State = telephony.UpgradeDone
			}
			if err := tx.PutUpgrade(r.ID, u); err != nil {
				return false, err
			}
			if d.Offered { // by the rollout before
				if err := j.refresh(tx, d.CustomerID, d.CPEID, true); err != nil {
					return false, err
				}
			}
		case !in && here && d.State == telephony.UpgradeWaiting:
			if err := tx.DropUpgrade(d.CustomerID, d.CPEID); err != nil {
				return false, err
			}
		}
	}
	if len(devices) == walkBatch {
		return true, tx.Walked(r.ID, devices[walkBatch-1].CPEID, tx.Now)
	}
	return false, tx.Walked(r.ID, "", tx.Now.Add(walkAgain))
}

// judge looks at the next devices of a state and writes how far they have come.
func (j Jobs) judge(tx *storage.Tx, r telephony.Rollout, version string, s telephony.UpgradeState) (more bool, err error) {
	key := r.ID + " " + string(s)
	list, err := tx.Upgrades(r.ID, s, j.rolled.at(key), judgeBatch)
	if err != nil {
		return false, err
	}
	for _, u := range list {
		now := u.Judge(version, r.Patience, tx.Now)
		if now.State == u.State && now.Reason == u.Reason && now.TookAt.Equal(u.TookAt) {
			continue
		}
		failed := now.State == telephony.UpgradeFailed && u.State != now.State
		if failed {
			now.Offered = false // it must not try again and again
		}
		if err := tx.PutUpgrade(r.ID, now); err != nil {
			return false, err
		}
		if failed {
			if err := j.refresh(tx, u.CustomerID, u.CPEID, true); err != nil {
				return false, err
			}
		}
		if failed || now.State == telephony.UpgradeDone {
			j.tell(tx, u.CustomerID, "cpe", u.CPEID, "upgrade_"+string(now.State), version)
		}
	}
	full := len(list) == judgeBatch
	tx.AfterCommit(func() {
		if full {
			j.rolled.set(key, list[judgeBatch-1])
		} else {
			j.rolled.set(key, telephony.Upgrade{})
		}
	})
	return full, nil
}

// halt stops a rollout of which too many devices failed, and says so.
func (j Jobs) halt(tx *storage.Tx, r telephony.Rollout) (telephony.Rollout, error) {
	if r.Status != telephony.RolloutRunning {
		return r, nil
	}
	n, err := tx.CountUpgrades(r.ID)
	if err != nil || n[telephony.UpgradeFailed] < r.MostFailures {
		return r, err
	}
	before := r
	r.Status, r.Reason = telephony.RolloutHalted, fmt.Sprintf("%d devices failed", n[telephony.UpgradeFailed])
	tx.AfterCommit(func() {
		j.log.Warn("a rollout of firmware has halted", "count", n[telephony.UpgradeFailed])
	})
	if err := audit(tx, auth.System, "", "halt", "rollout", r.ID, before, r); err != nil {
		return r, err
	}
	return r, tx.UpdateRollout(r, false)
}

// takeBack has devices forget the version whose window has closed, or whose rollout
// stands: who restarts by day must not begin an upgrade. Those that took it are
// judged all the same; the others wait again.
func (j Jobs) takeBack(tx *storage.Tx, r telephony.Rollout) (more bool, err error) {
	return j.some(tx, r, telephony.UpgradeTold, true, tellBatch, func(open bool) bool { return !open || r.Status != telephony.RolloutRunning },
		func(u telephony.Upgrade) telephony.Upgrade {
			u.Offered = false
			if u.TookAt.IsZero() {
				u.State, u.ToldAt, u.Reason = telephony.UpgradeWaiting, time.Time{}, ""
			}
			return u
		})
}

// offer tells waiting devices whose customer's window is open, no more than may be
// on their way together.
func (j Jobs) offer(tx *storage.Tx, r telephony.Rollout) (more bool, err error) {
	way, err := tx.OnTheirWay(r.ID, tx.Now.Add(-r.Patience).UnixMicro())
	if err != nil {
		return false, err
	}
	room := min(tellBatch, r.AtOnce-way)
	if room <= 0 {
		return false, nil
	}
	return j.some(tx, r, telephony.UpgradeWaiting, false, room, func(open bool) bool { return open },
		func(u telephony.Upgrade) telephony.Upgrade {
			u.State, u.Offered, u.ToldAt = telephony.UpgradeTold, true, tx.Now
			return u
		})
}

// some changes up to most devices in a state, of the customers whose window is as
// asked, and has their configurations made anew.
func (j Jobs) some(tx *storage.Tx, r telephony.Rollout, s telephony.UpgradeState, offered bool, most int, which func(open bool) bool, f func(telephony.Upgrade) telephony.Upgrade) (more bool, err error) {
	zones, err := tx.CustomersIn(r.ID, s)
	if err != nil {
		return false, err
	}
	var customers []string
	for id, name := range zones {
		if which(r.Open(tx.Now.In(j.zone(telephony.Customer{TimeZone: name})))) {
			customers = append(customers, id)
		}
	}
	slices.Sort(customers)
	left := most
	for _, c := range customers {
		list, err := tx.UpgradesOf(r.ID, c, s, offered, left)
		if err != nil {
			return false, err
		}
		for _, u := range list {
			if err := tx.PutUpgrade(r.ID, f(u)); err != nil {
				return false, err
			}
			if err := j.refresh(tx, u.CustomerID, u.CPEID, true); err != nil {
				return false, err
			}
		}
		if left -= len(list); left == 0 {
			return true, nil
		}
	}
	return false, nil
}
