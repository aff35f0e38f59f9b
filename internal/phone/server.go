package phone

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"tischlein/internal/auth"
	"tischlein/internal/peer"
	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// Config is what New needs; Registry, Devices and URL have no default.
type Config struct {
	Registry *provision.Registry
	Devices  Devices
	// Keys answers the keys of phones; nil: they have no pages.
	Keys Keys
	// Key seals what one page hands to the next; all nodes need the same. Default:
	// one of its own.
	Key *auth.Key
	// URL is the stage-1 directory over HTTPS, ending in "/": where plain HTTP
	// points to and where anybody may fetch RootCA.
	URL    string
	RootCA string // PEM of the CA that signed our certificate, "" = public

	Sending

	TrustedProxies peer.Proxies // whose X-Forwarded-For counts
	// Makers are whose client certificates are believed, for which driver's devices.
	Makers []Maker
	// ProxyCAs sign the client certificates of TrustedProxies that may also tell of a
	// phone's certificate (RFC 9440); none: none may.
	ProxyCAs []*x509.Certificate
	// NoSessionTickets makes every TLS connection a full handshake.
	NoSessionTickets bool

	UnknownPerAddr int           // distinct unknown names per address and window, default 1,000
	UnknownPerNet  int           // per /24 or /64, default 4,000
	UnknownWindow  time.Duration // default 10 minutes
	ScanPause      time.Duration // how long a scan waits for each refusal, default 1 s
	MemoryDevices  int           // devices kept ready, default 20,000
	ConnsPerAddr   int           // connections open from one address, default 2,048
	ConnsPerNet    int           // per /24 or /64, default 8,192

	Log *slog.Logger     // default slog.Default
	Now func() time.Time // default time.Now
}

// Server answers phones. It is safe for concurrent use.
type Server struct {
	cfg      Config
	log      *slog.Logger
	key      *auth.Key
	origin   string // https://host:port of the pages
	memory   *memory
	crowd    *crowd
	armed    *armedSet
	pins     *armedSet // MACs for which a PIN may be typed
	unknown  *limiter  // MACs
	guesses  *limiter  // tokens
	refusals *refusals
	nonces   *nonces
	certs    *certificates
	// strangers are MACs in certificates that nobody has listed.
	strangers *strangers[telephony.MAC]
	// absent are tokens that nobody has, each as it was shown.
	absent   *strangers[key]
	anybodys map[string]*file // by lower-case name: what anybody may have
	pointers map[pointerKey]*file
	sending  chan struct{} // admits uploads
	// What one source or device may have of images and sending.
	imageShares  *shares[netip.Prefix]
	uploadShares *shares[string]
	patience     time.Duration   // with an upload's body
	images       chan struct{}   // admits who fetches firmware
	loading      [256]sync.Mutex // one at a time loads the devices of a stripe
	dates        dates
	waiting      chan struct{} // scans that wait for their refusal
	slow         chan struct{} // admits sources that guess tokens, one at a time
	count        counters
}

// New makes a server. It fails when a driver cannot render its constants.
func New(cfg Config) (*Server, error) {
	if cfg.Registry == nil || cfg.Devices == nil || !strings.HasPrefix(cfg.URL, "https://") || !strings.HasSuffix(cfg.URL, "/") {
		return nil, errors.New("phone: registry, devices and an https URL that ends in / are needed")
	}
	def := func(n *int, value int) {
		if *n <= 0 {
			*n = value
		}
	}
	def(&cfg.UnknownPerAddr, 1000)
	def(&cfg.UnknownPerNet, 4000)
	def(&cfg.MemoryDevices, 20_000)
	def(&cfg.ConnsPerAddr, connsPerAddr)
	def(&cfg.ConnsPerNet, connsPerNet)
	if cfg.UnknownWindow <= 0 {
		cfg.UnknownWindow = 10 * time.Minute
	}
	if cfg.ScanPause <= 0 {
		cfg.ScanPause = time.Second
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	origin, err := originOf(cfg.URL)
	if err != nil {
		return nil, fmt.Errorf("reading the URL of the phones' directory: %w", err)
	}
	if cfg.Key == nil {
		var raw [32]byte
		rand.Read(raw[:])
		if cfg.Key, err = auth.NewKey(raw[:]); err != nil {
			return nil, fmt.Errorf("making a key for the pages: %w", err)
		}
	}
	s := &Server{
		cfg: cfg, log: cfg.Log, key: cfg.Key, origin: origin,
		memory:      newMemory(cfg.MemoryDevices, cfg.Now),
		crowd:       newCrowd(cfg.ConnsPerAddr, cfg.ConnsPerNet, cfg.TrustedProxies, time.Now),
		armed:       &armedSet{read: cfg.Devices.Armed, log: cfg.Log, now: cfg.Now},
		pins:        &armedSet{read: cfg.Devices.WithPIN, log: cfg.Log, now: cfg.Now},
		unknown:     newLimiter(cfg.UnknownPerAddr, cfg.UnknownPerNet, cfg.UnknownWindow),
		guesses:     newLimiter(cfg.UnknownPerAddr, cfg.UnknownPerNet, cfg.UnknownWindow),
		refusals:    &refusals{told: map[string]time.Time{}},
		sending:     make(chan struct{}, uploadsAtOnce),
		patience:    uploadPatience,
		images:      make(chan struct{}, imagesAtOnce),
		imageShares: newShares[netip.Prefix](imagesAtHome), uploadShares: newShares[string](uploadsOfDevice),
		slow:      make(chan struct{}, 1),
		waiting:   make(chan struct{}, 1024),
		nonces:    newNonces(4 * cfg.MemoryDevices),
		certs:     &certificates{makers: cfg.Makers, proxies: cfg.ProxyCAs, now: cfg.Now, seen: map[[sha256.Size]byte]judged{}},
		strangers: newStrangers[telephony.MAC](),
		absent:    newStrangers[key](),
	}
	if err := s.renderConstants(); err != nil {
		return nil, fmt.Errorf("rendering what every phone may have: %w", err)
	}
	return s, nil
}

// Serve answers on both listeners until ctx ends or one of them fails; plain may
// be nil. It closes them.
func (s *Server) Serve(ctx context.Context, secure, plain net.Listener, tlsConfig *tls.Config) error {
	tc := tlsConfig.Clone()
	tc.SessionTicketsDisabled = tc.SessionTicketsDisabled || s.cfg.NoSessionTickets
	// No phone speaks HTTP/2, and one protocol less is one surface less.
	tc.NextProtos = []string{"http/1.1"}
	// A file is sent whole: many small records only cost time.
	tc.DynamicRecordSizingDisabled = true
	s.certs.requests(tc)
	secure = s.crowd.listen(secure)
	rest := newHanded(secure.Addr())
	fast := newLane(s, tc, rest)
	servers := []*http.Server{s.httpServer(s.Handler())}
	listeners := []net.Listener{rest}
	if plain != nil {
		servers = append(servers, s.httpServer(s.PlainHandler()))
		listeners = append(listeners, s.crowd.listen(plain))
	}
	ended := make(chan error, len(servers)+1)
	go func() { ended <- fast.serve(secure) }()
	for i := range servers {
		go func() { ended <- servers[i].Serve(listeners[i]) }()
	}
	var err error
	running := cap(ended)
	select {
	case <-ctx.Done():
	case err = <-ended:
		running--
	}
	_ = secure.Close() // whoever waits on it is told so
	// A file in transfer may end; the request's own context is not ctx.
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	fast.shutdown(grace)
	for _, h := range servers {
		if h.Shutdown(grace) != nil {
			_ = h.Close() // it was asked politely
		}
	}
	for ; running > 0; running-- {
		if e := <-ended; err == nil && !errors.Is(e, http.ErrServerClosed) && !errors.Is(e, net.ErrClosed) {
			err = e
		}
	}
	if err != nil {
		return fmt.Errorf("serving phones: %w", err)
	}
	return nil
}

// How long a phone may be silent.
const (
	headerPatience = 10 * time.Second
	answerPatience = 30 * time.Second
	idlePatience   = 60 * time.Second
)

// httpServer has the patience for a slow phone and none for a slow attacker.
func (s *Server) httpServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler:                      h,
		ReadHeaderTimeout:            headerPatience,
		ReadTimeout:                  15 * time.Second,
		WriteTimeout:                 answerPatience,
		IdleTimeout:                  idlePatience,
		MaxHeaderBytes:               16 << 10,
		DisableGeneralOptionsHandler: true,
		TLSNextProto:                 map[string]func(*http.Server, *tls.Conn, http.Handler){},
		// Failed handshakes of scanners are many and say nothing.
		ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
}
