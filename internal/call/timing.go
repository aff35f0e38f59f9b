package call

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// sessionOf is the session interval that m asks for or agrees to, 0 for none.
func sessionOf(m carrier) time.Duration { return seconds(value(m, "Session-Expires")) }

// agreed is the session interval that ask and its answer have agreed to, 0 for none:
// where the answer leaves the refreshing to who does not know of it, or to nobody,
// nobody would, and the call must not be cut for it (RFC 4028 7.2, 9).
func agreed(ask, answer carrier) time.Duration {
	who := refresherOf(answer)
	knows := value(ask, "Session-Expires") != "" || option(append(values(ask, "Supported"), values(ask, "Require")...), "timer")
	if who != "uas" && (who != "uac" || !knows) {
		return 0
	}
	return sessionOf(answer)
}

// refresherOf is whom m wants to refresh the session: uac, uas, or "" for either.
func refresherOf(m carrier) string {
	_, who, _ := strings.Cut(strings.ToLower(value(m, "Session-Expires")), "refresher=")
	who, _, _ = strings.Cut(who, ";")
	return strings.TrimSpace(who)
}

// seconds reads a header's time, 0 for none.
func seconds(v string) time.Duration {
	v, _, _ = strings.Cut(v, ";")
	n, err := strconv.ParseUint(strings.TrimSpace(v), 10, 32)
	if err != nil {
		return 0
	}
	return time.Duration(n) * time.Second
}

// timing is the session timer of two whose INVITEs we answer: the shorter one that
// was asked for, and who refreshes as either's answer says it, "" where that side
// knows no timers (RFC 4028 9). 0 where nobody asks, where nobody could refresh, or
// where it is too short for the other.
func timing(caller, picker carrier) (session time.Duration, refresher [2]string) {
	var least time.Duration
	says := []string{"", ""}
	for i, m := range []carrier{caller, picker} {
		if n := sessionOf(m); n > 0 && (session == 0 || n < session) {
			session = n
		}
		least = max(least, seconds(value(m, "Min-SE")))
		if says[i] = refresherOf(m); !option(append(values(m, "Supported"), values(m, "Require")...), "timer") {
			says[i] = "nobody"
		}
	}
	who := slices.Index(says, "uac")
	if who < 0 {
		who = slices.Index(says, "")
	}
	if session < least || session == 0 || who < 0 {
		return 0, refresher
	}
	for i := range says {
		switch {
		case i == who || says[i] == "uac": // who insists on it is not told otherwise
			refresher[i] = "uac"
		case says[i] != "nobody":
			refresher[i] = "uas"
		}
	}
	return session, refresher
}
