package telephony

import (
	"errors"
	"fmt"
)

// Code says what kind of refusal an Error is. Every edge maps it once: the API
// to an HTTP status, the registrar to a SIP status, the CLI to an exit code.
type Code string

// The codes every edge knows.
const (
	Invalid         Code = "invalid"         // the input is wrong; Field says where
	Unauthenticated Code = "unauthenticated" // nobody, or wrong credentials
	Forbidden       Code = "forbidden"       // known, but not allowed
	NotFound        Code = "not_found"       // absent, or another customer's (D24)
	Conflict        Code = "conflict"        // the present state does not allow it
	TooMany         Code = "too_many"        // too often: try again later, the Detail "until" says when if that is known
	Unavailable     Code = "unavailable"     // try again later
	Internal        Code = "internal"        // our fault
)

// Error is a refusal with a reason that is safe to show to a user.
//
// Reason is a stable machine word ("channel_linked", "pin_wrong") which the
// portal and the API use to pick a translation; Message is its English text.
// Err is the cause for the log and is never shown.
type Error struct {
	Code    Code
	Reason  string
	Message string
	Field   string         // the input field, in API notation, or ""
	Detail  map[string]any // facts a surface may show, never secrets
	Err     error
}

func (e *Error) Error() string {
	s := e.Message
	if e.Field != "" {
		s = e.Field + ": " + s
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

func (e *Error) Unwrap() error { return e.Err }

// With adds one fact to the error's detail and returns the error.
func (e *Error) With(key string, value any) *Error {
	if e.Detail == nil {
		e.Detail = map[string]any{}
	}
	e.Detail[key] = value
	return e
}

// CodeOf is the code of the first Error in err's chain, Internal if there is none.
func CodeOf(err error) Code {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return Internal
}

// ReasonOf is the reason of the first Error in err's chain, or "".
func ReasonOf(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Reason
	}
	return ""
}

// Invalidf reports wrong input in the named field.
func Invalidf(field, reason, format string, args ...any) *Error {
	return &Error{Code: Invalid, Reason: reason, Field: field, Message: fmt.Sprintf(format, args...)}
}

// Conflictf reports that the present state does not allow the action.
func Conflictf(reason, format string, args ...any) *Error {
	return &Error{Code: Conflict, Reason: reason, Message: fmt.Sprintf(format, args...)}
}

// Forbiddenf reports an action that the actor may not do.
func Forbiddenf(reason, format string, args ...any) *Error {
	return &Error{Code: Forbidden, Reason: reason, Message: fmt.Sprintf(format, args...)}
}

// NotFoundf reports that the named thing does not exist for this actor (D24).
func NotFoundf(what string) *Error {
	return &Error{Code: NotFound, Reason: "not_found", Message: what + " not found"}
}
