package phone

import (
	"net/http"
	"net/netip"
	"sync"
	"time"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// serveCertified answers stage 1 to a phone with its maker's certificate (P03 a).
func (s *Server) serveCertified(w http.ResponseWriter, r *http.Request, c *Certificate, rest string, from netip.Addr) {
	if s.strangers.has(c.MAC, s.cfg.Now()) {
		refuse(w, http.StatusNotFound)
		return
	}
	q := request(r, rest)
	rec := provision.Recognition{Candidates: provision.Candidates(q)}
	if other, disagrees := rec.Foreign(c.MAC); disagrees { // P04
		s.count.denied.Add(1)
		if s.refusals.pass("mac "+string(c.MAC), s.cfg.Now()) {
			s.cfg.Devices.Disputed(r.Context(), c.MAC, from, "the certificate names "+c.MAC.Colon()+", but the "+string(other.From)+" names "+other.MAC.Colon())
		}
		refuse(w, http.StatusNotFound)
		return
	}
	d, err := s.cfg.Devices.Certified(r.Context(), *c, from)
	if err != nil {
		if telephony.CodeOf(err) == telephony.NotFound {
			s.strangers.add(c.MAC, s.cfg.Now())
		}
		s.refuseFor(w, r, "taking a certificate", err)
		return
	}
	s.lead(w, r, d, q, from)
}

// lead sends a device that has just shown its evidence to its own directory.
func (s *Server) lead(w http.ResponseWriter, r *http.Request, d Device, q provision.Request, from netip.Addr) {
	if err := s.admit(r, d, q.Path, from); err != nil {
		refuse(w, http.StatusNotFound)
		return
	}
	drv, err := s.cfg.Registry.Get(d.Driver)
	if err != nil {
		s.refuseFor(w, r, "serving stage 1", internal("finding the driver", err))
		return
	}
	s.serveStageOne(w, r, d, drv, q, from)
}

// certified notes that a device that was found by its token has shown its
// certificate as well.
func (s *Server) certified(r *http.Request, d Device, from netip.Addr) {
	c := certificateOf(r)
	if !c.of(d) || d.Certified {
		return
	}
	if _, err := s.cfg.Devices.Certified(r.Context(), *c, from); err != nil && telephony.CodeOf(err) != telephony.NotFound {
		s.log.Error("noting a certificate", "cpe", d.ID, "err", err)
	}
}

// strangers are what came and nobody has listed: MACs of certificates, and tokens.
// They cost one look-up each for a while (P05).
type strangers[K comparable] struct {
	mu    sync.Mutex
	until map[K]time.Time
}

const (
	strangerFor  = 30 * time.Second
	strangerMost = 4096
)

func newStrangers[K comparable]() *strangers[K] { return &strangers[K]{until: map[K]time.Time{}} }

func (x *strangers[K]) has(k K, now time.Time) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return now.Before(x.until[k])
}

func (x *strangers[K]) add(k K, now time.Time) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for other := range x.until {
		if len(x.until) < strangerMost {
			break
		}
		delete(x.until, other)
	}
	x.until[k] = now.Add(strangerFor)
}

// forget has them looked for again: a device was added or changed.
func (x *strangers[K]) forget() {
	x.mu.Lock()
	defer x.mu.Unlock()
	clear(x.until)
}
