package phone

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tischlein/internal/telephony"
)

// cupboard holds one image.
type cupboard struct{ dir, sum, name string }

func (c cupboard) Open(_ context.Context, sum, name string) (*os.File, time.Time, error) {
	if sum != c.sum || name != c.name {
		return nil, time.Time{}, telephony.NotFoundf("firmware")
	}
	f, err := os.Open(filepath.Join(c.dir, sum))
	return f, time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), err
}

func TestP12_FirmwareIsServedByContentInRanges(t *testing.T) {
	image := bytes.Repeat([]byte("0123456789abcdef"), 1<<16) // 1 MiB
	hash := sha256.Sum256(image)
	c := cupboard{t.TempDir(), hex.EncodeToString(hash[:]), "T46U-108.87.0.1.rom"}
	if err := os.WriteFile(filepath.Join(c.dir, c.sum), image, 0o600); err != nil {
		t.Fatal(err)
	}
	s := newSender(t)
	s.st.cfg.Images = c
	path := "/w/" + c.sum + "/" + c.name
	ask := func(method, path, headers string) string {
		return method + " " + path + " HTTP/1.1\r\n" + hostLine + headers + "\r\n"
	}
	body := func(r *http.Response) []byte {
		b, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	whole := s.wants(200, ask("GET", path, "Connection: close\r\n"))
	tag := `"` + c.sum + `"`
	if got := body(whole); !bytes.Equal(got, image) || whole.Header.Get("Etag") != tag || whole.Header.Get("Accept-Ranges") != "bytes" || whole.ContentLength != int64(len(image)) {
		t.Fatalf("%d bytes, %v", len(got), whole.Header)
	}
	part := s.wants(206, ask("GET", path, "Range: bytes=16-31\r\nIf-Range: "+tag+"\r\n"))
	if got := body(part); string(got) != "0123456789abcdef" || part.Header.Get("Content-Range") != "bytes 16-31/1048576" {
		t.Errorf("%q %v", got, part.Header)
	}
	if got := body(s.wants(200, ask("GET", path, "Range: bytes=16-31\r\nIf-Range: \"other\"\r\n"))); len(got) != len(image) {
		t.Errorf("a part of another file: %d", len(got))
	}
	s.wants(304, ask("GET", path, "If-None-Match: "+tag+"\r\n"))
	for _, span := range []string{"bytes=1048576-", "bytes=5-2", "lines=1-2", "bytes=x"} {
		r := s.wants(416, ask("GET", path, "Range: "+span+"\r\n"))
		if len(body(r)) > 0 {
			t.Errorf("%s: a refusal with words", span)
		}
	}
	many := s.say(ask("GET", path, "Range: bytes="+strings.Repeat("0-1048575,", 60)+"0-1\r\n"))
	if n := len(body(many)); n > len(image) {
		t.Errorf("many ranges made %d bytes", n)
	}
	conn := s.dial()
	if _, err := io.WriteString(conn, "HEAD "+path+" HTTP/1.0\r\nUser-Agent: x\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	head, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: http.MethodHead})
	if err != nil {
		t.Fatal(err)
	}
	if head.StatusCode != 200 || head.Header.Get("Content-Length") != "1048576" {
		t.Errorf("HEAD: %v", head)
	}
	for _, p := range []string{"/w", "/w/", "/w/" + c.sum, "/w/" + c.sum + "/", "/w/" + c.sum + "/other.rom", "/w/" + strings.Repeat("0", 64) + "/" + c.name,
		"/w/" + strings.ToUpper(c.sum) + "/" + c.name, "/w/" + c.sum + "/x/" + c.name, "/w/../w/" + c.sum, "/w/" + c.sum + "%2f" + c.name} {
		s.wants(404, ask("GET", p, ""))
	}
	s.wants(405, ask("PUT", path, sized(0)))
	// Never over plain HTTP (P02).
	s.st.want(404, bareWith(path))
}

func bareWith(path string) ask { return ask{path: path, ua: yealinkUA, plain: true} }
