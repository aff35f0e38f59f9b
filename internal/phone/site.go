package phone

import (
	"net/http"
	"net/netip"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// pinChallenge is the same whatever was asked for.
var pinChallenge = []string{`Basic realm="PIN", charset="UTF-8"`}

// onlyMAC is the one MAC that a request names; "" when it names none or several.
func onlyMAC(q provision.Request) telephony.MAC {
	rec := provision.Recognition{Candidates: provision.Candidates(q)}
	if _, disagrees := rec.Foreign(rec.MAC()); disagrees {
		return ""
	}
	return rec.MAC()
}

// serveSite answers a site token's URL (P03 b), which stands in a DHCP option for a
// whole range: the token says whose, the MAC which of the listed devices.
func (s *Server) serveSite(w http.ResponseWriter, r *http.Request, token, rest string, from netip.Addr) {
	q := request(r, rest)
	mac, k := onlyMAC(q), keyOf(token)
	if mac == "" {
		refuse(w, http.StatusNotFound)
		return
	}
	if s.unknown.spent(from, s.cfg.Now()) {
		s.refuseScan(w, r)
		return
	}
	shown := shownAs(doorSite, k, mac, from)
	if s.absent.has(shown, s.cfg.Now()) {
		refuse(w, http.StatusNotFound)
		return
	}
	done, err := s.admitGuess(r.Context(), from)
	if err != nil {
		s.refuseFor(w, r, "serving a site token", err)
		return
	}
	defer done()
	d, err := s.cfg.Devices.BySiteToken(r.Context(), hashOf(token), mac, from)
	if err != nil {
		if telephony.CodeOf(err) == telephony.NotFound {
			s.guesses.unknown(from, string(k[:]), s.cfg.Now())
			s.unknown.unknown(from, string(mac), s.cfg.Now())
			s.absent.add(shown, s.cfg.Now())
		}
		s.log.Debug("site token refused", "token", shortHash(k), "from", from, "err", err)
		s.refuseFor(w, r, "serving a site token", err)
		return
	}
	s.lead(w, r, d, q, from)
}

// servePIN answers the URL at which a phone asks whoever stands before it for its
// PIN (P03 d). MACs without one are refused from memory (P05).
func (s *Server) servePIN(w http.ResponseWriter, r *http.Request, rest string, from netip.Addr) {
	ask := func() {
		w.Header()["Www-Authenticate"], w.Header()["Cache-Control"] = pinChallenge, noStore
		refuse(w, http.StatusUnauthorized)
	}
	_, pin, ok := r.BasicAuth()
	if !ok {
		ask()
		return
	}
	q := request(r, rest)
	mac := onlyMAC(q)
	if mac == "" {
		ask()
		return
	}
	if !s.pins.has(r.Context(), mac) {
		if !s.unknown.unknown(from, string(mac), s.cfg.Now()) {
			s.refuseScan(w, r)
			return
		}
		ask()
		return
	}
	if s.unknown.spent(from, s.cfg.Now()) {
		s.refuseScan(w, r)
		return
	}
	d, err := s.cfg.Devices.ByPIN(r.Context(), mac, telephony.Secret(pin), from)
	switch {
	case err == nil:
		s.lead(w, r, d, q, from)
	case telephony.CodeOf(err) == telephony.NotFound:
		ask()
	default:
		s.refuseFor(w, r, "judging a PIN", err)
	}
}
