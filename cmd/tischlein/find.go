package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// named is what the commands need of a customer, channel or extension.
type named struct {
	ID     string `json:"id"`
	Number string `json:"number"`
	Name   string `json:"name"`
	MAC    string `json:"mac"`
}

// find reads a list through the server's search, which also finds parts of
// names, and takes the one item that is meant.
func (r remote) find(ctx context.Context, path, what, wanted string, is func(named) bool) (named, error) {
	query := url.Values{"search": {wanted}, "limit": {"200"}}
	for {
		var page struct {
			Items []named `json:"items"`
			Next  string  `json:"next"`
		}
		if err := r.call(ctx, http.MethodGet, path, query, nil, &page); err != nil {
			return named{}, fmt.Errorf("looking for %s %s: %w", what, wanted, err)
		}
		for _, n := range page.Items {
			if is(n) {
				return n, nil
			}
		}
		if page.Next == "" {
			return named{}, fmt.Errorf("there is no %s %s that this token sees", what, wanted)
		}
		query.Set("cursor", page.Next)
	}
}

func numbered(number string) func(named) bool {
	return func(n named) bool { return n.Number == number }
}

func called(name string) func(named) bool {
	return func(n named) bool { return strings.EqualFold(n.Name, name) }
}

// spot is how people name a channel.
type spot struct {
	Customer string `arg:"" help:"Customer number."`
	Channel  string `arg:"" help:"Name of the channel."`
}

// at finds a channel and gives the path of its customer and its own.
func (r remote) at(ctx context.Context, s spot) (customer, channel string, err error) {
	c, err := r.find(ctx, "/v1/customers", "customer", s.Customer, numbered(s.Customer))
	if err != nil {
		return "", "", err
	}
	customer = "/v1/customers/" + url.PathEscape(c.ID)
	ch, err := r.find(ctx, customer+"/channels", "channel", s.Channel, called(s.Channel))
	if err != nil {
		return "", "", err
	}
	return customer, customer + "/channels/" + url.PathEscape(ch.ID), nil
}
