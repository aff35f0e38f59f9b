package api

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"tischlein/internal/storagetest"
)

// watch opens the event stream of a path and gives its lines.
func (h *house) watch(ctx context.Context, base, path, after string) *bufio.Scanner {
	h.Helper()
	r, err := http.NewRequestWithContext(ctx, "GET", base+path, nil)
	if err != nil {
		h.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+h.token)
	r.Header.Set("Last-Event-ID", after)
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		h.Fatal(err)
	}
	h.Cleanup(func() { a.Body.Close() })
	if a.StatusCode != 200 || a.Header.Get("Content-Type") != "text/event-stream" {
		h.Fatalf("%d %s", a.StatusCode, a.Header.Get("Content-Type"))
	}
	return bufio.NewScanner(a.Body)
}

// until reads lines until one begins so.
func until(t testing.TB, s *bufio.Scanner, begin string) string {
	t.Helper()
	for s.Scan() {
		if strings.HasPrefix(s.Text(), begin) {
			return s.Text()
		}
	}
	t.Fatalf("the stream ended before %q: %v", begin, s.Err())
	return ""
}

func TestAPI_EventsAreStreamedAndResumed(t *testing.T) {
	h := newHouse(t, storagetest.SQLite(t))
	customer, channel, extension, _ := h.desk("1001")
	h.handler = New(h.app, Options{Heartbeat: 20 * time.Millisecond})
	srv := httptest.NewServer(h.handler)
	t.Cleanup(srv.Close)
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	path := "/v1/events?customer=" + last(customer)
	s := h.watch(ctx, srv.URL, path, "")
	until(t, s, ": hello")
	until(t, s, ": still here")
	h.do("PUT", channel+"/link", map[string]any{"extension_id": last(extension)}).want(t, 200)
	id := strings.TrimPrefix(until(t, s, "id: "), "id: ")
	data := until(t, s, "data: ")
	if !strings.Contains(data, last(customer)) || !strings.Contains(data, `"what":`) {
		t.Errorf("event is %s", data)
	}
	h.do("DELETE", channel+"/link", nil).want(t, 200)
	resumed := h.watch(ctx, srv.URL, path, id)
	if next := strings.TrimPrefix(until(t, resumed, "id: "), "id: "); next == id {
		t.Errorf("event %s came again", id)
	}
	h.do("GET", path, nil, "Last-Event-ID", "x").refused(t, 422, "event_id_malformed")
	h.do("GET", "/v1/events?customer=none", nil).refused(t, 404, "not_found")
}
