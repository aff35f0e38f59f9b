package phone

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"strings"
)

// formFile takes the file out of a form: some phones send a report as a browser
// would (multipart/form-data, RFC 7578). Whatever else is sent is the file itself.
func formFile(contentType string, u *Upload) error {
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil || kind != "multipart/form-data" {
		return nil // not said, or said wrongly: phones do
	}
	parts := multipart.NewReader(bytes.NewReader(u.Body), params["boundary"])
	for {
		p, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return errors.New("phone: a form without a file")
		}
		if err != nil {
			return fmt.Errorf("reading a form: %w", err)
		}
		if p.FileName() == "" {
			continue
		}
		body, err := io.ReadAll(p) // no more than the form has, which is bounded
		if err != nil {
			return fmt.Errorf("reading a form: %w", err)
		}
		u.Body = body
		name := p.FileName()
		if n := uploadName(name[strings.LastIndexAny(name, `/\`)+1:]); n != "" {
			u.Name = n
		}
		return nil
	}
}
