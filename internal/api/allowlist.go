package api

import (
	"context"

	"tischlein/internal/app"
	"tischlein/internal/auth"
)

type allowBody struct {
	Entry string `json:"entry" maxLength:"100" doc:"An address, an IPv4 range of at most 256 addresses, or an IPv6 prefix." example:"203.0.113.10-203.0.113.20"`
	Note  string `json:"note,omitempty" maxLength:"200"`
}

func showAllowed(e app.AllowEntry) allowBody { return allowBody{e.Entry.String(), e.Note} }

type allowlistBody struct {
	Items []allowBody `json:"items" nullable:"false"`
}

type wouldFail struct {
	Devices int `json:"devices" doc:"How many devices would fail."`
}

func (r *routes) allowlist() {
	const tag, all = "Allowlist", "/v1/customers/{customer}/allowlist"
	a := &r.s.app.Customers
	add(r, get(all), tag, "list-allowlist", "List allowed addresses", "They count while the customer's ip_listing is on.",
		func(ctx context.Context, actor auth.Actor, in *AtCustomer) (*plain[allowlistBody], error) {
			l, err := a.Allowlist(ctx, actor, in.Customer)
			return &plain[allowlistBody]{allowlistBody{each(l, showAllowed)}}, err
		})
	add(r, post(all), tag, "allow-address", "Allow an address", "Devices there that were refused heal by themselves.",
		func(ctx context.Context, actor auth.Actor, in *struct {
			AtCustomer
			Body allowBody
		}) (*made[allowBody], error) {
			e, err := a.Allow(ctx, actor, in.Customer, in.Body.Entry, in.Body.Note)
			return &made[allowBody]{Body: showAllowed(e)}, err
		}, isCreated)
	add(r, remove(all), tag, "disallow-address", "Take an address off the list", "Ends the logins of devices there while IP listing is on; see would-fail first.",
		func(ctx context.Context, actor auth.Actor, in *struct {
			AtCustomer
			Entry string `query:"entry" required:"true" maxLength:"100" doc:"The entry, in any notation that means the same."`
		}) (*nothing, error) {
			return nil, a.Disallow(ctx, actor, in.Customer, in.Entry)
		})
	add(r, get(all+"/would-fail"), tag, "would-fail", "Count the devices that would fail", "Says how many devices would fail if IP listing were on or off, and without one entry. Changes nothing.",
		func(ctx context.Context, actor auth.Actor, in *struct {
			AtCustomer
			On      bool   `query:"on" default:"true" doc:"With IP listing on?"`
			Without string `query:"without" maxLength:"100" doc:"As if this entry were gone."`
		}) (*plain[wouldFail], error) {
			n, err := a.WouldFail(ctx, actor, in.Customer, in.On, in.Without)
			return &plain[wouldFail]{wouldFail{n}}, err
		})
}
