package web

import (
	"strconv"

	"tischlein/internal/app"
	"tischlein/internal/telephony"
	"tischlein/internal/web/view"
)

// detailPart is one form of the tab Detail.
type detailPart struct {
	need   []string
	fields []string
	// apply reads the form into the customer; what is no number stands beside its
	// field.
	apply func(f *Form, x *telephony.Customer)
}

var detailParts = map[string]detailPart{
	"codes": {
		need:   []string{"login_code", "logout_code", "emergency_numbers"},
		fields: []string{"login_code", "logout_code", "pickup_code", "emergency_numbers", "extension_digits"},
		apply: func(f *Form, x *telephony.Customer) {
			x.LoginCode, x.LogoutCode, x.OneGoCode = f.Value("login_code"), f.Value("logout_code"), f.On("one_go_code")
			if f.Values.Has("pickup_code") {
				x.PickupCode = f.Value("pickup_code")
			}
			x.EmergencyNumbers = numbersOf(f.Value("emergency_numbers"))
			if f.Values.Has("extension_digits") {
				x.ExtensionDigits = f.number("extension_digits", 0, "errors.reason_digits_range")
			}
		},
	},
	"emergency": {
		fields: []string{"site_address", "site_elin"},
		apply: func(f *Form, x *telephony.Customer) {
			x.SiteAddress, x.SiteELIN = f.Value("site_address"), f.Value("site_elin")
		},
	},
	"hotdesk": {
		fields: []string{"hotdesk_hours", "hotdesk_end"},
		apply: func(f *Form, x *telephony.Customer) {
			x.HotdeskHours, x.HotdeskEnd = f.number("hotdesk_hours", 0, "errors.reason_hours_range"), f.Value("hotdesk_end")
		},
	},
	"trust": {
		fields: []string{"trust_minimum"},
		apply:  func(f *Form, x *telephony.Customer) { x.TrustMinimum = f.Value("trust_minimum") },
	},
	"calls": {
		need:   []string{"country"},
		fields: []string{"country", "area_code", "outbound_number", "most_calls", "most_per_minute"},
		apply: func(f *Form, x *telephony.Customer) {
			x.Country, x.AreaCode, x.OutboundNumber = f.Value("country"), f.Value("area_code"), f.Value("outbound_number")
			x.DeclineAll, x.ForwardOutside = f.On("decline_all"), f.On("forward_outside")
			if f.Values.Has("most_calls") { // not for who may not set them
				x.MostCalls, x.MostPerMinute = f.number("most_calls", 0, "errors.reason_limit_malformed"), f.number("most_per_minute", 0, "errors.reason_limit_malformed")
			}
		},
	},
}

// number is what a field says, none where it is empty; what is no number is
// refused with the words of id.
func (f *Form) number(field string, none int, id string) int {
	s := f.Value(field)
	if s == "" {
		return none
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		f.Refuse(field, id)
	}
	return n
}

// detailUpdate saves one form of the tab.
func (p *Portal) detailUpdate(c *Call) error {
	name := c.R.URL.Query().Get("part")
	if name == "" {
		name = "codes"
	}
	part, known := detailParts[name]
	if !known {
		return telephony.NotFoundf("page")
	}
	f, err := c.Form()
	if err != nil {
		return err
	}
	f.Need(part.need...)
	if typed := *c.Customer; f.OK() {
		part.apply(f, &typed)
	}
	if f.OK() {
		version := versionOf(f.Value("version"))
		_, err := p.app.Customers.Update(c.R.Context(), c.Actor, c.Customer.ID, version, func(x *telephony.Customer) error { part.apply(f, x); return nil })
		if err == nil {
			back := view.CustomerPath(c.Customer.ID, "detail")
			if name != "codes" {
				back += "#" + name
			}
			return c.Redirect(back, Done("customers.detail_saved"))
		}
		if err := f.Take(err, part.fields...); err != nil {
			return err
		}
		if telephony.ReasonOf(err) == "version_changed" {
			f.General = c.T("customers.version_changed")
			f.Renew(c.Customer.Version)
		}
	}
	return p.showDetail(c, f.Status(), detailForms{name: f.Form})
}

// numbersShown is how many numbers are offered to be shown outside.
const numbersShown = 200

// policies reads how the customer's calls and hot-desk logins go; form gives what
// stands in the form of a part.
func (p *Portal) policies(c *Call, m *view.Policies, form func(part string, saved view.Form) view.Form) error {
	x := c.Customer
	m.Relay, m.Limits = p.cfg.Relay, serves(c.Actor)
	m.Emergency = form("emergency", Fill("site_address", x.SiteAddress, "site_elin", x.SiteELIN, "version", x.Version))
	m.Hotdesk = form("hotdesk", Fill("hotdesk_hours", unless(x.HotdeskHours, 0), "hotdesk_end", x.HotdeskEnd, "version", x.Version))
	m.Calls = form("calls", Fill("country", x.Country, "area_code", x.AreaCode, "outbound_number", x.OutboundNumber, "most_calls", x.MostCalls,
		"most_per_minute", x.MostPerMinute, "decline_all", x.DeclineAll, "forward_outside", x.ForwardOutside, "version", x.Version))
	var err error
	if m.Numbers, err = p.outsideNumbers(c); err != nil {
		return err
	}
	t, err := p.app.Trunks.List(c.R.Context(), c.Actor, x.ID, app.Query{Limit: 200})
	m.Trunks = len(t.Items)
	return err
}

// outsideNumbers are the customer's numbers, to choose which is shown outside.
func (p *Portal) outsideNumbers(c *Call) (list []view.Choice, err error) {
	l, err := p.app.Numbers.List(c.R.Context(), c.Actor, c.Customer.ID, app.Query{Limit: numbersShown})
	for _, n := range l.Items {
		list = append(list, view.Choice{Value: n.Number.E164, Label: n.Number.E164})
	}
	return list, err
}
