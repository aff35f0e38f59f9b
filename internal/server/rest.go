package server

import (
	"net/http"

	"tischlein/internal/api"
	"tischlein/internal/peer"
)

// rest is the REST API over the use cases.
func (s *Server) rest(proxies peer.Proxies) http.Handler {
	return api.New(s.app, api.Options{Log: s.log, TrustedProxies: proxies})
}
