package api

import (
	"context"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

// AtExtension names a customer's extension.
type AtExtension struct {
	AtCustomer
	Extension string `path:"extension" doc:"The extension's id."`
}

const (
	extensionsPath = "/v1/customers/{customer}/extensions"
	extensionPath  = extensionsPath + "/{extension}"
)

type extensionBody struct {
	ID            string      `json:"id"`
	Number        string      `json:"number"`
	Name          string      `json:"name"`
	Language      string      `json:"language,omitempty" doc:"Absent: the customer's."`
	MultiLogin    bool        `json:"multi_login" doc:"May sit at two devices."`
	HasPIN        bool        `json:"has_pin"`
	PINMustChange bool        `json:"pin_must_change" doc:"The PIN must be changed at the next hot-desk login."`
	LockedUntil   time.Time   `json:"locked_until,omitzero" doc:"Hot-desk logins are locked after wrong PINs."`
	Outbound      string      `json:"outbound_number,omitempty" doc:"Shown outside, one of the customer's numbers. Absent: the first that leads to it, else the customer's." example:"+4930901821"`
	Numbers       []string    `json:"numbers" nullable:"false" doc:"The outside numbers that lead to it."`
	Links         []linkBody  `json:"links" nullable:"false"`
	Logins        []loginBody `json:"logins" nullable:"false"`
	Keys          []keyBody   `json:"keys" nullable:"false" doc:"The keys that follow the person to whatever phone they sit at, in order."`
	Version       int64       `json:"version"`
}

func showExtension(v app.ExtensionView) extensionBody {
	e := v.Extension
	return extensionBody{
		ID: e.ID, Number: e.Number, Name: e.Name, Language: e.Language, MultiLogin: e.MultiLogin, HasPIN: e.HasPIN, PINMustChange: e.PINMustChange,
		Outbound: e.OutboundNumber, Numbers: each(v.Numbers, func(n telephony.Number) string { return n.E164 }),
		LockedUntil: v.LockedUntil, Links: each(v.Links, showLink), Logins: each(v.Logins, showLogin), Keys: each(e.Keys, showKey), Version: e.Version,
	}
}

type newExtension struct {
	Number     string    `json:"number" maxLength:"20" doc:"All extensions of a customer have numbers of one length."`
	Name       string    `json:"name" minLength:"1" maxLength:"100"`
	Language   string    `json:"language,omitempty" doc:"de, en or nl; the customer's if left out."`
	MultiLogin bool      `json:"multi_login,omitempty"`
	Outbound   string    `json:"outbound_number,omitempty" maxLength:"40" doc:"Shown outside; one of the customer's numbers."`
	Keys       []keyBody `json:"keys,omitempty" maxItems:"60"`
	PIN        string    `json:"pin,omitempty" maxLength:"20" doc:"4 to 8 digits, not easy to guess; 0000 must be changed at the next login."`
}

type extensionPatch struct {
	Number     *string    `json:"number,omitempty" maxLength:"20"`
	Name       *string    `json:"name,omitempty" minLength:"1" maxLength:"100"`
	Language   *string    `json:"language,omitempty"`
	MultiLogin *bool      `json:"multi_login,omitempty"`
	Outbound   *string    `json:"outbound_number,omitempty" maxLength:"40" doc:"One of the customer's numbers; empty: as the numbers that lead to it say."`
	Keys       *[]keyBody `json:"keys,omitempty" maxItems:"60" doc:"All of them, in order: they replace what was there. The phones where the person sits get them at once."`
	Confirm    bool       `json:"confirm,omitempty" doc:"Switch multi-login off although somebody is logged off by it."`
}

type changedExtension struct {
	Outcome
	Extension extensionBody `json:"extension"`
}

type messagesBody struct {
	New int `json:"new" minimum:"0" maximum:"9999" doc:"Messages that nobody has heard yet."`
	Old int `json:"old" minimum:"0" maximum:"9999"`
}

type messagesOf struct{ Body messagesBody }

type pinOrder struct {
	PIN string `json:"pin" maxLength:"20" doc:"4 to 8 digits, not easy to guess; 0000 must be changed at the next login."`
}

func (r *routes) extensions() {
	const tag = "Extensions"
	a := &r.s.app.Extensions
	add(r, get(extensionsPath), tag, "list-extensions", "List extensions", "Gives the customer's extensions with their links and logins."+sortedBy(app.ExtensionSorts, app.ExtensionFilters),
		func(ctx context.Context, actor auth.Actor, in *struct {
			AtCustomer
			Sorted
		}) (*sorted[extensionBody], error) {
			l, err := a.List(ctx, actor, in.Customer, in.query())
			return sortedOf(in.Sorted, l, showExtension), err
		})
	add(r, post(extensionsPath), tag, "create-extension", "Create an extension", "Adds a person's internal number.",
		func(ctx context.Context, actor auth.Actor, in *struct {
			AtCustomer
			Body newExtension
		}) (*made[extensionBody], error) {
			b := in.Body
			e, err := a.Create(ctx, actor, telephony.Extension{CustomerID: in.Customer, Number: b.Number, Name: b.Name, Language: b.Language, MultiLogin: b.MultiLogin, OutboundNumber: b.Outbound, Keys: each(b.Keys, keyBody.key)}, telephony.Secret(b.PIN))
			return &made[extensionBody]{etag(e.Extension.Version), "/v1/customers/" + in.Customer + "/extensions/" + e.Extension.ID, showExtension(e)}, err
		}, isCreated)
	add(r, get(extensionPath), tag, "get-extension", "Read an extension", "Gives one extension with where it sits.",
		func(ctx context.Context, actor auth.Actor, in *AtExtension) (*single[extensionBody], error) {
			e, err := a.Get(ctx, actor, in.Customer, in.Extension)
			return &single[extensionBody]{etag(e.Extension.Version), showExtension(e)}, err
		})
	add(r, patch(extensionPath), tag, "change-extension", "Change an extension", "Members that are left out stay as they are. Switching multi-login off is refused under two links, and asks for confirm when it ends a login.",
		func(ctx context.Context, actor auth.Actor, in *struct {
			AtExtension
			Precondition
			MayDryRun
			Body extensionPatch
		}) (*single[changedExtension], error) {
			v, err := in.version()
			if err != nil {
				return nil, err
			}
			e, done, err := a.Update(ctx, actor, in.Customer, in.Extension, v, in.Body.Confirm, in.DryRun, func(e *telephony.Extension) error {
				set(&e.Number, in.Body.Number)
				set(&e.Name, in.Body.Name)
				set(&e.Language, in.Body.Language)
				set(&e.MultiLogin, in.Body.MultiLogin)
				set(&e.OutboundNumber, in.Body.Outbound)
				if in.Body.Keys != nil {
					e.Keys = each(*in.Body.Keys, keyBody.key)
				}
				return nil
			})
			return &single[changedExtension]{etag(e.Extension.Version), changedExtension{effectsOf(done, in.DryRun), showExtension(e)}}, err
		})
	add(r, remove(extensionPath), tag, "delete-extension", "Delete an extension", "Ends its links and logins with it.",
		func(ctx context.Context, actor auth.Actor, in *struct {
			AtExtension
			Precondition
		}) (*nothing, error) {
			v, err := in.version()
			if err != nil {
				return nil, err
			}
			return nil, a.Delete(ctx, actor, in.Customer, in.Extension, v)
		})
	add(r, put(extensionPath+"/pin"), tag, "set-pin", "Set an extension's PIN", "Takes the lock after wrong PINs off as well.",
		func(ctx context.Context, actor auth.Actor, in *struct {
			AtExtension
			Body pinOrder
		}) (*nothing, error) {
			return nil, a.SetPIN(ctx, actor, in.Customer, in.Extension, telephony.Secret(in.Body.PIN))
		})
	add(r, get(extensionPath+"/messages"), tag, "get-messages", "Read how many messages wait", "As they were last set.",
		func(ctx context.Context, actor auth.Actor, in *AtExtension) (*messagesOf, error) {
			m, err := a.Messages(ctx, actor, in.Customer, in.Extension)
			return &messagesOf{messagesBody(m)}, err
		})
	add(r, put(extensionPath+"/messages"), tag, "set-messages", "Set how many messages wait", "For the voice mail system: the phone where the extension is logged in shows it at once.",
		func(ctx context.Context, actor auth.Actor, in *struct {
			AtExtension
			Body messagesBody
		}) (*nothing, error) {
			return nil, a.SetMessages(ctx, actor, in.Customer, in.Extension, telephony.Messages(in.Body))
		})
	add(r, post(extensionPath+"/unlock"), tag, "unlock-extension", "Unlock hot-desk logins", "Takes the lock after wrong PINs off.",
		func(ctx context.Context, actor auth.Actor, in *AtExtension) (*nothing, error) {
			return nil, a.Unlock(ctx, actor, in.Customer, in.Extension)
		})
	add(r, get(extensionPath+"/linkable-channels"), tag, "list-linkable-channels", "List channels that can be linked", "Those that the extension's page would offer.",
		func(ctx context.Context, actor auth.Actor, in *struct {
			AtExtension
			Page
		}) (*listed[channelRef], error) {
			l, err := a.Linkable(ctx, actor, in.Customer, in.Extension, in.query())
			return listOf(l, func(c telephony.Channel) channelRef { return channelRef{c.ID, c.Name} }), err
		})
}

type channelRef struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}
