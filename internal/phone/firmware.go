package phone

import (
	"context"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"time"

	"tischlein/internal/telephony"
)

// Images are the files that phones are told to run (P12).
type Images interface {
	// Open opens one by its content's SHA-256, hexadecimal, and its name; NotFound
	// for all others, from memory.
	Open(ctx context.Context, sum, name string) (*os.File, time.Time, error)
}

// A large file goes to a phone behind a slow line: it has half an hour, and so many
// may have it at once.
const (
	imagePatience = 30 * time.Minute
	imagesAtOnce  = 256
	imagesAtHome  = 128 // of these, from one network
)

// serveImage serves "w/<sha-256>/<file name>" and nothing else below w: in ranges,
// with the content's hash as its tag (RFC 9110 sections 8.8.3 and 14). It holds no
// secret; who has the name has the file.
func (s *Server) serveImage(w http.ResponseWriter, r *http.Request, rest string, from netip.Addr) {
	sum, name, ok := strings.Cut(rest, "/")
	if !ok || s.cfg.Images == nil || len(sum) != 64 || strings.Contains(name, "/") {
		refuse(w, http.StatusNotFound)
		return
	}
	file, at, err := s.cfg.Images.Open(r.Context(), sum, name)
	if err != nil {
		if telephony.CodeOf(err) == telephony.NotFound && !s.unknown.unknown(from, rest, s.cfg.Now()) {
			s.refuseScan(w, r)
			return
		}
		s.refuseFor(w, r, "opening firmware", err)
		return
	}
	defer file.Close()
	_, net := prefixes(from)
	if !s.imageShares.take(net) {
		refuse(w, http.StatusServiceUnavailable)
		return
	}
	defer s.imageShares.give(net)
	select {
	case s.images <- struct{}{}:
		defer func() { <-s.images }()
	default:
		refuse(w, http.StatusServiceUnavailable)
		return
	}
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(imagePatience)) // without it, the usual one holds
	h := w.Header()
	h.Set("Etag", `"`+sum+`"`)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Content-Type", "application/octet-stream")
	h.Set("X-Content-Type-Options", "nosniff")
	http.ServeContent(&mute{ResponseWriter: w}, r, "", at, file)
}

// mute drops the words of a refusal: phones show or parse what they get (P13).
type mute struct {
	http.ResponseWriter
	silent bool
}

func (m *mute) WriteHeader(status int) {
	if m.silent = status >= 400; m.silent {
		h := m.Header()
		h.Del("Content-Type")
		h["Content-Length"] = noLength
	}
	m.ResponseWriter.WriteHeader(status)
}

func (m *mute) Write(b []byte) (int, error) {
	if m.silent {
		return len(b), nil
	}
	return m.ResponseWriter.Write(b)
}
