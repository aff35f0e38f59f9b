package api

import (
	"context"
	"net/netip"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

type trunkBody struct {
	ID         string                  `json:"id"`
	CustomerID string                  `json:"customer_id,omitempty" doc:"Absent: the installation's, which carries the calls of customers without their own."`
	Name       string                  `json:"name"`
	Switch     bool                    `json:"switch" doc:"The customer's calls live there: all that its phones dial is handed on, and what it sends rings devices."`
	Host       string                  `json:"host" doc:"Where calls are sent." example:"sip.example.net"`
	Sources    []string                `json:"sources" nullable:"false" doc:"Requests from there are the trunk's, without a digest." example:"[\"192.0.2.0/24\"]"`
	User       string                  `json:"user,omitempty" doc:"Digest user, in both directions."`
	HasSecret  bool                    `json:"has_secret" doc:"The secret itself is never shown."`
	Emergency  telephony.EmergencyMode `json:"emergency" doc:"How the place of an emergency call travels: geolocation (RFC 6442), elin (the place's number is asserted), or empty: by the asserted number alone." enum:",geolocation,elin"`
	Version    int64                   `json:"version"`
}

func showTrunk(v app.TrunkView) trunkBody {
	t := v.Trunk
	return trunkBody{
		ID: t.ID, CustomerID: t.CustomerID, Name: t.Name, Switch: t.Switch, Host: t.Host, Sources: each(t.Sources, netip.Prefix.String), User: t.User,
		HasSecret: v.HasSecret, Emergency: t.Emergency, Version: t.Version,
	}
}

type newTrunk struct {
	Name      string                  `json:"name" minLength:"1" maxLength:"100"`
	Switch    bool                    `json:"switch,omitempty" doc:"Of a customer only."`
	Host      string                  `json:"host" maxLength:"260" doc:"A name or an address, with a port or without."`
	Sources   []string                `json:"sources,omitempty" maxItems:"100" doc:"Addresses or prefixes, no larger than /24 or /48; no other trunk has them."`
	User      string                  `json:"user,omitempty" maxLength:"128"`
	Secret    string                  `json:"secret,omitempty" maxLength:"256"`
	Emergency telephony.EmergencyMode `json:"emergency,omitempty" enum:",geolocation,elin"`
}

type trunkPatch struct {
	Name      *string                  `json:"name,omitempty" minLength:"1" maxLength:"100"`
	Switch    *bool                    `json:"switch,omitempty"`
	Host      *string                  `json:"host,omitempty" maxLength:"260"`
	Sources   *[]string                `json:"sources,omitempty" maxItems:"100"`
	User      *string                  `json:"user,omitempty" maxLength:"128" doc:"Empty: no digest, and the secret is forgotten."`
	Secret    *string                  `json:"secret,omitempty" maxLength:"256" doc:"Replaces the one there was."`
	Emergency *telephony.EmergencyMode `json:"emergency,omitempty" enum:",geolocation,elin"`
}

func sources(list []string) ([]netip.Prefix, error) {
	out := make([]netip.Prefix, 0, len(list))
	for _, s := range list {
		p, err := telephony.ParseSource("sources", s)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

func (n newTrunk) trunk(customer string) (telephony.Trunk, error) {
	from, err := sources(n.Sources)
	return telephony.Trunk{CustomerID: customer, Name: n.Name, Switch: n.Switch, Host: n.Host, Sources: from, User: n.User,
		Secret: telephony.Secret(n.Secret), Emergency: n.Emergency}, err
}

func (p trunkPatch) apply(t *telephony.Trunk) (err error) {
	set(&t.Name, p.Name)
	set(&t.Switch, p.Switch)
	set(&t.Host, p.Host)
	set(&t.User, p.User)
	set(&t.Emergency, p.Emergency)
	if p.Secret != nil {
		t.Secret = telephony.Secret(*p.Secret)
	}
	if p.Sources != nil {
		t.Sources, err = sources(*p.Sources)
	}
	return err
}

// AtTrunk names a trunk.
type AtTrunk struct {
	Trunk string `path:"trunk" doc:"The trunk's id."`
}

// trunks are the same operations twice: on the installation's and a customer's.
func (r *routes) trunks() {
	const tag = "Trunks"
	a := &r.s.app.Trunks
	trunksAt(r, a, tag, "/v1/trunks", "-trunk", "of the installation, which carry the calls of customers without their own. The operator keeps them.")
	customerTrunks(r, a, tag)
}

func trunksAt(r *routes, a *app.Trunks, tag, all, suffix, whose string) {
	one := all + "/{trunk}"
	add(r, get(all), tag, "list"+suffix+"s", "List the installation's trunks", "Lists the trunks "+whose,
		func(ctx context.Context, actor auth.Actor, in *struct{ Page }) (*listed[trunkBody], error) {
			l, err := a.List(ctx, actor, "", in.query())
			return listOf(l, showTrunk), err
		})
	add(r, post(all), tag, "create"+suffix, "Create a trunk of the installation", "Adds a trunk "+whose,
		func(ctx context.Context, actor auth.Actor, in *struct{ Body newTrunk }) (*made[trunkBody], error) {
			return makeTrunk(ctx, a, actor, "", all, in.Body)
		}, isCreated)
	add(r, get(one), tag, "get"+suffix, "Read a trunk of the installation", "Gives a trunk with its ETag; never its secret.",
		func(ctx context.Context, actor auth.Actor, in *AtTrunk) (*single[trunkBody], error) {
			v, err := a.Get(ctx, actor, "", in.Trunk)
			return &single[trunkBody]{etag(v.Trunk.Version), showTrunk(v)}, err
		})
	add(r, patch(one), tag, "change"+suffix, "Change a trunk of the installation", "Members that are left out stay as they are.",
		func(ctx context.Context, actor auth.Actor, in *struct {
			AtTrunk
			Precondition
			Body trunkPatch
		}) (*single[trunkBody], error) {
			return changeTrunk(ctx, a, actor, "", in.Trunk, in.Precondition, in.Body)
		})
	add(r, remove(one), tag, "delete"+suffix, "Delete a trunk of the installation", "Calls that it carries go on.",
		func(ctx context.Context, actor auth.Actor, in *struct {
			AtTrunk
			Precondition
		}) (*nothing, error) {
			return dropTrunk(ctx, a, actor, "", in.Trunk, in.Precondition)
		})
}

func customerTrunks(r *routes, a *app.Trunks, tag string) {
	const all, one = "/v1/customers/{customer}/trunks", "/v1/customers/{customer}/trunks/{trunk}"
	add(r, get(all), tag, "list-customer-trunks", "List a customer's trunks", "A customer without its own uses the installation's.",
		func(ctx context.Context, actor auth.Actor, in *struct {
			AtCustomer
			Page
		}) (*listed[trunkBody], error) {
			l, err := a.List(ctx, actor, in.Customer, in.query())
			return listOf(l, showTrunk), err
		})
	add(r, post(all), tag, "create-customer-trunk", "Create a trunk of a customer", "By the operator or the customer's partner. With switch, the customer's calls live there from now on.",
		func(ctx context.Context, actor auth.Actor, in *struct {
			AtCustomer
			Body newTrunk
		}) (*made[trunkBody], error) {
			return makeTrunk(ctx, a, actor, in.Customer, "/v1/customers/"+in.Customer+"/trunks", in.Body)
		}, isCreated)
	add(r, get(one), tag, "get-customer-trunk", "Read a trunk of a customer", "Gives a trunk with its ETag; never its secret.",
		func(ctx context.Context, actor auth.Actor, in *struct {
			AtCustomer
			AtTrunk
		}) (*single[trunkBody], error) {
			v, err := a.Get(ctx, actor, in.Customer, in.Trunk)
			return &single[trunkBody]{etag(v.Trunk.Version), showTrunk(v)}, err
		})
	add(r, patch(one), tag, "change-customer-trunk", "Change a trunk of a customer", "Members that are left out stay as they are.",
		func(ctx context.Context, actor auth.Actor, in *struct {
			AtCustomer
			AtTrunk
			Precondition
			Body trunkPatch
		}) (*single[trunkBody], error) {
			return changeTrunk(ctx, a, actor, in.Customer, in.Trunk, in.Precondition, in.Body)
		})
	add(r, remove(one), tag, "delete-customer-trunk", "Delete a trunk of a customer", "Calls that it carries go on.",
		func(ctx context.Context, actor auth.Actor, in *struct {
			AtCustomer
			AtTrunk
			Precondition
		}) (*nothing, error) {
			return dropTrunk(ctx, a, actor, in.Customer, in.Trunk, in.Precondition)
		})
}

func makeTrunk(ctx context.Context, a *app.Trunks, actor auth.Actor, customer, all string, n newTrunk) (*made[trunkBody], error) {
	t, err := n.trunk(customer)
	if err != nil {
		return nil, err
	}
	v, err := a.Create(ctx, actor, t)
	return &made[trunkBody]{etag(v.Trunk.Version), all + "/" + v.Trunk.ID, showTrunk(v)}, err
}

func changeTrunk(ctx context.Context, a *app.Trunks, actor auth.Actor, customer, id string, p Precondition, body trunkPatch) (*single[trunkBody], error) {
	version, err := p.version()
	if err != nil {
		return nil, err
	}
	v, err := a.Update(ctx, actor, customer, id, version, body.apply)
	return &single[trunkBody]{etag(v.Trunk.Version), showTrunk(v)}, err
}

func dropTrunk(ctx context.Context, a *app.Trunks, actor auth.Actor, customer, id string, p Precondition) (*nothing, error) {
	version, err := p.version()
	if err != nil {
		return nil, err
	}
	return nil, a.Delete(ctx, actor, customer, id, version)
}
