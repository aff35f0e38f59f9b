package api

import (
	"context"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/auth"
)

const siteTokensPath = "/v1/customers/{customer}/site-tokens"

type newSiteToken struct {
	Name      string    `json:"name" minLength:"1" maxLength:"100"`
	Devices   int       `json:"devices" minimum:"1" maximum:"10000" doc:"For how many devices; each uses it once."`
	Addresses []string  `json:"addresses" minItems:"1" maxItems:"64" doc:"From where: addresses, ranges, networks."`
	Expires   time.Time `json:"expires" doc:"90 days from now at most."`
}

type siteTokenBody struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	Devices   int       `json:"devices"`
	Used      int       `json:"used"`
	Addresses []string  `json:"addresses" nullable:"false"`
	Expires   time.Time `json:"expires"`
	Voided    time.Time `json:"voided,omitzero"`
	CreatedBy string    `json:"created_by"`
	Created   time.Time `json:"created"`
}

type madeSiteToken struct {
	siteTokenBody
	URL string `json:"url" doc:"For a DHCP option; shown once. The file name of the device follows."`
}

func (r *routes) siteTokens() {
	const tag = "Site tokens"
	a := &r.s.app.SiteTokens
	add(r, get(siteTokensPath), tag, "list-site-tokens", "List site tokens", "Those that are void or used up as well, oldest first.",
		func(ctx context.Context, actor auth.Actor, in *struct {
			AtCustomer
			Page
		}) (*listed[siteTokenBody], error) {
			l, err := a.List(ctx, actor, in.Customer, in.query())
			return listOf(l, func(t app.SiteToken) siteTokenBody { return siteTokenBody(t) }), err
		})
	add(r, post(siteTokensPath), tag, "make-site-token", "Make a site token", "A URL for a DHCP option of a whole range: it leads each of the customer's listed devices to its configuration, once.",
		func(ctx context.Context, actor auth.Actor, in *struct {
			AtCustomer
			Body newSiteToken
		}) (*plain[madeSiteToken], error) {
			b := in.Body
			t, url, err := a.Create(ctx, actor, in.Customer, app.SiteToken{Name: b.Name, Devices: b.Devices, Addresses: b.Addresses, Expires: b.Expires})
			return &plain[madeSiteToken]{madeSiteToken{siteTokenBody(t), url.Reveal()}}, err
		}, hasSecret)
	add(r, remove(siteTokensPath+"/{token}"), tag, "void-site-token", "Void a site token", "What came by it stays trusted.",
		func(ctx context.Context, actor auth.Actor, in *struct {
			AtCustomer
			Token string `path:"token"`
		}) (*nothing, error) {
			return nil, a.Void(ctx, actor, in.Customer, in.Token)
		})
}
