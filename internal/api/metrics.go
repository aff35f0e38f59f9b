package api

import (
	"net/http"

	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

// metricsPath is where Prometheus looks by itself; it is no part of the API's
// description.
const metricsPath = "/metrics"

// measured serves the metrics (U13) before all else: to the addresses that the
// configuration names, and to the operator's tokens with the scope read. Nobody
// below the operator learns that there are any: they are of all customers.
func (s *server) measured(o Options, next http.Handler) http.Handler {
	if o.Metrics == nil {
		return next
	}
	known := s.survive(s.admit(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		actor := actorOf(r.Context())
		switch {
		case !actor.Operator():
			writeProblem(w, problem(telephony.NotFoundf("this path")))
		case !actor.Can(auth.ScopeRead):
			writeProblem(w, problem(auth.Denied(auth.ScopeRead)))
		default:
			o.Metrics.ServeHTTP(w, r)
		}
	})))
	named := s.survive(o.Metrics)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path != metricsPath, r.Method != http.MethodGet && r.Method != http.MethodHead:
			next.ServeHTTP(w, r)
		case o.MetricsReaders.Has(s.proxies.Source(r)):
			named.ServeHTTP(w, r)
		default:
			known.ServeHTTP(w, r)
		}
	})
}
