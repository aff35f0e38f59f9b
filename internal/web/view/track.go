package view

import (
	"context"
	"time"

	"tischlein/internal/web/text"
)

// Station is one stop of the live track.
type Station struct {
	Name   string // already worded: gespeichert
	Phase  Phase
	At     time.Time     // when it was reached, zero if unknown
	Took   time.Duration // since the one before, 0 = not shown
	Detail string        // already worded, instead of a time
}

// Phase is how far a station is.
type Phase string

// The phases.
const (
	PhaseDone    Phase = "done"
	PhaseNow     Phase = "now"     // waited for
	PhaseMissing Phase = "missing" // something must be done first
	PhaseLater   Phase = "later"
	PhaseSkipped Phase = "skipped" // this device does without
)

func (p Phase) icon() string {
	switch p {
	case PhaseDone:
		return "check"
	case PhaseMissing:
		return "warning"
	case PhaseNow:
		return "refresh"
	}
	return "more"
}

func (s Station) when(ctx context.Context) string {
	p := text.From(ctx)
	switch {
	case s.Detail != "":
		return s.Detail
	case s.Took > 0:
		return p.ExactClock(s.At) + " · +" + p.Took(s.Took)
	}
	return p.ExactClock(s.At)
}
