package api

import (
	"context"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

// AtCPE names a customer's CPE.
type AtCPE struct {
	AtCustomer
	CPE string `path:"cpe" doc:"The CPE's id."`
}

const (
	cpesPath = "/v1/customers/{customer}/cpes"
	cpePath  = cpesPath + "/{cpe}"
)

type newCPE struct {
	MAC    string `json:"mac,omitempty" maxLength:"20" doc:"In any notation; left out for devices that have none." example:"80:5e:c0:12:34:56"`
	Driver string `json:"driver" doc:"The vendor's driver: yealink, snom, linphone or generic."`
	Model  string `json:"model,omitempty" maxLength:"100"`
	Name   string `json:"name" minLength:"1" maxLength:"100"`
	Ports  int    `json:"ports,omitempty" minimum:"0" doc:"Lines of the device; the model's if left out."`
}

func (n newCPE) cpe(customer string) (telephony.CPE, error) {
	c := telephony.CPE{CustomerID: customer, Driver: n.Driver, Model: n.Model, Name: n.Name, Ports: n.Ports}
	var err error
	if n.MAC != "" {
		c.MAC, err = telephony.ParseMAC(n.MAC)
	}
	return c, err
}

type cpePatch struct {
	MAC    *string `json:"mac,omitempty" maxLength:"20" doc:"Of the device that stands here now: it has to prove itself anew."`
	Driver *string `json:"driver,omitempty"`
	Model  *string `json:"model,omitempty" maxLength:"100"`
	Name   *string `json:"name,omitempty" minLength:"1" maxLength:"100"`
	Ports  *int    `json:"ports,omitempty" minimum:"1"`
}

func (p cpePatch) apply(c *telephony.CPE) error {
	if p.MAC != nil {
		c.MAC = ""
		if *p.MAC != "" {
			m, err := telephony.ParseMAC(*p.MAC)
			if err != nil {
				return err
			}
			c.MAC = m
		}
	}
	set(&c.Driver, p.Driver)
	set(&c.Model, p.Model)
	set(&c.Name, p.Name)
	set(&c.Ports, p.Ports)
	return nil
}

func (r *routes) cpes() {
	const tag = "CPEs"
	a := &r.s.app.CPEs
	add(r, get(cpesPath), tag, "list-cpes", "List CPEs", "Gives the customer's devices with their convergence; search finds a MAC in any notation."+sortedBy(app.CPESorts, app.CPEFilters),
		func(ctx context.Context, actor auth.Actor, in *struct {
			AtCustomer
			Sorted
		}) (*sorted[cpeBody], error) {
			l, err := a.List(ctx, actor, in.Customer, in.query())
			return sortedOf(in.Sorted, l, showCPE), err
		})
	add(r, post(cpesPath), tag, "create-cpe", "Create a CPE", "Makes a device known. Its MAC alone proves nothing: arm it, or give it its first-access URL.",
		func(ctx context.Context, actor auth.Actor, in *struct {
			AtCustomer
			Body newCPE
		}) (*made[cpeBody], error) {
			c, err := in.Body.cpe(in.Customer)
			if err != nil {
				return nil, err
			}
			v, err := a.Create(ctx, actor, c)
			return &made[cpeBody]{etag(v.CPE.Version), "/v1/customers/" + in.Customer + "/cpes/" + v.CPE.ID, showCPE(v)}, err
		}, isCreated)
	add(r, get(cpePath), tag, "get-cpe", "Read a CPE", "Gives one device with its trust, what it fetched and what was observed.",
		func(ctx context.Context, actor auth.Actor, in *AtCPE) (*single[cpeBody], error) {
			v, err := a.Get(ctx, actor, in.Customer, in.CPE)
			return &single[cpeBody]{etag(v.CPE.Version), showCPE(v)}, err
		})
	add(r, patch(cpePath), tag, "change-cpe", "Change a CPE", "Members that are left out stay as they are.",
		func(ctx context.Context, actor auth.Actor, in *struct {
			AtCPE
			Precondition
			Body cpePatch
		}) (*single[cpeBody], error) {
			want, err := in.version()
			if err != nil {
				return nil, err
			}
			v, err := a.Update(ctx, actor, in.Customer, in.CPE, want, in.Body.apply)
			return &single[cpeBody]{etag(v.CPE.Version), showCPE(v)}, err
		})
	add(r, remove(cpePath), tag, "delete-cpe", "Delete a CPE", "Refused while it is connected with a channel: disconnect it first.",
		func(ctx context.Context, actor auth.Actor, in *struct {
			AtCPE
			Precondition
		}) (*nothing, error) {
			v, err := in.version()
			if err != nil {
				return nil, err
			}
			return nil, a.Delete(ctx, actor, in.Customer, in.CPE, v)
		})
}
