package server

import (
	"crypto/tls"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/config"
	"tischlein/internal/peer"
	"tischlein/internal/web"
)

// newPortal makes the portal's handler, nil when it is off.
func (s *Server) newPortal(proxies peer.Proxies) error {
	if s.lns.portal == nil {
		return nil
	}
	p, err := web.New(web.Config{
		App: s.app, BaseURL: s.PortalURL(), Service: s.cfg.PortalServiceName, TrustedProxies: proxies, Relay: s.cfg.MediaRelay != "", Log: s.log,
	})
	if err != nil {
		return fmt.Errorf("making the portal: %w", err)
	}
	s.web = p
	return nil
}

// portalTLS is nil where the portal speaks plain HTTP: on an address of this
// machine alone, for a proxy there or a first look. Passwords never cross a wire
// in the clear.
func (s *Server) portalTLS() *tls.Config {
	a, err := netip.ParseAddrPort(s.lns.portal.Addr().String())
	if err == nil && a.Addr().Unmap().IsLoopback() {
		return nil
	}
	return s.certs.tls()
}

// PortalURL is how browsers reach the portal, without a slash at its end; "" when
// it is off.
func (s *Server) PortalURL() string {
	if s.lns.portal == nil {
		return ""
	}
	if s.cfg.PortalBaseURL != "" {
		return strings.TrimSuffix(s.cfg.PortalBaseURL, "/")
	}
	scheme, host := "https", s.host
	if s.portalTLS() == nil {
		scheme = "http"
		host, _, _ = net.SplitHostPort(s.lns.portal.Addr().String())
	}
	return scheme + "://" + net.JoinHostPort(host, strconv.Itoa(port(s.lns.portal.Addr().String())))
}

// SetupURL is the one-time link for the first administrator; "" but at the very
// first start, and without a portal.
func (s *Server) SetupURL() string {
	if s.setup == "" || s.lns.portal == nil {
		return ""
	}
	return s.PortalURL() + "/welcome/" + s.setup.Reveal()
}

func portalSettings(cfg config.Config) app.PortalSettings {
	p := app.PortalSettings{SessionIdle: cfg.PortalSessionIdle, SessionLife: cfg.PortalSessionLife}
	for _, r := range cfg.PortalSecondFactor {
		p.SecondFactor = append(p.SecondFactor, auth.Role(r))
	}
	return p
}
