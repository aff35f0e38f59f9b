package api

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/peer"
	"tischlein/internal/storagetest"
	"tischlein/internal/telephony"
)

func TestAPI_NothingWithoutAToken(t *testing.T) {
	h := newHouse(t, storagetest.SQLite(t))
	for _, credential := range []string{"", "Bearer", "Bearer wrong", "Basic YTpi", "Bearer " + h.token + "x"} {
		r := h.do("GET", "/v1/customers", nil, "Authorization", credential).want(t, 401)
		if r.body["code"] != "unauthenticated" || r.header.Get("WWW-Authenticate") == "" {
			t.Errorf("%q: %s", credential, r.text)
		}
	}
	for path := range open {
		if r := h.do("GET", path, nil, "Authorization", ""); r.status == 401 {
			t.Errorf("%s asks for a token", path)
		}
	}
	h.do("GET", "/v1/customers", nil).want(t, 200)
}

func TestAPI_SetupTokenWorksOnce(t *testing.T) {
	h := newHouse(t, storagetest.SQLite(t))
	for _, token := range []string{h.setup, "setup-guess"} {
		h.do("POST", "/v1/setup", map[string]any{"setup_token": token, "name": "Eve"}, "Authorization", "").want(t, 401)
	}
}

func TestAPI_TokenMayDoItsScopesOnlyAndIsGoneWhenRevoked(t *testing.T) {
	h := newHouse(t, storagetest.SQLite(t))
	customer, channel, _, _ := h.desk("1001")
	made := h.do("POST", "/v1/tokens", map[string]any{"name": "reader", "role": "customer_admin", "customer_id": last(customer), "scopes": []string{"read"}}).want(t, 201)
	as := []string{"Authorization", "Bearer " + made.member("token")}
	h.do("GET", channel, nil, as...).want(t, 200)
	h.do("PATCH", channel, map[string]any{"name": "x"}, as...).refused(t, 403, "scope_missing")
	h.do("POST", channel+"/credentials", nil, as...).refused(t, 403, "scope_missing")
	h.do("DELETE", "/v1/tokens/"+made.member("id"), nil).want(t, 204)
	h.do("GET", channel, nil, as...).want(t, 401)
}

// doorkeeper is the guard before a handler that counts who gets through.
func doorkeeper(now func() time.Time, who authenticator) (http.Handler, *int) {
	s := newServer(&app.App{}, Options{Now: now})
	s.authenticate = who
	n := new(int)
	return s.admit(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { *n++ })), n
}

func knock(h http.Handler, from, token string) int {
	r := httptest.NewRequest("GET", "/v1/customers", nil)
	r.RemoteAddr = from
	r.Header.Set("Authorization", "Bearer "+token)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code
}

func TestAPI_GuessingTokensIsLimitedPerSource(t *testing.T) {
	now, asked := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), 0
	h, through := doorkeeper(func() time.Time { return now }, func(_ context.Context, token string, _ netip.Addr) (auth.Actor, error) {
		asked++
		if token == "good" {
			return auth.Actor{Kind: "token", ID: "1"}, nil
		}
		return auth.Actor{}, &telephony.Error{Code: telephony.Unauthenticated, Message: "no"}
	})
	for range peer.GuessBurst {
		if c := knock(h, "198.51.100.9:4000", "bad"); c != 401 {
			t.Fatalf("got %d", c)
		}
	}
	if c := knock(h, "198.51.100.9:4001", "bad"); c != 429 || asked != peer.GuessBurst {
		t.Errorf("got %d after %d look-ups", c, asked)
	}
	if c := knock(h, "203.0.113.7:4000", "good"); c != 200 || *through != 1 {
		t.Errorf("another source got %d", c)
	}
	now = now.Add(peer.GuessEvery)
	if c := knock(h, "198.51.100.9:4002", "bad"); c != 401 {
		t.Errorf("after a while: %d", c)
	}
	for i := range peer.GuessBurst {
		knock(h, netip.AddrPortFrom(netip.MustParseAddr("2001:db8::").Next(), uint16(i+1)).String(), "bad")
	}
	if c := knock(h, "[2001:db8::ffff]:1", "good"); c != 429 {
		t.Errorf("the same /64 got %d", c)
	}
}
