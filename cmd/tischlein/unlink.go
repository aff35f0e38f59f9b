package main

import (
	"context"
	"net/http"
	"os"
)

type unlinkCmd struct {
	Spot   spot   `embed:""`
	DryRun bool   `help:"Say what would happen, change nothing."`
	Remote remote `embed:""`
}

func (c unlinkCmd) Run(ctx context.Context) error {
	_, channel, err := c.Remote.at(ctx, c.Spot)
	if err != nil {
		return err
	}
	var out outcome
	if err := c.Remote.call(ctx, http.MethodDelete, channel+"/link", dryRun(c.DryRun), nil, &out); err != nil {
		return err
	}
	return out.show(os.Stdout, c.Remote.JSON)
}
