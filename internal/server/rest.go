package server

import (
	"net/http"

	"tischlein/internal/api"
)

// rest is the REST API over the use cases.
func (s *Server) rest() http.Handler { return api.New(s.app, api.Options{Log: s.log}) }
