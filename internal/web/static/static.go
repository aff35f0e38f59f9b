// Package static is what browsers load once: style, scripts and icons, joined into
// one file each and named by their content, so that they can be kept for ever. It
// knows nothing of pages.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"strings"
	"sync"
)

//go:embed css/*.css js/*.js *.svg LICENSES.txt
var files embed.FS

// asset is one file as it is sent.
type asset struct {
	kind         string
	plain, small []byte // small is compressed
}

type bundle struct {
	prefix string // /static/<hash>/
	assets map[string]asset
}

var made = sync.OnceValue(func() bundle {
	raw := map[string][]byte{
		"app.css": join("css"), "app.js": join("js"),
		"sprite.svg": read("sprite.svg"), "icon.svg": read("icon.svg"), "LICENSES.txt": read("LICENSES.txt"),
	}
	h := sha256.New()
	b := bundle{assets: map[string]asset{}}
	for _, name := range []string{"app.css", "app.js", "sprite.svg", "icon.svg", "LICENSES.txt"} {
		h.Write(raw[name])
		b.assets[name] = asset{kind: kinds[name[strings.LastIndexByte(name, '.'):]], plain: raw[name], small: squeeze(raw[name])}
	}
	b.prefix = "/static/" + hex.EncodeToString(h.Sum(nil)[:6]) + "/"
	return b
})

var kinds = map[string]string{
	".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
	".svg": "image/svg+xml", ".txt": "text/plain; charset=utf-8",
}

// join concatenates a folder's files in the order of their names.
func join(folder string) []byte {
	names, err := fs.Glob(files, folder+"/*")
	if err != nil {
		panic("static: " + err.Error()) // a wrong pattern
	}
	var b bytes.Buffer
	for _, n := range names {
		b.Write(read(n))
		b.WriteByte('\n')
	}
	return b.Bytes()
}

func read(name string) []byte {
	b, err := files.ReadFile(name)
	if err != nil {
		panic("static: " + err.Error()) // part of the program
	}
	return b
}

func squeeze(b []byte) []byte {
	var out bytes.Buffer
	w, _ := gzip.NewWriterLevel(&out, gzip.BestCompression) // the level exists
	_, _ = w.Write(b)                                       // into memory
	_ = w.Close()
	return out.Bytes()
}

// URL is where a file is found: app.css, app.js, sprite.svg, icon.svg.
func URL(name string) string { return made().prefix + name }

// Handler serves GET /static/. A file of an older program is answered with
// today's, without being kept.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b := made()
		a, ok := b.assets[r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]]
		if !ok {
			http.NotFound(w, r)
			return
		}
		h := w.Header()
		h.Set("Content-Type", a.kind)
		h.Set("Vary", "Accept-Encoding")
		h.Set("Cache-Control", "no-cache")
		if strings.HasPrefix(r.URL.Path, b.prefix) {
			h.Set("Cache-Control", "public, max-age=31536000, immutable")
		}
		body := a.plain
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			h.Set("Content-Encoding", "gzip")
			body = a.small
		}
		_, _ = w.Write(body) // a browser that went away is no error of ours
	})
}
