package phone

import (
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// press is one request for a page: a key that was pressed, or what was typed.
type press struct {
	*Server
	r    *http.Request
	spot Spot
	base string // of the line's own pages, ending in "/"
	text provision.PageWords
	word provision.Words
}

// servePages answers the keys *Anmelden* and *Abmelden* (H02 b). The device shows
// who it is by the pages token, never by its MAC. What was typed is in the query,
// because phones send forms no other way: the query is read here, and nothing of
// it reaches a log, an error or another URL.
func (s *Server) servePages(w http.ResponseWriter, r *http.Request, token, rest string, from netip.Addr) {
	port, what, ok := splitPage(rest)
	if !ok || s.cfg.Keys == nil || r.Method != http.MethodGet {
		refuse(w, http.StatusNotFound)
		return
	}
	k := keyOf(token)
	d, err := s.findByPages(r, k, token, from)
	if err == nil {
		err = s.admit(r, d, "", from) // the path holds a ticket, in which a MAC could be seen by chance
	}
	if err != nil {
		s.log.Debug("page refused", "token", shortHash(k), "from", from, "err", err)
		s.refuseFor(w, r, "finding the device of a key", err)
		return
	}
	drv, err := s.cfg.Registry.Get(d.Driver)
	if err != nil {
		s.refuseFor(w, r, "answering a key", internal("finding the driver", err))
		return
	}
	browser, ok := drv.(provision.XMLBrowser)
	if !ok {
		refuse(w, http.StatusNotFound)
		return
	}
	spot, err := s.cfg.Keys.At(r.Context(), d, port, from)
	if err != nil {
		s.refuseFor(w, r, "finding the line of a key", err)
		return
	}
	p := &press{Server: s, r: r, spot: spot, base: s.origin + "/k/" + token + "/" + strconv.Itoa(port) + "/",
		text: provision.PageWordsIn(spot.Language), word: provision.WordsIn(spot.Language)}
	page, err := browser.RenderPage(p.page(what))
	if err != nil {
		s.refuseFor(w, r, "writing a page", err)
		return
	}
	h := w.Header()
	h["Content-Type"], h["Content-Length"] = []string{page.ContentType}, []string{strconv.Itoa(len(page.Body))}
	h["Cache-Control"] = noStore
	_, _ = w.Write(page.Body) // a phone that went away presses again
}

func (p *press) page(what string) provision.Page {
	name, rest, _ := strings.Cut(what, "/")
	switch {
	case name == "login" && rest == "":
		return p.login()
	case name == "login":
		return p.newPIN(rest)
	case name == "take":
		return p.takeOver(rest)
	default:
		return p.logout(rest)
	}
}

// splitPage takes the path below the token apart: "2/login/abc" is port 2 and
// "login/abc".
func splitPage(rest string) (port int, what string, ok bool) {
	number, what, _ := strings.Cut(rest, "/")
	port, err := strconv.Atoi(number)
	if err != nil || port < 1 || port > 250 || strconv.Itoa(port) != number {
		return 0, "", false
	}
	name, more, deeper := strings.Cut(what, "/")
	switch {
	case strings.Contains(more, "/"), deeper && more == "":
		return 0, "", false
	case name == "login", name == "take" && more != "", what == "logout", what == "logout/here", what == "logout/all":
		return port, what, true
	}
	return 0, "", false
}

// findByPages counts the tokens that nobody has, like findFirst.
func (s *Server) findByPages(r *http.Request, k key, token string, from netip.Addr) (Device, error) {
	shown := shownAs(doorPages, k, "", from)
	if s.absent.has(shown, s.cfg.Now()) {
		return Device{}, telephony.NotFoundf("device")
	}
	done, err := s.admitGuess(r.Context(), from)
	if err != nil {
		return Device{}, err
	}
	defer done()
	d, err := s.cfg.Keys.ByPages(r.Context(), token)
	if telephony.CodeOf(err) == telephony.NotFound {
		s.guesses.unknown(from, string(k[:]), s.cfg.Now())
		s.absent.add(shown, s.cfg.Now())
	}
	return d, err
}

// originOf is the scheme and host of a URL.
func originOf(raw string) (string, error) {
	u, err := url.Parse(raw)
	if err != nil {
		return "", err
	}
	return u.Scheme + "://" + u.Host, nil
}
