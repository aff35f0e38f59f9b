package view

import (
	"context"
	"strings"

	"tischlein/internal/telephony"
	"tischlein/internal/web/text"
)

// Firmware is the page of files and rollouts (P12).
type Firmware struct {
	Files    []telephony.FirmwareFile
	Rollouts []RolloutRow
	Makers   []Choice
	Models   []string          // of those makers
	Names    map[string]string // of makers, by driver
	Versions []Choice          // files by id
	Form     Form              // of a file: driver, version, models
	Start    Form              // of a rollout: firmware_id, model, and what RolloutForm has
	Edit     bool
}

// RolloutRow is a rollout with how far it has come.
type RolloutRow struct {
	Rollout   telephony.Rollout
	Maker     string
	Version   string
	Customers []string // names of those it is for, none: all
	Looking   bool     // its devices are still being counted
	Counts    map[telephony.UpgradeState]int
	Lags      []RolloutLag
}

// RolloutLag is a device that has not arrived.
type RolloutLag struct{ ID, Name, Href, Customer, Reason string }

func (r RolloutRow) progress(ctx context.Context) string {
	if r.Looking {
		return text.T(ctx, "firmware.looking")
	}
	return text.T(ctx, "firmware.count", "Done", r.Counts[telephony.UpgradeDone], "Told", r.Counts[telephony.UpgradeTold], "Waiting", r.Counts[telephony.UpgradeWaiting], "Failed", r.Counts[telephony.UpgradeFailed])
}

func (r RolloutRow) live() bool { return r.Rollout.Status != telephony.RolloutEnded }

func removePath(f telephony.FirmwareFile) string { return "/firmware/files/" + f.ID + "/delete" }

func firmwareModels(ctx context.Context, f telephony.FirmwareFile) string {
	if len(f.Models) == 0 {
		return text.T(ctx, "firmware.models_all")
	}
	return strings.Join(f.Models, ", ")
}

// RolloutForm is the form of a rollout's stage, window and limits.
type RolloutForm struct {
	Row  RolloutRow
	Form Form // percent, customers, opens, closes, at_once, most_failures, patience (minutes), version
}

func (r RolloutRow) title() string { return r.Maker + " " + r.Rollout.Model + " → " + r.Version }

func (r RolloutRow) path() string { return "/firmware/rollouts/" + r.Rollout.ID }

// stage words for whom, when and within which limits.
func (r RolloutRow) stage(ctx context.Context) string {
	x, p := r.Rollout, text.From(ctx)
	words := []string{text.T(ctx, "firmware.of_all", "Percent", x.Percent)}
	if len(r.Customers) > 0 {
		words[0] = text.T(ctx, "firmware.of_some", "Percent", x.Percent, "Customers", p.And(r.Customers))
	}
	if x.Opens != "" {
		words = append(words, text.T(ctx, "firmware.within", "Opens", x.Opens, "Closes", x.Closes))
	}
	return strings.Join(append(words, text.T(ctx, "firmware.limits_are", "AtOnce", x.AtOnce), text.N(ctx, "firmware.stops_after", x.MostFailures)), " · ")
}

var rolloutTones = map[telephony.RolloutStatus]Tone{telephony.RolloutRunning: ToneBusy, telephony.RolloutPaused: ToneWait, telephony.RolloutHalted: ToneBad, telephony.RolloutEnded: ToneIdle}

var rolloutIcons = map[telephony.RolloutStatus]string{telephony.RolloutRunning: "state-pending", telephony.RolloutPaused: "clock", telephony.RolloutHalted: "warning", telephony.RolloutEnded: "check"}

func rolloutStatus(ctx context.Context, s telephony.RolloutStatus) string {
	return text.T(ctx, "firmware.status_"+string(s))
}

func lagReason(ctx context.Context, reason string) string {
	if reason == "" {
		return ""
	}
	return text.T(ctx, "firmware.lag_"+reason)
}
