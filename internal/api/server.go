package api

import (
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/peer"
	"tischlein/internal/telephony"
)

const maxBody = 1 << 20 // bytes of a request body

// Options are what the API needs besides the use cases.
type Options struct {
	Log            *slog.Logger     // nil: the default logger
	Now            func() time.Time // nil: the clock of the machine
	Heartbeat      time.Duration    // between signs of life on event streams, 0 = 15 s
	TrustedProxies peer.Proxies     // whose X-Forwarded-For counts
	Metrics        http.Handler     // nil: there is no /metrics
	MetricsReaders peer.Proxies     // addresses that need no token for it
}

type server struct {
	app          *app.App
	answers      answers
	authenticate authenticator
	guesses      *peer.Guesses
	flights      inFlight
	proxies      peer.Proxies
	log          *slog.Logger
	heartbeat    time.Duration
}

// New is the whole API, to be served under /v1/ on any listener.
func New(a *app.App, o Options) http.Handler {
	s := newServer(a, o)
	s.answers, s.authenticate = a, a.Tokens.Authenticate
	r := s.routes()
	return s.measured(o, s.guard(r.secret, r.mux))
}

func newServer(a *app.App, o Options) *server {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Heartbeat <= 0 {
		o.Heartbeat = 15 * time.Second
	}
	return &server{app: a, guesses: peer.NewGuesses(o.Now), proxies: o.TrustedProxies, log: o.Log, heartbeat: o.Heartbeat}
}

// guard is what every request passes before its operation, in this order:
// panics are caught, the asker is known, the body is bounded, the route exists,
// a repetition is recognised.
func (s *server) guard(secret func(*http.Request) bool, mux *http.ServeMux) http.Handler {
	usual := bounded(known(mux, s.repeatable(secret, mux)))
	return s.survive(s.admit(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isFirmwareUpload(r) {
			s.addFirmware(w, r)
			return
		}
		usual.ServeHTTP(w, r)
	})))
}

func (s *server) survive(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			v := recover()
			if v == nil {
				return
			}
			if err, is := v.(error); is && errors.Is(err, http.ErrAbortHandler) {
				panic(v)
			}
			s.log.ErrorContext(r.Context(), "api panicked", "method", r.Method, "err", v, "stack", string(debug.Stack()))
			writeProblem(w, problem(&telephony.Error{Code: telephony.Internal}))
		}()
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		next.ServeHTTP(w, r)
	})
}

// bounded refuses large bodies: by their announced length at once, else when
// that much was read.
func bounded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength > maxBody {
			w.Header().Set("Connection", "close")
			writeProblem(w, tooLarge())
			return
		}
		r.Body = &limitedBody{http.MaxBytesReader(w, r.Body, maxBody)}
		next.ServeHTTP(w, r)
	})
}

// known answers what no route serves, which the mux would do in plain text.
func known(mux *http.ServeMux, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h, pattern := mux.Handler(r)
		if pattern != "" {
			next.ServeHTTP(w, r)
			return
		}
		rec := &recorder{header: http.Header{}}
		h.ServeHTTP(rec, r)
		p := problem(telephony.NotFoundf("this path"))
		if rec.code() == http.StatusMethodNotAllowed {
			w.Header().Set("Allow", rec.header.Get("Allow"))
			p = &Problem{
				Type: "about:blank", Title: http.StatusText(rec.code()), Status: rec.code(), Code: telephony.NotFound, Reason: "method_not_allowed",
				Detail: "this path knows " + rec.header.Get("Allow") + " only",
			}
		}
		writeProblem(w, p)
	})
}
