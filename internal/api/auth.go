package api

import (
	"context"
	"net/http"
	"net/netip"
	"strings"

	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

type contextKey int

const (
	actorKey contextKey = iota
	peerKey
)

func actorOf(ctx context.Context) auth.Actor {
	a, _ := ctx.Value(actorKey).(auth.Actor)
	return a
}

func peerOf(ctx context.Context) netip.Addr {
	a, _ := ctx.Value(peerKey).(netip.Addr)
	return a
}

// open are the paths that need no token. Everything else does.
var open = map[string]bool{"/v1/healthz": true, "/v1/setup": true, "/v1/openapi.json": true, "/v1/openapi.yaml": true}

// authenticator finds out who a bearer token belongs to (RFC 6750).
type authenticator func(ctx context.Context, token string, from netip.Addr) (auth.Actor, error)

// admit lets a request through with its actor and peer in the context. A source
// that failed too often is refused before anything is looked up, so that
// guessing costs the guesser more than us; good tokens from there must wait too.
func (s *server) admit(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		from := s.proxies.Source(r)
		ctx := context.WithValue(r.Context(), peerKey, from)
		if r.URL.Path == "/v1/setup" {
			s.admitSetup(w, r.WithContext(ctx), from, next)
			return
		}
		if open[r.URL.Path] {
			next.ServeHTTP(w, r.WithContext(ctx))
			return
		}
		if !s.guesses.Allowed(from) {
			tooMany(w)
			return
		}
		token, ok := bearer(r)
		if !ok {
			unauthenticated(w, `Bearer realm="tischlein"`, "this needs an API token: Authorization: Bearer <token>", "token_missing")
			return
		}
		actor, err := s.authenticate(ctx, token, from)
		if telephony.CodeOf(err) == telephony.Unauthenticated {
			s.guesses.Failed(from)
			unauthenticated(w, `Bearer realm="tischlein", error="invalid_token"`, "this API token is unknown, revoked or expired", "token_invalid")
			return
		}
		if err != nil {
			report(ctx, s.log, "authenticate", err)
			writeProblem(w, problem(err))
			return
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(ctx, actorKey, actor)))
	})
}

// admitSetup counts a refused setup token as a guess.
func (s *server) admitSetup(w http.ResponseWriter, r *http.Request, from netip.Addr, next http.Handler) {
	if !s.guesses.Allowed(from) {
		tooMany(w)
		return
	}
	seen := &statusWriter{ResponseWriter: w}
	next.ServeHTTP(seen, r)
	if seen.status >= 400 && seen.status < 500 {
		s.guesses.Failed(from)
	}
}

type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

func bearer(r *http.Request) (string, bool) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	token = strings.TrimSpace(token)
	return token, strings.EqualFold(scheme, "Bearer") && token != "" && len(token) <= 256
}

func unauthenticated(w http.ResponseWriter, challenge, message, reason string) {
	w.Header().Set("WWW-Authenticate", challenge)
	writeProblem(w, problem(&telephony.Error{Code: telephony.Unauthenticated, Reason: reason, Message: message}))
}

func tooMany(w http.ResponseWriter) {
	w.Header().Set("Retry-After", "10")
	writeProblem(w, problem(&telephony.Error{Code: telephony.TooMany, Reason: "too_many_failures", Message: "too many wrong tokens came from your address; wait a little"}))
}
