package api

import (
	"strings"
	"testing"

	"tischlein/internal/storagetest"
)

// FuzzAPIBodies sends any bytes as the body of any operation that takes one: the
// answer is always one of this API's own, and never a failure of ours.
func FuzzAPIBodies(f *testing.F) {
	h := newHouse(f, storagetest.SQLite(f))
	customer, channel, extension, cpe := h.desk("1001")
	routes := [][2]string{
		{"POST", "/v1/partners"}, {"POST", "/v1/customers"}, {"PATCH", customer}, {"POST", customer + "/allowlist"},
		{"POST", customer + "/channels"}, {"PATCH", channel}, {"PUT", channel + "/link"}, {"PUT", channel + "/login"}, {"PUT", channel + "/attachment"},
		{"POST", customer + "/extensions"}, {"PATCH", extension}, {"PUT", extension + "/pin"}, {"PUT", extension + "/links"},
		{"POST", customer + "/cpes"}, {"PATCH", cpe}, {"PUT", cpe + "/lost"}, {"POST", "/v1/tokens"},
	}
	for i, body := range []string{
		`{"name":"x"}`, `{"number":"1","name":"` + strings.Repeat("ä", 99) + `"}`, `{"ip_listing":true,"time_zone":"../etc"}`,
		`{"entry":"::ffff:1.2.3.4/96"}`, `{"name":"\u0000","kind":"cpe"}`, `null`, `[]`, `{"extension_id":"' OR 1=1"}`, `{"number":"101","pin":"4711"}`,
		`{"mac":"80:5E:C0-12","driver":"none","name":"x","ports":9999999999}`, `{"lost":1e400}`, `{"role":"user","name":"x","expires":"0000-00-00T00:00:00Z"}`,
		"{\"name\":\"\xff\xfe\"}", `{"a":` + strings.Repeat("[", 2000),
	} {
		f.Add(uint8(i), []byte(body))
	}
	f.Fuzz(func(t *testing.T, route uint8, body []byte) {
		to := routes[int(route)%len(routes)]
		h.TB = t
		r := h.do(to[0], to[1], string(body))
		if r.status >= 500 || r.status == 401 || r.status == 404 && r.member("detail") == "this path not found" {
			t.Fatalf("%s %s with %q: %d %s (log: %s)", to[0], to[1], body, r.status, r.text, h.log)
		}
		if r.status >= 400 && r.header.Get("Content-Type") != "application/problem+json" {
			t.Fatalf("%d is %s", r.status, r.header.Get("Content-Type"))
		}
	})
}
