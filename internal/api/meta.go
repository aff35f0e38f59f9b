package api

import (
	"context"
	"net/http"
	"sync"

	"tischlein/internal/app"
	"tischlein/internal/auth"
)

type health struct {
	Status string `json:"status" enum:"ok"`
}

// meta is what the API says about itself.
func (r *routes) meta() {
	add(r, get("/v1/healthz"), "About", "get-health", "Is the API there", "Answers as soon as the server serves; for load balancers.",
		func(context.Context, auth.Actor, *struct{}) (*plain[health], error) {
			return &plain[health]{health{"ok"}}, nil
		}, isOpen)
	// The description is complete only when every route is there: it is made at
	// the first request.
	asJSON := sync.OnceValues(func() ([]byte, error) { return r.api.OpenAPI().MarshalJSON() })
	asYAML := sync.OnceValues(func() ([]byte, error) { return r.api.OpenAPI().YAML() })
	serve := func(kind string, text func() ([]byte, error)) http.HandlerFunc {
		return func(w http.ResponseWriter, req *http.Request) {
			b, err := text()
			if err != nil {
				report(req.Context(), r.s.log, "openapi", err)
				writeProblem(w, problem(err))
				return
			}
			w.Header().Set("Content-Type", kind)
			w.Write(b)
		}
	}
	r.mux.HandleFunc("GET /v1/openapi.json", serve("application/vnd.oai.openapi+json;version=3.1", asJSON))
	r.mux.HandleFunc("GET /v1/openapi.yaml", serve("application/vnd.oai.openapi;version=3.1", asYAML))
}

// Spec is the OpenAPI 3.1 description as YAML: what docs/openapi.yaml holds.
func Spec() ([]byte, error) {
	return newServer(&app.App{}, Options{}).routes().api.OpenAPI().YAML()
}
