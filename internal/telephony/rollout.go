package telephony

import (
	"crypto/sha256"
	"encoding/binary"
	"strings"
	"time"
)

// FirmwareFile is a file that phones of some models can be told to take (P12).
type FirmwareFile struct {
	ID        string
	Driver    string
	Models    []string // as in the driver's Info; empty: all of the maker's
	Version   string   // as the phones say it in their User-Agent
	FileName  string   // as the phones ask for it
	SHA256    string   // of the content, hexadecimal
	Size      int64
	CreatedAt time.Time
	CreatedBy string
}

// Fits reports whether the file is for that model.
func (f FirmwareFile) Fits(model string) bool {
	for _, m := range f.Models {
		if m == model {
			return true
		}
	}
	return len(f.Models) == 0
}

// RolloutStatus is whether a rollout goes on.
type RolloutStatus string

// The states of a rollout.
const (
	RolloutRunning RolloutStatus = "running"
	RolloutPaused  RolloutStatus = "paused" // by somebody
	RolloutHalted  RolloutStatus = "halted" // by itself, because devices failed
	RolloutEnded   RolloutStatus = "ended"
)

// Rollout brings the devices of one model to a version (P12).
type Rollout struct {
	ID         string
	FirmwareID string
	Driver     string
	Model      string
	Status     RolloutStatus
	Reason     string // of RolloutHalted
	Percent    int    // of the devices, by a stable choice
	Customers  []string
	// Opens and Closes bound the time of day in each customer's zone, "22:00"; both
	// "": any time. Closes may be on the next day.
	Opens, Closes string
	AtOnce        int           // devices that may be on their way together
	MostFailures  int           // so many failed devices halt it
	Patience      time.Duration // in which a device comes back with the new version
	Version       int64
	CreatedAt     time.Time
	CreatedBy     string
}

// CheckRollout puts right and judges what people decide of a rollout.
func CheckRollout(r Rollout) (Rollout, error) {
	if r.Percent < 0 || r.Percent > 100 {
		return r, Invalidf("percent", "percent_range", "the share is between 0 and 100 percent")
	}
	if (r.Opens == "") != (r.Closes == "") || r.Opens != "" && (minuteOf(r.Opens) < 0 || minuteOf(r.Closes) < 0 || r.Opens == r.Closes) {
		return r, Invalidf("opens", "window_malformed", "a window has a beginning and an end such as 22:00 and 05:00")
	}
	if r.AtOnce < 1 || r.AtOnce > 10000 {
		return r, Invalidf("at_once", "at_once_range", "between 1 and 10000 devices are on their way at once")
	}
	if r.MostFailures < 1 || r.MostFailures > 10000 {
		return r, Invalidf("most_failures", "failures_range", "between 1 and 10000 failed devices halt a rollout")
	}
	if r.Patience < 5*time.Minute || r.Patience > 24*time.Hour {
		return r, Invalidf("patience", "patience_range", "a device has between 5 minutes and 24 hours to come back")
	}
	return r, nil
}

func minuteOf(clock string) int {
	t, err := time.Parse("15:04", clock)
	if err != nil || len(clock) != 5 {
		return -1
	}
	return 60*t.Hour() + t.Minute()
}

// Open reports whether devices may be told at this moment, which is in their
// customer's zone.
func (r Rollout) Open(at time.Time) bool {
	if r.Opens == "" {
		return true
	}
	from, to, now := minuteOf(r.Opens), minuteOf(r.Closes), 60*at.Hour()+at.Minute()
	if from < to {
		return from <= now && now < to
	}
	return from <= now || now < to
}

// InStage reports whether a device belongs to the rollout's present stage. The
// choice by percentage is stable: who is among 10 percent is among 20.
func (r Rollout) InStage(customerID, cpeID string) bool {
	if len(r.Customers) > 0 {
		ours := false
		for _, c := range r.Customers {
			ours = ours || c == customerID
		}
		if !ours {
			return false
		}
	}
	sum := sha256.Sum256([]byte(cpeID))
	return int(binary.BigEndian.Uint32(sum[:4])%100) < r.Percent
}

// UpgradeState is how far a device of a rollout has come.
type UpgradeState string

// The states of an upgrade.
const (
	UpgradeWaiting UpgradeState = "waiting"
	UpgradeTold    UpgradeState = "told" // its configuration names, or named, the version
	UpgradeDone    UpgradeState = "done"
	UpgradeFailed  UpgradeState = "failed"
)

// Why a device lags behind.
const (
	LagNotFetched    = "not_fetched"    // has not taken the configuration that names the version
	LagOldVersion    = "old_version"    // took it, came back, and runs what it ran before
	LagSilent        = "silent"         // took it and was not heard of again
	LagNotRegistered = "not_registered" // runs the version and does not register
)

// Upgrade is a device of a rollout with what was observed of it.
type Upgrade struct {
	CustomerID, CPEID string
	State             UpgradeState
	Offered           bool // its configuration names the version
	ToldAt, TookAt    time.Time
	Reason            string // a Lag word
	Firmware          string // as last seen in its User-Agent
	Current           bool   // has fetched what it should have
	FetchedAt         time.Time
	Attached          bool
	Registered        bool
}

// Runs reports whether the device says that it runs the version.
func (u Upgrade) Runs(version string) bool {
	return strings.EqualFold(strings.TrimSpace(u.Firmware), strings.TrimSpace(version))
}

// Judge says how far a device has come by now. A device without a channel need
// not register.
func (u Upgrade) Judge(version string, patience time.Duration, now time.Time) Upgrade {
	if u.Runs(version) && (u.Registered || !u.Attached) {
		u.State, u.Reason = UpgradeDone, ""
		return u
	}
	if u.State != UpgradeTold {
		return u
	}
	if u.TookAt.IsZero() && u.Current && !u.FetchedAt.Before(u.ToldAt) {
		u.TookAt = u.FetchedAt
	}
	switch {
	case u.TookAt.IsZero():
		u.Reason = LagNotFetched
	case u.Runs(version):
		u.Reason = LagNotRegistered
	case u.FetchedAt.After(u.TookAt):
		u.Reason = LagOldVersion
	default:
		u.Reason = LagSilent
	}
	if !u.TookAt.IsZero() && now.Sub(u.TookAt) >= patience {
		u.State = UpgradeFailed
	}
	return u
}
