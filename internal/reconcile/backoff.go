package reconcile

import (
	"time"

	"tischlein/internal/telephony"
)

// SafetyNet is how long a device that should be fine is left alone before it is
// looked at again (P09).
const SafetyNet = time.Hour

// pauses follow the first, second, … push that led nowhere.
var pauses = []time.Duration{5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, SafetyNet}

func backoff(tries int) time.Duration {
	return pauses[min(max(tries, 1), len(pauses))-1]
}

// flowFailed is the status by which the edge says that the flow is gone for good
// (RFC 5626 section 11.4).
const flowFailed = 430

// after says how long to wait after an outcome; zero: until something changes or
// the device registers (C05).
func after(r telephony.PushResult, tries int) time.Duration {
	switch r.Outcome {
	case telephony.PushUnsupported:
		return 0 // it polls, and more pushes would be answered alike
	case telephony.PushAnswered, telephony.PushUnregistered, telephony.PushBusy:
		// Answered: the fetch follows and ends this. Unregistered: the REGISTER
		// makes it due at once. Busy: the end of the call does (D04). They only
		// need somebody who looks again should that never be noticed.
		return SafetyNet
	case telephony.PushUnreachable:
		if r.Status == flowFailed {
			return SafetyNet
		}
		return backoff(tries) // unanswered: the packet may have been lost
	}
	return backoff(tries)
}
