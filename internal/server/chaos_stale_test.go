package server

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"sync"
	"testing"

	"tischlein/internal/phonesim"
)

// router stands between a phone and the server. Its cache may have lost its mind:
// it then gives out what it has, however old.
type router struct {
	mu    sync.Mutex
	stale bool
	had   map[string][]byte // by path, until it is stale
	gave  int               // old copies
	conns map[net.Conn]bool
}

// newRouter listens at the address that phones are given, and passes on to where
// the server is.
func newRouter(t *testing.T, s *Server, dir, host string) *router {
	t.Helper()
	r := &router{had: map[string][]byte{}, conns: map[net.Conn]bool{}}
	ok := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	at := func(server string) net.Listener {
		_, port, err := net.SplitHostPort(server)
		ok(err)
		l, err := net.Listen("tcp", net.JoinHostPort(host, port))
		ok(err)
		return l
	}
	cert, err := tls.LoadX509KeyPair(filepath.Join(dir, leafFile), filepath.Join(dir, leafKeyFile))
	ok(err)
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM([]byte(s.RootCA()))
	files := s.Addrs().Phone
	out := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, ServerName: host}}
	proxy := &httputil.ReverseProxy{Transport: out, ModifyResponse: r.keep, Rewrite: func(q *httputil.ProxyRequest) {
		q.SetURL(&url.URL{Scheme: "https", Host: files})
		q.Out.Host = q.In.Host
	}}
	web := &http.Server{ReadHeaderTimeout: patience, Handler: http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if old := r.old(q.URL.Path); old != nil {
			_, _ = w.Write(old) // a phone that has gone asks again
			return
		}
		proxy.ServeHTTP(w, q)
	})}
	signalling := at(s.Addrs().SIP["tls"][0])
	var group sync.WaitGroup
	secure := tls.NewListener(at(files), &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12})
	group.Go(func() {
		if err := web.Serve(secure); !errors.Is(err, http.ErrServerClosed) {
			t.Errorf("Serve: %v", err)
		}
	})
	group.Go(func() {
		for {
			c, err := signalling.Accept()
			if err != nil {
				return
			}
			group.Go(func() { r.relay(t.Context(), c, s.Addrs().SIP["tls"][0]) })
		}
	})
	t.Cleanup(func() {
		_ = web.Close()
		_ = signalling.Close()
		r.cut()
		group.Wait()
		out.CloseIdleConnections()
	})
	return r
}

func (r *router) keep(res *http.Response) error {
	if res.StatusCode != http.StatusOK || res.Request.Method != http.MethodGet {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	body := new(kept)
	res.Body = struct {
		io.Reader
		io.Closer
	}{io.TeeReader(res.Body, body), closer{res.Body, func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		if !r.stale {
			r.had[res.Request.URL.Path] = *body
		}
	}}}
	return nil
}

type kept []byte

func (k *kept) Write(b []byte) (int, error) { *k = append(*k, b...); return len(b), nil }

type closer struct {
	io.Closer
	then func()
}

func (c closer) Close() error { c.then(); return c.Closer.Close() }

func (r *router) old(path string) []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.stale || r.had[path] == nil {
		return nil
	}
	r.gave++
	return r.had[path]
}

func (r *router) relay(ctx context.Context, c net.Conn, to string) {
	var d net.Dialer
	up, err := d.DialContext(ctx, "tcp", to)
	if err != nil {
		_ = c.Close()
		return
	}
	r.mu.Lock()
	r.conns[c], r.conns[up] = true, true
	r.mu.Unlock()
	var both sync.WaitGroup
	for _, pair := range [][2]net.Conn{{c, up}, {up, c}} {
		both.Go(func() {
			_, _ = io.Copy(pair[0], pair[1]) // either end may go
			_ = pair[0].Close()
		})
	}
	both.Wait()
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.conns, c)
	delete(r.conns, up)
}

// cut drops what runs through it.
func (r *router) cut() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for c := range maps.Keys(r.conns) {
		_ = c.Close()
	}
}

// restart is what somebody does with such a router.
func (r *router) restart() {
	r.mu.Lock()
	r.stale = false
	r.mu.Unlock()
	r.cut()
}

func (r *router) stales() (given int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stale = true
	return r.gave
}

// The phone does as it was told, and gets the revision that it had: neither does
// the server take that for a fetch, nor is the link lost: the phone's next look at
// the server finds it.
func TestP10_OldFileFromACacheOnTheWay(t *testing.T) {
	t.Parallel()
	for n, row := range troubled {
		t.Run(row, func(t *testing.T) {
			t.Parallel()
			cfg := testConfig(t.TempDir())
			cfg.PublicHost = "127.7.7." + string(rune('1'+n))
			here := "127.8.7." + string(rune('1'+n)) + ":0"
			cfg.PhoneListen, cfg.SIPTLSListen = here, here
			s, _ := start(t, cfg)
			r := newRouter(t, s, cfg.Data, cfg.PublicHost)
			w := &walk{desk: newDeskOf(t, s, row, makers[row].model, makers[row].mac), maker: makers[row], told: true}
			w.fromItsBox(phonesim.Vendor(row))

			r.stales()
			w.link()
			until(t, "the cache was not asked", func() bool { return r.stales() > 0 })
			w.lacks("fetched", "older configuration")
			if w.p.State().Display == "Ada Wirt" {
				t.Error("the phone knows what it cannot")
			}
			r.restart()
			w.shows(w.p, "Registriert")
			if !w.p.TimePasses() { // a push that was answered is not sent again (C05)
				t.Error("the phone does not look for changes by itself")
			}
			w.shows(w.p, "Ada Wirt")
			w.settled()
		})
	}
}
