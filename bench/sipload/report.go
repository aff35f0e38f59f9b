package main

import (
	"math"
	"slices"
	"time"
)

// tally counts one worker's share of one round.
type tally struct {
	latencies     []time.Duration // of the registrations that succeeded
	failures      map[string]int
	retransmitted int
	incoming      int // requests the server sent to the phones
	took          time.Duration
}

func (t *tally) fail(why string) {
	if t.failures == nil {
		t.failures = map[string]int{}
	}
	t.failures[why]++
}

func (t *tally) ok() int { return len(t.latencies) }

func (t *tally) failed() (n int) {
	for _, k := range t.failures {
		n += k
	}
	return n
}

func (t *tally) add(o *tally) {
	t.latencies = append(t.latencies, o.latencies...)
	for why, k := range o.failures {
		if t.failures == nil {
			t.failures = map[string]int{}
		}
		t.failures[why] += k
	}
	t.retransmitted += o.retransmitted
	t.incoming += o.incoming
}

// report is the JSON result. Failed counts every round, the unmeasured ones too.
type report struct {
	Server        string         `json:"server"`
	Proto         string         `json:"proto"`
	Phones        int            `json:"phones"`
	Window        int            `json:"window"`
	Offered       float64        `json:"offered_rate,omitempty"`
	Failed        int            `json:"failed"`
	Failures      map[string]int `json:"failures,omitempty"`
	Retransmitted int            `json:"retransmitted"`
	Incoming      int            `json:"incoming_requests"`
	New           *figures       `json:"new,omitempty"`
	Refresh       *figures       `json:"refresh,omitempty"`
	Calls         *figures       `json:"calls,omitempty"`
	Pushes        *figures       `json:"pushes,omitempty"`
}

// figures sums up measured rounds: registrations (REGISTER pairs), calls or pushes per second, latencies in
// milliseconds.
type figures struct {
	OK         int       `json:"ok"`
	Rate       float64   `json:"rate"`
	RoundRates []float64 `json:"round_rates"`
	P50        float64   `json:"p50_ms"`
	P90        float64   `json:"p90_ms"`
	P99        float64   `json:"p99_ms"`
	Max        float64   `json:"max_ms"`
}

// count adds what a report says of every round.
func (r *report) count(t *tally) {
	r.Failed += t.failed()
	for why, k := range t.failures {
		if r.Failures == nil {
			r.Failures = map[string]int{}
		}
		r.Failures[why] += k
	}
	r.Retransmitted += t.retransmitted
	r.Incoming += t.incoming
}

// summarize returns nil for no rounds.
func summarize(rounds []*tally) *figures {
	if len(rounds) == 0 {
		return nil
	}
	f := &figures{}
	var sum tally
	for _, t := range rounds {
		f.RoundRates = append(f.RoundRates, float64(t.ok())/t.took.Seconds())
		sum.add(t)
		sum.took += t.took
	}
	slices.Sort(sum.latencies)
	f.OK = sum.ok()
	f.Rate = float64(f.OK) / sum.took.Seconds()
	f.P50, f.P90 = percentile(sum.latencies, 0.50), percentile(sum.latencies, 0.90)
	f.P99, f.Max = percentile(sum.latencies, 0.99), percentile(sum.latencies, 1)
	return f
}

// percentile returns the nearest-rank percentile of sorted latencies in milliseconds.
func percentile(sorted []time.Duration, q float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	rank := max(1, int(math.Ceil(q*float64(len(sorted)))))
	return float64(sorted[rank-1]) / float64(time.Millisecond)
}
