package view

import (
	"context"
	"strings"

	"tischlein/internal/telephony"
	"tischlein/internal/web/text"
)

// Fleet is how far all devices have come that somebody sees (P10).
type Fleet struct {
	Tiles     []FleetTile
	Customers []FleetLine
	Models    []FleetLine
	Firmwares []FleetLine
	Laggards  []FleetLaggard
	Pager     Pager
}

// FleetTile is one number of the whole fleet.
type FleetTile struct {
	Devices int
	State   string // "devices", or a state of telephony.CPEStateCodes
}

// FleetLine is one part of the fleet.
type FleetLine struct {
	Name, Href      string
	Devices, Behind int
}

// FleetLaggard is a device that has not arrived.
type FleetLaggard struct {
	ID, Name, Href, Customer string
	State                    telephony.CPEState
	Missing                  string // a step, "" = it is connected nowhere
}

func (l FleetLaggard) missing(ctx context.Context) string {
	if l.Missing == "" {
		return text.T(ctx, "fleet.nowhere")
	}
	return text.T(ctx, "fleet.step_"+l.Missing)
}

func fleetColumns(ctx context.Context, first string) []Column {
	return []Column{{Label: text.T(ctx, first), Class: "name"}, {Label: text.T(ctx, "fleet.done"), Class: "right tight"}, {Label: text.T(ctx, "fleet.devices"), Class: "right tight"}, {Label: text.T(ctx, "fleet.behind"), Class: "right tight"}}
}

func laggardColumns(ctx context.Context) []Column {
	return []Column{{Label: text.T(ctx, "fleet.device"), Class: "name"}, {Label: text.T(ctx, "fleet.customer")}, {Label: text.T(ctx, "fleet.state")}, {Label: text.T(ctx, "fleet.missing")}}
}

// Firmware is the page of files and rollouts (P12).
type Firmware struct {
	Files    []telephony.FirmwareFile
	Rollouts []RolloutRow
	Makers   []Choice
	Versions []Choice // files by id
	Form     Form     // of a file: driver, version, models
	Start    Form     // of a rollout: firmware_id, model, percent, opens, closes
	Edit     bool
}

// RolloutRow is a rollout with how far it has come.
type RolloutRow struct {
	Rollout telephony.Rollout
	Version string
	Counts  map[telephony.UpgradeState]int
	Lags    []RolloutLag
}

// RolloutLag is a device that has not arrived.
type RolloutLag struct{ ID, Name, Href, Customer, Reason string }

func (r RolloutRow) progress(ctx context.Context) string {
	return text.T(ctx, "firmware.count", "Done", r.Counts[telephony.UpgradeDone], "Told", r.Counts[telephony.UpgradeTold], "Waiting", r.Counts[telephony.UpgradeWaiting], "Failed", r.Counts[telephony.UpgradeFailed])
}

func (r RolloutRow) live() bool { return r.Rollout.Status != telephony.RolloutEnded }

func firmwareModels(ctx context.Context, f telephony.FirmwareFile) string {
	if len(f.Models) == 0 {
		return text.T(ctx, "firmware.models_all")
	}
	return strings.Join(f.Models, ", ")
}

func rolloutStatus(ctx context.Context, s telephony.RolloutStatus) string {
	return text.T(ctx, "firmware.status_"+string(s))
}

func lagReason(ctx context.Context, reason string) string {
	if reason == "" {
		return ""
	}
	return text.T(ctx, "firmware.lag_"+reason)
}
