package phonesim

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// maxSamples bounds the memory of one latency row; beyond it samples replace
// random ones, which keeps percentiles honest.
const maxSamples = 1 << 18

// counters is what a fleet measures.
type counters struct {
	boots, fetches, notFound, bytes, notifies, failures atomic.Int64
	chain, register, notifyFetch, notifyRegistered      samples
}

func (c *counters) fetched(f File) {
	c.fetches.Add(1)
	c.bytes.Add(int64(f.Bytes))
	if f.Status == http.StatusNotFound {
		c.notFound.Add(1)
	}
}

type samples struct {
	mu   sync.Mutex
	seen int64
	kept []time.Duration
	max  time.Duration
}

func (s *samples) add(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen++
	s.max = max(s.max, d)
	if len(s.kept) < maxSamples {
		s.kept = append(s.kept, d)
	} else if i := rand.Int64N(s.seen); i < maxSamples {
		s.kept[i] = d
	}
}

// Latency is one row of a report. Times are in milliseconds in JSON.
type Latency struct {
	Count int64         `json:"count"`
	P50   time.Duration `json:"p50_ms"`
	P90   time.Duration `json:"p90_ms"`
	P99   time.Duration `json:"p99_ms"`
	Max   time.Duration `json:"max_ms"`
}

// MarshalJSON writes milliseconds.
func (l Latency) MarshalJSON() ([]byte, error) {
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	return json.Marshal(map[string]any{"count": l.Count, "p50_ms": ms(l.P50), "p90_ms": ms(l.P90),
		"p99_ms": ms(l.P99), "max_ms": ms(l.Max)})
}

func (s *samples) row() Latency {
	s.mu.Lock()
	kept, l := slices.Clone(s.kept), Latency{Count: s.seen, Max: s.max}
	s.mu.Unlock()
	if len(kept) == 0 {
		return l
	}
	slices.Sort(kept)
	at := func(q float64) time.Duration { return kept[int(q*float64(len(kept)-1)+0.5)] }
	l.P50, l.P90, l.P99 = at(0.50), at(0.90), at(0.99)
	return l
}

func (s *samples) reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen, s.kept, s.max = 0, nil, 0
}

// Report sums a fleet up.
type Report struct {
	Phones     int `json:"phones"`
	On         int `json:"on"`
	Registered int `json:"registered"`
	Refused    int `json:"refused"` // last REGISTER was answered 403

	Boots    int64 `json:"boots"`
	Fetches  int64 `json:"fetches"`   // files asked for
	NotFound int64 `json:"not_found"` // of them answered 404, which is normal
	Bytes    int64 `json:"bytes"`
	Notifies int64 `json:"notifies"`
	Failures int64 `json:"failures"`

	Chain            Latency `json:"chain"`             // whole file order
	Register         Latency `json:"register"`          // first REGISTER to 200, refreshes not counted
	NotifyFetch      Latency `json:"notify_fetch"`      // check-sync to files fetched
	NotifyRegistered Latency `json:"notify_registered"` // check-sync to 200 of the new registration
}

// Report counts phones now and gives the latencies since the start or ResetReport.
func (f *Fleet) Report() Report {
	c := &f.counts
	r := Report{Boots: c.boots.Load(), Fetches: c.fetches.Load(), NotFound: c.notFound.Load(), Bytes: c.bytes.Load(),
		Notifies: c.notifies.Load(), Failures: c.failures.Load(), Chain: c.chain.row(), Register: c.register.row(),
		NotifyFetch: c.notifyFetch.row(), NotifyRegistered: c.notifyRegistered.row()}
	for _, p := range f.Phones() {
		p.mu.Lock()
		r.Phones++
		if p.state.Power != Off {
			r.On++
		}
		if p.state.Registered {
			r.Registered++
		} else if p.state.SIPStatus == 403 {
			r.Refused++
		}
		p.mu.Unlock()
	}
	return r
}

// ResetReport forgets latencies, so that one phase of a run can be measured alone.
func (f *Fleet) ResetReport() {
	for _, s := range []*samples{&f.counts.chain, &f.counts.register, &f.counts.notifyFetch, &f.counts.notifyRegistered} {
		s.reset()
	}
}

// String is the report for people.
func (r Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "phones %d, on %d, registered %d, refused %d\n", r.Phones, r.On, r.Registered, r.Refused)
	fmt.Fprintf(&b, "boots %d, files %d (%d not found, %d bytes), notifies %d, failures %d\n",
		r.Boots, r.Fetches, r.NotFound, r.Bytes, r.Notifies, r.Failures)
	fmt.Fprintf(&b, "%-18s %9s %10s %10s %10s %10s\n", "", "count", "p50", "p90", "p99", "max")
	for _, row := range []struct {
		name string
		l    Latency
	}{{"file chain", r.Chain}, {"register", r.Register}, {"notify>fetched", r.NotifyFetch},
		{"notify>registered", r.NotifyRegistered}} {
		fmt.Fprintf(&b, "%-18s %9d %10s %10s %10s %10s\n", row.name, row.l.Count, short(row.l.P50),
			short(row.l.P90), short(row.l.P99), short(row.l.Max))
	}
	return b.String()
}

func short(d time.Duration) string { return d.Round(10 * time.Microsecond).String() }
