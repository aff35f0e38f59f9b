package api

import (
	"io"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"

	"tischlein/internal/storagetest"
)

func TestAPI_EveryErrorIsAProblemThatNamesTheField(t *testing.T) {
	h := newHouse(t, storagetest.SQLite(t))
	customer, channel, extension, _ := h.desk("1001")
	h.do("POST", customer+"/cpes", map[string]any{"driver": "yealink", "name": "x", "mac": "80:5e:c0"}).refused(t, 422, "mac_malformed").names(t, "body.mac")
	h.do("POST", customer+"/extensions", map[string]any{"number": "101", "name": "Bert"}).refused(t, 409, "number_taken").names(t, "body.number")
	h.do("POST", customer+"/channels", map[string]any{"name": "Empfang"}).refused(t, 409, "name_taken").names(t, "body.name")
	h.do("POST", customer+"/cpes", map[string]any{"driver": "yealink", "name": "x", "mac": "805ec0121001"}).refused(t, 409, "mac_taken").names(t, "body.mac")
	h.do("PUT", extension+"/pin", map[string]any{"pin": "1234"}).refused(t, 422, "pin_weak").names(t, "body.pin")
	h.do("PATCH", channel, `{"nmae":"x"}`).refused(t, 422, "validation_failed").names(t, "body.nmae")
	h.do("PATCH", channel, `{"NAME":"x"}`).refused(t, 422, "validation_failed").names(t, "body.NAME")
	h.do("PATCH", channel, `{"name":7}`).refused(t, 422, "validation_failed").names(t, "body.name")
	h.do("PATCH", channel, `{"name":`).refused(t, 400, "body_malformed").names(t, "body")
	h.do("PATCH", channel, ``).refused(t, 400, "body_malformed")
	h.do("PATCH", channel, `<a/>`, "Content-Type", "application/xml").refused(t, 415, "media_type_unknown")
	h.do("GET", customer+"/channels?limit=201", nil).refused(t, 422, "validation_failed").names(t, "query.limit")
	h.do("GET", customer+"/channels?colour=red", nil).refused(t, 422, "validation_failed").names(t, "query.colour")
	h.do("GET", customer+"/channels?cursor=nonsense", nil).want(t, 422).names(t, "query.cursor")
	h.do("GET", "/v1/nothing", nil).refused(t, 404, "not_found")
	if r := h.do("PUT", customer+"/channels", nil).refused(t, 405, "method_not_allowed"); !strings.Contains(r.header.Get("Allow"), "POST") {
		t.Errorf("Allow: %q", r.header.Get("Allow"))
	}
	if c := h.do("GET", channel, nil); c.member("name") != "Empfang" {
		t.Errorf("a refused change changed it: %s", c.text)
	}
	if h.log.Len() > 0 {
		t.Errorf("refusals are no errors of ours: %s", h.log)
	}
}

func TestAPI_RefusalsDoNotRepeatSecrets(t *testing.T) {
	h := newHouse(t, storagetest.SQLite(t))
	_, channel, extension, _ := h.desk("1001")
	for _, body := range []string{`{"pin":"secret-9876543210-and-far-too-long"}`, `{"pin":"secret-98"}`, `{"pin":"secret-98"`, `{"pin":["secret-98"]}`} {
		if r := h.do("PUT", extension+"/pin", body); r.status < 400 || strings.Contains(r.text, "secret-98") {
			t.Errorf("%d %s", r.status, r.text)
		}
	}
	if r := h.do("PUT", channel+"/login", `{"number":"101","pin":"secret-98","extra":1}`); r.status != 422 || strings.Contains(r.text, "secret-98") {
		t.Errorf("%d %s", r.status, r.text)
	}
}

func TestAPI_BodyOverOneMiBIsRefused(t *testing.T) {
	h := newHouse(t, storagetest.SQLite(t))
	_, channel, _, _ := h.desk("1001")
	big := `{"name":"` + strings.Repeat("x", maxBody) + `"}`
	h.do("PATCH", channel, big).refused(t, 413, "body_too_large")
	// The same without an announced length, and with a key that makes us read it early.
	for _, key := range []string{"", "k"} {
		r := httptest.NewRequest("PUT", channel+"/link", strings.NewReader(big))
		r.ContentLength = -1
		r.Header.Set("Authorization", "Bearer "+h.token)
		if key != "" {
			r.Header.Set("Idempotency-Key", key)
		}
		w := httptest.NewRecorder()
		h.handler.ServeHTTP(w, r)
		if w.Code != 413 || w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("key %q: %d %s", key, w.Code, w.Body)
		}
	}
}

func TestAPI_IfMatchRefusesWhatSomebodyElseChanged(t *testing.T) {
	h := newHouse(t, storagetest.SQLite(t))
	customer, channel, extension, cpe := h.desk("1001")
	partner := "/v1/partners/" + h.do("POST", "/v1/partners", map[string]any{"name": "Fritz"}).want(t, 201).member("id")
	for _, path := range []string{customer, channel, extension, cpe, partner} {
		tag := h.do("GET", path, nil).want(t, 200).header.Get("ETag")
		next := h.do("PATCH", path, map[string]any{"name": "Neu"}, "If-Match", tag).want(t, 200).header.Get("ETag")
		if tag == "" || next == tag {
			t.Errorf("%s: ETag %q then %q", path, tag, next)
		}
		h.do("PATCH", path, map[string]any{"name": "Alt"}, "If-Match", tag).refused(t, 412, "version_changed")
		h.do("DELETE", path, nil, "If-Match", tag).refused(t, 412, "version_changed")
		h.do("DELETE", path, nil, "If-Match", "seven").refused(t, 422, "etag_malformed").names(t, "header.If-Match")
		h.do("PATCH", path, map[string]any{"name": "Alt"}, "If-Match", "seven").refused(t, 422, "etag_malformed").names(t, "header.If-Match")
		if got := h.do("GET", path, nil); got.member("name") != "Neu" || got.header.Get("ETag") != next {
			t.Errorf("%s is %s", path, got.text)
		}
	}
	h.do("DELETE", partner, nil, "If-Match", h.do("GET", partner, nil).header.Get("ETag")).want(t, 204)
}

func TestAPI_ListsArePagedByCursor(t *testing.T) {
	h := newHouse(t, storagetest.SQLite(t))
	customer, _, _, _ := h.desk("1001")
	for _, n := range []string{"Büro", "Küche", "Lager", "Werkstatt"} {
		h.do("POST", customer+"/channels", map[string]any{"name": n}).want(t, 201)
	}
	seen, cursor := map[string]bool{}, ""
	for range 10 {
		l := h.do("GET", customer+"/channels?limit=2&cursor="+cursor, nil).want(t, 200)
		items, _ := l.body["items"].([]any)
		for _, i := range items {
			name, _ := i.(map[string]any)["name"].(string)
			if seen[name] {
				t.Errorf("%s came twice", name)
			}
			seen[name] = true
		}
		if cursor = l.member("next"); cursor == "" {
			break
		}
	}
	if len(seen) != 5 {
		t.Errorf("saw %v", seen)
	}
	if l := h.do("GET", customer+"/channels?search=lag", nil).want(t, 200); !strings.Contains(l.text, "Lager") || strings.Contains(l.text, "Küche") {
		t.Errorf("search gives %s", l.text)
	}
	if l := h.do("GET", customer+"/cpes?search=805EC0121001", nil).want(t, 200); !strings.Contains(l.text, "80:5e:c0:12:10:01") {
		t.Errorf("search for a MAC gives %s", l.text)
	}
}

func TestAPI_BodyThatBreaksOffIsTheClientsFault(t *testing.T) {
	h := newHouse(t, storagetest.SQLite(t))
	_, channel, _, _ := h.desk("1001")
	r := httptest.NewRequest("PATCH", channel, iotest.ErrReader(io.ErrUnexpectedEOF))
	r.Header.Set("Authorization", "Bearer "+h.token)
	w := httptest.NewRecorder()
	h.handler.ServeHTTP(w, r)
	if w.Code != 400 || h.log.Len() > 0 {
		t.Errorf("%d %s, log %s", w.Code, w.Body, h.log)
	}
}
