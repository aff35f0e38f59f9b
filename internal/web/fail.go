package web

import (
	"errors"
	"net/http"

	"tischlein/internal/app"
	"tischlein/internal/telephony"
	"tischlein/internal/web/text"
	"tischlein/internal/web/view"
)

var statuses = map[telephony.Code]int{
	telephony.Invalid:         http.StatusUnprocessableEntity,
	telephony.Unauthenticated: http.StatusUnauthorized,
	telephony.Forbidden:       http.StatusForbidden,
	telephony.NotFound:        http.StatusNotFound,
	telephony.Conflict:        http.StatusConflict,
	telephony.TooMany:         http.StatusTooManyRequests,
	telephony.Unavailable:     http.StatusServiceUnavailable,
	telephony.Internal:        http.StatusInternalServerError,
}

func statusOf(err error) int {
	if s, ok := statuses[telephony.CodeOf(err)]; ok {
		return s
	}
	return http.StatusInternalServerError
}

// fail is the portal's one mapper of errors to pages. Forms show theirs
// themselves; what comes here has no form to go back to.
func (p *Portal) fail(c *Call, err error) {
	code := telephony.CodeOf(err)
	if c.R.Context().Err() != nil {
		return // nobody waits for the answer
	}
	if c.Session.ID == "" {
		_ = p.recognise(c) // for the language; nobody is a reader too
	}
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		err = telephony.Invalidf("", "body_too_large", "too much was sent")
		code = telephony.Invalid
	case code == telephony.Unauthenticated:
		p.askToSignIn(c)
		return
	case code == telephony.Internal || code == telephony.Unavailable:
		p.log.ErrorContext(c.R.Context(), "portal request failed", "operation", c.R.Pattern, "err", err) // the path may hold a one-time link
	}
	status := statusOf(err)
	e := view.Failure{Status: status, Title: c.T("errors.title_" + string(code)), Message: c.Word(err), Home: "/"}
	if c.Customer != nil {
		e.Home = view.CustomerPath(c.Customer.ID)
	}
	if c.Fragment() {
		err = c.Part(status, view.FailureNotice(e))
	} else if c.Session.Stage != app.SessionFull {
		err = c.Gate(status, view.Page{Title: e.Title}, view.FailurePage(e))
	} else {
		err = c.Page(status, view.Page{Title: e.Title}, view.FailurePage(e))
	}
	if err != nil {
		p.log.ErrorContext(c.R.Context(), "drawing the error page failed", "err", err)
		http.Error(c.W, http.StatusText(status), status)
	}
}

// askToSignIn leads to the sign-in page and from there back to where one was.
func (p *Portal) askToSignIn(c *Call) {
	next := c.back()
	to := signInPath(next)
	if c.keeps {
		next = keptNext(next)
	}
	to = withNext(to, next)
	if c.R.Header.Get("HX-Request") != "" {
		c.W.Header().Set("HX-Redirect", to)
		c.W.WriteHeader(http.StatusUnauthorized)
		return
	}
	http.Redirect(c.W, c.R, to, http.StatusSeeOther)
}

// Word is what an error says to who asks: the text of its reason, else of its
// kind.
func (c *Call) Word(err error) string { return wordOf(c.Text(), err) }

func wordOf(t *text.Printer, err error) string {
	var e *telephony.Error
	if !errors.As(err, &e) {
		return t.T("errors.internal")
	}
	if id := "errors.reason_" + e.Reason; e.Reason != "" && t.Has(id) {
		return t.T(id, facts(e)...)
	}
	return t.T("errors." + string(e.Code))
}

// facts are what a refusal tells besides its reason, as a text's arguments.
func facts(e *telephony.Error) []any {
	var out []any
	for k, v := range e.Detail {
		out = append(out, k, v)
	}
	return out
}
