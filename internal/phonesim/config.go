package phonesim

import (
	"crypto/tls"
	"crypto/x509"
	"log/slog"
	"net/netip"
	"runtime"
	"time"
)

// Vendor chooses whose firmware a phone imitates.
type Vendor string

// The firmwares that exist.
const (
	Yealink  Vendor = "yealink"
	Snom     Vendor = "snom"
	Linphone Vendor = "linphone"
	Generic  Vendor = "generic" // credentials typed in, fetches nothing (D27)
)

// Config describes one phone as it leaves its box.
type Config struct {
	Vendor   Vendor
	Model    string // "T46U", "D785"; empty: a usual one of the vendor
	Firmware string // empty: a usual one of the model
	MAC      MAC    // not used by Linphone, which has none
	// Handset is which of a DECT base's handsets the phone is, counted over those
	// that have an account. 0: the first.
	Handset int

	// ProvisioningURL is what DHCP, a redirect service or a person gave the phone.
	// Vendor macros ($MAC, {mac}) are allowed.
	ProvisioningURL string
	// PnP: without a URL the phone asks its LAN for one (SIP-PnP). It then needs an
	// Address of its own there.
	PnP bool
	// HTTPUser and HTTPPassword answer 401 on the configuration server until a
	// file delivers others.
	HTTPUser, HTTPPassword string

	// RootCAs are the only authorities this phone trusts, for HTTPS and SIP over
	// TLS. Nil: the fleet's.
	RootCAs *x509.CertPool
	// ClockOff is how far the phone's clock is from the right time. It checks
	// certificates by it.
	ClockOff time.Duration
	// ClientCertificate is the maker's certificate (P03 a), nil for none.
	ClientCertificate *tls.Certificate

	// Address is the source of all its traffic. Zero: 127.0.0.1. 0.0.0.0 lets the
	// kernel choose, which is right when the server is on another machine.
	Address netip.Addr
	// OwnSocket gives the phone a UDP socket, hence a port, for itself: several
	// such phones on one Address look like phones behind one NAT.
	OwnSocket bool

	BootDelay time.Duration // from power to first packet
	Language  string        // "de" (default), "en", "nl": until a file sets another
	MD5Only   bool          // old firmware: SHA-256 challenges are not understood

	// NoInstance leaves +sip.instance out, as simple devices do (C03).
	NoInstance bool

	Account *Credentials // what was typed in; Generic only
	Calls   Answering    // what it does when it is called
	OnEvent func(Event)  // in order, never concurrently for one phone
}

// Credentials are what one types into a generic device.
type Credentials struct {
	Registrar string // "sip:host:port"
	Transport string // "udp", "tcp", "tls"
	User      string
	AuthUser  string // empty: User
	Password  string
	Realm     string // empty: any
	Display   string
	Expires   int // seconds; 0: 3600
}

// Reuse says how long a phone keeps its HTTP connection.
type Reuse int

// The ways to keep HTTP connections.
const (
	ReuseChain  Reuse = iota // one connection per file chain, as real phones do
	ReusePhone               // kept open between chains
	ReuseShared              // phones of one address share a pool of connections
)

// FleetConfig is what all phones of a fleet have in common. The zero value works.
type FleetConfig struct {
	SocketsPerAddress int // shared UDP sockets per source address; 0: one per CPU
	MaxFetches        int // file chains under way at once; 0: 256
	MaxDials          int // SIP connections being opened at once; 0: 256
	Reuse             Reuse

	RootCAs *x509.CertPool // for phones without their own; nil: the system's
	// DangerouslyTrustAnyCertificate switches off certificate checks. For the
	// demo only; it makes every statement about trust worthless.
	DangerouslyTrustAnyCertificate bool
	TLSResumption                  bool // off: every handshake is a full one

	// Hosts answers names before DNS does, for HTTP and SIP alike.
	Hosts map[string]netip.Addr

	// T1 is RFC 3261's round-trip estimate. 0: 500 ms.
	T1 time.Duration
	// RetryBase is the first pause after a failed registration or file chain; it
	// doubles up to 16 times. 0: 30 s.
	RetryBase time.Duration
	// KeepAlive is the distance of CRLF pings on a registered flow. 0: 25 s, < 0: none.
	KeepAlive time.Duration

	// Compact keeps only settings that the phone itself acts on. Saves several
	// kilobytes per phone; Setting then knows fewer keys.
	Compact bool

	OnEvent func(Event) // concurrently from many phones
	Log     *slog.Logger
}

func (c FleetConfig) withDefaults() FleetConfig {
	orInt := func(v *int, d int) {
		if *v <= 0 {
			*v = d
		}
	}
	orInt(&c.SocketsPerAddress, runtime.GOMAXPROCS(0))
	orInt(&c.MaxFetches, 256)
	orInt(&c.MaxDials, 256)
	if c.T1 <= 0 {
		c.T1 = 500 * time.Millisecond
	}
	if c.RetryBase <= 0 {
		c.RetryBase = 30 * time.Second
	}
	if c.KeepAlive == 0 {
		c.KeepAlive = 25 * time.Second
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c
}
