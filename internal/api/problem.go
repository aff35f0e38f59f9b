package api

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"

	"tischlein/internal/telephony"
)

// Problem is every error answer (RFC 9457), with three members of our own:
// code, reason and facts.
type Problem struct {
	Type   string         `json:"type" doc:"Always about:blank: code and reason say what it is." example:"about:blank"`
	Title  string         `json:"title" doc:"The status in words." example:"Conflict"`
	Status int            `json:"status" doc:"The HTTP status." example:"409"`
	Detail string         `json:"detail" doc:"What is wrong, in English, safe to show to a user."`
	Code   telephony.Code `json:"code" enum:"invalid,unauthenticated,forbidden,not_found,conflict,too_many,unavailable,internal" doc:"The kind of refusal."`
	Reason string         `json:"reason,omitempty" doc:"A stable word for programs and translations." example:"channel_linked"`
	Facts  map[string]any `json:"facts,omitempty" doc:"What a program may want to know of the refusal, such as who holds a desk."`
	Errors []FieldError   `json:"errors,omitempty" doc:"The fields that are wrong."`
}

// FieldError is one wrong field. It never repeats the value, which may be a
// secret.
type FieldError struct {
	Location string `json:"location" doc:"Where: body, path, query or header, then the name." example:"body.mac"`
	Message  string `json:"message" doc:"What is wrong there."`
}

func (p *Problem) Error() string { return p.Detail }

// GetStatus gives huma the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType gives huma the media type of RFC 9457.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// GetHeaders gives huma Retry-After, by the hour (RFC 9110 section 10.2.3), where it is known.
func (p *Problem) GetHeaders() http.Header {
	until, ok := p.Facts["until"].(time.Time)
	if p.Code != telephony.TooMany || !ok {
		return nil
	}
	return http.Header{"Retry-After": {until.Add(time.Second).UTC().Format(http.TimeFormat)}} // it has no fractions
}

// huma keeps these in package variables and asks for no others: they are set
// once, before any API is made.
func init() {
	huma.NewError = refusal
	huma.ValidateStrictCasing = true
}

// refusal turns what huma itself finds wrong with a request into a Problem.
func refusal(status int, message string, errs ...error) huma.StatusError {
	p := &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: message, Code: codeFor(status), Reason: reasonFor(status)}
	for _, err := range errs {
		var own *Problem
		if errors.As(err, &own) { // from reading the body
			return own
		}
		var d huma.ErrorDetailer
		if !errors.As(err, &d) {
			continue
		}
		e := d.ErrorDetail()
		p.Errors = append(p.Errors, FieldError{Location: where(e), Message: e.Message})
	}
	return p
}

// where is the field that an error is about. Of one that is missing huma names
// only the object that should hold it, and the field in its text.
func where(e *huma.ErrorDetail) string {
	before, after, _ := strings.Cut(validation.MsgExpectedRequiredProperty, "%s")
	name, begins := strings.CutPrefix(e.Message, before)
	name, ends := strings.CutSuffix(name, after)
	if !begins || !ends {
		return e.Location
	}
	return e.Location + "." + name
}

func codeFor(status int) telephony.Code {
	switch status {
	case http.StatusUnauthorized:
		return telephony.Unauthenticated
	case http.StatusForbidden:
		return telephony.Forbidden
	case http.StatusNotFound, http.StatusMethodNotAllowed:
		return telephony.NotFound
	case http.StatusConflict, http.StatusPreconditionFailed:
		return telephony.Conflict
	case http.StatusTooManyRequests:
		return telephony.TooMany
	case http.StatusServiceUnavailable:
		return telephony.Unavailable
	}
	if status >= 500 {
		return telephony.Internal
	}
	return telephony.Invalid
}

func reasonFor(status int) string {
	switch status {
	case http.StatusBadRequest:
		return "body_malformed"
	case http.StatusRequestTimeout:
		return "body_timeout"
	case http.StatusRequestEntityTooLarge:
		return "body_too_large"
	case http.StatusUnsupportedMediaType:
		return "media_type_unknown"
	case http.StatusUnprocessableEntity:
		return "validation_failed"
	case http.StatusMethodNotAllowed:
		return "method_not_allowed"
	}
	return ""
}

var statusOf = map[telephony.Code]int{
	telephony.Invalid:         http.StatusUnprocessableEntity,
	telephony.Unauthenticated: http.StatusUnauthorized,
	telephony.Forbidden:       http.StatusForbidden,
	telephony.NotFound:        http.StatusNotFound,
	telephony.Conflict:        http.StatusConflict,
	telephony.TooMany:         http.StatusTooManyRequests,
	telephony.Unavailable:     http.StatusServiceUnavailable,
	telephony.Internal:        http.StatusInternalServerError,
}

// problem is the API's one mapper of errors. What is not a telephony.Error is
// our fault, and its text stays inside.
func problem(err error) *Problem {
	var own *Problem
	if errors.As(err, &own) {
		return own
	}
	var e *telephony.Error
	if !errors.As(err, &e) || e.Code == telephony.Internal {
		e = &telephony.Error{Code: telephony.Internal, Message: "something went wrong on our side; it has been logged"}
	}
	status, known := statusOf[e.Code]
	if !known {
		status = http.StatusInternalServerError
	}
	if e.Code == telephony.Conflict && e.Reason == "version_changed" {
		status = http.StatusPreconditionFailed
	}
	p := &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: e.Message, Code: e.Code, Reason: e.Reason, Facts: e.Detail}
	if e.Field != "" {
		p.Errors = []FieldError{{Location: location(e.Field), Message: e.Message}}
	}
	return p
}

func location(field string) string {
	for _, place := range []string{"body", "path.", "query.", "header."} {
		if strings.HasPrefix(field, place) {
			return field
		}
	}
	return "body." + field
}

// in moves the fields to the query for methods that have no body.
func (p *Problem) in(method string) *Problem {
	for i, e := range p.Errors {
		field, ok := strings.CutPrefix(e.Location, "body.")
		if ok && (method == http.MethodGet || method == http.MethodDelete) {
			p.Errors[i].Location = "query." + field
		}
	}
	return p
}

// report logs what is our fault; refusals are the caller's business.
func report(ctx context.Context, log *slog.Logger, operation string, err error) {
	if c := telephony.CodeOf(err); (c == telephony.Internal || c == telephony.Unavailable) && ctx.Err() == nil {
		log.ErrorContext(ctx, "api request failed", "operation", operation, "err", err)
	}
}

func writeProblem(w http.ResponseWriter, p *Problem) {
	w.Header().Set("Content-Type", p.ContentType(""))
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // a client that went away is no error of ours
}
