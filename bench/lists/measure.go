package main

import (
	"context"
	"fmt"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/auth"
)

func measure(ctx context.Context, a *app.App, customer string, runs int, over time.Duration) error {
	fmt.Printf("%-44s %11s %11s %11s %6s\n", "what", "median", "slowest", "computed", "rows")
	for _, l := range []struct {
		name           string
		sorts, filters []string
		read           func(q app.Query) (int, error)
	}{
		{"channels", app.ChannelSorts, app.ChannelFilters, func(q app.Query) (int, error) { return size(a.Channels.List(ctx, actor, customer, q)) }},
		{"extensions", app.ExtensionSorts, app.ExtensionFilters, func(q app.Query) (int, error) { return size(a.Extensions.List(ctx, actor, customer, q)) }},
		{"cpes", app.CPESorts, app.CPEFilters, func(q app.Query) (int, error) { return size(a.CPEs.List(ctx, actor, customer, q)) }},
		{"customers", app.CustomerSorts, app.CustomerFilters, func(q app.Query) (int, error) { return size(a.Customers.Overview(ctx, actor, q)) }},
	} {
		var ask []app.Query
		for _, s := range l.sorts {
			ask = append(ask, app.Query{Sort: s}, app.Query{Sort: "-" + s})
		}
		for _, f := range l.filters {
			ask = append(ask, app.Query{Filter: f}, app.Query{Filter: f, Sort: "-" + l.sorts[0]})
		}
		ask = append(ask, app.Query{Search: "99"}, app.Query{Search: "nobody"}, app.Query{Search: "1", Filter: l.filters[0]})
		for _, q := range ask {
			q.Count = true
			err := took(fmt.Sprintf("%s sort=%s filter=%s search=%s", l.name, q.Sort, q.Filter, q.Search), runs, over, func() (int, error) { return l.read(q) })
			if err != nil {
				return err
			}
		}
	}
	if err := took("health", runs, over, func() (int, error) {
		h, err := a.Customers.Health(ctx, actor, customer)
		return h.Channels, err
	}); err != nil {
		return err
	}
	for _, q := range []string{"Kunde 0", "B0", "3042", "30", "Platz 00", "Mensch 7", "Mensch", "77", "80:5E:C0:00:00:2A", "805ec0", "nobody at all"} {
		for _, who := range reaches(customer) {
			if err := took("search "+q+" as "+string(who.Role), runs, over, func() (int, error) {
				hits, err := a.Search(ctx, who, q, 10)
				return len(hits), err
			}); err != nil {
				return err
			}
		}
	}
	return choices(ctx, a, customer, runs, over)
}

func size[T any](l app.List[T], err error) (int, error) { return len(l.Items), err }

func choices(ctx context.Context, a *app.App, customer string, runs int, over time.Duration) error {
	channels, err := a.Channels.List(ctx, actor, customer, app.Query{Limit: 1, Filter: "unlinked"})
	if err != nil {
		return err
	}
	people, err := a.Extensions.List(ctx, actor, customer, app.Query{Limit: 1, Filter: "free"})
	if err != nil {
		return err
	}
	for _, filter := range []string{"", "offered", "refused"} {
		for _, search := range []string{"", "99", "nobody"} {
			q := app.Query{Filter: filter, Search: search}
			if err := took("choices of a channel "+filter+" "+search, runs, over, func() (int, error) {
				l, err := a.Channels.Choices(ctx, actor, customer, channels.Items[0].Channel.ID, q)
				return len(l.Items), err
			}); err != nil {
				return err
			}
			if err := took("choices of an extension "+filter+" "+search, runs, over, func() (int, error) {
				l, err := a.Extensions.Choices(ctx, actor, customer, people.Items[0].Extension.ID, q)
				return len(l.Items), err
			}); err != nil {
				return err
			}
		}
	}
	return nil
}

// reaches are the actors whose search goes different ways.
func reaches(customer string) []auth.Actor {
	one := auth.Actor{Kind: "cli", Name: "bench", Role: auth.CustomerAdmin, Scopes: auth.Scopes, CustomerID: customer}
	return []auth.Actor{actor, one}
}
