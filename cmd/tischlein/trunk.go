package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
)

// trunkCmd keeps the peers that carry calls: of the installation, or with
// --customer of one customer.
type trunkCmd struct {
	List   trunkListCmd   `cmd:"" help:"List trunks."`
	Add    trunkAddCmd    `cmd:"" help:"Add a trunk."`
	Change trunkChangeCmd `cmd:"" help:"Change a trunk; what is not named stays as it is."`
	Remove trunkRemoveCmd `cmd:"" help:"Remove a trunk."`
}

// keeper is whose trunks are meant.
type keeper struct {
	Customer string `placeholder:"NUMBER" help:"Customer number. Default: the trunks of the installation, which carry the calls of customers without their own."`
	Remote   remote `embed:""`
}

func (k keeper) path(ctx context.Context) (string, error) {
	if k.Customer == "" {
		return "/v1/trunks", nil
	}
	customer, err := k.Remote.customer(ctx, k.Customer)
	return customer + "/trunks", err
}

func (k keeper) one(ctx context.Context, name string) (string, error) {
	all, err := k.path(ctx)
	if err != nil {
		return "", err
	}
	t, err := k.Remote.find(ctx, all, "trunk", name, called(name))
	return all + "/" + url.PathEscape(t.ID), err
}

// trunk is one as the API shows it; it never shows a secret.
type trunk struct {
	Name      string   `json:"name"`
	Switch    bool     `json:"switch"`
	Host      string   `json:"host"`
	Sources   []string `json:"sources"`
	User      string   `json:"user"`
	HasSecret bool     `json:"has_secret"`
	Emergency string   `json:"emergency"`
}

func (t trunk) String() string {
	words := []string{pad(t.Name, 24), pad(t.Host, 28)}
	if t.Switch {
		words = append(words, "switch")
	}
	if t.User != "" {
		words = append(words, "as "+t.User)
	}
	if t.User != "" && !t.HasSecret {
		words = append(words, "(no secret)")
	}
	if len(t.Sources) > 0 {
		words = append(words, "from "+strings.Join(t.Sources, " "))
	}
	if t.Emergency != "" {
		words = append(words, "emergency: "+t.Emergency)
	}
	return strings.TrimRight(strings.Join(words, " "), " ")
}

type trunkListCmd struct {
	Keeper keeper `embed:""`
}

func (c trunkListCmd) Run(ctx context.Context) error {
	all, err := c.Keeper.path(ctx)
	if err != nil {
		return err
	}
	return each[trunk](ctx, c.Keeper.Remote, os.Stdout, all, "")
}

// trunkFacts are what can be said of a trunk. The secret comes from a file: what
// stands in a command line is read by others.
type trunkFacts struct {
	Source     []string `placeholder:"ADDRESS" help:"Address or prefix that the trunk's requests come from; may be given several times."`
	User       *string  `help:"Digest user, in both directions."`
	SecretFile string   `placeholder:"FILE" help:"File with the digest secret. - reads standard input."`
	Switch     *bool    `negatable:"" help:"The customer's calls live there: all that its phones dial is handed on."`
	Emergency  *string  `placeholder:"MODE" help:"How the place of an emergency call travels: geolocation, elin, or empty."`
}

func (f trunkFacts) body(in io.Reader) (map[string]any, error) {
	b := map[string]any{}
	if f.Source != nil {
		b["sources"] = f.Source
	}
	if f.User != nil {
		b["user"] = *f.User
	}
	if f.Switch != nil {
		b["switch"] = *f.Switch
	}
	if f.Emergency != nil {
		b["emergency"] = *f.Emergency
	}
	if f.SecretFile == "" {
		return b, nil
	}
	secret, err := readSecret(f.SecretFile, in)
	b["secret"] = secret
	return b, err
}

// readSecret reads a file, "-" for in, without the end of its last line.
func readSecret(file string, in io.Reader) (string, error) {
	var text []byte
	var err error
	if file == "-" {
		text, err = io.ReadAll(io.LimitReader(in, 8192))
	} else {
		text, err = os.ReadFile(file)
	}
	if err != nil {
		return "", fmt.Errorf("reading the secret: %w", err)
	}
	return strings.TrimRight(string(text), "\r\n"), nil
}

type trunkAddCmd struct {
	Name   string     `arg:"" help:"What people call it."`
	Host   string     `arg:"" help:"Where calls are sent: a name or an address, with a port or without."`
	Facts  trunkFacts `embed:""`
	Keeper keeper     `embed:""`
}

func (c trunkAddCmd) Run(ctx context.Context) error {
	all, err := c.Keeper.path(ctx)
	if err != nil {
		return err
	}
	body, err := c.Facts.body(os.Stdin)
	if err != nil {
		return err
	}
	body["name"], body["host"] = c.Name, c.Host
	return show[trunk](ctx, c.Keeper.Remote, os.Stdout, http.MethodPost, all, body)
}

type trunkChangeCmd struct {
	Name   string     `arg:"" help:"Its name."`
	Rename string     `placeholder:"NAME" help:"Call it this."`
	Host   string     `help:"Where calls are sent."`
	Facts  trunkFacts `embed:""`
	Keeper keeper     `embed:""`
}

func (c trunkChangeCmd) Run(ctx context.Context) error {
	one, err := c.Keeper.one(ctx, c.Name)
	if err != nil {
		return err
	}
	body, err := c.Facts.body(os.Stdin)
	if err != nil {
		return err
	}
	if c.Rename != "" {
		body["name"] = c.Rename
	}
	if c.Host != "" {
		body["host"] = c.Host
	}
	return show[trunk](ctx, c.Keeper.Remote, os.Stdout, http.MethodPatch, one, body)
}

type trunkRemoveCmd struct {
	Name   string `arg:"" help:"Its name."`
	Keeper keeper `embed:""`
}

func (c trunkRemoveCmd) Run(ctx context.Context) error {
	one, err := c.Keeper.one(ctx, c.Name)
	if err != nil {
		return err
	}
	return c.Keeper.Remote.call(ctx, http.MethodDelete, one, nil, nil, nil)
}
