package telephony

// CPEStateCode is the state of a device as its list and page show it (P10).
type CPEStateCode string

// The states of a device, in the order in which the first that holds is shown.
const (
	CPEFailed         CPEStateCode = "failed"
	CPENeverContacted CPEStateCode = "never_contacted"
	CPEOffline        CPEStateCode = "offline" // attached, nothing of it is registered
	CPEPending        CPEStateCode = "pending" // has not taken its newest configuration
	CPEConverged      CPEStateCode = "converged"
)

// CPEStateCodes are all states of a device, in that order.
var CPEStateCodes = []CPEStateCode{CPEFailed, CPENeverContacted, CPEOffline, CPEPending, CPEConverged}

// CPEState is a device's state, with the reason when it is failed.
type CPEState struct {
	Code   CPEStateCode
	Reason string // one of the Failed words, or ""
	Detail string // FailedFrozen, FailedRefused: what was seen
}

// StateOfCPE computes the state of a device from its facts. attached says that a
// port of it is connected with a channel, registered that at least one of these
// channels is; fetches is its driver's (D27).
func StateOfCPE(c CPE, attached, registered, fetches bool) CPEState {
	if s, failed := deviceFailure(&c); failed {
		return CPEState{Code: CPEFailed, Reason: s.Reason, Detail: s.Detail}
	}
	switch {
	case !registered && c.FetchedAt.IsZero() && len(c.Addresses()) == 0:
		return CPEState{Code: CPENeverContacted}
	case attached && !registered:
		return CPEState{Code: CPEOffline}
	case fetches && c.Wanted != c.Fetched:
		return CPEState{Code: CPEPending}
	}
	return CPEState{Code: CPEConverged}
}
