package phonesim

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"net/netip"
	"time"
)

// transportKey is what must be equal for two phones to share connections: a
// pooled connection keeps its source address and its trust.
type transportKey struct {
	addr netip.Addr
	cas  *x509.CertPool
	cert *tls.Certificate
	off  time.Duration
}

// transport gives the phone's HTTP connections for one chain, and what to do
// with them afterwards. p.mu is held.
func (p *Phone) transport() (*http.Transport, func()) {
	switch p.fleet.cfg.Reuse {
	case ReusePhone:
		if p.kept == nil {
			p.kept = p.fleet.newTransport(p.cfg)
		}
		t, f := p.kept, p.fleet
		return t, func() {
			if f.isClosed() { // Close came while we fetched: nobody else will tidy
				t.CloseIdleConnections()
			}
		}
	case ReuseShared:
		return p.fleet.sharedTransport(p.cfg), func() {}
	default:
		t := p.fleet.newTransport(p.cfg)
		return t, t.CloseIdleConnections
	}
}

// dropTransport closes what the phone keeps open.
func (p *Phone) dropTransport() {
	if p.kept != nil {
		p.kept.CloseIdleConnections()
		p.kept = nil
	}
}

func (f *Fleet) sharedTransport(c Config) *http.Transport {
	k := transportKey{c.Address, c.RootCAs, c.ClientCertificate, c.ClockOff}
	f.mu.Lock()
	defer f.mu.Unlock()
	t := f.shared[k]
	if t == nil {
		t = f.newTransport(c)
		f.shared[k] = t
	}
	return t
}

func (f *Fleet) newTransport(c Config) *http.Transport {
	conf := f.tlsConfig(&c, "")
	if f.cfg.TLSResumption {
		conf.ClientSessionCache = tls.NewLRUClientSessionCache(4)
	}
	return &http.Transport{
		DialContext: func(ctx context.Context, _, hostport string) (net.Conn, error) {
			return f.dial(ctx, c.Address, hostport)
		},
		TLSClientConfig:     conf,
		MaxIdleConnsPerHost: 64,
		DisableCompression:  true, // phones do not offer gzip
	}
}
