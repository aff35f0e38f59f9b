package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

// office is who clicks: a client of the REST API that keeps its connections.
type office struct {
	api, token string
	client     *http.Client
}

func newClient(connections int) *http.Client {
	return &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: connections, MaxConnsPerHost: connections}}
}

// names learns what the screens will show.
func (o *office) names(ctx context.Context, seats []*seat) error {
	for _, s := range seats {
		for i := range s.people {
			var x struct {
				Name string `json:"name"`
			}
			if err := o.call(ctx, http.MethodGet, "/v1/customers/"+s.customer+"/extensions/"+s.people[i].extension, nil, &x); err != nil {
				return err
			}
			s.people[i].name = x.Name
		}
	}
	return nil
}

func (s *seat) link() string {
	return "/v1/customers/" + s.customer + "/channels/" + s.channel + "/link"
}

// link is the click on save for one seat.
func (o *office) link(ctx context.Context, s *seat, extension string) error {
	return o.call(ctx, http.MethodPut, s.link(), map[string]any{"extension_id": extension}, nil)
}

// linkAmong is one of many: it replaces who was linked there.
func (o *office) linkAmong(ctx context.Context, s *seat, extension string) error {
	return o.call(ctx, http.MethodPut, s.link(), map[string]any{"extension_id": extension, "bulk": true, "replace": true}, nil)
}

func (o *office) unlink(ctx context.Context, s *seat) error {
	return o.call(ctx, http.MethodDelete, s.link(), nil, nil)
}

func (o *office) call(ctx context.Context, method, path string, in, out any) error {
	var body bytes.Buffer
	if in != nil {
		if err := json.NewEncoder(&body).Encode(in); err != nil {
			return err
		}
	}
	q, err := http.NewRequestWithContext(ctx, method, o.api+path, &body)
	if err != nil {
		return err
	}
	q.Header.Set("Authorization", "Bearer "+o.token)
	if in != nil {
		q.Header.Set("Content-Type", "application/json")
	}
	a, err := o.client.Do(q)
	if err != nil {
		return err
	}
	defer a.Body.Close()
	text, err := io.ReadAll(a.Body)
	if err != nil {
		return err
	}
	if a.StatusCode >= 300 {
		return fmt.Errorf("%s %s: %s %s", method, path, a.Status, text)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(text, out)
}
