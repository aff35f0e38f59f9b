package main

import (
	"bufio"
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"slices"
	"strings"
	"time"

	"tischlein/internal/phonesim"
	"tischlein/internal/provision/drivers"
)

type phonesCmd struct {
	List string        `arg:"" help:"File with one phone per line: vendor, MAC (- for none), provisioning URL. - reads standard input."`
	CA   string        `name:"ca" placeholder:"FILE" help:"PEM of the CA that the phones trust, such as ca.pem of a server's data directory. Default: the system's."`
	From netip.Addr    `default:"0.0.0.0" help:"Source address of all phones."`
	Rate int           `default:"50" help:"Phones powered on each second; 0: all at once."`
	For  time.Duration `placeholder:"TIME" help:"Run that long. Default: until Ctrl-C."`
	JSON bool          `name:"json" help:"Report as JSON."`
}

func (c phonesCmd) Run(ctx context.Context) error {
	phones, err := c.read()
	if err != nil {
		return err
	}
	cfg := phonesim.FleetConfig{}
	if c.CA != "" {
		text, err := os.ReadFile(c.CA)
		if err != nil {
			return fmt.Errorf("reading the CA: %w", err)
		}
		cfg.RootCAs = x509.NewCertPool()
		if !cfg.RootCAs.AppendCertsFromPEM(text) {
			return fmt.Errorf("reading the CA: %s holds no certificate", c.CA)
		}
	}
	fleet, err := phonesim.NewFleet(cfg)
	if err != nil {
		return err
	}
	defer fleet.Close()
	for _, p := range phones {
		fleet.Add(p)
	}
	if c.For > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.For)
		defer cancel()
	}
	// The phones stay on until they have been counted.
	if err := fleet.PowerOnAll(context.WithoutCancel(ctx), c.Rate); err != nil {
		return err
	}
	<-ctx.Done()
	return c.report(os.Stdout, fleet.Report())
}

func (c phonesCmd) report(w io.Writer, r phonesim.Report) error {
	if c.JSON {
		return json.NewEncoder(w).Encode(r)
	}
	_, err := io.WriteString(w, r.String())
	return err
}

func (c phonesCmd) read() ([]phonesim.Config, error) {
	in := io.Reader(os.Stdin)
	if c.List != "-" {
		f, err := os.Open(c.List)
		if err != nil {
			return nil, fmt.Errorf("reading the list of phones: %w", err)
		}
		defer f.Close()
		in = f
	}
	return readPhones(in, c.From)
}

// fetching are the vendors whose virtual phones fetch anything.
func fetching() []phonesim.Vendor {
	return slices.DeleteFunc(phonesim.Vendors(), func(v phonesim.Vendor) bool { return v == phonesim.Generic })
}

// hardware tells whether a vendor's devices have MACs; applications have none.
func hardware(v phonesim.Vendor) bool {
	drv, err := drivers.All().Get(string(v))
	return err == nil && len(drv.Info().OUIs) > 0
}

func readPhones(in io.Reader, from netip.Addr) (out []phonesim.Config, err error) {
	lines := bufio.NewScanner(in)
	for n := 1; lines.Scan(); n++ {
		f := strings.Fields(lines.Text())
		if len(f) == 0 || strings.HasPrefix(f[0], "#") {
			continue
		}
		if len(f) != 3 {
			return nil, fmt.Errorf("line %d: want vendor, MAC and URL, found %d words", n, len(f))
		}
		p := phonesim.Config{Vendor: phonesim.Vendor(f[0]), ProvisioningURL: f[2], Address: from}
		if known := fetching(); !slices.Contains(known, p.Vendor) {
			return nil, fmt.Errorf("line %d: vendor %q is none of %v", n, f[0], known)
		}
		if f[1] != "-" {
			if p.MAC, err = phonesim.ParseMAC(f[1]); err != nil {
				return nil, fmt.Errorf("line %d: %w", n, err)
			}
		} else if hardware(p.Vendor) {
			return nil, fmt.Errorf("line %d: a %s phone has a MAC", n, f[0])
		}
		out = append(out, p)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("reading the list of phones: %w", err)
	}
	if len(out) == 0 {
		return nil, errors.New("the list names no phone")
	}
	return out, nil
}
