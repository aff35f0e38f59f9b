package metrics

import (
	"context"
	"errors"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func read(t *testing.T, m *Metrics) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler(slog.New(slog.DiscardHandler)).ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	if w.Code != 200 {
		t.Fatalf("%d: %s", w.Code, w.Body)
	}
	return w.Body.String()
}

func has(t *testing.T, text string, lines ...string) {
	t.Helper()
	for _, line := range lines {
		if !strings.Contains(text, line+"\n") {
			t.Errorf("%q is missing", line)
		}
	}
}

func TestU13_FiguresAreCountedByWordsOutOfFixedSets(t *testing.T) {
	m := New()
	m.Pushed("answered", 1)
	m.Pushed("unreachable", 3)
	m.LoggedIn("key", "done")
	for _, status := range []int{200, 486, 480, 404, 403, 503, 302} {
		m.Called(status)
	}
	m.Linked(1500 * time.Millisecond)
	has(t, read(t, m), `tischlein_pushes_total{outcome="answered"} 1`, `tischlein_pushes_total{outcome="unreachable"} 1`, `tischlein_pushes_retried_total 1`,
		`tischlein_logins_total{path="key",result="done"} 1`, `tischlein_calls_total{result="answered"} 1`, `tischlein_calls_total{result="busy"} 1`,
		`tischlein_calls_total{result="unanswered"} 1`, `tischlein_calls_total{result="unknown_number"} 1`, `tischlein_calls_total{result="refused"} 1`,
		`tischlein_calls_total{result="server_error"} 1`, `tischlein_calls_total{result="failed"} 1`,
		`tischlein_link_seconds_bucket{le="1"} 0`, `tischlein_link_seconds_bucket{le="2"} 1`)
}

// Figures that cannot be read are missing, not nought: an alert must not rest on
// them. The others are there all the same.
func TestU13_FiguresThatCannotBeReadAreMissing(t *testing.T) {
	m := New()
	var fault error
	m.Add(Reading{Log: slog.New(slog.DiscardHandler), Up: "up", Families: []Family{{Name: "queue", Help: "h", Label: "lane", Gauge: true}, {Name: "seen", Help: "h"}},
		Ask: func(context.Context) ([]Read, error) {
			if fault != nil {
				return nil, fault
			}
			return []Read{{"bulk": 3}, {"": 7}}, nil
		}})
	has(t, read(t, m), `queue{lane="bulk"} 3`, "seen 7", "up 1", "# TYPE queue gauge", "# TYPE seen counter")
	fault = errors.New("no database")
	text := read(t, m)
	has(t, text, "up 0", "tischlein_pushes_retried_total 0")
	if strings.Contains(text, "queue{") || strings.Contains(text, "seen 7") {
		t.Errorf("figures that nobody could read:\n%s", text)
	}
}

func TestU13_ALinkEndsWithTheRegisterUnderAnotherName(t *testing.T) {
	now := time.Unix(1_000_000, 0)
	var took []time.Duration
	l := NewLinks(func(d time.Duration) { took = append(took, d) }, func() time.Time { return now })
	l.Began("a", "Frei", now)
	l.Began("b", "Frei", now)
	l.Began("c", "Frei", now)
	now = now.Add(2 * time.Second)
	l.Registered("a", "Frei") // a refresh
	l.Registered("x", "Ada")
	l.Registered("a", "Ada")
	l.Registered("a", "Ada")
	l.Gone("b")
	l.Registered("b", "Bob")
	now = now.Add(longestLink)
	l.Registered("c", "Cem") // it was not reachable: no measure of ours
	if len(took) != 1 || took[0] != 2*time.Second {
		t.Errorf("%v", took)
	}
	if n := l.n.Load(); n != 0 {
		t.Errorf("%d are still waited for", n)
	}
	for i := range mostLinks + 5 {
		l.Began(string(rune(i+256)), "", now)
	}
	if n := l.n.Load(); n != mostLinks {
		t.Errorf("%d are waited for", n)
	}
	now = now.Add(longestLink)
	l.Began("new", "", now)
	if n := l.n.Load(); n != 1 {
		t.Errorf("%d are waited for after those that came to nothing", n)
	}
}
