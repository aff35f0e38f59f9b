package web

import (
	"compress/gzip"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

var squeezers = sync.Pool{New: func() any {
	w, _ := gzip.NewWriterLevel(io.Discard, gzip.BestSpeed) // the level exists
	return w
}}

// send writes a whole answer, compressed where that pays and is harmless.
func send(w http.ResponseWriter, r *http.Request, status int, body []byte, quiet bool) {
	h := w.Header()
	h.Add("Vary", "Accept-Encoding")
	if quiet || len(body) < 1024 || !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Length", strconv.Itoa(len(body)))
		w.WriteHeader(status)
		_, _ = w.Write(body) // a browser that went away is no error of ours
		return
	}
	h.Set("Content-Encoding", "gzip")
	w.WriteHeader(status)
	z := squeezers.Get().(*gzip.Writer)
	defer squeezers.Put(z)
	z.Reset(w)
	_, _ = z.Write(body)
	_ = z.Close()
}
