package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
)

// vendored are packages of others whose files lie among ours, unchanged but for a first line that names them.
var vendored = []struct {
	name, version, licence string
	inside                 bool
	files                  map[string]string // path → SHA-256 of the file as it was published
}{
	{name: "htmx.org", version: "4.0.1", licence: "0BSD", inside: true, files: map[string]string{
		"internal/web/static/js/10-htmx.min.js":   "a0abb04f2f45a1f89d1d4844023245537e5e6014c87b144553e0607b4cc32130",
		"internal/web/static/js/11-hx-sse.min.js": "18ef2761356ec1fe0bb6d92612315b37517a7c1e9856b661c5ae81fef239d103",
	}},
	{name: "axe-core", version: "4.14.1", licence: "MPL-2.0", files: map[string]string{
		"e2e/browser/testdata/axe/axe.min.js": "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c",
	}},
}

// published is the checksum of a file without the line that we put before it.
func published(root, path string) (string, error) {
	data, err := os.ReadFile(filepath.Join(root, path))
	if err != nil {
		return "", fmt.Errorf("reading a file of others: %w", err)
	}
	if line, rest, ok := bytes.Cut(data, []byte("\n")); ok && bytes.Contains(line, []byte("see LICENSES.txt")) {
		data = rest
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:]), nil
}
