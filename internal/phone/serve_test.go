package phone

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// serve runs a real server on loopback and returns where.
func serve(t *testing.T, st *stage) (secure, plain string, roots *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tpl := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, tpl, tpl, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, _ := x509.ParseCertificate(der)
	roots = x509.NewCertPool()
	roots.AddCert(cert)
	listen := func() net.Listener {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	a, b := listen(), listen()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- st.Serve(ctx, a, b, &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}})
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("serving: %v", err)
		}
	})
	return a.Addr().String(), b.Addr().String(), roots
}

func TestServe(t *testing.T) {
	for _, tickets := range []bool{true, false} {
		t.Run(fmt.Sprint("tickets=", tickets), func(t *testing.T) {
			f := newFake("yealink", yealinkMAC)
			st := newStage(t, f, func(c *Config) { c.NoSessionTickets = !tickets })
			// A fetch is noted after its answer: all are once the server has ended. The
			// second follows at once and says nothing new.
			t.Cleanup(func() {
				if len(f.fetches) != 1 || f.fetches[0].From.String() != "127.0.0.1" {
					t.Errorf("fetches: %+v", f.fetches)
				}
			})
			secure, plain, roots := serve(t, st)
			tc := &tls.Config{RootCAs: roots, ClientSessionCache: tls.NewLRUClientSessionCache(4)}
			var resumed bool
			for range 2 {
				c := &http.Client{Transport: &http.Transport{TLSClientConfig: tc, DisableKeepAlives: true}}
				resp, err := c.Get("https://" + secure + "/d/" + ownToken + "/" + yealinkMAC + ".cfg")
				if err != nil {
					t.Fatal(err)
				}
				body, err := io.ReadAll(resp.Body)
				resp.Body.Close()
				if err != nil || resp.StatusCode != 200 || !strings.Contains(string(body), sipSecret) {
					t.Fatalf("%d %v %q", resp.StatusCode, err, body)
				}
				resumed = resp.TLS.DidResume
			}
			if resumed != tickets {
				t.Errorf("resumed %v, want %v", resumed, tickets)
			}
			resp, err := http.Get("http://" + plain + "/d/" + ownToken + "/" + yealinkMAC + ".cfg")
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if resp.StatusCode != 404 {
				t.Errorf("a token over plain HTTP: %d", resp.StatusCode)
			}
		})
	}
}

func TestP13_BodyOfAnUploadIsNotRead(t *testing.T) {
	st := newStage(t, newFake("yealink", yealinkMAC))
	_, plain, _ := serve(t, st)
	c, err := net.Dial("tcp", plain)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(20 * time.Second))
	// The body never comes: the answer must not wait for it.
	fmt.Fprintf(c, "PUT /%s-boot.log HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n", yealinkMAC)
	resp, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != 405 || !resp.Close || resp.ContentLength != 0 {
		t.Errorf("%+v", resp)
	}
}

func TestHeadersAreLimited(t *testing.T) {
	st := newStage(t, newFake("yealink", yealinkMAC))
	_, plain, _ := serve(t, st)
	r, _ := http.NewRequest("GET", "http://"+plain+"/"+yealinkMAC+".cfg", nil)
	r.Header.Set("User-Agent", strings.Repeat("x", 24<<10))
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		// The server may close before it has taken all of it.
		if ne := (*net.OpError)(nil); !errors.As(err, &ne) && !errors.Is(err, io.EOF) {
			t.Fatal(err)
		}
		return
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("status %d", resp.StatusCode)
	}
}

// The answer of a device's own file, without the HTTP around it (Q03).
func BenchmarkQ03_HotFile(b *testing.B) {
	st := newStage(b, newFake("yealink", yealinkMAC))
	r := httptest.NewRequest("GET", "/", nil)
	r.URL = &url.URL{Path: "/d/" + ownToken + "/" + yealinkMAC + ".cfg"}
	r.RemoteAddr = "203.0.113.10:4711"
	r.Header.Set("User-Agent", yealinkUA)
	w := &discard{h: http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		clear(w.h)
		w.n = 0
		st.Handler().ServeHTTP(w, r)
		st.fake.fetches = st.fake.fetches[:0]
	}
	if w.n < 1000 {
		b.Fatalf("%d bytes sent", w.n)
	}
}

// What a scan costs per invented MAC (Q05).
func BenchmarkQ05_UnknownMAC(b *testing.B) {
	st := newStage(b, newFake("yealink", yealinkMAC))
	r := httptest.NewRequest("GET", "/", nil)
	r.RemoteAddr = "203.0.113.10:4711"
	r.Header.Set("User-Agent", yealinkUA)
	w := &discard{h: http.Header{}}
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		clear(w.h)
		r.URL = &url.URL{Path: fmt.Sprintf("/805ec0%06x.cfg", n&0xffffff)}
		st.Handler().ServeHTTP(w, r)
	}
}

type discard struct {
	h http.Header
	n int
}

func (d *discard) Header() http.Header         { return d.h }
func (d *discard) WriteHeader(int)             {}
func (d *discard) Write(p []byte) (int, error) { d.n += len(p); return len(p), nil }
func (d *discard) FlushError() error           { return nil }
