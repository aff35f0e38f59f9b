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
	kind := ""
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			return fmt.Errorf("writing the request: %w", err)
		}
		in, kind = bytes.NewReader(b), "application/json"
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	text, err := r.ask(ctx, method, path, kind, in)
	if err != nil || out == nil || len(text) == 0 {
		return err
	}
	if err := json.Unmarshal(text, out); err != nil {
		return fmt.Errorf("reading the server's answer: %w", err)
	}
	return nil
}

// ask sends a body of that kind, "" for none, and gives the answer.
func (r remote) ask(ctx context.Context, method, path, kind string, body io.Reader) ([]byte, error) {
	q, err := http.NewRequestWithContext(ctx, method, strings.TrimSuffix(r.URL, "/")+path, body)
	if err != nil {
		return nil, fmt.Errorf("making the request: %w", err)
	}
	q.Header.Set("Authorization", "Bearer "+r.Token)
	if kind != "" {
		q.Header.Set("Content-Type", kind)
	}
	a, err := http.DefaultClient.Do(q)
	if err != nil {
		return nil, fmt.Errorf("asking the server: %w", err)
	}
	defer a.Body.Close()
	text, err := io.ReadAll(io.LimitReader(a.Body, 8<<20))
	if err != nil {
		return nil, fmt.Errorf("reading the server's answer: %w", err)
	}
	if a.StatusCode >= 300 {
		return nil, refusal(a.Status, text)
	}
	return text, nil
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
