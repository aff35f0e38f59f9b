package call

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"tischlein/internal/telephony"
)

// verdict is how a call ends that never came to be.
type verdict struct {
	status int
	phrase string
	why    string // for the Reason and Warning headers, the statistics and the alarms
	cause  int    // Q.850, for those who look at nothing else; 0: none
	lacks  string // what was required of us and is not there
}

var phrases = map[int]string{
	400: "Bad Request", 403: "Forbidden", 404: "Not Found", 408: "Request Timeout", 480: "Temporarily Unavailable",
	481: "Call/Transaction Does Not Exist", 482: "Loop Detected", 483: "Too Many Hops", 486: "Busy Here",
	487: "Request Terminated", 488: "Not Acceptable Here", 500: "Server Internal Error", 503: "Service Unavailable",
}

// understood are the extensions that we serve where we answer a call ourselves: we
// ring nobody, so there is no provisional to be made reliable.
var understood = []string{"100rel", "timer", "replaces"}

// beyond is what r requires of who answers that we would not do, "" for nothing
// (RFC 3261 8.2.2.3).
func beyond(r *request) string {
	var list []string
	for _, line := range values(r.msg, "Require") {
		for one := range strings.SplitSeq(line, ",") {
			if one = strings.TrimSpace(one); one != "" && !slices.Contains(understood, strings.ToLower(one)) {
				list = append(list, one)
			}
		}
	}
	return strings.Join(list, ", ")
}

// lacking refuses what is beyond us.
func lacking(r *request) verdict {
	return verdict{status: 420, phrase: "Bad Extension", why: "bad_extension", lacks: beyond(r)}
}

// refuse maps a refusal of the house to SIP, once (architecture, errors).
func refuse(err error) verdict {
	v := verdict{status: 500, why: "internal", cause: 41}
	switch telephony.CodeOf(err) {
	case telephony.Invalid:
		v.status, v.cause = 400, 28
	case telephony.Unauthenticated, telephony.Forbidden:
		v.status, v.cause = 403, 21
	case telephony.NotFound:
		v.status, v.cause = 404, 1
	case telephony.Conflict:
		// 423 is for intervals of REGISTERs; to a caller it is "not now".
		v.status, v.cause = 480, 31
	case telephony.TooMany, telephony.Unavailable:
		v.status, v.cause = 503, 41
	}
	if reason := telephony.ReasonOf(err); reason != "" {
		v.why = reason
	}
	v.phrase = phrases[v.status]
	var e *telephony.Error
	if errors.As(err, &e) && e.Message != "" && v.status != 500 {
		v.phrase = phrase(e.Message)
	}
	return v
}

// phrase is text fit for a status line.
func phrase(text string) string {
	b := []byte(quoted(text))
	return string(b[:min(len(b), 120)])
}

// headers are the headers that say why. A response may bear a Reason only with a
// cause of Q.850 (RFC 6432); Warning is what phones show.
func (v verdict) headers(host string) []string {
	var h []string
	if v.cause != 0 {
		h = append(h, "Reason", "Q.850;cause="+strconv.Itoa(v.cause)+`;text="`+quoted(v.why)+`"`)
	}
	if v.lacks != "" {
		h = append(h, "Unsupported", v.lacks)
	}
	if v.status == 403 || v.status == 480 {
		h = append(h, "Warning", "399 "+host+` "`+quoted(v.why)+`"`)
	}
	if v.status == 503 {
		h = append(h, "Retry-After", "5")
	}
	return h
}

// elsewhere is why the other devices stop ringing (RFC 3326).
const elsewhere = `SIP;cause=200;text="Call completed elsewhere"`
