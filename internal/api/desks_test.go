package api

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"tischlein/internal/storagetest"
)

func TestH07_LimitsAndDesksThroughTheAPI(t *testing.T) {
	h := newHouse(t, storagetest.SQLite(t))
	customer, channel, extension, _ := h.desk("1001")
	c := h.do("PATCH", customer, map[string]any{"hotdesk_hours": 8, "hotdesk_end": "18:30"}).want(t, 200)
	if c.body["hotdesk_hours"] != 8.0 || c.member("hotdesk_end") != "18:30" {
		t.Fatal(c.text)
	}
	h.do("PATCH", customer, map[string]any{"hotdesk_end": "noon"}).refused(t, 422, "clock_malformed").names(t, "body.hotdesk_end")
	h.do("PUT", channel+"/login", map[string]any{"number": "101", "pin": "4711"}).want(t, 200)
	v := h.do("GET", channel, nil).want(t, 200)
	desk := v.member("desk")
	if v.object("login").member("until") == "" || len(desk) != 4 {
		t.Fatal(v.text)
	}
	if r := h.do("GET", customer+"/desks/"+desk, nil).want(t, 200); r.member("id") != last(channel) {
		t.Fatal(r.text)
	}
	h.do("GET", customer+"/desks/0000", nil).want(t, 404)
	if r := h.do("GET", channel+"/desk", nil).want(t, 200); r.body["hotdesking"] != true || r.object("extension").member("number") != "101" {
		t.Fatal(r.text)
	}
	if r := h.do("GET", extension+"/logins", nil).want(t, 200); !strings.Contains(r.text, desk) {
		t.Fatal(r.text)
	}
	h.do("DELETE", channel+"/login?where=everywhere", nil).want(t, 422)
	h.do("DELETE", channel+"/login?where=both", nil).want(t, 200)
}

func TestD20_APersonChangesTheirPINThroughTheAPI(t *testing.T) {
	h := newHouse(t, storagetest.SQLite(t))
	customer, channel, extension, _ := h.desk("1001")
	made := h.do("POST", "/v1/tokens", map[string]any{"name": "anna", "role": "user", "customer_id": last(customer), "extension_id": last(extension)}).want(t, 201)
	as := []string{"Authorization", "Bearer " + made.member("token")}
	h.do("POST", extension+"/pin/change", map[string]any{"old_pin": "9999", "new_pin": "9317"}, as...).refused(t, 403, "pin_wrong")
	h.do("POST", extension+"/pin/change", map[string]any{"old_pin": "4711", "new_pin": "1234"}, as...).refused(t, 422, "pin_weak").names(t, "body.new_pin")
	h.do("POST", extension+"/pin/change", map[string]any{"old_pin": "4711", "new_pin": "9317"}, as...).want(t, 204)
	h.do("PUT", channel+"/login", map[string]any{"number": "101", "pin": "9317"}, as...).want(t, 200)
	h.do("GET", extension+"/logins", nil, as...).want(t, 200)
	h.do("GET", channel, nil, as...).refused(t, 403, "scope_missing")
}

// Who guesses at a desk is told to wait and until when; that is the caller's business, not a failure of ours.
func TestX03_GuessingPINsIsTooManyRequests(t *testing.T) {
	h := newHouse(t, storagetest.SQLite(t))
	_, channel, _, _ := h.desk("1001")
	var r answer
	for n := 200; r.status != 429; n++ {
		if n == 230 {
			t.Fatal("thirty numbers may be tried")
		}
		r = h.do("PUT", channel+"/login", map[string]any{"number": fmt.Sprint(n), "pin": "9317"})
	}
	r.refused(t, 429, "too_many_failures")
	until, err := http.ParseTime(r.header.Get("Retry-After"))
	known, err2 := time.Parse(time.RFC3339, r.object("facts").member("until"))
	if wait := until.Sub(known); err != nil || err2 != nil || wait <= 0 || wait > time.Second {
		t.Errorf("Retry-After %q for %s", r.header.Get("Retry-After"), r.text)
	}
	if strings.Contains(h.log.String(), "too many") {
		t.Errorf("logged as our fault: %s", h.log)
	}
}
