package api

import (
	"strings"
	"testing"

	"tischlein/internal/storagetest"
)

func TestP12_FirmwareAndRolloutsByTheAPI(t *testing.T) {
	h := newHouse(t, storagetest.SQLite(t))
	customer, _, _, cpe := h.desk("1000")
	add := "/v1/firmware?driver=yealink&models=T54W&version=96.86.0.100&file_name="
	big := strings.Repeat("x", 3<<20) // more than any other body may have
	f := h.do("POST", add+"T54W.rom", big).want(h, 201)
	if f.body["size"] != float64(len(big)) || f.header.Get("Location") != "/v1/firmware/"+f.member("id") {
		t.Errorf("%v", f.body)
	}
	h.do("POST", add+"T54W.rom", "again").refused(h, 409, "firmware_taken")
	h.do("POST", add+"..%2Fkey", "x").refused(h, 422, "file_name_malformed")
	h.do("POST", add+"T54W.rom", "x", "Authorization", "").want(h, 401)
	r := h.do("POST", "/v1/rollouts", map[string]any{"firmware_id": f.member("id"), "model": "T54W", "percent": 100, "customers": []string{last(customer)}}).want(h, 201)
	one := "/v1/rollouts/" + r.member("id")
	if _, err := h.app.Jobs.Roll(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := h.do("GET", one, nil).want(h, 200).object("counts").body["told"]; n != float64(1) {
		t.Errorf("told %v", n)
	}
	h.do("GET", one+"/laggards", nil).want(h, 200).says(h, last(cpe), "not_fetched")
	h.do("PATCH", one, map[string]any{"percent": 10, "opens": "22:00", "closes": "22:00"}).refused(h, 422, "window_malformed")
	h.do("PATCH", one, map[string]any{"percent": 10, "opens": "22:00", "closes": "05:00"}).want(h, 200)
	for action, status := range map[string]string{"pause": "paused", "resume": "running", "retry": "running"} {
		if got := h.do("POST", one+"/"+action, nil).want(h, 200).member("status"); got != status {
			t.Errorf("%s: %s", action, got)
		}
	}
	h.do("DELETE", "/v1/firmware/"+f.member("id"), nil).refused(h, 409, "firmware_used")
	h.do("POST", one+"/end", nil).want(h, 200)
	h.do("POST", one+"/pause", nil).refused(h, 409, "rollout_ended")
	h.do("GET", "/v1/rollouts", nil).want(h, 200).says(h, "ended")
	h.do("GET", "/v1/firmware", nil).want(h, 200).says(h, "T54W.rom")
}

func TestP10_FleetByTheAPI(t *testing.T) {
	h := newHouse(t, storagetest.SQLite(t))
	customer, _, _, cpe := h.desk("1000")
	f := h.do("GET", "/v1/fleet", nil).want(h, 200)
	if f.body["devices"] != float64(1) || f.body["converged"] != float64(0) {
		t.Errorf("%s", f.text)
	}
	f.says(h, last(customer), "T54W")
	h.do("GET", "/v1/fleet/laggards", nil).want(h, 200).says(h, last(cpe), "never_contacted", "trust", "certificate it does not trust")
}

func (a answer) says(t testing.TB, words ...string) answer {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(a.text, w) {
			t.Fatalf("%s does not say %q", a.text, w)
		}
	}
	return a
}
