package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// pages calls f for each item of a list until it says that it has what it wanted.
func (r remote) pages(ctx context.Context, path, search string, f func(json.RawMessage) (done bool, err error)) error {
	query := url.Values{"limit": {"200"}}
	if search != "" {
		query.Set("search", search)
	}
	for {
		var page struct {
			Items []json.RawMessage `json:"items"`
			Next  string            `json:"next"`
		}
		if err := r.call(ctx, http.MethodGet, path, query, nil, &page); err != nil {
			return err
		}
		for _, text := range page.Items {
			if done, err := f(text); done || err != nil {
				return err
			}
		}
		if page.Next == "" {
			return nil
		}
		query.Set("cursor", page.Next)
	}
}

// each prints a list of the API: a line for each item, or with --json each as it came.
func each[T fmt.Stringer](ctx context.Context, r remote, w io.Writer, path, search string) error {
	return r.pages(ctx, path, search, func(text json.RawMessage) (bool, error) {
		return false, printAs[T](r, w, text)
	})
}

// show makes a change and prints the object as it is then.
func show[T fmt.Stringer](ctx context.Context, r remote, w io.Writer, method, path string, body any) error {
	var text json.RawMessage
	if err := r.call(ctx, method, path, nil, body, &text); err != nil {
		return err
	}
	return printAs[T](r, w, text)
}

// printAs prints an object of the API.
func printAs[T fmt.Stringer](r remote, w io.Writer, text json.RawMessage) error {
	line := strings.TrimSpace(string(text))
	if !r.JSON {
		var object T
		if err := json.Unmarshal(text, &object); err != nil {
			return fmt.Errorf("reading the server's answer: %w", err)
		}
		line = object.String()
	}
	_, err := fmt.Fprintln(w, line)
	return err
}
