package app

import (
	"context"
	"strings"

	"tischlein/internal/auth"
	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// ParameterView is one parameter that may be set for a place, with what it is now.
type ParameterView struct {
	provision.Param
	on, off string
	Values  []ParameterValue // one at most, unless its name has numbers
}

// Choices are the values it takes where they are few: of an enum, of a switch the
// vendor's words for on and off.
func (v ParameterView) Choices() []string {
	if v.Type == provision.Bool {
		return []string{v.on, v.off}
	}
	return v.Allowed
}

// ParameterValue is what a parameter is, and by whose order.
type ParameterValue struct {
	Name   string // with its numbers
	Value  string // "" where it is a secret
	Secret bool
	Level  OverrideLevel // "" = the driver's own choice, known of a device only
}

// Parameters lists the parameters that may be set for a place, in the order of
// the vendor's catalogue; search is a part of the name.
func (o Overrides) Parameters(ctx context.Context, actor auth.Actor, p OverridePlace, search string) (list []ParameterView, err error) {
	s, err := o.Get(ctx, actor, p)
	if err != nil {
		return nil, err
	}
	drv, err := o.drivers.Get(s.Place.Vendor)
	if err != nil {
		return nil, err
	}
	list = []ParameterView{}
	cat, ok := drv.(provision.Catalogued)
	if !ok {
		return list, nil
	}
	at := map[string]int{} // place in list by the catalogue's name
	for _, x := range cat.Catalogue().Params() {
		if x.Open && strings.Contains(telephony.Fold(x.Name), telephony.Fold(search)) {
			at[x.Name] = len(list)
			list = append(list, ParameterView{Param: x, on: cat.Catalogue().On, off: cat.Catalogue().Off})
		}
	}
	told := map[string]bool{}
	put := func(v ParameterValue) {
		x, known := cat.Catalogue().Lookup(v.Name)
		i, shown := at[x.Name]
		if !known || !shown || told[v.Name] {
			return
		}
		told[v.Name] = true
		if v.Secret = v.Secret || x.Type == provision.Secret; v.Secret {
			v.Value = ""
		}
		list[i].Values = append(list[i].Values, v)
	}
	for _, x := range append(s.Set, s.Upon...) {
		if x.Void == "" {
			put(ParameterValue{x.Name, x.Value, x.Secret, x.Level})
		}
	}
	if p.CPEID == "" {
		return list, nil
	}
	d, err := CPEs(o).wanted(ctx, actor, p.CustomerID, p.CPEID)
	if err != nil {
		return nil, err
	}
	d.Overrides = nil
	for _, kind := range drv.Info().Kinds {
		f, err := drv.Render(d, kind)
		if err != nil {
			continue // a kind that this device does without
		}
		settings, err := cat.Parse(f)
		if err != nil {
			continue // not a file of parameters
		}
		for _, x := range settings {
			put(ParameterValue{Name: x.Name, Value: x.Value})
		}
	}
	return list, nil
}
