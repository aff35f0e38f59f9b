package telephony

import (
	"net/netip"
	"time"
)

// StateCode is the state of a channel as every surface shows it.
type StateCode string

// The states, in the order in which the first that holds is shown.
const (
	StateNoDevice         StateCode = "no_device"
	StateWaitingForDevice StateCode = "waiting_for_device"
	StateFailed           StateCode = "failed"
	StateOffline          StateCode = "offline"
	StatePending          StateCode = "pending"
	StateLoggedIn         StateCode = "logged_in"
	StateLoggedOut        StateCode = "logged_out"
)

// Reasons of StateFailed.
const (
	FailedAddress = "address_not_listed"
	FailedLost    = "device_lost"
	FailedFrozen  = "device_frozen"
	FailedRefused = "device_refused"
)

// State is a channel's state, with the reason when it is failed.
type State struct {
	Code    StateCode
	Reason  string     // one of the Failed words, or ""
	Address netip.Addr // FailedAddress: which
	Detail  string     // FailedFrozen, FailedRefused: what was seen
}

// Observed is what the registrar knows of a channel.
type Observed struct {
	Registered bool
	Since      time.Time
	Display    string // display name of the REGISTER
	UserAgent  string
}

// ChannelState computes the state of a channel from its facts. fetches is false
// for devices that take no configuration from us: for them, registered means
// converged (D27).
func ChannelState(d Desk, o Observed, fetches bool) State {
	switch {
	case d.CPE == nil && d.Link == nil:
		return State{Code: StateNoDevice}
	case d.CPE == nil:
		return State{Code: StateWaitingForDevice}
	}
	if s, failed := failure(d); failed {
		return s
	}
	switch {
	case !o.Registered:
		return State{Code: StateOffline}
	case fetches && d.CPE.Wanted != d.CPE.Fetched, d.Link != nil && d.Login == nil:
		return State{Code: StatePending}
	case d.Login != nil:
		return State{Code: StateLoggedIn}
	}
	return State{Code: StateLoggedOut}
}

func failure(d Desk) (State, bool) {
	if !d.CPE.Lost && d.Link != nil && d.Login == nil && d.Refused.IsValid() {
		return State{Code: StateFailed, Reason: FailedAddress, Address: d.Refused}, true
	}
	return deviceFailure(d.CPE)
}

// deviceFailure is what fails whatever channel the device is at.
func deviceFailure(c *CPE) (State, bool) {
	switch {
	case c.Lost:
		return State{Code: StateFailed, Reason: FailedLost}, true
	case c.Trust == TrustFrozen:
		return State{Code: StateFailed, Reason: FailedFrozen, Detail: c.FrozenReason}, true
	case !c.RefusedAt.IsZero():
		return State{Code: StateFailed, Reason: FailedRefused, Detail: c.RefusedWhy}, true
	}
	return State{}, false
}

// StateCodes are all states of a channel, in the order in which the first that
// holds is shown.
var StateCodes = []StateCode{StateNoDevice, StateWaitingForDevice, StateFailed, StateOffline, StatePending, StateLoggedIn, StateLoggedOut}
