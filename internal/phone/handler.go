package phone

import (
	"net/http"
	"net/netip"
	"sync"
	"time"

	"tischlein/internal/provision"
)

// Handler answers on the HTTPS listener.
func (s *Server) Handler() http.Handler { return http.HandlerFunc(s.serveSecure) }

// PlainHandler answers on the plain HTTP listener.
func (s *Server) PlainHandler() http.Handler { return http.HandlerFunc(s.servePlain) }

func (s *Server) serveSecure(w http.ResponseWriter, r *http.Request) {
	r = s.asking(s.withCertificate(r))
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		s.serveOther(w, r)
		return
	}
	p, ok := cleanPath(r.URL)
	if !ok {
		refuse(w, http.StatusNotFound)
		return
	}
	door, token, rest := splitDoor(p)
	from := s.cfg.TrustedProxies.Source(r)
	switch {
	case door == doorBare:
		s.serveBare(w, r, rest, from)
	case door == doorImage:
		s.serveImage(w, r, rest, from)
	case door == doorPIN:
		s.servePIN(w, r, rest, from)
	case token == "":
		refuse(w, http.StatusNotFound)
	case door == doorOwn:
		s.serveOwn(w, r, token, rest, from)
	case door == doorSite:
		s.serveSite(w, r, token, rest, from)
	case door == doorPages:
		s.servePages(w, r, token, rest, from)
	default:
		s.serveFirst(w, r, token, rest, from)
	}
}

// asking is the request as it is meant: some applications ask for a file with a form.
// Everybody else's POST is an upload.
func (s *Server) asking(r *http.Request) *http.Request {
	if r.Method != http.MethodPost {
		return r
	}
	rec, _ := s.cfg.Registry.Recognise(provision.Request{Method: r.Method, Path: "/", UserAgent: r.UserAgent()})
	if rec.Driver == nil || !rec.Match.Sure || !rec.Driver.Info().AsksByPost {
		return r
	}
	get := *r
	get.Method = http.MethodGet
	return &get
}

const applicationHeader = "X-Linphone-Provisioning"

// request is what the drivers and P04 look at; rest is the path below the token.
func request(r *http.Request, rest string) provision.Request {
	q := provision.Request{
		Method: r.Method, Host: r.Host, Path: rest, Query: r.URL.RawQuery, UserAgent: r.UserAgent(),
	}
	// The only header of its own that a driver asks for.
	if v := r.Header[applicationHeader]; v != nil {
		q.Header = map[string]string{applicationHeader: v[0]}
	}
	q.CertCN = certName(r)
	return q
}

// refusals limits what is told about a device to once a minute.
type refusals struct {
	mu   sync.Mutex
	told map[string]time.Time
}

const refusalPause = time.Minute

func (f *refusals) pass(cpeID string, now time.Time) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if at, ok := f.told[cpeID]; ok && now.Sub(at) < refusalPause {
		return false
	}
	if len(f.told) >= 4096 {
		for k, at := range f.told {
			if now.Sub(at) >= refusalPause {
				delete(f.told, k)
			}
		}
		if len(f.told) >= 4096 {
			return false
		}
	}
	f.told[cpeID] = now
	return true
}

// tellRefused passes a refusal on, one per device and minute: the text is foreign
// and could be varied at will.
func (s *Server) tellRefused(r *http.Request, d Device, from netip.Addr, why string) {
	s.count.denied.Add(1)
	if s.refusals.pass(d.ID, s.cfg.Now()) {
		s.cfg.Devices.Refused(r.Context(), d, from, why)
	}
}
