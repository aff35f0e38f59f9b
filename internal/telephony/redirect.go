package telephony

import (
	"fmt"
	"time"
)

// RedirectState is how a device's entry at its maker's redirect service is (P11).
type RedirectState string

// The states of an entry.
const (
	RedirectWaiting     RedirectState = "waiting"          // not yet as it is wanted
	RedirectSet         RedirectState = "set"              // leads to us
	RedirectOwned       RedirectState = "owned_by_another" // somebody else must give it free
	RedirectRefused     RedirectState = "refused"          // the service says no
	RedirectUnavailable RedirectState = "unavailable"      // it does not answer
	RedirectRemoved     RedirectState = "removed"          // there is none of ours, as wanted
)

// Redirect is a device's entry at its maker's redirect service: what is wanted,
// and how it was when it was last looked at.
type Redirect struct {
	Service string
	Wanted  bool // an entry that leads to us; else that there be none
	// Fresh: what the entry leads to is a first-access URL that is still good. When
	// it was used the entry leads to stage 1, where the device needs other evidence.
	Fresh     bool
	Serial    string
	State     RedirectState
	Detail    string // the service's words
	Tries     int
	Next      time.Time // when it is looked at again
	ChangedAt time.Time // when the state last changed
}

// RedirectWait is how long an entry is left alone after so many tries in a state.
func RedirectWait(s RedirectState, tries int) time.Duration {
	switch s {
	case RedirectSet:
		return 24 * time.Hour // somebody may have changed it there
	case RedirectOwned, RedirectRefused:
		return 6 * time.Hour // it takes people
	}
	pauses := []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 6 * time.Hour}
	return pauses[min(max(tries, 1), len(pauses))-1]
}

// Step is what the entry adds to the chain where the device has never come (P10).
func (r Redirect) Step() (detail, advice string) {
	detail = fmt.Sprintf("its entry at %s: %s", r.Service, r.State)
	switch r.State {
	case RedirectOwned:
		return detail, "another operator has this device at its maker's redirect service: have the seller or the last operator give it free, then try again"
	case RedirectRefused:
		return detail + " (" + r.Detail + ")", "see the words of the redirect service, and its account in the settings"
	case RedirectUnavailable:
		return detail, "the redirect service does not answer; it is tried again by itself"
	case RedirectWaiting:
		return detail, "the entry is being made; then restart the device"
	}
	return detail, ""
}
