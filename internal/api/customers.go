package api

import (
	"context"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

// AtCustomer names the customer that everything below belongs to.
type AtCustomer struct {
	Customer string `path:"customer" doc:"The customer's id."`
}

type customerBody struct {
	ID               string   `json:"id"`
	PartnerID        string   `json:"partner_id,omitempty" doc:"Absent when the operator serves the customer directly."`
	Number           string   `json:"number" doc:"The operator's customer number."`
	Name             string   `json:"name"`
	Language         string   `json:"language" doc:"de, en or nl."`
	TimeZone         string   `json:"time_zone" doc:"IANA name." example:"Europe/Berlin"`
	IPListing        bool     `json:"ip_listing" doc:"Devices are accepted from listed addresses only."`
	LoginCode        string   `json:"login_code" doc:"Dialled to log in."`
	LogoutCode       string   `json:"logout_code" doc:"Dialled to log out."`
	PickupCode       string   `json:"pickup_code" doc:"Dialled to take over a call that rings elsewhere; the number of an extension may follow."`
	EmergencyNumbers []string `json:"emergency_numbers" nullable:"false"`
	ExtensionDigits  int      `json:"extension_digits" doc:"The one length of all extension numbers; 0 before the first extension."`
	ContactPerson    string   `json:"contact_person,omitempty" doc:"Whom to ask at the customer."`
	ContactPhone     string   `json:"contact_phone,omitempty" doc:"As people write it."`
	ContactEmail     string   `json:"contact_email,omitempty"`
	CallSettings
	HotdeskLimits
	TrustMinimum string `json:"trust_minimum" doc:"The weakest evidence that makes a device trusted: site_token, first_access or certificate; empty: any."`
	Version      int64  `json:"version"`
}

func showCustomer(c telephony.Customer) customerBody {
	b := customerBody{
		ID: c.ID, PartnerID: c.PartnerID, Number: c.Number, Name: c.Name, Language: c.Language, TimeZone: c.TimeZone, IPListing: c.IPListing,
		LoginCode: c.LoginCode, LogoutCode: c.LogoutCode, PickupCode: c.PickupCode, EmergencyNumbers: c.EmergencyNumbers, ExtensionDigits: c.ExtensionDigits,
		ContactPerson: c.ContactPerson, ContactPhone: c.ContactPhone, ContactEmail: c.ContactEmail,
		CallSettings: showCalls(c), HotdeskLimits: HotdeskLimits{c.HotdeskHours, c.HotdeskEnd}, TrustMinimum: c.TrustMinimum, Version: c.Version,
	}
	if b.EmergencyNumbers == nil {
		b.EmergencyNumbers = []string{}
	}
	return b
}

type newCustomer struct {
	PartnerID        string   `json:"partner_id,omitempty"`
	Number           string   `json:"number" maxLength:"64"`
	Name             string   `json:"name" minLength:"1" maxLength:"100"`
	Language         string   `json:"language,omitempty" doc:"de (default), en or nl."`
	TimeZone         string   `json:"time_zone,omitempty" doc:"IANA name, Europe/Berlin by default."`
	IPListing        bool     `json:"ip_listing,omitempty"`
	LoginCode        string   `json:"login_code,omitempty" doc:"901 by default."`
	LogoutCode       string   `json:"logout_code,omitempty" doc:"902 by default."`
	PickupCode       string   `json:"pickup_code,omitempty" doc:"*8 by default: a star and 1 to 7 digits."`
	EmergencyNumbers []string `json:"emergency_numbers,omitempty" maxItems:"50"`
	ContactPerson    string   `json:"contact_person,omitempty" maxLength:"200"`
	ContactPhone     string   `json:"contact_phone,omitempty" maxLength:"200"`
	ContactEmail     string   `json:"contact_email,omitempty" maxLength:"254"`
	CallChanges
	HotdeskChanges
	TrustMinimum *string `json:"trust_minimum,omitempty" enum:",site_token,first_access,certificate" doc:"The weakest evidence that makes a device trusted; empty: any."`
}

func (n newCustomer) customer() telephony.Customer {
	c := telephony.Customer{
		PartnerID: n.PartnerID, Number: n.Number, Name: n.Name, Language: n.Language, TimeZone: n.TimeZone, IPListing: n.IPListing,
		LoginCode: n.LoginCode, LogoutCode: n.LogoutCode, PickupCode: n.PickupCode, EmergencyNumbers: n.EmergencyNumbers,
		ContactPerson: n.ContactPerson, ContactPhone: n.ContactPhone, ContactEmail: n.ContactEmail,
	}
	n.CallChanges.apply(&c)
	n.HotdeskChanges.apply(&c)
	set(&c.TrustMinimum, n.TrustMinimum)
	return c
}

type customerPatch struct {
	PartnerID        *string   `json:"partner_id,omitempty"`
	Number           *string   `json:"number,omitempty" maxLength:"64"`
	Name             *string   `json:"name,omitempty" minLength:"1" maxLength:"100"`
	Language         *string   `json:"language,omitempty"`
	TimeZone         *string   `json:"time_zone,omitempty"`
	IPListing        *bool     `json:"ip_listing,omitempty" doc:"See would-fail first: what it will do to devices."`
	LoginCode        *string   `json:"login_code,omitempty"`
	LogoutCode       *string   `json:"logout_code,omitempty"`
	PickupCode       *string   `json:"pickup_code,omitempty"`
	EmergencyNumbers *[]string `json:"emergency_numbers,omitempty" maxItems:"50"`
	ContactPerson    *string   `json:"contact_person,omitempty" maxLength:"200"`
	ContactPhone     *string   `json:"contact_phone,omitempty" maxLength:"200"`
	ContactEmail     *string   `json:"contact_email,omitempty" maxLength:"254"`
	CallChanges
	HotdeskChanges
	TrustMinimum *string `json:"trust_minimum,omitempty" enum:",site_token,first_access,certificate" doc:"The weakest evidence that makes a device trusted; empty: any."`
}

func (p customerPatch) apply(c *telephony.Customer) error {
	set(&c.PartnerID, p.PartnerID)
	set(&c.Number, p.Number)
	set(&c.Name, p.Name)
	set(&c.Language, p.Language)
	set(&c.TimeZone, p.TimeZone)
	set(&c.IPListing, p.IPListing)
	set(&c.LoginCode, p.LoginCode)
	set(&c.LogoutCode, p.LogoutCode)
	set(&c.PickupCode, p.PickupCode)
	set(&c.EmergencyNumbers, p.EmergencyNumbers)
	set(&c.ContactPerson, p.ContactPerson)
	set(&c.ContactPhone, p.ContactPhone)
	set(&c.ContactEmail, p.ContactEmail)
	p.CallChanges.apply(c)
	p.HotdeskChanges.apply(c)
	set(&c.TrustMinimum, p.TrustMinimum)
	return nil
}

func (r *routes) customers() {
	const tag, all, one = "Customers", "/v1/customers", "/v1/customers/{customer}"
	a := &r.s.app.Customers
	add(r, get(all), tag, "list-customers", "List customers", "Gives the customers that the token may see."+sortedBy(app.CustomerSorts, app.CustomerFilters),
		func(ctx context.Context, actor auth.Actor, in *struct{ Sorted }) (*sorted[customerBody], error) {
			l, err := a.Overview(ctx, actor, in.query())
			return sortedOf(in.Sorted, l, func(v app.CustomerView) customerBody { return showCustomer(v.Customer) }), err
		})
	add(r, post(all), tag, "create-customer", "Create a customer", "A partner's token creates customers of that partner.",
		func(ctx context.Context, actor auth.Actor, in *struct{ Body newCustomer }) (*made[customerBody], error) {
			c, err := a.Create(ctx, actor, in.Body.customer())
			return &made[customerBody]{etag(c.Version), all + "/" + c.ID, showCustomer(c)}, err
		}, isCreated)
	add(r, get(one), tag, "get-customer", "Read a customer", "Gives one customer with its account settings and its ETag.",
		func(ctx context.Context, actor auth.Actor, in *AtCustomer) (*single[customerBody], error) {
			c, err := a.Get(ctx, actor, in.Customer)
			return &single[customerBody]{etag(c.Version), showCustomer(c)}, err
		})
	add(r, patch(one), tag, "change-customer", "Change a customer", "Members that are left out stay as they are. Switching IP listing on ends the logins of devices at addresses that are not listed.",
		func(ctx context.Context, actor auth.Actor, in *struct {
			AtCustomer
			Precondition
			Body customerPatch
		}) (*single[customerBody], error) {
			v, err := in.version()
			if err != nil {
				return nil, err
			}
			c, err := a.Update(ctx, actor, in.Customer, v, in.Body.apply)
			return &single[customerBody]{etag(c.Version), showCustomer(c)}, err
		})
	add(r, remove(one), tag, "delete-customer", "Delete a customer", "Refused while the customer has channels, extensions or CPEs. Only its operator or partner may.",
		func(ctx context.Context, actor auth.Actor, in *struct {
			AtCustomer
			Precondition
		}) (*nothing, error) {
			v, err := in.version()
			if err != nil {
				return nil, err
			}
			return nil, a.Delete(ctx, actor, in.Customer, v)
		})
}
