package server

import (
	"net/http"

	"tischlein/internal/api"
	"tischlein/internal/peer"
)

// rest is the REST API over the use cases, and what else its listener serves.
func (s *Server) rest(proxies peer.Proxies) (http.Handler, error) {
	readers, err := s.cfg.MetricsNetworks()
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/location/", s.places) // of emergency calls: who has the URL may read (C11)
	mux.Handle("/", api.New(s.app, api.Options{Log: s.log, TrustedProxies: proxies, Metrics: s.figures.Handler(s.log), MetricsReaders: readers}))
	return mux, nil
}
