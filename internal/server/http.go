package server

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// grace is how long requests under way may take after the end was called; event
// streams, which never end by themselves, are cut before.
const (
	grace       = 5 * time.Second
	streamGrace = 500 * time.Millisecond
)

// serveHTTP answers until ctx ends, over TLS if there is a configuration for it. It
// closes l.
func serveHTTP(ctx context.Context, what string, l net.Listener, secure *tls.Config, h http.Handler, log *slog.Logger) error {
	base, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	srv := &http.Server{
		Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 32 << 10, BaseContext: func(net.Listener) context.Context { return base },
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug), TLSConfig: secure,
	}
	ended := make(chan error, 1)
	go func() {
		if secure == nil {
			ended <- srv.Serve(l)
			return
		}
		ended <- srv.ServeTLS(l, "", "") // with HTTP/2: an event stream takes no connection from the pages
	}()
	select {
	case err := <-ended:
		return fmt.Errorf("serving the %s: %w", what, err)
	case <-ctx.Done():
	}
	defer time.AfterFunc(streamGrace, cut).Stop()
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	if err := srv.Shutdown(end); err != nil {
		_ = srv.Close() // it was asked politely
	}
	if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serving the %s: %w", what, err)
	}
	return nil
}
