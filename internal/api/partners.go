package api

import (
	"context"

	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

// AtPartner names a partner.
type AtPartner struct {
	Partner string `path:"partner" doc:"The partner's id."`
}

type partnerBody struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Version int64  `json:"version"`
}

func showPartner(p telephony.Partner) partnerBody { return partnerBody(p) }

type newPartner struct {
	Name string `json:"name" minLength:"1" maxLength:"100"`
}

type partnerPatch struct {
	Name *string `json:"name,omitempty" minLength:"1" maxLength:"100"`
}

func (r *routes) partners() {
	const tag, all, one = "Partners", "/v1/partners", "/v1/partners/{partner}"
	a := &r.s.app.Partners
	add(r, get(all), tag, "list-partners", "List partners", "Partners are resellers between the operator and its customers. Only the operator sees them.",
		func(ctx context.Context, actor auth.Actor, in *struct{ Page }) (*listed[partnerBody], error) {
			l, err := a.List(ctx, actor, in.query())
			return listOf(l, showPartner), err
		})
	add(r, post(all), tag, "create-partner", "Create a partner", "Adds a reseller, which can then be given customers and tokens.",
		func(ctx context.Context, actor auth.Actor, in *struct{ Body newPartner }) (*made[partnerBody], error) {
			p, err := a.Create(ctx, actor, telephony.Partner{Name: in.Body.Name})
			return &made[partnerBody]{etag(p.Version), all + "/" + p.ID, showPartner(p)}, err
		}, isCreated)
	add(r, get(one), tag, "get-partner", "Read a partner", "Gives one partner with its ETag.",
		func(ctx context.Context, actor auth.Actor, in *AtPartner) (*single[partnerBody], error) {
			p, err := a.Get(ctx, actor, in.Partner)
			return &single[partnerBody]{etag(p.Version), showPartner(p)}, err
		})
	add(r, patch(one), tag, "change-partner", "Change a partner", "Members that are left out stay as they are.",
		func(ctx context.Context, actor auth.Actor, in *struct {
			AtPartner
			Precondition
			Body partnerPatch
		}) (*single[partnerBody], error) {
			v, err := in.version()
			if err != nil {
				return nil, err
			}
			p, err := a.Update(ctx, actor, in.Partner, v, func(p *telephony.Partner) error {
				set(&p.Name, in.Body.Name)
				return nil
			})
			return &single[partnerBody]{etag(p.Version), showPartner(p)}, err
		})
	add(r, remove(one), tag, "delete-partner", "Delete a partner", "Refused while the partner has customers.",
		func(ctx context.Context, actor auth.Actor, in *struct {
			AtPartner
			Precondition
		}) (*nothing, error) {
			v, err := in.version()
			if err != nil {
				return nil, err
			}
			return nil, a.Delete(ctx, actor, in.Partner, v)
		})
}

// set writes a member of a patch that is there.
func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}
