package view

import (
	"context"

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
