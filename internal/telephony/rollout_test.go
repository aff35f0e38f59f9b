package telephony

import (
	"fmt"
	"testing"
	"time"
)

func TestP12_WindowIsOfTheCustomersDay(t *testing.T) {
	at := func(s string) time.Time { x, _ := time.Parse("15:04", s); return x }
	for _, c := range []struct {
		opens, closes, now string
		open               bool
	}{
		{"", "", "12:00", true}, {"22:00", "05:00", "23:10", true}, {"22:00", "05:00", "04:59", true}, {"22:00", "05:00", "05:00", false},
		{"22:00", "05:00", "21:59", false}, {"08:00", "10:00", "08:00", true}, {"08:00", "10:00", "10:00", false}, {"08:00", "10:00", "03:00", false},
	} {
		if got := (Rollout{Opens: c.opens, Closes: c.closes}).Open(at(c.now)); got != c.open {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

func TestP12_StagesGrowAndNeverSwapDevices(t *testing.T) {
	in := 0
	for i := range 10000 {
		id := fmt.Sprintf("device-%d", i)
		was := false
		for _, p := range []int{0, 1, 10, 50, 99, 100} {
			now := (Rollout{Percent: p}).InStage("c", id)
			if was && !now || p == 0 && now || p == 100 && !now {
				t.Fatalf("%s at %d%%: %v after %v", id, p, now, was)
			}
			if was = now; p == 10 && now {
				in++
			}
		}
	}
	if in < 850 || in > 1150 {
		t.Errorf("10%% of 10,000 are %d", in)
	}
	r := Rollout{Percent: 100, Customers: []string{"a", "b"}}
	if !r.InStage("b", "x") || r.InStage("c", "x") {
		t.Error("the stage is not of its customers")
	}
}

func TestP12_DevicesAreJudgedByWhatTheySay(t *testing.T) {
	t0 := time.Date(2026, 11, 23, 22, 0, 0, 0, time.UTC)
	told := Upgrade{State: UpgradeTold, ToldAt: t0, Attached: true, Firmware: "1.0"}
	took := told
	took.Current, took.FetchedAt, took.TookAt = true, t0.Add(time.Minute), t0.Add(time.Minute)
	for name, c := range map[string]struct {
		u      Upgrade
		edit   func(*Upgrade)
		after  time.Duration
		state  UpgradeState
		reason string
	}{
		"not fetched":            {told, func(*Upgrade) {}, 100 * time.Hour, UpgradeTold, LagNotFetched},
		"fetched before":         {told, func(u *Upgrade) { u.Current, u.FetchedAt = true, t0.Add(-time.Second) }, time.Hour, UpgradeTold, LagNotFetched},
		"on its way":             {took, func(*Upgrade) {}, 29 * time.Minute, UpgradeTold, LagSilent},
		"gone":                   {took, func(*Upgrade) {}, 31 * time.Minute, UpgradeFailed, LagSilent},
		"came back as it was":    {took, func(u *Upgrade) { u.FetchedAt = t0.Add(9 * time.Minute); u.Registered = true }, time.Hour, UpgradeFailed, LagOldVersion},
		"new, registered":        {took, func(u *Upgrade) { u.Firmware, u.Registered = " 2.0 ", true }, time.Minute, UpgradeDone, ""},
		"new, nowhere attached":  {took, func(u *Upgrade) { u.Firmware, u.Attached = "2.0", false }, time.Minute, UpgradeDone, ""},
		"new, not registered":    {took, func(u *Upgrade) { u.Firmware = "2.0" }, time.Hour, UpgradeFailed, LagNotRegistered},
		"failed, then all right": {took, func(u *Upgrade) { u.State, u.Firmware, u.Registered = UpgradeFailed, "2.0", true }, time.Hour, UpgradeDone, ""},
	} {
		c.edit(&c.u)
		got := c.u.Judge("2.0", 30*time.Minute, t0.Add(c.after))
		if got.State != c.state || got.Reason != c.reason {
			t.Errorf("%s: %s %q, want %s %q", name, got.State, got.Reason, c.state, c.reason)
		}
	}
}

func TestP12_RolloutsAreChecked(t *testing.T) {
	good := Rollout{Percent: 10, Opens: "22:00", Closes: "05:00", AtOnce: 10, MostFailures: 3, Patience: time.Hour}
	if _, err := CheckRollout(good); err != nil {
		t.Fatal(err)
	}
	for reason, spoil := range map[string]func(*Rollout){
		"percent_range":    func(r *Rollout) { r.Percent = 101 },
		"window_malformed": func(r *Rollout) { r.Closes = "" },
		"at_once_range":    func(r *Rollout) { r.AtOnce = 0 },
		"failures_range":   func(r *Rollout) { r.MostFailures = 0 },
		"patience_range":   func(r *Rollout) { r.Patience = time.Second },
	} {
		r := good
		spoil(&r)
		if _, err := CheckRollout(r); ReasonOf(err) != reason {
			t.Errorf("%s: %v", reason, err)
		}
	}
}
