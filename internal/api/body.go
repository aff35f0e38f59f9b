package api

import (
	"errors"
	"io"
	"net"
	"net/http"

	"tischlein/internal/telephony"
)

// limitedBody turns what can go wrong while reading a request's body into the
// Problem that every reader of it passes on: none of it is our fault.
type limitedBody struct{ io.ReadCloser }

func (b *limitedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err == nil || errors.Is(err, io.EOF) {
		return n, err
	}
	var large *http.MaxBytesError
	var network net.Error
	switch {
	case errors.As(err, &large):
		return n, tooLarge()
	case errors.As(err, &network) && network.Timeout():
		return n, unread(http.StatusRequestTimeout, "the request's body took too long")
	}
	return n, unread(http.StatusBadRequest, "the request's body ended early")
}

func unread(status int, detail string) *Problem {
	return &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: detail, Code: telephony.Invalid, Reason: reasonFor(status)}
}

func tooLarge() *Problem {
	return unread(http.StatusRequestEntityTooLarge, "a request body holds at most 1 MiB")
}
