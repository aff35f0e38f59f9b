package api

import "tischlein/internal/telephony"

// CallSettings are what a customer says of its calls.
type CallSettings struct {
	OneGoCode      bool   `json:"one_go_code" doc:"The login code is also taken with number and PIN behind it, such as 901*101*4711. The PIN then stays in the phone's redial list."`
	Country        string `json:"country" doc:"ISO 3166-1: how outside numbers are dialled here." example:"DE"`
	AreaCode       string `json:"area_code,omitempty" doc:"Without the leading 0. Absent: local numbers are dialled with their area code." example:"30"`
	OutboundNumber string `json:"outbound_number,omitempty" doc:"Shown outside for extensions without a number of their own; one of the customer's numbers." example:"+4930901820"`
	SiteAddress    string `json:"site_address,omitempty" doc:"Where the customer is: where help comes to when a channel says nothing else."`
	SiteELIN       string `json:"site_elin,omitempty" doc:"The number that stands for the site at the emergency service." example:"+4930901820"`
	DeclineAll     bool   `json:"decline_all" doc:"Declining at one device ends the call at all of them."`
	ForwardOutside bool   `json:"forward_outside" doc:"A phone may forward a call to an outside number."`
	MostCalls      int    `json:"most_calls" doc:"At once; 0: no limit."`
	MostPerMinute  int    `json:"most_per_minute" doc:"New calls; 0: no limit."`
}

func showCalls(c telephony.Customer) CallSettings {
	return CallSettings{
		OneGoCode: c.OneGoCode, Country: c.Country, AreaCode: c.AreaCode, OutboundNumber: c.OutboundNumber, SiteAddress: c.SiteAddress, SiteELIN: c.SiteELIN,
		DeclineAll: c.DeclineAll, ForwardOutside: c.ForwardOutside, MostCalls: c.MostCalls, MostPerMinute: c.MostPerMinute,
	}
}

// CallChanges changes some of them.
type CallChanges struct {
	OneGoCode      *bool   `json:"one_go_code,omitempty" doc:"Take the login code with number and PIN behind it, such as 901*101*4711; false by default."`
	Country        *string `json:"country,omitempty" maxLength:"2" doc:"ISO 3166-1; DE by default." example:"DE"`
	AreaCode       *string `json:"area_code,omitempty" maxLength:"10"`
	OutboundNumber *string `json:"outbound_number,omitempty" maxLength:"40" doc:"One of the customer's numbers; empty: none."`
	SiteAddress    *string `json:"site_address,omitempty" maxLength:"200"`
	SiteELIN       *string `json:"site_elin,omitempty" maxLength:"40"`
	DeclineAll     *bool   `json:"decline_all,omitempty"`
	ForwardOutside *bool   `json:"forward_outside,omitempty"`
	MostCalls      *int    `json:"most_calls,omitempty" minimum:"0" maximum:"100000" doc:"At once; 0: no limit. A new customer has 100. Only operator and partner set it."`
	MostPerMinute  *int    `json:"most_per_minute,omitempty" minimum:"0" maximum:"100000" doc:"New calls; 0: no limit. A new customer has 300. Only operator and partner set it."`
}

func (p CallChanges) apply(c *telephony.Customer) {
	set(&c.OneGoCode, p.OneGoCode)
	set(&c.Country, p.Country)
	set(&c.AreaCode, p.AreaCode)
	set(&c.OutboundNumber, p.OutboundNumber)
	set(&c.SiteAddress, p.SiteAddress)
	set(&c.SiteELIN, p.SiteELIN)
	set(&c.DeclineAll, p.DeclineAll)
	set(&c.ForwardOutside, p.ForwardOutside)
	set(&c.MostCalls, p.MostCalls)
	set(&c.MostPerMinute, p.MostPerMinute)
}
