package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

// siteTokenCmd keeps what DHCP hands out to a whole range of phones.
type siteTokenCmd struct {
	Create siteTokenCreateCmd `cmd:"" help:"Make one; its URL is shown once."`
	List   siteTokenListCmd   `cmd:"" help:"List a customer's."`
	Void   siteTokenVoidCmd   `cmd:"" help:"Make one void; devices that came by it stay trusted."`
}

// siteToken is one as the API shows it.
type siteToken struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	Devices   int       `json:"devices"`
	Used      int       `json:"used"`
	Addresses []string  `json:"addresses"`
	Expires   time.Time `json:"expires"`
	Voided    time.Time `json:"voided"`
	URL       string    `json:"url"`
}

func (t siteToken) String() string {
	if t.URL != "" { // it was made now: the URL alone, to be passed on
		return t.URL
	}
	state := "until " + t.Expires.Format(time.RFC3339)
	switch {
	case !t.Voided.IsZero():
		state = "void since " + t.Voided.Format(time.RFC3339)
	case t.Used >= t.Devices:
		state = "used up"
	case !time.Now().Before(t.Expires):
		state = "expired " + t.Expires.Format(time.RFC3339)
	}
	return fmt.Sprintf("%s %s %s %s, from %s", t.ID, pad(t.Name, 24), pad(fmt.Sprintf("%d of %d", t.Used, t.Devices), 12), state, strings.Join(t.Addresses, ", "))
}

type siteTokenCreateCmd struct {
	Customer string        `arg:"" help:"Customer number."`
	Name     string        `arg:"" help:"Where it is handed out."`
	Devices  int           `required:"" placeholder:"COUNT" help:"For how many devices, 1 to 10000. Each uses it once."`
	From     []string      `required:"" placeholder:"ADDRESS" help:"From where it may be used, as we see the phones: addresses, ranges, networks."`
	For      time.Duration `default:"168h" help:"How long it is good for, 2160h (90 days) at most."`
	Remote   remote        `embed:""`
}

func (c siteTokenCreateCmd) Run(ctx context.Context) error {
	path, err := c.Remote.customer(ctx, c.Customer)
	if err != nil {
		return err
	}
	body := map[string]any{"name": c.Name, "devices": c.Devices, "addresses": c.From, "expires": time.Now().Add(c.For)}
	return show[siteToken](ctx, c.Remote, os.Stdout, http.MethodPost, path+"/site-tokens", body)
}

type siteTokenListCmd struct {
	Customer string `arg:"" help:"Customer number."`
	Remote   remote `embed:""`
}

func (c siteTokenListCmd) Run(ctx context.Context) error {
	path, err := c.Remote.customer(ctx, c.Customer)
	if err != nil {
		return err
	}
	return each[siteToken](ctx, c.Remote, os.Stdout, path+"/site-tokens", "")
}

type siteTokenVoidCmd struct {
	Customer string `arg:"" help:"Customer number."`
	ID       string `arg:"" name:"id" help:"Id of the token, from the list."`
	Remote   remote `embed:""`
}

func (c siteTokenVoidCmd) Run(ctx context.Context) error {
	path, err := c.Remote.customer(ctx, c.Customer)
	if err != nil {
		return err
	}
	return c.Remote.call(ctx, http.MethodDelete, path+"/site-tokens/"+url.PathEscape(c.ID), nil, nil, nil)
}
