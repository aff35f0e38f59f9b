package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// FieldError is a setting that cannot be used.
type FieldError struct {
	Field string // as in the YAML file
	Why   string
}

func (e *FieldError) Error() string { return e.Field + ": " + e.Why }

// Validate checks every setting and reports all that is wrong at once, each as a
// FieldError. It touches no file and no network.
func (c Config) Validate() error {
	var errs []error
	bad := func(field, why string, args ...any) {
		errs = append(errs, &FieldError{Field: field, Why: fmt.Sprintf(why, args...)})
	}
	if c.Data == "" {
		bad("data", "is empty")
	}
	for _, l := range []struct {
		field, addr string
		may         bool // be off
	}{
		{"api_listen", c.APIListen, false}, {"portal_listen", orOff(c.PortalListen), true}, {"phone_listen", c.PhoneListen, false},
		{"phone_plain_listen", c.PhonePlainListen, true}, {"sip_udp_listen", c.SIPUDPListen, true},
		{"sip_tcp_listen", c.SIPTCPListen, true}, {"sip_tls_listen", c.SIPTLSListen, true},
	} {
		if why := wrongAddress(l.addr, l.may); why != "" {
			bad(l.field, "%s", why)
		}
	}
	if why := c.wrongTransport(); why != "" {
		bad("transport", "%s", why)
	}
	c.validatePortal(bad)
	c.validateCalls(bad)
	if strings.ContainsAny(c.PublicHost, ":/@ ") && !isIPv6(c.PublicHost) {
		bad("public_host", "%q is not a host name or address; leave scheme and port out", c.PublicHost)
	}
	if strings.ContainsAny(c.Realm, "\"\\ ") || len(c.Realm) > 255 {
		bad("realm", "%q cannot be a SIP realm", c.Realm)
	}
	if c.TLSCert == "" && c.TLSKey != "" {
		bad("tls_cert", "is missing, tls_key is set")
	}
	if c.TLSCert != "" && c.TLSKey == "" {
		bad("tls_key", "is missing, tls_cert is set")
	}
	if c.Refetch < 5*time.Minute || c.Refetch > 24*time.Hour {
		bad("refetch", "%v is not between 5m and 24h", c.Refetch)
	}
	if n := c.FirmwareLimit; n < 0 || n > 4<<30 {
		bad("firmware_limit", "%d is not between 0 and 4294967296", n)
	}
	if n := c.PhoneUploadLimit; n < 0 || n > 16<<20 {
		bad("phone_upload_limit", "%d is not between 0 and 16777216", n)
	}
	if _, err := c.Proxies(); err != nil {
		bad("trusted_proxies", "%v", err)
	}
	if _, err := c.MetricsNetworks(); err != nil {
		bad("metrics_readers", "%v", err)
	}
	c.validateLegacy(bad)
	if _, err := c.PnP(); err != nil {
		bad("pnp_networks", "%v", err)
	}
	if _, err := c.Balancers(); err != nil {
		bad("phone_proxy_protocol", "%v", err)
	}
	if _, err := c.ClientCAs(); err != nil {
		bad("phone_client_ca", "%v", err)
	}
	if c.PhoneProxyCA != "" && len(c.TrustedProxies) == 0 {
		bad("phone_proxy_ca", "is set, but there are no trusted_proxies")
	}
	if c.Node == "" {
		bad("node", "is empty")
	}
	if !slices.Contains([]string{"debug", "info", "warn", "error"}, c.LogLevel) {
		bad("log_level", "%q is none of debug, info, warn, error", c.LogLevel)
	}
	return errors.Join(errs...)
}

func wrongAddress(addr string, mayBeOff bool) string {
	if addr == Off {
		if mayBeOff {
			return ""
		}
		return "cannot be off"
	}
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Sprintf("%q is not host:port or :port", addr)
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		return fmt.Sprintf("%q: the port is not between 0 and 65535", addr)
	}
	if strings.ContainsAny(host, "/ @") {
		return fmt.Sprintf("%q is not host:port or :port", addr)
	}
	return ""
}

func (c Config) wrongTransport() string {
	listen, ok := map[string]string{"udp": c.SIPUDPListen, "tcp": c.SIPTCPListen, "tls": c.SIPTLSListen}[c.Transport]
	switch {
	case !ok:
		return fmt.Sprintf("%q is none of udp, tcp, tls", c.Transport)
	case listen == Off:
		return fmt.Sprintf("phones are told %s, but sip_%s_listen is off", c.Transport, c.Transport)
	}
	return ""
}

func isIPv6(s string) bool {
	a, err := netip.ParseAddr(s)
	return err == nil && a.Is6()
}

// Proxies are the trusted proxies as networks; single addresses become one.
func (c Config) Proxies() ([]netip.Prefix, error) { return networks(c.TrustedProxies) }

// Balancers are those that speak the PROXY protocol, as networks.
func (c Config) Balancers() ([]netip.Prefix, error) { return networks(c.PhoneProxyProtocol) }

// MetricsNetworks are who may read metrics without a token, as networks.
func (c Config) MetricsNetworks() ([]netip.Prefix, error) { return networks(c.MetricsReaders) }

func networks(texts []string) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, s := range texts {
		if a, err := netip.ParseAddr(s); err == nil {
			a = a.Unmap() // as the addresses it is compared with
			out = append(out, netip.PrefixFrom(a, a.BitLen()))
			continue
		}
		p, err := netip.ParsePrefix(s)
		if err != nil {
			return nil, fmt.Errorf("%q is neither an address nor a network", s)
		}
		out = append(out, p.Masked())
	}
	return out, nil
}

// ClientCA is one entry of phone_client_ca.
type ClientCA struct {
	Driver, File string
	Legacy       bool
}

// ClientCAs reads phone_client_ca.
func (c Config) ClientCAs() (list []ClientCA, err error) {
	for _, s := range c.PhoneClientCA {
		driver, file, ok := strings.Cut(s, "=")
		x := ClientCA{Driver: strings.TrimSpace(driver), File: strings.TrimSpace(file)}
		x.File, x.Legacy = strings.CutPrefix(x.File, "legacy:")
		if !ok || x.Driver == "" || x.File == "" {
			return nil, fmt.Errorf("%q is not driver=file", s)
		}
		list = append(list, x)
	}
	return list, nil
}

// DSN is the database: what is set, or the SQLite file in the data directory.
func (c Config) DSN() string {
	if c.DB != "" {
		return c.DB
	}
	return filepath.Join(c.Data, "tischlein.db")
}

// Key is the path of the key file.
func (c Config) Key() string {
	if c.KeyFile != "" {
		return c.KeyFile
	}
	return filepath.Join(c.Data, "key")
}
