package main

import (
	"context"
	"net/http"
	"net/url"
	"os"
)

type logoutCmd struct {
	Spot   spot   `embed:""`
	Both   bool   `help:"At all devices where the person is logged in by hotdesking."`
	DryRun bool   `help:"Say what would happen, change nothing."`
	Remote remote `embed:""`
}

func (c logoutCmd) Run(ctx context.Context) error {
	_, channel, err := c.Remote.at(ctx, c.Spot)
	if err != nil {
		return err
	}
	query := url.Values{"where": {"here"}}
	if c.Both {
		query.Set("where", "both")
	}
	for name, v := range dryRun(c.DryRun) {
		query[name] = v
	}
	var out outcome
	if err := c.Remote.call(ctx, http.MethodDelete, channel+"/login", query, nil, &out); err != nil {
		return err
	}
	return out.show(os.Stdout, c.Remote.JSON)
}

type unlockCmd struct {
	Customer  string `arg:"" help:"Customer number."`
	Extension string `arg:"" help:"Number of the extension."`
	Remote    remote `embed:""`
}

func (c unlockCmd) Run(ctx context.Context) error {
	customer, err := c.Remote.customer(ctx, c.Customer)
	if err != nil {
		return err
	}
	x, err := c.Remote.find(ctx, customer+"/extensions", "extension", c.Extension, numbered(c.Extension))
	if err != nil {
		return err
	}
	return c.Remote.call(ctx, http.MethodPost, customer+"/extensions/"+url.PathEscape(x.ID)+"/unlock", nil, nil, nil)
}
