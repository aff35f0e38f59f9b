package api

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/storagetest"
)

func TestAPI_SameKeySameRequestIsDoneOnce(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, dsn string) {
		h := newHouse(t, dsn)
		body := map[string]any{"number": "1001", "name": "Adler"}
		first := h.do("POST", "/v1/customers", body, "Idempotency-Key", "k1").want(t, 201)
		again := h.do("POST", "/v1/customers", body, "Idempotency-Key", "k1").want(t, 201)
		if first.text != again.text || again.header.Get("Idempotency-Replayed") != "true" || first.header.Get("Idempotency-Replayed") != "" ||
			again.header.Get("Location") != first.header.Get("Location") || again.header.Get("ETag") != first.header.Get("ETag") {
			t.Errorf("%v %s\n%v %s", first.header, first.text, again.header, again.text)
		}
		h.do("POST", "/v1/customers", map[string]any{"number": "1002", "name": "Adler"}, "Idempotency-Key", "k1").refused(t, 422, "idempotency_key_reused")
		h.do("POST", "/v1/customers", body, "Idempotency-Key", "k\x01").refused(t, 422, "idempotency_key_malformed")
		// A refusal is an answer too; another token has keys of its own.
		h.do("POST", "/v1/customers", body, "Idempotency-Key", "k2").want(t, 409)
		h.do("POST", "/v1/customers", body, "Idempotency-Key", "k2").want(t, 409)
		other := h.do("POST", "/v1/tokens", map[string]any{"name": "two", "role": "operator_admin"}).want(t, 201).member("token")
		if r := h.do("POST", "/v1/customers", body, "Idempotency-Key", "k1", "Authorization", "Bearer "+other).want(t, 409); r.header.Get("Idempotency-Replayed") != "" {
			t.Error("another token was given the first one's answer")
		}
	})
}

type memory struct {
	mu   sync.Mutex
	kept map[string]app.Answer
}

func (m *memory) Answer(_ context.Context, token, key string) (*app.Answer, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	a, ok := m.kept[token+" "+key]
	if !ok {
		return nil, nil
	}
	return &a, nil
}

func (m *memory) KeepAnswer(_ context.Context, token, key string, a app.Answer) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.kept[token+" "+key] = a
	return nil
}

// once runs handler behind the guard for repetitions, as the token "t".
func once(m *memory, secret bool, handler http.HandlerFunc) func(key string) *httptest.ResponseRecorder {
	s := newServer(&app.App{}, Options{})
	s.answers = m
	h := s.repeatable(func(*http.Request) bool { return secret }, handler)
	return func(key string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("PUT", "/v1/x", strings.NewReader(`{"pin":"4711"}`))
		r.Header.Set("Idempotency-Key", key)
		r.Header.Set("Authorization", "Bearer secret-text")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), actorKey, auth.Actor{ID: "t"})))
		return w
	}
}

func TestAPI_SecretAnswersAndOurOwnFailuresAreNotKept(t *testing.T) {
	m := &memory{kept: map[string]app.Answer{}}
	n := 0
	secret := once(m, true, func(w http.ResponseWriter, _ *http.Request) { n++; w.Write([]byte(`{"token":"x"}`)) })
	secret("a")
	secret("a")
	failing := once(m, false, func(w http.ResponseWriter, _ *http.Request) { n++; w.WriteHeader(503) })
	failing("b")
	failing("b")
	if n != 4 || len(m.kept) != 0 {
		t.Errorf("%d runs, kept %v", n, m.kept)
	}
	good := once(m, false, func(w http.ResponseWriter, r *http.Request) { n++; _, _ = io.Copy(w, r.Body) })
	if a, b := good("c"), good("c"); n != 5 || a.Body.String() != `{"pin":"4711"}` || b.Body.String() != a.Body.String() {
		t.Errorf("%d runs, %q, %q", n, a.Body, b.Body)
	}
}

func TestAPI_SameKeyAtTheSameTimeIsRefused(t *testing.T) {
	m := &memory{kept: map[string]app.Answer{}}
	var inner *httptest.ResponseRecorder
	var send func(string) *httptest.ResponseRecorder
	send = once(m, false, func(w http.ResponseWriter, _ *http.Request) {
		if inner == nil {
			inner = send("k")
		}
		w.WriteHeader(204)
	})
	if w := send("k"); w.Code != 204 || inner.Code != 409 || !strings.Contains(inner.Body.String(), "request_in_flight") {
		t.Errorf("%d, meanwhile %d %s", w.Code, inner.Code, inner.Body)
	}
	if w := send("k"); w.Code != 204 || w.Header().Get("Idempotency-Replayed") != "true" {
		t.Errorf("after it: %d %v", w.Code, w.Header())
	}
}
