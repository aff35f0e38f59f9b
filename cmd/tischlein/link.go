package main

import (
	"context"
	"net/http"
	"net/url"
	"os"
)

type linkCmd struct {
	Spot      spot   `embed:""`
	Extension string `arg:"" help:"Number of the extension."`
	TakeOver  bool   `help:"Log the user off elsewhere, or a guest off here, where that is needed."`
	Replace   bool   `help:"Take another link off the channel first."`
	DryRun    bool   `help:"Say what would happen, change nothing."`
	Remote    remote `embed:""`
}

func (c linkCmd) Run(ctx context.Context) error {
	customer, channel, err := c.Remote.at(ctx, c.Spot)
	if err != nil {
		return err
	}
	x, err := c.Remote.find(ctx, customer+"/extensions", "extension", c.Extension, numbered(c.Extension))
	if err != nil {
		return err
	}
	body := map[string]any{"extension_id": x.ID, "take_over": c.TakeOver, "replace": c.Replace}
	var out outcome
	if err := c.Remote.call(ctx, http.MethodPut, channel+"/link", dryRun(c.DryRun), body, &out); err != nil {
		return err
	}
	return out.show(os.Stdout, c.Remote.JSON)
}

func dryRun(on bool) url.Values {
	if !on {
		return nil
	}
	return url.Values{"dry_run": {"true"}}
}
