package web

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"tischlein/internal/telephony"
)

// answers runs one handler as a route of the portal would.
func (h *house) answers(r *http.Request, f func() error) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	route := h.portal.route(Route{Method: r.Method, Pattern: "/x", Reach: Open, Handle: func(*Portal, *Call) error { return f() }})
	h.portal.survive(h.portal.headers(route)).ServeHTTP(w, r)
	return w
}

func TestFaultsOfOursAreLoggedAndNotShown(t *testing.T) {
	h := newHouse(t)
	for name, f := range map[string]func() error{
		"error": func() error { return errors.New("the disk at /dev/sdb is full") },
		"panic": func() error { panic("the disk at /dev/sdb is full") },
	} {
		h.log.Reset()
		w := h.answers(h.browser().request(http.MethodGet, "/x", nil), f)
		if w.Code != http.StatusInternalServerError || !strings.Contains(w.Body.String(), "Da ist uns etwas misslungen") || strings.Contains(w.Body.String(), "sdb") {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
		if !strings.Contains(h.log.String(), "/dev/sdb") {
			t.Errorf("%s is not logged: %s", name, h.log)
		}
	}
}

func TestRefusalsWithoutAFormArePages(t *testing.T) {
	h := newHouse(t)
	for _, c := range []struct {
		err    error
		status int
		says   string
	}{
		{telephony.NotFoundf("channel"), 404, "vielleicht hat es jemand inzwischen gelöscht"},
		{telephony.Forbiddenf("administrators_only", "x"), 403, "Nur Administratoren können verknüpfen und trennen."},
		{telephony.Conflictf("not_linked", "x"), 409, "Der Kanal ist nicht verknüpft."},
		{telephony.Invalidf("cursor", "cursor_malformed", "x"), 422, "Beginnen Sie auf der ersten Seite."},
		{&telephony.Error{Code: telephony.Unavailable, Reason: "busy"}, 503, "Gerade melden sich sehr viele an."},
	} {
		b := h.browser()
		page := h.answers(b.request(http.MethodGet, "/x", nil), func() error { return c.err })
		if page.Code != c.status || !strings.Contains(page.Body.String(), c.says) || !strings.Contains(page.Body.String(), "<title>") {
			t.Errorf("%v: %d %s", c.err, page.Code, page.Body)
		}
		b.headers["HX-Request"] = "true"
		part := h.answers(b.request(http.MethodGet, "/x", nil), func() error { return c.err })
		if part.Code != c.status || !strings.Contains(part.Body.String(), c.says) || strings.Contains(part.Body.String(), "<title>") {
			t.Errorf("%v as a part: %d %s", c.err, part.Code, part.Body)
		}
	}
}
