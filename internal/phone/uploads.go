package phone

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"time"

	"tischlein/internal/telephony"
)

// Upload is a file that a device has sent (P13).
type Upload struct {
	Name      string // the last part of the path, or of a form's file
	From      netip.Addr
	UserAgent string
	Body      []byte
}

// Uploads keeps what phones send.
type Uploads interface {
	// Take keeps a file on its device's page; fresh: it had none of that name. It
	// is kept when Take returns. A refusal for now is telephony.TooMany.
	Take(ctx context.Context, d Device, u Upload) (fresh bool, err error)
	// Noted is something odd about a device's request, for its history. It must
	// not block.
	Noted(ctx context.Context, d Device, from netip.Addr, what string)
}

// Sending is what phones may send, and the large files they get; the zero value:
// nothing.
type Sending struct {
	Uploads    Uploads
	UploadMost int64  // bytes of one file
	Images     Images // nil: no firmware
}

type oddity string

// What is odd about a device's request.
const (
	oddFile   oddity = " file"
	oddMethod oddity = " method"
	oddUpload oddity = " upload"
	oddReplay oddity = " replay"
)

// uploadsAtOnce bounds the memory that bodies under way take.
const uploadsAtOnce = 16

// uploadsOfDevice are those of one device.
const uploadsOfDevice = 4

// uploadPatience is how long a body may take from its first byte to its last.
const uploadPatience = 30 * time.Second

// serveOther answers what neither reads nor asks whether there is something: an
// upload into a device's own directory, and nothing else.
func (s *Server) serveOther(w http.ResponseWriter, r *http.Request) {
	p, ok := cleanPath(r.URL)
	door, token, rest := splitDoor(p)
	if !ok || door != doorOwn || token == "" || s.cfg.Uploads == nil {
		refuse(w, http.StatusMethodNotAllowed)
		return
	}
	from := s.cfg.TrustedProxies.Source(r)
	e, err := s.openOwn(r, token, rest, from)
	if err != nil {
		leave(w)
		s.refuseFor(w, r, "serving a device", err)
		return
	}
	if why := foreign(e.device, request(r, rest)); why != "" { // P04
		s.tellRefused(r, e.device, from, why)
		leave(w)
		refuse(w, http.StatusNotFound)
		return
	}
	if r.Method != http.MethodPut && r.Method != http.MethodPost {
		s.odd(r, e.device, from, oddMethod, "the method "+clipName(r.Method)+" is not answered")
		w.Header()["Allow"] = []string{"GET, HEAD, PUT, POST"}
		leave(w)
		refuse(w, http.StatusMethodNotAllowed)
		return
	}
	status, why := s.takeUpload(w, r, e.device, rest, from)
	if why != "" {
		s.odd(r, e.device, from, oddUpload, why)
		leave(w)
	}
	refuse(w, status)
}

// takeUpload is the status of the answer, and why a file was not taken.
func (s *Server) takeUpload(w http.ResponseWriter, r *http.Request, d Device, rest string, from netip.Addr) (status int, why string) {
	name := uploadName(baseName(rest))
	most := s.cfg.UploadMost
	switch {
	case most <= 0:
		return http.StatusForbidden, "sent " + name + "; no uploads are taken here"
	case name == "":
		return http.StatusNotFound, "sent a file without a usable name"
	case r.ContentLength > most: // before a byte of it is read, or asked for by 100 (RFC 9110 section 10.1.1)
		return http.StatusRequestEntityTooLarge, "sent " + name + ", which is larger than uploads may be"
	case r.Header.Get("Content-Range") != "": // a part is not the file (RFC 9110 section 14.5)
		return http.StatusBadRequest, "sent a part of " + name
	}
	if !s.uploadShares.take(d.ID) {
		return http.StatusServiceUnavailable, "sent " + name + " while it sent too many others"
	}
	defer s.uploadShares.give(d.ID)
	select {
	case s.sending <- struct{}{}:
		defer func() { <-s.sending }()
	default:
		return http.StatusServiceUnavailable, "sent " + name + " while too many others did"
	}
	// Only now that the device is known: strangers have less time.
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(s.patience)) // without it, the usual one holds
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, most))
	if err != nil {
		return unreadable(err), "sent " + name + ", which could not be read: " + wrongBody(err)
	}
	u := Upload{Name: name, From: from, UserAgent: clip(r.UserAgent()), Body: body}
	if err := formFile(r.Header.Get("Content-Type"), &u); err != nil {
		return http.StatusBadRequest, "sent a form that could not be read"
	}
	fresh, err := s.cfg.Uploads.Take(r.Context(), d, u)
	if err == nil {
		s.count.uploads.Add(1)
	}
	switch {
	case err == nil && fresh && r.Method == http.MethodPut:
		return http.StatusCreated, ""
	case err == nil:
		return http.StatusOK, ""
	case telephony.CodeOf(err) == telephony.NotFound: // deleted meanwhile
		return http.StatusNotFound, ""
	case telephony.CodeOf(err) == telephony.TooMany:
		return http.StatusTooManyRequests, "sent more files than are kept of one device in so short a time"
	}
	s.log.Error("keeping an upload", "cpe", d.ID, "err", err)
	return http.StatusServiceUnavailable, ""
}

func unreadable(err error) int {
	var large *http.MaxBytesError
	var network net.Error
	switch {
	case errors.As(err, &large):
		return http.StatusRequestEntityTooLarge
	case errors.Is(err, os.ErrDeadlineExceeded), errors.As(err, &network) && network.Timeout():
		return http.StatusRequestTimeout
	}
	return http.StatusBadRequest
}

func wrongBody(err error) string {
	switch unreadable(err) {
	case http.StatusRequestEntityTooLarge:
		return "it is larger than uploads may be"
	case http.StatusRequestTimeout:
		return "it took too long"
	}
	return "it broke off or was malformed"
}

// leave ends the connection after the answer: what is left of the body is not
// read, however much it is.
func leave(w http.ResponseWriter) { w.Header()["Connection"] = closeConn }

// uploadName is a name that a page may show and a browser may save, "" for others.
func uploadName(s string) string {
	if len(s) > 80 || strings.Trim(s, ".") == "" {
		return ""
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-' || c == '.') {
			return ""
		}
	}
	return s
}

func clipName(s string) string {
	const most = 16
	if len(s) > most {
		s = s[:most]
	}
	return strings.ToValidUTF8(s, "")
}

// odd has a line in the device's history, of one kind once in a while: a phone
// repeats itself. What varies at the phone's will makes no kind of its own.
func (s *Server) odd(r *http.Request, d Device, from netip.Addr, kind oddity, what string) {
	if s.cfg.Uploads != nil && s.refusals.pass(d.ID+string(kind), s.cfg.Now()) {
		s.cfg.Uploads.Noted(r.Context(), d, from, what)
	}
}
