package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
)

// fleetCmd says how far all devices have come.
type fleetCmd struct {
	By       string `enum:"customer,model,firmware" default:"model" help:"Counted by customer, model or firmware."`
	Laggards bool   `help:"List the devices that have not arrived, and what each lacks first."`
	Remote   remote `embed:""`
}

type fleetCount struct {
	Devices   int            `json:"devices"`
	Converged int            `json:"converged"`
	States    map[string]int `json:"states"`
	Customer  string         `json:"customer"`
	Driver    string         `json:"driver"`
	Model     string         `json:"model"`
	Firmware  string         `json:"firmware"`
}

type laggard struct{ Name, Customer, State, Missing, Detail, Advice string }

func (x laggard) String() string {
	line := fmt.Sprintf("%s %s %s", pad(x.Customer, 20), pad(x.Name, 28), pad(x.State, 15))
	if x.Missing != "" {
		line += " " + x.Missing + ": " + x.Detail + " → " + x.Advice
	}
	return line
}

func (c fleetCmd) Run(ctx context.Context) error {
	if c.Laggards {
		return each[laggard](ctx, c.Remote, os.Stdout, "/v1/fleet/laggards", "")
	}
	var raw json.RawMessage
	if err := c.Remote.call(ctx, http.MethodGet, "/v1/fleet", nil, nil, &raw); err != nil {
		return err
	}
	if c.Remote.JSON {
		_, err := fmt.Fprintln(os.Stdout, string(raw))
		return err
	}
	return c.show(os.Stdout, raw)
}

func (c fleetCmd) show(w io.Writer, raw json.RawMessage) error {
	var f struct {
		fleetCount
		Customers []fleetCount `json:"customers"`
		Models    []fleetCount `json:"models"`
		Firmwares []fleetCount `json:"firmwares"`
	}
	if err := json.Unmarshal(raw, &f); err != nil {
		return fmt.Errorf("reading the server's answer: %w", err)
	}
	groups := map[string][]fleetCount{"customer": f.Customers, "model": f.Models, "firmware": f.Firmwares}[c.By]
	line := func(name string, n fleetCount) {
		fmt.Fprintf(w, "%s %7d of %7d  %d failed, %d never contacted, %d offline, %d pending\n", pad(name, 36), n.Converged, n.Devices,
			n.States["failed"], n.States["never_contacted"], n.States["offline"], n.States["pending"])
	}
	line("all", f.fleetCount)
	for _, g := range groups {
		name := g.Customer
		if c.By != "customer" {
			name = g.Driver + " " + g.Model + " " + g.Firmware
		}
		line(name, g)
	}
	return nil
}
