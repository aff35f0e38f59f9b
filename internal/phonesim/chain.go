package phonesim

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

const (
	maxConfigFile = 4 << 20
	maxChain      = 64 // files; more means the server sends us in circles
	fetchTimeout  = 30 * time.Second
)

// chain is one walk through the vendor's file order. It works on copies, so that
// the phone stays unlocked, and is thrown away when the phone lost interest.
type chain struct {
	phone   *Phone
	cfg     Config
	url     string // provisioning URL, macros unexpanded
	form    []byte // what it asks with, by POST; nil: it asks by GET
	from    string // From header of Linphone
	agent   string
	user    string
	pass    string
	auth    httpAuth
	client  *http.Client
	cancel  context.CancelFunc
	started time.Time
	pushed  time.Time // when the check-sync came that caused it; zero: none
	booting bool      // the first walk after a boot
	restart bool      // a page that it asked for said so

	files      []File
	docs       []document
	sum        [32]byte // over all bodies in order
	retryAfter time.Duration
}

// httpAuth is what the phone knows about the server's challenge. It outlives the
// chain: nonces are re-used from file to file.
type httpAuth struct {
	host  string
	basic bool
	d     digester
}

// get fetches one file. Anything but 200 with a whole body is false; the reason
// stands in files.
func (c *chain) get(ctx context.Context, rawURL string, h http.Header) ([]byte, bool) {
	f := File{URL: rawURL}
	start := time.Now()
	var body []byte
	if len(c.files) >= maxChain {
		f.Err = fmt.Sprintf("more than %d files", maxChain)
	} else {
		var err error
		method := http.MethodGet
		if c.form != nil {
			method, h = http.MethodPost, http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
		}
		f.Status, body, err = c.request(ctx, method, rawURL, h, c.form)
		f.Bytes = len(body)
		if err != nil {
			f.Err, f.Status = err.Error(), 0
		}
	}
	c.files = append(c.files, f)
	p := c.phone
	p.do(func() {
		if p.run == c {
			p.fleet.counts.fetched(f)
			p.emit(Event{Kind: Fetched, URL: f.URL, Status: f.Status, Bytes: f.Bytes, Took: time.Since(start), Detail: f.Err})
		}
	})
	return body, f.Status == http.StatusOK
}

// take fetches a file and keeps what the vendor's parser makes of it. False: there is
// none, or it cannot be understood.
func take[T any](ctx context.Context, c *chain, rawURL string, parse func([]byte) (T, error)) (T, bool) {
	var none T
	body, ok := c.get(ctx, rawURL, nil)
	if !ok {
		return none, false
	}
	doc, err := parse(body)
	if err != nil {
		c.reject(err)
		return none, false
	}
	c.accept(rawURL, doc)
	return doc, true
}

// put writes a file to the server. Whatever comes of it, the walk goes on.
func (c *chain) put(ctx context.Context, rawURL string, body []byte) {
	f := File{URL: rawURL, Method: http.MethodPut, Bytes: len(body)}
	var err error
	if f.Status, _, err = c.request(ctx, http.MethodPut, rawURL, nil, body); err != nil {
		f.Err, f.Status = err.Error(), 0
	}
	c.files = append(c.files, f)
}

// reject notes that the last file could not be understood.
func (c *chain) reject(err error) { c.files[len(c.files)-1].Err = err.Error() }

// accept keeps what a file said.
func (c *chain) accept(fileURL string, body any) {
	c.docs = append(c.docs, document{url: fileURL, body: body})
}

// transient says whether trying again may help: no answer, or a server in trouble.
func (c *chain) transient() (File, bool) {
	for _, f := range c.files {
		if f.Method != "" {
			continue // what a phone writes down is not what it runs on
		}
		if f.Status == 0 || f.Status >= 500 || f.Status == 429 || f.Status == 408 {
			return f, true
		}
	}
	return File{}, false
}

func (c *chain) request(ctx context.Context, method, rawURL string, h http.Header, upload []byte) (int, []byte, error) {
	u, err := url.Parse(rawURL)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return 0, nil, fmt.Errorf("not an HTTP URL: %q", rawURL)
	}
	sec := secrets{user: c.user, password: c.pass}
	if u.User != nil {
		sec.user = u.User.Username()
		sec.password, _ = u.User.Password()
		u.User = nil
	}
	for try := 0; ; try++ {
		req, err := http.NewRequestWithContext(ctx, method, u.String(), bytes.NewReader(upload))
		if err != nil {
			return 0, nil, err
		}
		if h != nil {
			req.Header = h.Clone()
		}
		req.Header.Set("User-Agent", c.agent)
		c.auth.apply(req, sec)
		resp, err := c.client.Do(req) //nolint:bodyclose // readCapped closes it
		if err != nil {
			return 0, nil, err
		}
		body, err := readCapped(resp.Body)
		if err != nil {
			return 0, nil, fmt.Errorf("reading %s: %w", u.Redacted(), err)
		}
		if s, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil && s > 0 {
			c.retryAfter = time.Duration(s) * time.Second
		}
		if resp.StatusCode != http.StatusUnauthorized || sec.user == "" || try == 2 {
			if resp.StatusCode == http.StatusOK && method == http.MethodGet {
				c.sum = sha256.Sum256(append(c.sum[:], body...))
			}
			return resp.StatusCode, body, nil
		}
		// A second refusal counts only if the nonce was merely stale.
		again, stale := c.auth.take(resp, c.cfg.MD5Only)
		if !again || (try > 0 && !stale) {
			return resp.StatusCode, body, nil
		}
		u = resp.Request.URL // redirects may have led elsewhere
	}
}

func readCapped(r io.ReadCloser) ([]byte, error) {
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, maxConfigFile+1))
	if err == nil && len(b) > maxConfigFile {
		err = errors.New("file is larger than 4 MiB")
	}
	return b, err
}

// apply adds credentials where the host has asked for them before.
func (a *httpAuth) apply(req *http.Request, s secrets) {
	if a.host != req.URL.Host || s.user == "" {
		return
	}
	if a.basic {
		req.Header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(s.user+":"+s.password)))
		return
	}
	if a.d.set {
		name, value := a.d.answer(req.Method, req.URL.RequestURI(), s)
		req.Header.Set(name, value)
	}
}

// take reads the challenge of a 401, Digest before Basic.
func (a *httpAuth) take(resp *http.Response, md5Only bool) (ok, stale bool) {
	var digests []challenge
	basic := false
	for _, v := range resp.Header.Values("WWW-Authenticate") {
		if c, ok := parseChallenge(v); ok && c.scheme == "digest" {
			digests = append(digests, c)
		} else if ok {
			basic = true
		}
	}
	if a.host != resp.Request.URL.Host {
		*a = httpAuth{host: resp.Request.URL.Host}
	}
	if c, ok := choose(digests, md5Only, secrets{}); ok {
		a.basic = false
		a.d.take(c)
		return true, c.stale
	}
	a.basic = basic
	return basic, false
}

// directory makes sure that file names can be appended.
func directory(u string) string {
	if strings.HasSuffix(u, "/") {
		return u
	}
	return u + "/"
}

// urlPath is the path of a URL, without query; empty when it does not parse.
func urlPath(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	return u.Path
}

// resolve joins a reference to the URL of the file it stood in.
func resolve(base, ref string) string {
	b, err := url.Parse(base)
	if err != nil {
		return ref
	}
	r, err := b.Parse(ref)
	if err != nil {
		return ref
	}
	return r.String()
}
