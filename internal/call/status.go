package call

import (
	"errors"
	"strconv"

	"tischlein/internal/telephony"
)

// verdict is how a call ends that never came to be.
type verdict struct {
	status int
	phrase string
	why    string // for the Reason and Warning headers, the statistics and the alarms
	cause  int    // Q.850, for those who look at nothing else; 0: none
}

var phrases = map[int]string{
	400: "Bad Request", 403: "Forbidden", 404: "Not Found", 408: "Request Timeout", 480: "Temporarily Unavailable",
	481: "Call/Transaction Does Not Exist", 482: "Loop Detected", 483: "Too Many Hops", 486: "Busy Here",
	487: "Request Terminated", 488: "Not Acceptable Here", 500: "Server Internal Error", 503: "Service Unavailable",
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
	case telephony.Unavailable:
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
