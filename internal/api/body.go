package api

import (
	"errors"
	"io"
	"net/http"
)

// limitedBody turns the end of http.MaxBytesReader's patience into the 413 that
// every reader of the body passes on.
type limitedBody struct{ io.ReadCloser }

func (b *limitedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		err = tooLarge()
	}
	return n, err
}
