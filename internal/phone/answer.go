package phone

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// file is one file with the header values that it is sent with.
type file struct {
	kind              provision.FileKind
	name              string
	body              []byte
	head              []byte // what the lane sends before the body
	kindOf, len, etag []string
}

// Header values that all answers share; nobody writes to them.
var (
	noCache   = []string{"private, no-cache"}
	noStore   = []string{"no-store"}
	noLength  = []string{"0"}
	closeConn = []string{"close"}
	onlyReads = []string{"GET, HEAD"}
)

func newFile(kind provision.FileKind, f provision.File) *file {
	sum := sha256.Sum256(f.Body)
	made := &file{
		kind: kind, name: f.Name, body: f.Body,
		kindOf: []string{f.ContentType},
		len:    []string{strconv.Itoa(len(f.Body))},
		etag:   []string{`"` + hex.EncodeToString(sum[:12]) + `"`},
	}
	made.head = laneHead(made)
	return made
}

// send answers with the file. whole is true when the phone holds it now: the last
// byte went to the network, or the phone showed that it has the same file.
func (f *file) send(w http.ResponseWriter, r *http.Request) (whole bool) {
	h := w.Header()
	h["Etag"], h["Cache-Control"] = f.etag, noCache
	if known := r.Header["If-None-Match"]; known != nil && sameTag(known, f.etag[0]) {
		w.WriteHeader(http.StatusNotModified)
		return r.Method == http.MethodGet && flush(w)
	}
	h["Content-Type"], h["Content-Length"] = f.kindOf, f.len
	if r.Method == http.MethodHead {
		w.WriteHeader(http.StatusOK)
		return false
	}
	n, err := w.Write(f.body)
	return err == nil && n == len(f.body) && flush(w)
}

// flush finds out whether what was written can be written: until then a large
// part of it only lies in a buffer.
func flush(w http.ResponseWriter) bool {
	if f, ok := w.(interface{ FlushError() error }); ok {
		return f.FlushError() == nil
	}
	return true
}

// sameTag compares weakly (RFC 9110 section 13.1.2). The tag "*" is not heeded:
// it does not show that the phone has this file.
func sameTag(known []string, etag string) bool {
	for _, line := range known {
		for one := range strings.SplitSeq(line, ",") {
			if strings.TrimPrefix(strings.TrimSpace(one), "W/") == etag {
				return true
			}
		}
	}
	return false
}

// refuse answers without a body: phones show or parse what they get (P13).
func refuse(w http.ResponseWriter, status int) {
	h := w.Header()
	h["Content-Length"] = noLength
	switch status {
	case http.StatusMethodNotAllowed:
		// Closing is what keeps net/http from reading the body to its end.
		if h["Connection"] = closeConn; h["Allow"] == nil {
			h["Allow"] = onlyReads
		}
	case http.StatusServiceUnavailable:
		h.Set("Retry-After", "10")
	}
	w.WriteHeader(status)
}

// refuseFor is the one place that turns errors into statuses.
func (s *Server) refuseFor(w http.ResponseWriter, r *http.Request, doing string, err error) {
	var c challenge
	if errors.As(err, &c) {
		s.ask(w, r, c)
		return
	}
	switch telephony.CodeOf(err) {
	case telephony.NotFound, telephony.Forbidden, telephony.Unauthenticated, telephony.Invalid, telephony.Conflict:
		if !errors.Is(err, errDenied) {
			s.count.unknown.Add(1)
		}
		refuse(w, http.StatusNotFound)
	default:
		if r.Context().Err() == nil {
			s.log.Error(doing, "err", err)
		}
		s.count.unavailable.Add(1)
		refuse(w, http.StatusServiceUnavailable)
	}
}
