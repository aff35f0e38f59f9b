package api

import (
	"context"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

// AtNumber names a customer's number.
type AtNumber struct {
	AtCustomer
	Number string `path:"number" doc:"The number's id."`
}

type numberBody struct {
	ID        string        `json:"id"`
	E164      string        `json:"e164" doc:"In international form." example:"+4930901820"`
	Extension *extensionRef `json:"extension,omitempty" doc:"Whom it rings; absent: nobody yet."`
	Note      string        `json:"note,omitempty"`
	Version   int64         `json:"version"`
}

func showNumber(v app.NumberView) numberBody {
	return numberBody{v.Number.ID, v.Number.E164, refOf(v.Extension), v.Number.Note, v.Number.Version}
}

type newNumber struct {
	E164        string `json:"e164" maxLength:"40" doc:"In international form; no other customer has it." example:"+4930901820"`
	ExtensionID string `json:"extension_id,omitempty" doc:"Whom it rings; absent: nobody yet."`
	Note        string `json:"note,omitempty" maxLength:"200"`
}

type numberPatch struct {
	ExtensionID *string `json:"extension_id,omitempty" doc:"Whom it rings; empty: nobody."`
	Note        *string `json:"note,omitempty" maxLength:"200"`
}

func (r *routes) numbers() {
	const tag, all, one = "Numbers", "/v1/customers/{customer}/numbers", "/v1/customers/{customer}/numbers/{number}"
	a := &r.s.app.Numbers
	add(r, get(all), tag, "list-numbers", "List numbers", "Gives the outside numbers that lead to the customer, in their order.",
		func(ctx context.Context, actor auth.Actor, in *struct {
			AtCustomer
			Page
		}) (*listed[numberBody], error) {
			l, err := a.List(ctx, actor, in.Customer, in.query())
			return listOf(l, showNumber), err
		})
	add(r, post(all), tag, "create-number", "Add a number", "By the operator or the customer's partner: a number is one customer's only.",
		func(ctx context.Context, actor auth.Actor, in *struct {
			AtCustomer
			Body newNumber
		}) (*made[numberBody], error) {
			v, err := a.Create(ctx, actor, telephony.Number{CustomerID: in.Customer, E164: in.Body.E164, ExtensionID: in.Body.ExtensionID, Note: in.Body.Note})
			return &made[numberBody]{etag(v.Number.Version), "/v1/customers/" + in.Customer + "/numbers/" + v.Number.ID, showNumber(v)}, err
		}, isCreated)
	add(r, get(one), tag, "get-number", "Read a number", "Gives one number with whom it rings.",
		func(ctx context.Context, actor auth.Actor, in *AtNumber) (*single[numberBody], error) {
			v, err := a.Get(ctx, actor, in.Customer, in.Number)
			return &single[numberBody]{etag(v.Number.Version), showNumber(v)}, err
		})
	add(r, patch(one), tag, "change-number", "Change whom a number rings", "Members that are left out stay as they are.",
		func(ctx context.Context, actor auth.Actor, in *struct {
			AtNumber
			Precondition
			Body numberPatch
		}) (*single[numberBody], error) {
			version, err := in.version()
			if err != nil {
				return nil, err
			}
			v, err := a.Update(ctx, actor, in.Customer, in.Number, version, func(n *telephony.Number) error {
				set(&n.ExtensionID, in.Body.ExtensionID)
				set(&n.Note, in.Body.Note)
				return nil
			})
			return &single[numberBody]{etag(v.Number.Version), showNumber(v)}, err
		})
	add(r, remove(one), tag, "delete-number", "Delete a number", "Refused while calls show it outside. By the operator or the customer's partner.",
		func(ctx context.Context, actor auth.Actor, in *struct {
			AtNumber
			Precondition
		}) (*nothing, error) {
			version, err := in.version()
			if err != nil {
				return nil, err
			}
			return nil, a.Delete(ctx, actor, in.Customer, in.Number, version)
		})
}
