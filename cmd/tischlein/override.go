package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
)

// overrideCmd keeps parameters of vendors' files that are set by hand.
type overrideCmd struct {
	List       overrideListCmd   `cmd:"" help:"List what is set."`
	Parameters overrideParamsCmd `cmd:"" help:"List what may be set, with what it is."`
	Set        overrideSetCmd    `cmd:"" help:"Set a parameter."`
	Clear      overrideClearCmd  `cmd:"" help:"Take parameters back."`
}

// overridden is for whom parameters are set.
type overridden struct {
	Vendor   string `placeholder:"NAME" help:"The vendor's driver, such as yealink. Not with --cpe."`
	Model    string `placeholder:"MODEL" help:"One model of the vendor. Not with --customer."`
	Customer string `placeholder:"NUMBER" help:"Customer number: the customer's devices of the vendor, or with --cpe one of them."`
	CPE      string `name:"cpe" placeholder:"NAME" help:"Name or MAC of one of the customer's devices."`
	Remote   remote `embed:""`
}

// path is that of the vendor, model, customer's vendor or device.
func (o overridden) path(ctx context.Context) (string, error) {
	vendor := "/vendors/" + url.PathEscape(o.Vendor)
	switch {
	case o.CPE != "" && o.Customer == "":
		return "", errors.New("--cpe needs --customer")
	case o.CPE == "" && o.Vendor == "":
		return "", errors.New("--vendor is needed, or --customer and --cpe")
	case o.Customer != "" && o.Model != "":
		return "", errors.New("a model is the installation's: --model goes without --customer")
	case o.Customer == "" && o.Model != "":
		return "/v1" + vendor + "/models/" + url.PathEscape(o.Model), nil
	case o.Customer == "":
		return "/v1" + vendor, nil
	}
	customer, err := o.Remote.customer(ctx, o.Customer)
	if err != nil || o.CPE == "" {
		return customer + vendor, err
	}
	hex := func(s string) string {
		return strings.ToLower(strings.NewReplacer(":", "", "-", "", ".", "").Replace(s))
	}
	d, err := o.Remote.find(ctx, customer+"/cpes", "CPE", o.CPE, func(n named) bool {
		return strings.EqualFold(n.Name, o.CPE) || n.MAC != "" && hex(n.MAC) == hex(o.CPE)
	})
	return customer + "/cpes/" + url.PathEscape(d.ID), err
}

// setParameter is one as the API shows it.
type setParameter struct {
	Name   string `json:"name"`
	Value  string `json:"value"`
	Secret bool   `json:"secret"`
	Level  string `json:"level"`
	Void   string `json:"void"`
}

func (p setParameter) String() string {
	if p.Secret {
		p.Value = "***"
	}
	line := pad(p.Name, 44) + " " + pad(p.Value, 24)
	switch {
	case p.Void != "":
		return line + " no effect: " + p.Void
	case p.Level == "":
		return line + " by the driver"
	}
	return line + " " + p.Level
}

type setParameters struct {
	Set  []setParameter `json:"set"`
	Upon []setParameter `json:"upon"`
}

func (s setParameters) String() string {
	var lines []string
	for _, p := range append(s.Set, s.Upon...) {
		lines = append(lines, p.String())
	}
	return strings.Join(lines, "\n")
}

type overrideListCmd struct {
	At overridden `embed:""`
}

func (c overrideListCmd) Run(ctx context.Context) error {
	path, err := c.At.path(ctx)
	if err != nil {
		return err
	}
	return show[setParameters](ctx, c.At.Remote, os.Stdout, http.MethodGet, path+"/overrides", nil)
}

type parameterList struct {
	Items []struct {
		Name    string         `json:"name"`
		Type    string         `json:"type"`
		Allowed []string       `json:"allowed"`
		Min     int            `json:"min"`
		Max     int            `json:"max"`
		Since   string         `json:"since"`
		Values  []setParameter `json:"values"`
	} `json:"items"`
}

func (l parameterList) String() string {
	var b strings.Builder
	for _, p := range l.Items {
		takes := p.Type
		switch {
		case len(p.Allowed) > 0:
			takes = strings.Join(p.Allowed, "|")
		case p.Type == "int":
			takes = fmt.Sprintf("%d..%d", p.Min, p.Max)
		}
		if p.Since != "" {
			takes += ", from " + p.Since
		}
		fmt.Fprintf(&b, "%s %s\n", pad(p.Name, 44), takes)
		for _, v := range p.Values {
			fmt.Fprintf(&b, "  %s\n", v)
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

type overrideParamsCmd struct {
	Search string     `arg:"" optional:"" help:"A part of the name."`
	At     overridden `embed:""`
}

func (c overrideParamsCmd) Run(ctx context.Context) error {
	path, err := c.At.path(ctx)
	if err != nil {
		return err
	}
	path += "/parameters?" + url.Values{"search": {c.Search}}.Encode()
	return show[parameterList](ctx, c.At.Remote, os.Stdout, http.MethodGet, path, nil)
}

type overrideSetCmd struct {
	Name  string     `arg:"" help:"The vendor's name of the parameter."`
	Value *string    `arg:"" optional:"" help:"Its value; empty is the vendor's word for none."`
	File  string     `name:"value-file" placeholder:"FILE" help:"File with the value, for secrets. - reads standard input."`
	At    overridden `embed:""`
}

func (c overrideSetCmd) Run(ctx context.Context) error {
	value, err := c.value(os.Stdin)
	if err != nil {
		return err
	}
	path, err := c.At.path(ctx)
	if err != nil {
		return err
	}
	return show[setParameters](ctx, c.At.Remote, os.Stdout, http.MethodPatch, path+"/overrides", map[string]any{"set": map[string]string{c.Name: value}})
}

func (c overrideSetCmd) value(in io.Reader) (string, error) {
	if (c.Value == nil) == (c.File == "") {
		return "", errors.New("either a value or --value-file is needed")
	}
	if c.Value != nil {
		return *c.Value, nil
	}
	return readSecret(c.File, in)
}

type overrideClearCmd struct {
	Names []string   `arg:"" help:"The vendor's names of the parameters."`
	At    overridden `embed:""`
}

func (c overrideClearCmd) Run(ctx context.Context) error {
	path, err := c.At.path(ctx)
	if err != nil {
		return err
	}
	return c.At.Remote.call(ctx, http.MethodPatch, path+"/overrides", nil, map[string]any{"clear": c.Names}, nil)
}
