package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"
)

const sessionCookie = "tischlein-session"

// browser asks as a browser does, over one connection that it keeps.
type browser struct {
	portal, session string
	client          *http.Client
	wire            atomic.Int64 // bytes that came so far
}

// answer is one answer, unpacked, with what came over the connection for it and
// how long its last byte was in coming.
type answer struct {
	text string
	wire int
	took time.Duration
}

// enter chooses a password at a one-time link and is signed in by that.
func enter(portal, welcome string) (*browser, error) {
	b := &browser{portal: portal}
	b.client = &http.Client{
		Transport: &http.Transport{MaxConnsPerHost: 1, DisableCompression: true, DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			c, err := new(net.Dialer).DialContext(ctx, network, address)
			return counted{c, &b.wire}, err
		}},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	const password = "Kirschkuchen-mit-Sahne"
	a, err := b.client.PostForm(welcome, url.Values{"password": {password}, "password_again": {password}})
	if err != nil {
		return nil, err
	}
	defer a.Body.Close()
	for _, c := range a.Cookies() {
		if c.Name == sessionCookie {
			b.session = c.Value
		}
	}
	if b.session == "" {
		return nil, fmt.Errorf("the one-time link was answered %s, without a session", a.Status)
	}
	_, err = io.Copy(io.Discard, a.Body)
	return b, err
}

// counted counts what is read. Nothing comes but answers, one at a time: an
// answer's bytes are those counted when it is read to its end.
type counted struct {
	net.Conn
	sum *atomic.Int64
}

func (c counted) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.sum.Add(int64(n))
	return n, err
}

// get reads a page, or as htmx does a part of one.
func (b *browser) get(path string, part bool) (answer, error) {
	r, err := http.NewRequest(http.MethodGet, b.portal+path, nil)
	if err != nil {
		return answer{}, err
	}
	r.Header.Set("Accept-Encoding", "gzip, deflate, br, zstd")
	r.Header.Set("Accept-Language", "de")
	r.Header.Set("Cookie", sessionCookie+"="+b.session)
	if part {
		r.Header.Set("HX-Request", "true")
	}
	before, start := b.wire.Load(), time.Now()
	a, err := b.client.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer a.Body.Close()
	body, err := io.ReadAll(a.Body)
	if err != nil {
		return answer{}, err
	}
	out := answer{wire: int(b.wire.Load() - before), took: time.Since(start)}
	if a.StatusCode != http.StatusOK || len(body) == 0 {
		return answer{}, fmt.Errorf("%s, %d bytes", a.Status, len(body))
	}
	if a.Header.Get("Content-Encoding") == "gzip" {
		z, err := gzip.NewReader(bytes.NewReader(body))
		if err != nil {
			return answer{}, err
		}
		if body, err = io.ReadAll(z); err != nil {
			return answer{}, err
		}
	}
	out.text = string(body)
	if strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") && !part && !strings.Contains(out.text, "</html>") {
		return answer{}, errors.New("half a page")
	}
	return out, nil
}
