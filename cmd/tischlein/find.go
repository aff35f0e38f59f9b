package main

import (
	"context"
	"encoding/json"
	"fmt"
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
	var found *named
	err := r.pages(ctx, path, wanted, func(text json.RawMessage) (bool, error) {
		var n named
		err := json.Unmarshal(text, &n)
		if is(n) {
			found = &n
		}
		return found != nil, err
	})
	switch {
	case err != nil:
		return named{}, fmt.Errorf("looking for %s %s: %w", what, wanted, err)
	case found == nil:
		return named{}, fmt.Errorf("there is no %s %s that this token sees", what, wanted)
	}
	return *found, nil
}

func numbered(number string) func(named) bool {
	return func(n named) bool { return n.Number == number }
}

func called(name string) func(named) bool {
	return func(n named) bool { return strings.EqualFold(n.Name, name) }
}

// customer is the path of the customer with that number.
func (r remote) customer(ctx context.Context, number string) (string, error) {
	c, err := r.find(ctx, "/v1/customers", "customer", number, numbered(number))
	return "/v1/customers/" + url.PathEscape(c.ID), err
}

// spot is how people name a channel.
type spot struct {
	Customer string `arg:"" help:"Customer number."`
	Channel  string `arg:"" help:"Name of the channel."`
}

// at finds a channel and gives the path of its customer and its own.
func (r remote) at(ctx context.Context, s spot) (customer, channel string, err error) {
	customer, err = r.customer(ctx, s.Customer)
	if err != nil {
		return "", "", err
	}
	ch, err := r.find(ctx, customer+"/channels", "channel", s.Channel, called(s.Channel))
	if err != nil {
		return "", "", err
	}
	return customer, customer + "/channels/" + url.PathEscape(ch.ID), nil
}
