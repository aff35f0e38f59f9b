package call

import (
	siplib "github.com/emiago/sipgo/sip"
)

// outcome is how one device's ringing failed. res is nil where we have only a
// status of our own.
type outcome struct {
	status int
	reason string
	res    *siplib.Response
}

// best chooses what the caller is told when nobody has answered (RFC 3261 16.7,
// step 6): a 6xx before all, then the lowest class; in it what the caller could
// act upon, and "busy" before "not there", since somebody is.
func best(list []outcome) outcome {
	chosen := outcome{status: 480, reason: "no_device"}
	rank := 1 << 30
	for _, o := range list {
		if r := rankOf(o.status); r < rank {
			chosen, rank = o, r
		}
	}
	switch chosen.status {
	case 503:
		// It is one device or peer that cannot; of us the caller shall not think so.
		chosen.status, chosen.res = 500, nil
	case 401, 407:
		// The caller cannot know that secret, and would take the question for ours.
		chosen.status, chosen.res = 403, nil
	}
	return chosen
}

func rankOf(status int) int {
	class := status / 100
	if class == 6 {
		return status - 600
	}
	within := status % 100
	switch status {
	case 415, 420, 484, 488:
		within = 0
	case 486, 600:
		within = 1
	case 487: // we have stopped it ourselves: the others know better
		within = 99
	case 408, 480:
		within = 50
	}
	return class*1000 + within
}
