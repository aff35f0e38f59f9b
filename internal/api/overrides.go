package api

import (
	"context"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/provision"
)

type overrideBody struct {
	Name   string            `json:"name" example:"phone_setting.lcd_logo.text"`
	Value  string            `json:"value,omitempty" doc:"Absent where it is a secret, which is never shown."`
	Secret bool              `json:"secret"`
	Level  app.OverrideLevel `json:"level" enum:"installation,customer,model,device" doc:"For whom it is set; each wins over those before it."`
	Void   string            `json:"void,omitempty" doc:"Why it has no effect any more: parameter_unknown, parameter_locked or parameter_value."`
	SetAt  time.Time         `json:"set_at"`
	SetBy  string            `json:"set_by"`
}

func showOverride(v app.OverrideView) overrideBody { return overrideBody(v) }

type overridesBody struct {
	Vendor string         `json:"vendor"`
	Model  string         `json:"model,omitempty"`
	Set    []overrideBody `json:"set" nullable:"false" doc:"What is set here."`
	Upon   []overrideBody `json:"upon" nullable:"false" doc:"What counts here beside it, set further out."`
}

type overridesPatch struct {
	Set   map[string]string `json:"set,omitempty" maxProperties:"200" doc:"Parameters by the vendor's names; an empty value is the vendor's word for none."`
	Clear []string          `json:"clear,omitempty" maxItems:"200" doc:"Names of parameters that are taken back."`
}

type parameterBody struct {
	Name    string               `json:"name" doc:"Each # stands for a number." example:"account.#.codec.1.enable"`
	Type    provision.Type       `json:"type" doc:"bool, int, enum, text, secret, url or pem."`
	Min     int                  `json:"min,omitempty" doc:"Of a number."`
	Max     int                  `json:"max,omitempty" doc:"Greatest number, or most characters of a text; 0 of a text is 255."`
	Allowed []string             `json:"allowed" nullable:"false" doc:"The values of an enum, and of a bool: on, off."`
	Since   string               `json:"since,omitempty" doc:"The first firmware that knows it."`
	Values  []parameterValueBody `json:"values" nullable:"false" doc:"What it is now."`
}

type parameterValueBody struct {
	Name   string            `json:"name"`
	Value  string            `json:"value,omitempty"`
	Secret bool              `json:"secret"`
	Level  app.OverrideLevel `json:"level,omitempty" doc:"For whom it is set; absent: as the driver writes it."`
}

func showParameter(v app.ParameterView) parameterBody {
	return parameterBody{v.Name, v.Type, v.Min, v.Max, each(v.Choices(), func(s string) string { return s }), v.Since,
		each(v.Values, func(x app.ParameterValue) parameterValueBody { return parameterValueBody(x) })}
}

type parameters struct {
	Items []parameterBody `json:"items" nullable:"false"`
}

// AtVendor names a vendor.
type AtVendor struct {
	Vendor string `path:"vendor" doc:"The vendor's driver." example:"yealink"`
}

func (a AtVendor) place() app.OverridePlace { return app.OverridePlace{Vendor: a.Vendor} }

// AtModel names a model of a vendor.
type AtModel struct {
	AtVendor
	Model string `path:"model" example:"T46U"`
}

func (a AtModel) place() app.OverridePlace {
	return app.OverridePlace{Vendor: a.Vendor, Model: a.Model}
}

// AtCustomerVendor names a customer's devices of a vendor.
type AtCustomerVendor struct {
	AtCustomer
	AtVendor
}

func (a AtCustomerVendor) place() app.OverridePlace {
	return app.OverridePlace{Vendor: a.Vendor, CustomerID: a.Customer}
}

func (a AtCPE) place() app.OverridePlace {
	return app.OverridePlace{CustomerID: a.Customer, CPEID: a.CPE}
}

// placed is the input of an operation at one of the places.
type placed interface{ place() app.OverridePlace }

// ParameterSearch narrows a list of parameters.
type ParameterSearch struct {
	Search string `query:"search" maxLength:"100" doc:"A part of the name."`
}

// OverridesOrder is a change of overrides.
type OverridesOrder struct {
	Precondition
	Body overridesPatch
}

type (
	vendorSearch struct {
		AtVendor
		ParameterSearch
	}
	vendorOrder struct {
		AtVendor
		OverridesOrder
	}
	modelSearch struct {
		AtModel
		ParameterSearch
	}
	modelOrder struct {
		AtModel
		OverridesOrder
	}
	customerVendorSearch struct {
		AtCustomerVendor
		ParameterSearch
	}
	customerVendorOrder struct {
		AtCustomerVendor
		OverridesOrder
	}
	cpeSearch struct {
		AtCPE
		ParameterSearch
	}
	cpeOrder struct {
		AtCPE
		OverridesOrder
	}
)

func (s ParameterSearch) wanted() string       { return s.Search }
func (o OverridesOrder) order() OverridesOrder { return o }

// overrides are the same operations for each place.
func (r *routes) overrides() {
	overridesAt[AtVendor, vendorSearch, vendorOrder](r, "/v1/vendors/{vendor}", "vendor", "a vendor's devices", "The operator's, for the whole installation: what is set further in wins.")
	overridesAt[AtModel, modelSearch, modelOrder](r, "/v1/vendors/{vendor}/models/{model}", "model", "a model", "The operator's, for the whole installation; it wins over what is set for a customer.")
	overridesAt[AtCustomerVendor, customerVendorSearch, customerVendorOrder](r, "/v1/customers/{customer}/vendors/{vendor}", "customer", "a customer's devices of a vendor", "It wins over what is set for the installation.")
	overridesAt[AtCPE, cpeSearch, cpeOrder](r, cpePath, "cpe", "a CPE", "It wins over all else.")
}

func overridesAt[P placed, S interface {
	placed
	wanted() string
}, O interface {
	placed
	order() OverridesOrder
}](r *routes, at, suffix, whose, about string) {
	const tag = "Overrides"
	a := &r.s.app.Overrides
	show := func(s app.OverrideSheet, err error) (*single[overridesBody], error) {
		return &single[overridesBody]{etag(s.Version), overridesBody{s.Place.Vendor, s.Place.Model, each(s.Set, showOverride), each(s.Upon, showOverride)}}, err
	}
	add(r, get(at+"/overrides"), tag, "get-"+suffix+"-overrides", "Read the overrides of "+whose, "Gives the parameters of the vendor's files that are set by hand. "+about,
		func(ctx context.Context, actor auth.Actor, in *P) (*single[overridesBody], error) {
			return show(a.Get(ctx, actor, (*in).place()))
		})
	add(r, patch(at+"/overrides"), tag, "change-"+suffix+"-overrides", "Change the overrides of "+whose, "All of it, or nothing. The devices that differ by it are told. "+about,
		func(ctx context.Context, actor auth.Actor, in *O) (*single[overridesBody], error) {
			o := (*in).order()
			version, err := o.version()
			if err != nil {
				return nil, err
			}
			return show(a.Change(ctx, actor, (*in).place(), version, app.OverridePatch(o.Body)))
		})
	add(r, get(at+"/parameters"), tag, "list-"+suffix+"-parameters", "List the parameters that may be set for "+whose, "In the order of the vendor's catalogue, each with what it is now and by whose order.",
		func(ctx context.Context, actor auth.Actor, in *S) (*plain[parameters], error) {
			l, err := a.Parameters(ctx, actor, (*in).place(), (*in).wanted())
			return &plain[parameters]{parameters{each(l, showParameter)}}, err
		})
}
