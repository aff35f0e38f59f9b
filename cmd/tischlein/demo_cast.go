package main

import (
	"context"
	"crypto/x509"
	"fmt"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/phonesim"
	"tischlein/internal/server"
	"tischlein/internal/telephony"
)

// customerNumber is the demo customer's.
const customerNumber = "1001"

// administrator is who acts on this machine's own database.
var administrator = auth.Actor{Kind: "cli", Name: "local administrator", Role: auth.OperatorAdmin, Scopes: auth.Scopes}

// place is a channel of the demo; without a vendor it has no device.
type place struct {
	name, model string
	vendor      phonesim.Vendor
	mac         telephony.MAC
	phone       *phonesim.Phone
	channel     telephony.Channel
}

func (p *place) title() string { return p.name + " · " + p.model }

// cast is the demo customer with its people and phones.
type cast struct {
	app      *app.App
	customer telephony.Customer
	places   []*place
	people   []telephony.Extension
	fleet    *phonesim.Fleet
}

func newCast(ctx context.Context, s *server.Server, watch func(phonesim.Event)) (*cast, error) {
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM([]byte(s.RootCA()))
	fleet, err := phonesim.NewFleet(phonesim.FleetConfig{RootCAs: pool, RetryBase: time.Second, OnEvent: watch})
	if err != nil {
		return nil, err
	}
	c := &cast{app: s.App(), fleet: fleet, places: []*place{
		{name: "Empfang", vendor: phonesim.Yealink, model: "T46U", mac: "001565adce01"},
		{name: "Küche", vendor: phonesim.Snom, model: "D785", mac: "000413adce02"},
		{name: "Büro", vendor: phonesim.Linphone, model: "Linphone"},
		{name: "Stube", vendor: phonesim.Yealink, model: "T46U", mac: "001565adce03"},
		{name: "Keller"},
	}}
	if err := c.hire(ctx); err != nil {
		fleet.Close()
		return nil, err
	}
	for _, p := range c.places {
		if err := c.furnish(ctx, p); err != nil {
			fleet.Close()
			return nil, fmt.Errorf("furnishing %s: %w", p.name, err)
		}
	}
	return c, nil
}

func (c *cast) hire(ctx context.Context) (err error) {
	c.customer, err = c.app.Customers.Create(ctx, administrator, telephony.Customer{
		Number: customerNumber, Name: "Gasthaus Adler", Language: "de", TimeZone: "Europe/Berlin"})
	if err != nil {
		return fmt.Errorf("making the demo customer: %w", err)
	}
	for i, name := range []string{"Ada Wirt", "Ben Koch", "Cleo Braun", "Dirk Adler"} {
		x, err := c.app.Extensions.Create(ctx, administrator, telephony.Extension{
			CustomerID: c.customer.ID, Number: fmt.Sprint(101 + i), Name: name}, guestPIN)
		if err != nil {
			return fmt.Errorf("making the extension of %s: %w", name, err)
		}
		c.people = append(c.people, x.Extension)
	}
	return nil
}

// furnish makes a channel, and a device that is given nothing but its
// first-access URL.
func (c *cast) furnish(ctx context.Context, p *place) error {
	ch, err := c.app.Channels.Create(ctx, administrator, telephony.Channel{CustomerID: c.customer.ID, Name: p.name})
	if err != nil {
		return err
	}
	p.channel = ch.Channel
	if p.vendor == "" {
		return nil
	}
	cpe, err := c.app.CPEs.Create(ctx, administrator, telephony.CPE{
		CustomerID: c.customer.ID, Driver: string(p.vendor), MAC: p.mac, Name: "Telefon " + p.name})
	if err != nil {
		return err
	}
	if _, err := c.app.CPEs.Attach(ctx, administrator, c.customer.ID, cpe.CPE.ID, p.channel.ID, 0, false); err != nil {
		return err
	}
	url, err := c.app.CPEs.FirstAccess(ctx, administrator, c.customer.ID, cpe.CPE.ID)
	if err != nil {
		return err
	}
	var model string
	if p.vendor != phonesim.Linphone {
		model = p.model
	}
	p.phone = c.fleet.Add(phonesim.Config{Vendor: p.vendor, Model: model, MAC: phonesim.MAC(p.mac), ProvisioningURL: url.Reveal()})
	return nil
}

// boxes draws all phones in a row.
func (c *cast) boxes() string {
	var boxes [][]string
	for _, p := range c.places {
		if p.phone != nil {
			boxes = append(boxes, drawScreen(p.title(), p.phone.Screen(), 5))
		}
	}
	return beside(boxes...)
}
