package call

import (
	"encoding/xml"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"

	"tischlein/internal/telephony"
)

// Locations hands out places of emergency calls by reference (RFC 6442): a call
// bears a URL that nobody can guess, and whoever has it reads where help is needed.
type Locations struct {
	base string // URL with a slash at its end; "": nothing is referred to
	life time.Duration

	mu    sync.Mutex
	known map[string]located
}

type located struct {
	text  string
	at    time.Time
	until time.Time
}

// NewLocations refers to places below base, for as long as a call may be called
// back. Without a base there are no references.
func NewLocations(base string, life time.Duration) *Locations {
	if base != "" && !strings.HasSuffix(base, "/") {
		base += "/"
	}
	return &Locations{base: base, life: life, known: map[string]located{}}
}

// Refer is the URL for the place of an emergency call, "" when nobody has said
// where it is.
func (l *Locations) Refer(p telephony.CallPlan) string {
	if l.base == "" || p.Location.Text == "" {
		return ""
	}
	now := time.Now()
	ref := randomHex(16)
	l.mu.Lock()
	defer l.mu.Unlock()
	for old, x := range l.known {
		if now.After(x.until) {
			delete(l.known, old)
		}
	}
	l.known[ref] = located{p.Location.Text, now, now.Add(l.life)}
	return l.base + ref
}

// ServeHTTP answers with the place as a PIDF-LO document (RFC 4119, RFC 5139).
func (l *Locations) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ref := path.Base(r.URL.Path)
	l.mu.Lock()
	x, ok := l.known[ref]
	l.mu.Unlock()
	if !ok || time.Now().After(x.until) {
		http.NotFound(w, r)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "only to be read", http.StatusMethodNotAllowed)
		return
	}
	var text strings.Builder
	_ = xml.EscapeText(&text, []byte(x.text)) // a Builder takes everything
	w.Header().Set("Content-Type", "application/pidf+xml; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write([]byte(`<?xml version="1.0" encoding="UTF-8"?>
<presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:gp="urn:ietf:params:xml:ns:pidf:geopriv10" xmlns:ca="urn:ietf:params:xml:ns:pidf:geopriv10:civicAddr" entity="pres:` + ref + `@location.invalid">
<tuple id="place"><status><gp:geopriv><gp:location-info><ca:civicAddress><ca:LOC>` + text.String() + `</ca:LOC></ca:civicAddress></gp:location-info><gp:usage-rules/><gp:method>Manual</gp:method></gp:geopriv></status><timestamp>` +
		x.at.UTC().Format(time.RFC3339) + "</timestamp></tuple>\n</presence>\n"))
}
