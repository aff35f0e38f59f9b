package phone

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"time"

	"tischlein/internal/auth"
	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// route is what one request of a device means. A device asks for the same few
// files for years, so the answers are remembered beside its files.
type route struct {
	rest, query, agent, cert string

	file    *file // nil = 404
	match   provision.Match
	foreign string // why it is refused (P04), "" = it is not

	told atomic.Int64 // when its fetch was last passed on, Unix milliseconds
}

// fetchPause is how long repetitions of a fetch say nothing new: the same file of
// one revision, asked for in the same words. An entry lives no longer than until
// the next change or push, and what comes after those is always told.
const fetchPause = 10 * time.Second

// news reports whether a fetch at that moment is to be passed on.
func (rt *route) news(now time.Time) bool {
	last, at := rt.told.Load(), now.UnixMilli()
	return (last == 0 || at-last >= fetchPause.Milliseconds()) && rt.told.CompareAndSwap(last, at)
}

// serveOwn serves a device's own directory (stage 2).
func (s *Server) serveOwn(w http.ResponseWriter, r *http.Request, token, rest string, from netip.Addr) {
	e, err := s.openOwn(r, token, rest, from)
	if err != nil {
		s.refuseFor(w, r, "serving a device", err)
		return
	}
	s.serveEntry(w, r, e, rest, from)
}

// openOwn is the device of a token that may be served to this request: found,
// admitted and authorised.
func (s *Server) openOwn(r *http.Request, token, rest string, from netip.Addr) (e *entry, err error) {
	k := keyOf(token)
	if e = s.memory.get(k); s.good(e, from) {
		err = s.known(r, k, e.device, rest, from)
	} else {
		e, err = s.loadOwn(r, k, e != nil, token, rest, from)
	}
	if err != nil {
		s.log.Debug("phone refused", "token", shortHash(k), "from", from, "err", err)
		return nil, err
	}
	e.seen.Store(s.cfg.Now().Unix())
	return e, nil
}

// known judges a request for a device that is ready. One that names another device
// is refused for that, and not asked for a password (P04).
func (s *Server) known(r *http.Request, k key, d Device, rest string, from netip.Addr) error {
	err := s.authorise(r, k, d, from)
	if err == nil {
		return nil // whom it names is judged with its route
	}
	if denied := s.admit(r, d, rest, from); denied != nil {
		return denied
	}
	return err
}

// loadOwn counts the tokens that nobody has.
func (s *Server) loadOwn(r *http.Request, k key, known bool, token, rest string, from netip.Addr) (*entry, error) {
	if !known {
		if s.absent.has(k, s.cfg.Now()) {
			return nil, telephony.NotFoundf("device")
		}
		done, err := s.admitGuess(r.Context(), from)
		if err != nil {
			return nil, err
		}
		defer done()
	}
	e, err := s.load(r, k, token, rest, from)
	if telephony.CodeOf(err) == telephony.NotFound {
		s.guesses.unknown(from, string(k[:]), s.cfg.Now())
	}
	return e, err
}

func (s *Server) serveEntry(w http.ResponseWriter, r *http.Request, e *entry, rest string, from netip.Addr) {
	rt := e.route(s.cfg.Registry, r, rest)
	switch {
	case rt.foreign != "":
		s.tellRefused(r, e.device, from, rt.foreign)
		refuse(w, http.StatusNotFound)
		return
	case rt.file == nil:
		s.count.missing.Add(1)
		if rt.match.Kind == "" { // phones ask for files they can do without, but for none that nobody knows
			s.odd(r, e.device, from, oddFile, "asked for a file that there is not")
		}
		refuse(w, http.StatusNotFound)
		return
	}
	if rt.file.send(w, r) {
		if e.untried.Load() { // on its way before the other way in ends
			_ = http.NewResponseController(w).Flush()
		}
		s.took(r.Context(), e, rt, from)
	}
}

// took notes that a phone has one of its files, and passes on a whole chain.
func (s *Server) took(ctx context.Context, e *entry, rt *route, from netip.Addr) {
	s.count.files.Add(1)
	if !e.sent.whole(e.chain, rt.file.kind, e.revision) {
		return
	}
	// Only now, when the device has it all: who is cut off before begins again where it began.
	if e.untried.CompareAndSwap(true, false) {
		s.cfg.Devices.FirstAccessDone(ctx, e.device)
	}
	if now := s.cfg.Now(); rt.news(now) {
		s.count.chains.Add(1)
		s.cfg.Devices.Fetched(ctx, Fetch{
			Device: e.device, HTTPUser: e.newHTTP(), Revision: e.revision, From: from, UserAgent: clip(rt.agent),
			Firmware: rt.match.Firmware, Model: rt.match.Model, At: now,
		})
	}
}

// newHTTP is the user of the HTTP credentials in the files, unless it is known that
// the device has them.
func (e *entry) newHTTP() string {
	if e.device.HTTP.Demanded && e.device.HTTP.PrevUser == "" {
		return ""
	}
	return e.httpUser
}

// admitGuess lets a source that has invented many tokens through one at a time:
// never refused, a phone may sit behind it, but never many at once. done must be
// called after the look-up.
func (s *Server) admitGuess(ctx context.Context, from netip.Addr) (done func(), err error) {
	if !s.guesses.spent(from, s.cfg.Now()) {
		return func() {}, nil
	}
	select {
	case s.slow <- struct{}{}:
		return func() { <-s.slow }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// mostRoutes is far above what a phone asks for; more is somebody playing.
const mostRoutes = 16

// find is the route of a plain request that has come before, or nil.
func (e *entry) find(rest, agent []byte) *route {
	known := e.routes.Load()
	if known == nil {
		return nil
	}
	for _, rt := range *known {
		if rt.rest == string(rest) && rt.agent == string(agent) && rt.query == "" && rt.cert == "" {
			return rt
		}
	}
	return nil
}

func (e *entry) route(reg *provision.Registry, r *http.Request, rest string) *route {
	q := request(r, rest)
	known := e.routes.Load()
	if known != nil {
		for _, rt := range *known {
			if rt.rest == q.Path && rt.agent == q.UserAgent && rt.query == q.Query && rt.cert == q.CertCN {
				return rt
			}
		}
	}
	q.Method = http.MethodGet // HEAD asks for the same file
	rt := newRoute(reg, e.device, e.driver, e.chain, e.files, q)
	var next []*route
	if known != nil {
		next = append(next, *known...)
	}
	if len(next) < mostRoutes && len(rt.rest)+len(rt.query)+len(rt.agent) < 1024 {
		next = append(next, rt)
		e.routes.CompareAndSwap(known, &next) // losing it only costs the next one time
	}
	return rt
}

func newRoute(reg *provision.Registry, d Device, drv provision.Driver, chain []provision.FileKind, files map[provision.FileKind]*file, q provision.Request) *route {
	// Cloned: the strings must not hold a whole request's memory.
	rt := &route{rest: strings.Clone(q.Path), query: strings.Clone(q.Query), agent: strings.Clone(q.UserAgent), cert: strings.Clone(q.CertCN)}
	if rt.foreign = foreign(d, q); rt.foreign != "" {
		return rt
	}
	rt.match = matchFor(reg, drv, q)
	name := baseName(q.Path)
	for _, f := range files {
		if strings.EqualFold(f.name, name) {
			rt.file = f
			return rt
		}
	}
	kind := rt.match.Kind
	if name == "" && len(chain) > 0 {
		kind = chain[len(chain)-1]
	}
	rt.file = files[kind]
	return rt
}

// matchFor asks the device's own driver first; a request in another vendor's
// words is still this device's (P04).
func matchFor(reg *provision.Registry, drv provision.Driver, q provision.Request) provision.Match {
	if m, ok := drv.Match(q); ok && (m.Kind != "" || m.Sure) {
		return m
	}
	rec, _ := reg.Recognise(q) // its MACs are judged by foreign
	return provision.Match{Kind: rec.Match.Kind}
}

// foreign says which other device a request names, "" when none (P04).
func foreign(d Device, q provision.Request) string {
	rec := provision.Recognition{Candidates: provision.Candidates(q)}
	c, is := rec.Foreign(d.MAC)
	if !is {
		return ""
	}
	own := d.MAC.Colon()
	if own == "" {
		own = "a device without a MAC"
	}
	return "the credential belongs to " + own + ", but the " + string(c.From) + " names " + c.MAC.Colon()
}

// keyOf is the hash that auth.HashToken spells in hexadecimal.
func keyOf(token string) key {
	var b [longestToken]byte
	return sha256.Sum256(b[:copy(b[:], token)])
}

func hashOf(token string) string { return auth.HashToken(token) }

// shortHash is what logs may hold of a token (P02).
func shortHash(k key) string { return hex.EncodeToString(k[:4]) }

// clip keeps foreign text at a length that can be stored.
func clip(s string) string {
	const most = 256
	if len(s) > most {
		s = s[:most]
	}
	return strings.ToValidUTF8(s, "")
}
