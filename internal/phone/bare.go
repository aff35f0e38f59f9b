package phone

import (
	"cmp"
	"crypto/sha256"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// serveBare serves stage 1: a request with no evidence but a MAC. Whoever is not
// armed gets the same 404 from memory, known or not (P05).
func (s *Server) serveBare(w http.ResponseWriter, r *http.Request, rest string, from netip.Addr) {
	if f := s.anybodys[strings.ToLower(baseName(rest))]; f != nil {
		f.send(w, r)
		return
	}
	if c := certificateOf(r); c != nil {
		s.serveCertified(w, r, c, rest, from)
		return
	}
	q := request(r, rest)
	rec := provision.Recognition{Candidates: provision.Candidates(q)}
	mac := rec.MAC()
	if mac == "" {
		refuse(w, http.StatusNotFound)
		return
	}
	if !s.armed.has(r.Context(), mac) {
		if !s.unknown.unknown(from, string(mac), s.cfg.Now()) {
			s.refuseScan(w, r)
			return
		}
		refuse(w, http.StatusNotFound)
		return
	}
	// Also an armed MAC: else a scan would find it by not being limited.
	if s.unknown.spent(from, s.cfg.Now()) {
		s.refuseScan(w, r)
		return
	}
	s.serveArmed(w, r, q, mac, from)
}

// refuseScan is only for requests without a token. The answer takes its time: who
// scans waits for it on each connection, and the phones have the core meanwhile
// (Q05). It costs nothing but a place, of which there are only so many.
func (s *Server) refuseScan(w http.ResponseWriter, r *http.Request) {
	s.count.scans.Add(1)
	select {
	case s.waiting <- struct{}{}:
		select {
		case <-time.After(s.cfg.ScanPause):
		case <-r.Context().Done():
		}
		<-s.waiting
	default:
	}
	w.Header().Set("Retry-After", "600")
	refuse(w, http.StatusTooManyRequests)
}

// serveArmed answers the first contact of an armed MAC with the way to its own
// directory, never with another secret (P01, P03 c).
func (s *Server) serveArmed(w http.ResponseWriter, r *http.Request, q provision.Request, mac telephony.MAC, from netip.Addr) {
	rec, err := s.cfg.Registry.Recognise(q)
	if err != nil || rec.Driver == nil || r.Method != http.MethodGet {
		refuse(w, http.StatusNotFound)
		return
	}
	// The claim is good for one contact: a file that does not exist must not use
	// it up. The placeholder makes the driver show what it would send.
	stage, ok := rec.Driver.(provision.StageOne)
	if !ok {
		refuse(w, http.StatusNotFound)
		return
	}
	try := provision.Bootstrap{MAC: mac, Model: rec.Match.Model, RootCA: s.cfg.RootCA, StageURL: s.cfg.URL, TokenURL: telephony.Secret(s.cfg.URL)}
	if _, err := stage.RenderStageOne(try, rec.Match.Kind); err != nil {
		refuse(w, http.StatusNotFound)
		return
	}
	d, err := s.cfg.Devices.Claim(r.Context(), mac, from)
	if err != nil {
		s.refuseFor(w, r, "claiming an armed device", err)
		return
	}
	s.lead(w, r, d, q, from)
}

// serveFirst serves a first-access URL (P03 b). Phones that fetch one file at
// their start and no more until the next get that one here: the evidence and the
// encryption are the same.
func (s *Server) serveFirst(w http.ResponseWriter, r *http.Request, token, rest string, from netip.Addr) {
	k := keyOf(token)
	d, err := s.findFirst(r, k, token, from)
	if err == nil {
		err = s.admit(r, d, rest, from)
	}
	if err != nil {
		s.log.Debug("first access refused", "token", shortHash(k), "from", from, "err", err)
		s.refuseFor(w, r, "serving a first access", err)
		return
	}
	s.certified(r, d, from)
	drv, err := s.cfg.Registry.Get(d.Driver)
	if err != nil {
		s.refuseFor(w, r, "serving a first access", internal("finding the driver", err))
		return
	}
	if comesBack(drv) {
		s.serveStageOne(w, r, d, drv, request(r, rest), from)
		return
	}
	s.listen(&d, request(r, rest))
	if err := s.cfg.Devices.Contacted(r.Context(), d, from); err != nil {
		s.refuseFor(w, r, "noting the contact", err)
		return
	}
	e, err := s.prepare(r, d, from)
	if err != nil {
		s.refuseFor(w, r, "serving a first access", err)
		return
	}
	s.serveEntry(w, r, e, rest, from)
}

// comesBack reports whether phones that were led to another address go there
// within minutes: those that can be told to, or look for themselves.
func comesBack(drv provision.Driver) bool {
	_, staged := drv.(provision.StageOne)
	_, told := drv.(provision.Notifier)
	return staged && (told || drv.Info().PollMin > 0)
}

func (s *Server) findFirst(r *http.Request, k key, token string, from netip.Addr) (Device, error) {
	shown := shownAs(doorFirst, k, "", from)
	if s.absent.has(shown, s.cfg.Now()) {
		return Device{}, telephony.NotFoundf("device")
	}
	done, err := s.admitGuess(r.Context(), from)
	if err != nil {
		return Device{}, err
	}
	defer done()
	d, err := s.cfg.Devices.ByFirstAccess(r.Context(), hashOf(token), from)
	if telephony.CodeOf(err) == telephony.NotFound {
		s.guesses.unknown(from, string(k[:]), s.cfg.Now())
		s.absent.add(shown, s.cfg.Now())
	}
	return d, err
}

// shownAs is a token with all that decides whether it leads anywhere.
func shownAs(door byte, k key, mac telephony.MAC, from netip.Addr) key {
	return sha256.Sum256(append(append(append(append([]byte{door}, k[:]...), mac...), 0), from.String()...))
}

// serveStageOne sends a device with evidence to its own directory.
func (s *Server) serveStageOne(w http.ResponseWriter, r *http.Request, d Device, drv provision.Driver, q provision.Request, from netip.Addr) {
	stage, ok := drv.(provision.StageOne)
	if !ok {
		refuse(w, http.StatusNotFound)
		return
	}
	s.listen(&d, q)
	if err := s.cfg.Devices.Contacted(r.Context(), d, from); err != nil {
		s.refuseFor(w, r, "noting the contact", err)
		return
	}
	want, err := s.cfg.Devices.Desired(r.Context(), d)
	if err != nil {
		s.refuseFor(w, r, "reading what the device wants", err)
		return
	}
	q.Method = http.MethodGet
	kind := matchFor(s.cfg.Registry, drv, q).Kind
	if chain := drv.Info().Chain; kind == "" && baseName(q.Path) == "" && len(chain) > 0 {
		kind = chain[len(chain)-1]
	}
	f, err := stage.RenderStageOne(provision.Bootstrap{
		MAC: d.MAC, Model: cmp.Or(want.Desired.Model, d.Said), RootCA: s.cfg.RootCA, StageURL: s.cfg.URL, TokenURL: want.Desired.BaseURL,
	}, kind)
	if err != nil {
		s.refuseFor(w, r, "rendering stage 1", err)
		return
	}
	newFile(kind, f).send(w, r)
}
