package browser

import (
	"context"
	"net"
	"net/http"
	"testing"
	"time"

	"tischlein/internal/server"
	"tischlein/internal/web"
)

// portalOf serves the server's portal and gives its address.
func portalOf(t testing.TB, s *server.Server) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p, err := web.New(web.Config{App: s.App(), BaseURL: "http://" + l.Addr().String(), Heartbeat: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cut := context.WithCancel(context.Background())
	h := &http.Server{Handler: p, ReadHeaderTimeout: time.Minute, BaseContext: func(net.Listener) context.Context { return ctx }}
	go func() { _ = h.Serve(l) }()
	t.Cleanup(func() { cut(); _ = h.Close() })
	return l.Addr().String()
}
