// Package metrics is what Prometheus reads (U13): few figures, none of them of one
// device or one customer, so that their number does not grow with the
// installation and nothing in them is anybody's. It must not know where a figure
// comes from: the parts count for themselves, and are asked when somebody reads.
package metrics

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics holds all figures. It is safe for concurrent use.
type Metrics struct {
	registry *prometheus.Registry
	pushes   *prometheus.CounterVec
	retried  prometheus.Counter
	logins   *prometheus.CounterVec
	calls    *prometheus.CounterVec
	links    prometheus.Histogram
}

// linkBuckets are in seconds: most links take a second or two; what takes minutes
// waited for a phone that is polling.
var linkBuckets = []float64{0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 20, 30, 60, 120, 300, 600}

// New makes the figures that are counted here, and those of the process.
func New() *Metrics {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	}
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		pushes:   counter("tischlein_pushes_total", "Check-syncs by what became of them.", "outcome"),
		retried:  prometheus.NewCounter(prometheus.CounterOpts{Name: "tischlein_pushes_retried_total", Help: "Check-syncs that were not the first for what the device should have."}),
		logins:   counter("tischlein_logins_total", "Hot-desk logins by the way they came and their result: done, or the reason of the refusal.", "path", "result"),
		calls:    counter("tischlein_calls_total", "Calls by how their set-up went, counted when they are over.", "result"),
		links: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "tischlein_link_seconds", Buckets: linkBuckets,
			Help: "From a link to the REGISTER under the new name, of phones that were registered when they were linked.",
		}),
	}
	m.registry.MustRegister(m.pushes, m.retried, m.logins, m.calls, m.links,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Pushed counts a check-sync; tries is how often the device was told by then.
func (m *Metrics) Pushed(outcome string, tries int) {
	m.pushes.WithLabelValues(outcome).Inc()
	if tries > 1 {
		m.retried.Inc()
	}
}

// LoggedIn counts a try to log in; both are words out of a fixed set.
func (m *Metrics) LoggedIn(path, result string) { m.logins.WithLabelValues(path, result).Inc() }

// Called counts a call that is over, by the final SIP status of its set-up.
func (m *Metrics) Called(status int) { m.calls.WithLabelValues(callResult(status)).Inc() }

// Linked notes how long a link took until its phone registered.
func (m *Metrics) Linked(took time.Duration) { m.links.Observe(took.Seconds()) }

// callResult is what an operator would call it (RFC 3261 section 21).
func callResult(status int) string {
	switch {
	case status >= 200 && status < 300:
		return "answered"
	case status == 486, status == 600, status == 603:
		return "busy"
	case status == 408, status == 480, status == 487:
		return "unanswered"
	case status == 404, status == 484, status == 604:
		return "unknown_number"
	case status == 401, status == 403, status == 407, status == 429:
		return "refused"
	case status >= 500 && status < 600:
		return "server_error"
	}
	return "failed"
}

// Handler answers Prometheus.
func (m *Metrics) Handler(log *slog.Logger) http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelError), ErrorHandling: promhttp.ContinueOnError,
		MaxRequestsInFlight: 4, Timeout: readWithin + time.Second,
	})
}

// readWithin is how long the figures of one reading may take to be told.
const readWithin = 5 * time.Second

// Family is one figure, whole or by one label, that somebody else keeps.
type Family struct {
	Name, Help string
	Label      string // "" = it is one number
	Gauge      bool   // else it only rises
}

// Read tells all values of a family, by the values of its label.
type Read map[string]float64

// Reading is families that are asked for together.
type Reading struct {
	Families []Family
	// Ask tells the values in the order of Families. Where it fails the families are
	// missing from the answer: better none than wrong ones.
	Ask func(context.Context) ([]Read, error)
	Up  string // name of a gauge that is 1 where Ask succeeds; "" = none
	Log *slog.Logger
}

// Add has a reading asked for whenever Prometheus comes.
func (m *Metrics) Add(r Reading) {
	c := &collector{Reading: r}
	for _, f := range r.Families {
		var labels []string
		if f.Label != "" {
			labels = []string{f.Label}
		}
		c.descs = append(c.descs, prometheus.NewDesc(f.Name, f.Help, labels, nil))
	}
	if r.Up != "" {
		c.up = prometheus.NewDesc(r.Up, "Whether the records answered.", nil, nil)
	}
	m.registry.MustRegister(c)
}

type collector struct {
	Reading
	descs []*prometheus.Desc
	up    *prometheus.Desc
}

// Describe implements prometheus.Collector.
func (c *collector) Describe(out chan<- *prometheus.Desc) {
	for _, d := range c.descs {
		out <- d
	}
	if c.up != nil {
		out <- c.up
	}
}

// Collect implements prometheus.Collector.
func (c *collector) Collect(out chan<- prometheus.Metric) {
	ctx, stop := context.WithTimeout(context.Background(), readWithin)
	defer stop()
	values, err := c.Ask(ctx)
	up := 1.0
	if err != nil {
		up = 0
		c.Log.Error("reading figures for metrics", "err", err)
	}
	if c.up != nil {
		out <- prometheus.MustNewConstMetric(c.up, prometheus.GaugeValue, up)
	}
	for i, read := range values {
		f, kind := c.Families[i], prometheus.CounterValue
		if f.Gauge {
			kind = prometheus.GaugeValue
		}
		for label, v := range read {
			var labels []string
			if f.Label != "" {
				labels = []string{label}
			}
			out <- prometheus.MustNewConstMetric(c.descs[i], kind, v, labels...)
		}
	}
}
