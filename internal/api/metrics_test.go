package api

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"

	"tischlein/internal/peer"
	"tischlein/internal/storagetest"
)

func TestU13_MetricsAreForTheOperatorAndNamedAddresses(t *testing.T) {
	h := newHouse(t, storagetest.SQLite(t))
	read := 0
	figures := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { read++ })
	h.handler = New(h.app, Options{Metrics: figures, TrustedProxies: peer.Proxies{netip.MustParsePrefix("127.0.0.1/32")}, MetricsReaders: peer.Proxies{netip.MustParsePrefix("203.0.113.0/28")}})
	customer, _, _, _ := h.desk("1001")
	token := func(body map[string]any) []string {
		return []string{"Authorization", "Bearer " + h.do("POST", "/v1/tokens", body).want(t, 201).member("token")}
	}
	reader := token(map[string]any{"name": "prometheus", "role": "operator_support", "scopes": []string{"read"}})
	blind := token(map[string]any{"name": "switch", "role": "operator_support", "scopes": []string{"link"}})
	theirs := token(map[string]any{"name": "carla", "role": "customer_admin", "customer_id": last(customer), "scopes": []string{"read"}})
	h.do("GET", "/metrics", nil, reader...).want(t, 200)
	if read != 1 {
		t.Fatalf("read %d times", read)
	}
	h.do("GET", "/metrics", nil, blind...).refused(t, 403, "scope_missing")
	h.do("GET", "/metrics", nil, theirs...).want(t, 404)
	h.do("GET", "/metrics", nil, "Authorization", "").want(t, 401)
	h.do("GET", "/metrics", nil, "Authorization", "Bearer guess").want(t, 401)
	h.do("POST", "/metrics", nil, reader...).want(t, 404)
	from := func(peer, forwarded string) int {
		q := httptest.NewRequest("GET", "/metrics", nil)
		q.RemoteAddr = peer
		if forwarded != "" {
			q.Header.Set("X-Forwarded-For", forwarded)
		}
		w := httptest.NewRecorder()
		h.handler.ServeHTTP(w, q)
		return w.Code
	}
	for _, c := range []struct {
		peer, forwarded string
		want            int
	}{
		{"203.0.113.7:4000", "", 200},
		{"203.0.113.77:4000", "", 401},
		{"203.0.113.77:4000", "203.0.113.7", 401}, // nobody believes that
		{"127.0.0.1:4000", "203.0.113.7", 200},
		{"127.0.0.1:4000", "198.51.100.1", 401},
	} {
		if got := from(c.peer, c.forwarded); got != c.want {
			t.Errorf("from %s (%s): %d, want %d", c.peer, c.forwarded, got, c.want)
		}
	}
	if read != 3 {
		t.Errorf("read %d times, want 3", read)
	}
}
