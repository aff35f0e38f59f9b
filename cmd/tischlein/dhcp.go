package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"

	"tischlein/internal/config"
	"tischlein/internal/discovery/dhcp"
	"tischlein/internal/provision/drivers"
	"tischlein/internal/server"
	"tischlein/internal/telephony"
)

// dhcpCmd prints what a DHCP server shall tell phones (P11).
type dhcpCmd struct {
	Server  string   `arg:"" enum:"dnsmasq,kea,isc" help:"Whose language: dnsmasq, kea or isc."`
	SiteURL string   `name:"site-url" placeholder:"URL" help:"A site token's URL instead of the address that is the same for everybody."`
	Vendor  []string `placeholder:"NAME" help:"Only these makers: yealink, snom, … Default: all."`
	CPE     []string `name:"cpe" placeholder:"CUSTOMER/MAC" help:"Reserve a host for this device, with a new first-access URL, which is a secret; an earlier one is void. Needs --token. May be repeated."`
	API     string   `name:"url" env:"TISCHLEIN_URL" default:"http://127.0.0.1:8080" help:"Server's REST API, for --cpe."`
	Token   string   `env:"TISCHLEIN_TOKEN" help:"API token, for --cpe."`

	config.Config `embed:""`
}

func (c dhcpCmd) Run(ctx context.Context) error {
	return c.print(ctx, os.Stdout)
}

func (c dhcpCmd) print(ctx context.Context, w io.Writer) error {
	s := dhcp.Snippet{URL: c.SiteURL}
	if s.URL == "" {
		if err := c.Validate(); err != nil {
			return fmt.Errorf("checking the configuration: %w", err)
		}
		s.URL = server.StageOneURL(c.Config)
	}
	all := dhcpVendors()
	for _, name := range c.Vendor {
		if !slices.ContainsFunc(all, func(v dhcp.Vendor) bool { return v.Key == name }) {
			return fmt.Errorf("there is nothing to say about phones of %q", name)
		}
	}
	for _, v := range all {
		if len(c.Vendor) == 0 || slices.Contains(c.Vendor, v.Key) {
			s.Vendors = append(s.Vendors, v)
		}
	}
	for _, spec := range c.CPE {
		h, err := c.host(ctx, all, spec)
		if err != nil {
			return err
		}
		s.Hosts = append(s.Hosts, h)
	}
	text, err := s.Write(dhcp.Server(c.Server))
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, text)
	return err
}

func dhcpVendors() (out []dhcp.Vendor) {
	for _, d := range drivers.All().Drivers() {
		i := d.Info()
		if found, ok := drivers.Discovery(i.Vendor); ok && len(found.DHCP) > 0 {
			out = append(out, dhcp.Vendor{Key: i.Vendor, Name: i.Name, OUIs: i.OUIs, DHCP: found.DHCP})
		}
	}
	return out
}

// host makes a device's first-access URL (P03 b) and the reservation that leads there.
func (c dhcpCmd) host(ctx context.Context, all []dhcp.Vendor, spec string) (h dhcp.Host, err error) {
	number, wanted, ok := strings.Cut(spec, "/")
	if !ok {
		return h, fmt.Errorf("--cpe %s: write the customer's number, a slash, and the MAC", spec)
	}
	if h.MAC, err = telephony.ParseMAC(wanted); err != nil {
		return h, fmt.Errorf("--cpe %s: %w", spec, err)
	}
	if c.Token == "" {
		return h, fmt.Errorf("--cpe makes a secret: give --token")
	}
	r := remote{URL: c.API, Token: c.Token}
	customer, err := r.find(ctx, "/v1/customers", "customer", number, numbered(number))
	if err != nil {
		return h, err
	}
	cpes := "/v1/customers/" + url.PathEscape(customer.ID) + "/cpes"
	var page struct {
		Items []struct {
			ID, Name, Driver, MAC string
		}
	}
	if err := r.call(ctx, http.MethodGet, cpes, url.Values{"search": {h.MAC.Colon()}}, nil, &page); err != nil {
		return h, fmt.Errorf("looking for %s: %w", spec, err)
	}
	for _, x := range page.Items {
		if x.MAC != h.MAC.Colon() {
			continue
		}
		v := slices.IndexFunc(all, func(v dhcp.Vendor) bool { return v.Key == x.Driver })
		if v < 0 {
			return h, fmt.Errorf("%s asks no DHCP server for an address of ours", x.Name)
		}
		var made struct{ URL string }
		if err := r.call(ctx, http.MethodPost, cpes+"/"+url.PathEscape(x.ID)+"/first-access", nil, nil, &made); err != nil {
			return h, fmt.Errorf("making the first-access URL of %s: %w", x.Name, err)
		}
		h.Name, h.DHCP, h.URL = x.Name, all[v].DHCP[0], telephony.Secret(made.URL)
		return h, nil
	}
	return h, fmt.Errorf("customer %s has no device %s", number, h.MAC.Colon())
}
