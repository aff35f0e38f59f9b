package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/url"

	"tischlein/internal/storage"
)

// estate is one customer with some of what it has.
type estate struct {
	id                         string
	channels, extensions, cpes []thing
}

type thing struct{ id, name string }

// Most customers that are asked for, and objects of each.
const (
	sampled = 200
	ofEach  = 50
)

// sample reads customers from all over the installation.
func sample(ctx context.Context, db *storage.DB) (all []estate, err error) {
	err = db.View(ctx, func(tx *storage.Tx) error {
		list, err := tx.Customers("", storage.Page{Limit: 1 << 20})
		if err != nil {
			return err
		}
		rand.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		for _, c := range list[:min(len(list), sampled)] {
			e := estate{id: c.ID}
			channels, err := tx.Channels(c.ID, storage.Page{Limit: ofEach})
			if err != nil {
				return err
			}
			for _, x := range channels {
				e.channels = append(e.channels, thing{x.ID, x.Name})
			}
			extensions, err := tx.Extensions(c.ID, storage.Page{Limit: ofEach})
			if err != nil {
				return err
			}
			for _, x := range extensions {
				e.extensions = append(e.extensions, thing{x.ID, x.Number})
			}
			cpes, err := tx.CPEs(c.ID, storage.Page{Limit: ofEach})
			if err != nil {
				return err
			}
			for _, x := range cpes {
				e.cpes = append(e.cpes, thing{x.ID, string(x.MAC)})
			}
			if len(channels) == 0 || len(extensions) == 0 || len(cpes) == 0 {
				return fmt.Errorf("customer %s is empty", c.Number)
			}
			all = append(all, e)
		}
		return nil
	})
	if err == nil && len(all) == 0 {
		err = fmt.Errorf("the installation has no customers")
	}
	return all, err
}

// page is one kind of page; part says that it is a fragment, which a page asks
// for while somebody types or chooses.
type page struct {
	name string
	part bool
	path func(estate) string
}

func one(of []thing) thing { return of[rand.IntN(len(of))] }

func in(parts string) func(estate) string {
	return func(e estate) string { return "/customers/" + e.id + parts }
}

func at(kind string, of func(estate) []thing, rest string) func(estate) string {
	return func(e estate) string { return "/customers/" + e.id + "/" + kind + "/" + one(of(e)).id + rest }
}

func channels(e estate) []thing   { return e.channels }
func extensions(e estate) []thing { return e.extensions }
func cpes(e estate) []thing       { return e.cpes }

func search(word func(estate) string) func(estate) string {
	return func(e estate) string { return "/search?q=" + url.QueryEscape(word(e)) }
}

func always(path string) func(estate) string { return func(estate) string { return path } }

func number(e estate) string { return one(e.extensions).name }
func mac(e estate) string    { return one(e.cpes).name }
func desk(e estate) string   { return one(e.channels).name }

var pages = []page{
	{name: "customers", path: always("/customers")},
	{name: "customers, failing", path: always("/customers?filter=failing")},
	{name: "customers, searched", path: func(estate) string { return fmt.Sprintf("/customers?q=Kunde+%d", rand.IntN(1000)) }},
	{name: "customer", path: in("")},
	{name: "customer, edit", path: in("/edit")},
	{name: "customer, detail", path: in("/detail")},
	{name: "channels", path: in("/channels")},
	{name: "channels, offline", path: in("/channels?filter=offline")},
	{name: "channels, by state", path: in("/channels?sort=-state")},
	{name: "channels, searched", path: func(e estate) string { return in("/channels?q=" + number(e))(e) }},
	{name: "channel, edit", path: at("channels", channels, "")},
	{name: "channel's choices", part: true, path: at("channels", channels, "/choices")},
	{name: "extensions", path: in("/extensions")},
	{name: "extensions, searched", path: func(e estate) string { return in("/extensions?q=" + number(e))(e) }},
	{name: "extension, edit", path: at("extensions", extensions, "")},
	{name: "extension's choices", part: true, path: at("extensions", extensions, "/choices")},
	{name: "devices", path: in("/cpes")},
	{name: "devices, offline", path: in("/cpes?filter=offline")},
	{name: "device", path: at("cpes", cpes, "")},
	{name: "device, edit", path: at("cpes", cpes, "/edit")},
	{name: "log", path: in("/log")},
	{name: "search for a MAC", path: search(mac)},
	{name: "search for a name", path: search(desk)},
	{name: "search for nobody", path: search(func(estate) string { return "nobody at all" })},
	{name: "suggestions, number", part: true, path: search(number)},
	{name: "suggestions, MAC", part: true, path: search(mac)},
	{name: "suggestions, two letters", part: true, path: search(func(estate) string { return "Me" })},
	{name: "suggestions, name", part: true, path: search(desk)},
}
