package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/call"
	"tischlein/internal/config"
	"tischlein/internal/discovery/pnp"
	"tischlein/internal/discovery/redirect"
	"tischlein/internal/jobs"
	"tischlein/internal/metrics"
	"tischlein/internal/phone"
	"tischlein/internal/provision/drivers"
	"tischlein/internal/reconcile"
	"tischlein/internal/relay"
	"tischlein/internal/sip"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
	"tischlein/internal/voice"
)

// Server is a whole installation. Make it with Open; its listeners are then
// open, and Run serves them.
type Server struct {
	cfg   config.Config
	log   *slog.Logger
	host  string
	setup telephony.Secret

	db      *storage.DB
	app     *app.App
	certs   *certificates
	lns     listeners
	sip     *sip.Server
	calls   *call.Server
	places  *call.Locations
	voice   *voice.Engine
	relay   *relay.RTPEngine // nil: media goes directly
	phone   *phone.Server
	api     http.Handler
	web     http.Handler // nil: no portal
	loop    *reconcile.Loop
	figures *metrics.Metrics
	links   *metrics.Links
	jobs    *jobs.Runner
	pnp     *pnp.Responder // nil: off

	redirects map[string]redirect.Redirector // by service
	legacy    *legacy                        // nil: off
}

// Open checks the configuration, makes what is missing in the data directory,
// opens the database and all listeners. A port in use is an error here. When it
// fails, everything is closed again.
func Open(ctx context.Context, cfg config.Config, log *slog.Logger) (s *Server, err error) {
	if err := cfg.Validate(); err != nil {
		return nil, fmt.Errorf("checking the configuration: %w", err)
	}
	s = &Server{cfg: cfg, log: log, host: publicHost(cfg)}
	defer func() {
		if err != nil {
			_ = s.Close() // the first error is the one to tell
		}
	}()
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		return s, fmt.Errorf("making the data directory: %w", err)
	}
	key, err := auth.LoadKey(cfg.Key())
	if err != nil {
		return s, err
	}
	if s.db, err = storage.Open(ctx, cfg.DSN(), time.Now); err != nil {
		return s, fmt.Errorf("opening the database: %w", err)
	}
	if s.certs, err = loadCertificates(cfg, s.host, time.Now); err != nil {
		return s, err
	}
	if s.lns, err = listen(ctx, cfg); err != nil {
		return s, err
	}
	return s, s.build(ctx, key)
}

// build makes the parts. The registrar's sockets come before the use cases, which
// tell phones the ports, and it is answered by them only once it runs.
func (s *Server) build(ctx context.Context, key *auth.Key) error {
	realm, err := realmOf(ctx, s.db, s.cfg.Realm)
	if err != nil {
		return err
	}
	s.figures = metrics.New()
	s.links = metrics.NewLinks(s.figures.Linked, time.Now)
	house := &house{realm: realm, metrics: s.figures, links: s.links}
	if err := s.newCalls(house); err != nil {
		return err
	}
	if s.sip, err = s.newRegistrar(house, realm); err != nil {
		return err
	}
	s.calls.Attach(s.sip)
	if err := s.newPnP(); err != nil {
		return err
	}
	services, err := s.newRedirects()
	if err != nil {
		return err
	}
	s.app, s.setup, err = app.Open(ctx, app.Config{
		DB: s.db, Key: key, Drivers: drivers.All(), Log: s.log, Now: time.Now,
		Settings: app.Settings{
			Realm: realm, Node: s.cfg.Node, BaseURL: s.BaseURL(), SIP: s.sipServers(),
			Transport: s.cfg.Transport, RootCA: s.certs.rootCA, Refetch: s.cfg.Refetch, Portal: portalSettings(s.cfg),
			FirmwareDir: filepath.Join(s.cfg.Data, "firmware"), FirmwareMost: s.cfg.FirmwareLimit,
			Redirects: services,
		},
	})
	if err != nil {
		return fmt.Errorf("opening the installation: %w", err)
	}
	house.app = s.app
	proxies, err := s.cfg.Proxies()
	if err != nil {
		return err
	}
	makers, proxyCAs, err := loadMakers(s.cfg)
	if err != nil {
		return err
	}
	serving := phone.Config{
		Makers: makers, ProxyCAs: proxyCAs,
		Registry: drivers.All(), Devices: devices{s.app}, Keys: keys{s.app}, Key: key, URL: s.BaseURL() + "/", RootCA: s.certs.rootCA,
		Sending:        phone.Sending{Uploads: uploads{s.app}, UploadMost: s.cfg.PhoneUploadLimit, Images: s.app.Firmware},
		TrustedProxies: proxies, NoSessionTickets: !s.cfg.SessionTickets, Log: s.log,
	}
	if s.phone, err = phone.New(serving); err != nil {
		return fmt.Errorf("making the phones' web server: %w", err)
	}
	if err := s.newLegacy(ctx, serving); err != nil {
		return err
	}
	if s.api, err = s.rest(proxies); err != nil {
		return err
	}
	s.measure()
	if err := s.newPortal(proxies); err != nil {
		return err
	}
	s.loop = reconcile.New(reconcile.Config{Queue: queue{s.app, s.figures}, Notifier: s.sip, Log: s.log})
	s.jobs = s.newJobs()
	s.app.Wire(app.Ports{
		Wake:      func() { s.loop.Wake(); s.jobs.Wake(sweep) },
		Rollouts:  func() { s.jobs.Wake(roll) },
		Redirects: func() { s.jobs.Wake(redirectEntries) },
		Devices:   s.phones(),
		Registrar: s.sip,
		Calls:     callMemory{s},
		LoggedIn:  s.figures.LoggedIn,
	})
	return nil
}

// App is the use cases, for who runs in the same process.
func (s *Server) App() *app.App { return s.app }

// SetupToken is the one-time token for the first administrator; "" but at the
// very first start.
func (s *Server) SetupToken() telephony.Secret { return s.setup }

// Run serves until ctx ends or a part fails, then ends the parts in the order in
// which they need each other: edges first, records last. Nothing that was
// answered is lost.
func (s *Server) Run(ctx context.Context) error {
	flushing, flush := context.WithCancel(context.WithoutCancel(ctx))
	flushed := make(chan struct{})
	go func() {
		s.app.Run(flushing)
		close(flushed)
	}()
	asked := ctx
	parts, ctx := errgroup.WithContext(ctx)
	parts.Go(func() error {
		if err := s.calls.Load(ctx); err != nil { // first: a phone may speak of its call at once
			return err
		}
		return s.sip.Run(ctx)
	})
	parts.Go(func() error { s.calls.Run(ctx); return nil })
	parts.Go(func() error {
		select {
		case <-s.sip.Loaded(): // now the phones can be found
			s.calls.Remind(ctx)
		case <-ctx.Done():
		}
		return nil
	})
	parts.Go(func() error {
		return s.phone.Serve(ctx, s.proxied(s.lns.phone), s.proxied(s.lns.plain), s.certs.tls())
	})
	parts.Go(func() error { return serveHTTP(ctx, "API", s.lns.api, nil, s.api, s.log) })
	if s.web != nil {
		parts.Go(func() error { return serveHTTP(ctx, "portal", s.lns.portal, s.portalTLS(), s.web, s.log) })
	}
	parts.Go(func() error {
		// Before the bindings are back, a due push would find nobody and then
		// wait for a registration that a phone with a live binding need not send.
		select {
		case <-s.sip.Loaded():
			s.loop.Run(ctx)
		case <-ctx.Done():
		}
		return nil
	})
	parts.Go(func() error { s.jobs.Run(ctx); return nil })
	parts.Go(func() error { s.app.Measures.Linked(ctx, s.links.Began, s.links.Gone); return nil })
	if l := s.legacy; l != nil {
		parts.Go(func() error { return l.phone.Serve(ctx, s.proxied(l.ln), nil, l.tls()) })
	}
	if s.pnp != nil {
		parts.Go(func() error { return s.pnp.Run(ctx) })
	}
	err := errors.Join(parts.Wait(), s.endCalls(ctx))
	flush()
	<-flushed
	if asked.Err() != nil && errors.Is(err, context.Canceled) {
		return nil // ended while a part was still starting
	}
	return err
}

// Close releases what Open took. Call it after Run has returned.
func (s *Server) Close() error {
	var errs []error
	if s.sip != nil {
		errs = append(errs, s.sip.Close())
	}
	if s.pnp != nil {
		errs = append(errs, s.pnp.Close())
	}
	if s.legacy != nil {
		if err := s.legacy.ln.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	errs = append(errs, s.endCalls(context.Background()))
	for _, l := range []net.Listener{s.lns.api, s.lns.portal, s.lns.phone, s.lns.plain} {
		if l == nil {
			continue
		}
		if err := l.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	if s.db != nil {
		errs = append(errs, s.db.Close())
	}
	return errors.Join(errs...)
}
