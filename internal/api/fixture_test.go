package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/provision/drivers"
	"tischlein/internal/storagetest"
	"tischlein/internal/telephony"
)

// house is the API over the real use cases on a real database.
type house struct {
	testing.TB
	handler http.Handler
	app     *app.App
	token   string // an operator administrator's
	setup   string // the used one-time token
	log     *bytes.Buffer
}

type answer struct {
	status int
	header http.Header
	text   string
	body   map[string]any
}

func newHouse(t testing.TB, dsn string) *house {
	t.Helper()
	key, err := auth.NewKey(bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	h := &house{TB: t, log: &bytes.Buffer{}}
	a, setup, err := app.Open(context.Background(), app.Config{
		DB: storagetest.Open(t, dsn, nil), Key: key, Drivers: drivers.All(), Settings: app.Settings{
			Realm: "test.example", Node: "n1", BaseURL: "https://prov.test.example", Transport: "udp", FirmwareDir: t.TempDir(),
			SIP:       map[string]telephony.SIPServer{"udp": {Host: "sip.test.example", Port: 5060, Transport: "udp"}},
			Redirects: map[string]string{"yealink": "yealink_rps"},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	h.app, h.setup = a, setup.Reveal()
	h.handler = New(a, Options{Log: slog.New(slog.NewTextHandler(h.log, nil))})
	r := h.do("POST", "/v1/setup", map[string]any{"setup_token": setup.Reveal(), "name": "Ada"}, "Authorization", "")
	h.token = r.want(h, 201).member("token")
	return h
}

// do sends a request; body is JSON text or a value; headers come in pairs.
func (h *house) do(method, path string, body any, headers ...string) answer {
	h.Helper()
	var in io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		in = strings.NewReader(b)
	default:
		text, err := json.Marshal(b)
		if err != nil {
			h.Fatal(err)
		}
		in = bytes.NewReader(text)
	}
	r := httptest.NewRequest(method, path, in)
	r.Header.Set("Authorization", "Bearer "+h.token)
	if in != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.handler.ServeHTTP(w, r)
	a := answer{status: w.Code, header: w.Header(), text: w.Body.String()}
	if strings.Contains(w.Header().Get("Content-Type"), "json") {
		if err := json.Unmarshal(w.Body.Bytes(), &a.body); err != nil {
			h.Fatalf("%s %s: %v in %s", method, path, err, a.text)
		}
	}
	return a
}

func (a answer) want(t testing.TB, status int) answer {
	t.Helper()
	if a.status != status {
		t.Fatalf("got %d, want %d: %s", a.status, status, a.text)
	}
	return a
}

// refused checks a problem: its status, reason, and that the status, media type
// and body agree.
func (a answer) refused(t testing.TB, status int, reason string) answer {
	t.Helper()
	a.want(t, status)
	if a.body["reason"] != reason || a.body["status"] != float64(status) || a.header.Get("Content-Type") != "application/problem+json" {
		t.Fatalf("want reason %q, got %s: %s", reason, a.header.Get("Content-Type"), a.text)
	}
	return a
}

// names checks that the problem points at the field.
func (a answer) names(t testing.TB, location string) {
	t.Helper()
	if !strings.Contains(a.text, fmt.Sprintf("%q", location)) {
		t.Fatalf("%s does not name %s", a.text, location)
	}
}

func (a answer) member(name string) string {
	s, _ := a.body[name].(string)
	return s
}

func (a answer) object(name string) answer {
	m, _ := a.body[name].(map[string]any)
	return answer{body: m}
}

// desk makes a customer with an attached Yealink at a channel and an extension.
func (h *house) desk(number string) (customer, channel, extension, cpe string) {
	h.Helper()
	customer = "/v1/customers/" + h.do("POST", "/v1/customers", map[string]any{"number": number, "name": "Gasthaus Adler"}).want(h, 201).member("id")
	channel = customer + "/channels/" + h.do("POST", customer+"/channels", map[string]any{"name": "Empfang"}).want(h, 201).member("id")
	extension = customer + "/extensions/" + h.do("POST", customer+"/extensions", map[string]any{"number": "101", "name": "Anna", "pin": "4711"}).want(h, 201).member("id")
	mac := fmt.Sprintf("80-5E-C0-12-%s-%s", number[:2], number[2:])
	cpe = customer + "/cpes/" + h.do("POST", customer+"/cpes", map[string]any{"mac": mac, "driver": "yealink", "model": "T54W", "name": "Phone"}).want(h, 201).member("id")
	h.do("PUT", channel+"/attachment", map[string]any{"cpe_id": last(cpe)}).want(h, 200)
	return customer, channel, extension, cpe
}

func last(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }
