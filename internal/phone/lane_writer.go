package phone

import (
	"crypto/tls"
	"net/http"
	"strconv"
	"time"
)

// laneWriter is the handlers' way to answer on the lane: what they say is sent as
// net/http would, in one write.
type laneWriter struct {
	s      *Server
	c      *tls.Conn
	now    time.Time
	close  bool
	header http.Header
	status int
	body   []byte
	out    []byte
	sent   bool
	err    error
}

func (w *laneWriter) Header() http.Header {
	if w.header == nil {
		w.header = http.Header{}
	}
	return w.header
}

func (w *laneWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
}

func (w *laneWriter) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	w.body = append(w.body, b...)
	return len(b), nil
}

// FlushError sends everything: an answer has one body, written at once.
func (w *laneWriter) FlushError() error {
	w.finish()
	return w.err
}

// finish sends what has been said and not sent.
func (w *laneWriter) finish() {
	if w.sent {
		return
	}
	w.WriteHeader(http.StatusOK)
	h := w.Header()
	if h["Content-Length"] == nil && w.status != http.StatusNotModified {
		h["Content-Length"] = []string{strconv.Itoa(len(w.body))}
	}
	w.close = w.close || h["Connection"] != nil
	delete(h, "Connection")
	if w.close {
		h["Connection"] = closeConn
	}
	w.out = append(append(append(w.out, "HTTP/1.1 "...), strconv.Itoa(w.status)...), ' ')
	w.out = append(append(w.out, http.StatusText(w.status)...), "\r\n"...)
	for name, values := range h {
		for _, v := range values {
			w.out = append(append(append(append(w.out, name...), ": "...), v...), "\r\n"...)
		}
	}
	w.out = append(append(append(w.out, w.s.dates.at(w.now)...), "\r\n"...), w.body...)
	w.send()
}

// send writes what is ready. The phone may be slow, but not for ever.
func (w *laneWriter) send() bool {
	w.sent = true
	_ = w.c.SetWriteDeadline(time.Now().Add(answerPatience))
	if _, w.err = w.c.Write(w.out); w.err != nil {
		w.s.log.Debug("phone went away", "from", w.c.RemoteAddr(), "err", w.err)
	}
	return w.err == nil
}
