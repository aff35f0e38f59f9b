package web

import (
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/peer"
	"tischlein/internal/telephony"
	"tischlein/internal/web/static"
)

// Config is what New needs; App has no default.
type Config struct {
	App *app.App
	// BaseURL is how browsers reach the portal: scheme and host, no slash at the
	// end. https makes cookies Secure.
	BaseURL        string
	Service        string // name of the service in the menu, "" = Enreach Contact
	TrustedProxies peer.Proxies
	Log            *slog.Logger     // nil: the default logger
	Now            func() time.Time // nil: the clock of the machine
	Relay          bool             // media can be relayed between phones that do not reach each other (C13)
	Heartbeat      time.Duration    // between signs of life on event streams, 0 = 15 s
	Turn           time.Duration    // in which the list of customers hears what changed, 0 = 1 s
}

// Portal is the whole portal as a handler.
type Portal struct {
	app     *app.App
	cfg     Config
	log     *slog.Logger
	now     func() time.Time
	secure  bool // cookies over HTTPS only
	streams streams
	handler http.Handler
}

// DefaultService is the service's name in the menu where none is set.
const DefaultService = "Enreach Contact"

// New makes the portal. It fails on a base URL that is none.
func New(cfg Config) (*Portal, error) {
	base, err := url.Parse(cfg.BaseURL)
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" || strings.Trim(base.Path, "/") != "" {
		return nil, errors.New("web: the base URL must be scheme and host, such as https://portal.example")
	}
	if cfg.Service == "" {
		cfg.Service = DefaultService
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Heartbeat <= 0 {
		cfg.Heartbeat = 15 * time.Second
	}
	if cfg.Turn <= 0 {
		cfg.Turn = time.Second
	}
	p := &Portal{app: cfg.App, cfg: cfg, log: cfg.Log, now: cfg.Now, secure: base.Scheme == "https", streams: streams{open: map[string]int{}}}
	mux := http.NewServeMux()
	mux.Handle("GET /static/", static.Handler())
	for _, r := range Routes() {
		mux.Handle(r.Method+" "+r.Pattern, p.route(r))
	}
	mux.Handle("/", p.route(Route{Reach: Open, Handle: func(*Portal, *Call) error { return telephony.NotFoundf("page") }}))
	p.handler = p.survive(p.headers(p.sameOrigin(base, bounded(mux))))
	return p, nil
}

func (p *Portal) ServeHTTP(w http.ResponseWriter, r *http.Request) { p.handler.ServeHTTP(w, r) }

// URL is the portal's address of a path.
func (p *Portal) URL(path string) string { return strings.TrimSuffix(p.cfg.BaseURL, "/") + path }

// route is the way of every request: who asks, whose page it is, may they, and
// then the handler; what it returns as an error becomes a page.
func (p *Portal) route(r Route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		c := &Call{W: w, R: req, portal: p, From: p.cfg.TrustedProxies.Source(req)}
		err := p.admit(c, r)
		if errors.Is(err, errElsewhere) {
			return
		}
		if err == nil {
			err = r.Handle(p, c)
		}
		if r.Keeps && telephony.CodeOf(err) == telephony.Unauthenticated {
			p.keep(c)
		}
		if err != nil {
			p.fail(c, err)
		}
	})
}

// errElsewhere says that the request was led elsewhere.
var errElsewhere = errors.New("led elsewhere")

// admit finds out who asks and lets them through to what is theirs.
func (p *Portal) admit(c *Call, r Route) error {
	err := p.recognise(c)
	if r.Reach == Open && (err == nil || telephony.CodeOf(err) == telephony.Unauthenticated) {
		return nil
	}
	if err != nil {
		return err
	}
	if r.Reach != Entering && p.halfway(c) {
		return errElsewhere
	}
	if err := p.among(c, r); err != nil {
		return err
	}
	c.since = p.app.Events.Last()
	if r.Reach == OfCustomer {
		x, err := p.app.Customers.Get(c.R.Context(), c.Actor, c.R.PathValue("customer"))
		if err != nil {
			return err
		}
		c.Customer = &x
		c.useZone(x.TimeZone)
	}
	if r.Scope != "" && !c.Actor.Can(r.Scope) {
		return auth.Denied(r.Scope)
	}
	return nil
}

func (p *Portal) survive(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			v := recover()
			if v == nil {
				return
			}
			if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(v)
			}
			p.log.ErrorContext(r.Context(), "portal panicked", "method", r.Method, "err", v, "stack", string(debug.Stack()))
			c := &Call{W: w, R: r, portal: p}
			p.fail(c, &telephony.Error{Code: telephony.Internal, Message: "panic"})
		}()
		next.ServeHTTP(w, r)
	})
}

const maxBody = 1 << 20 // bytes of a request body

func bounded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost || r.URL.Path != "/firmware/files" { // bounded by who takes it
			r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		}
		next.ServeHTTP(w, r)
	})
}
