package api

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"tischlein/internal/app"
	"tischlein/internal/telephony"
)

func TestAPI_ErrorsBecomeProblems(t *testing.T) {
	for _, c := range []struct {
		err      error
		status   int
		reason   string
		location string
	}{
		{telephony.Invalidf("name", "name_empty", "a name is missing"), 422, "name_empty", "body.name"},
		{telephony.Invalidf("query.cursor", "cursor_malformed", "no"), 422, "cursor_malformed", "query.cursor"},
		{&telephony.Error{Code: telephony.Unauthenticated, Reason: "x"}, 401, "x", ""},
		{telephony.Forbiddenf("scope_missing", "no"), 403, "scope_missing", ""},
		{telephony.NotFoundf("channel"), 404, "not_found", ""},
		{telephony.Conflictf("channel_linked", "no"), 409, "channel_linked", ""},
		{telephony.Conflictf("version_changed", "no"), 412, "version_changed", ""},
		{&telephony.Error{Code: telephony.TooMany, Reason: "too_many_failures"}, 429, "too_many_failures", ""},
		{&telephony.Error{Code: telephony.Unavailable, Reason: "busy"}, 503, "busy", ""},
		{&telephony.Error{Code: telephony.Internal, Reason: "x", Message: "disk sda1", Err: errors.New("disk sda1")}, 500, "", ""},
		{errors.New("disk sda1"), 500, "", ""},
		{fmt.Errorf("linking: %w", telephony.Conflictf("channel_linked", "no")), 409, "channel_linked", ""},
	} {
		p := problem(c.err)
		if p.Status != c.status || p.Reason != c.reason || p.Title != http.StatusText(c.status) || strings.Contains(p.Detail, "sda1") {
			t.Errorf("%v became %+v", c.err, p)
		}
		if c.location != "" && (len(p.Errors) != 1 || p.Errors[0].Location != c.location) {
			t.Errorf("%v is at %v", c.err, p.Errors)
		}
	}
	if p := problem(telephony.Conflictf("desk_taken", "no").With("holder", "101 Anna")); p.Facts["holder"] != "101 Anna" {
		t.Errorf("facts are %v", p.Facts)
	}
}

func TestAPI_PanicBecomesA500WithoutItsText(t *testing.T) {
	var log bytes.Buffer
	s := newServer(&app.App{}, Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
	w := httptest.NewRecorder()
	s.survive(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("sda1") })).ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	if w.Code != 500 || strings.Contains(w.Body.String(), "sda1") || !strings.Contains(log.String(), "sda1") {
		t.Errorf("%d %s, log %s", w.Code, w.Body, &log)
	}
}
