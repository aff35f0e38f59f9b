package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
)

type rotateCmd struct {
	Customer string   `arg:"" help:"Customer number."`
	CPE      string   `name:"cpe" help:"Name of one CPE; without it, all of the customer's."`
	What     []string `help:"Which secrets: sip, http, admin, token. Default: all."`
	DryRun   bool     `help:"Say what would happen, change nothing."`
	Remote   remote   `embed:""`
}

func (c rotateCmd) Run(ctx context.Context) error {
	query := dryRun(c.DryRun)
	if query == nil {
		query = url.Values{}
	}
	if len(c.What) > 0 {
		query.Set("what", strings.Join(c.What, ","))
	}
	path, err := c.Remote.customer(ctx, c.Customer)
	if err != nil {
		return err
	}
	if c.CPE == "" {
		var all struct {
			Devices int  `json:"devices"`
			DryRun  bool `json:"dry_run"`
		}
		if err := c.Remote.call(ctx, http.MethodPost, path+"/rotate", query, nil, &all); err != nil {
			return err
		}
		if c.Remote.JSON {
			return json.NewEncoder(os.Stdout).Encode(all)
		}
		if all.DryRun {
			fmt.Printf("%d CPEs would be given new secrets, nothing was changed\n", all.Devices)
			return nil
		}
		fmt.Printf("%d CPEs are being given new secrets\n", all.Devices)
		return nil
	}
	x, err := c.Remote.find(ctx, path+"/cpes", "CPE", c.CPE, called(c.CPE))
	if err != nil {
		return err
	}
	var out outcome
	if err := c.Remote.call(ctx, http.MethodPost, path+"/cpes/"+url.PathEscape(x.ID)+"/rotate", query, nil, &out); err != nil {
		return err
	}
	return out.show(os.Stdout, c.Remote.JSON)
}
