package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"
)

type explainCmd struct {
	Spot   spot   `embed:""`
	Remote remote `embed:""`
}

func (c explainCmd) Run(ctx context.Context) error {
	_, channel, err := c.Remote.at(ctx, c.Spot)
	if err != nil {
		return err
	}
	var raw json.RawMessage
	if err := c.Remote.call(ctx, http.MethodGet, channel+"/explanation", nil, nil, &raw); err != nil {
		return err
	}
	if c.Remote.JSON {
		_, err := fmt.Fprintln(os.Stdout, string(raw))
		return err
	}
	var e explanation
	if err := json.Unmarshal(raw, &e); err != nil {
		return fmt.Errorf("reading the explanation: %w", err)
	}
	return e.show(os.Stdout, c.Spot.Channel)
}

type explanation struct {
	State struct {
		Code   string `json:"code"`
		Reason string `json:"reason"`
	} `json:"state"`
	Steps     []step `json:"steps"`
	Emergency step   `json:"emergency"`
}

type step struct {
	Name   string    `json:"name"`
	Done   bool      `json:"done"`
	At     time.Time `json:"at"`
	Detail string    `json:"detail"`
	Advice string    `json:"advice"`
}

// show prints the way from link to phone; advice stands at the first thing
// missing only, since what follows it cannot be there yet.
func (e explanation) show(w io.Writer, channel string) error {
	state := e.State.Code
	if e.State.Reason != "" {
		state += " (" + e.State.Reason + ")"
	}
	fmt.Fprintf(w, "%s: %s\n\n", channel, state)
	told := false
	for _, s := range e.Steps {
		at := ""
		if !s.At.IsZero() {
			at = s.At.Local().Format("  2006-01-02 15:04:05")
		}
		fmt.Fprintf(w, "%s %s %s%s\n", mark(s.Done), pad(s.Name, 10), s.Detail, at)
		if !s.Done && !told && s.Advice != "" {
			fmt.Fprintf(w, "  %s → %s\n", pad("", 10), s.Advice)
			told = true
		}
	}
	if s := e.Emergency; s.Name != "" {
		fmt.Fprintf(w, "\n%s %s %s\n", mark(s.Done), pad(s.Name, 10), s.Detail)
		if !s.Done {
			fmt.Fprintf(w, "  %s → %s\n", pad("", 10), s.Advice)
		}
	}
	return nil
}
