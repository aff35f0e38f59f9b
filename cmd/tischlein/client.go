package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// remote is the REST API of a running server, with the eyes of a token.
type remote struct {
	URL   string `name:"url" env:"TISCHLEIN_URL" default:"http://127.0.0.1:8080" help:"Server's REST API."`
	Token string `env:"TISCHLEIN_TOKEN" required:"" help:"API token."`
	JSON  bool   `name:"json" help:"Print the API's answer as it came."`
}

// problem is an error answer (RFC 9457).
type problem struct {
	Detail string `json:"detail"`
	Reason string `json:"reason"`
	Errors []struct {
		Location string `json:"location"`
		Message  string `json:"message"`
	} `json:"errors"`
}

// call sends body, unless nil, and reads the answer into out, unless nil. A
// refusal is an error in the server's words.
func (r remote) call(ctx context.Context, method, path string, query url.Values, body, out any) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	var in io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			return fmt.Errorf("writing the request: %w", err)
		}
		in = bytes.NewReader(b)
	}
	address := strings.TrimSuffix(r.URL, "/") + path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	q, err := http.NewRequestWithContext(ctx, method, address, in)
	if err != nil {
		return fmt.Errorf("making the request: %w", err)
	}
	q.Header.Set("Authorization", "Bearer "+r.Token)
	if body != nil {
		q.Header.Set("Content-Type", "application/json")
	}
	a, err := http.DefaultClient.Do(q)
	if err != nil {
		return fmt.Errorf("asking the server: %w", err)
	}
	defer a.Body.Close()
	text, err := io.ReadAll(io.LimitReader(a.Body, 8<<20))
	if err != nil {
		return fmt.Errorf("reading the server's answer: %w", err)
	}
	if a.StatusCode >= 300 {
		return refusal(a.Status, text)
	}
	if out == nil || len(text) == 0 {
		return nil
	}
	if err := json.Unmarshal(text, out); err != nil {
		return fmt.Errorf("reading the server's answer: %w", err)
	}
	return nil
}

func refusal(status string, text []byte) error {
	var p problem
	if json.Unmarshal(text, &p) != nil || p.Detail == "" {
		return fmt.Errorf("the server answered %s", status)
	}
	if p.Reason != "" {
		p.Detail += " (" + p.Reason + ")"
	}
	for _, e := range p.Errors {
		if e.Message != p.Detail {
			p.Detail += "; " + e.Location + ": " + e.Message
		}
	}
	return errors.New(p.Detail)
}
