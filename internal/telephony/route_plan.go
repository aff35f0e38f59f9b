package telephony

import "slices"

// Asked is all that the plan of a device's call is decided on.
type Asked struct {
	Customer Customer
	Desk     Desk    // where it is dialled
	Dialled  Dialled // Number of CallOutside: E.164, a short number, or for a switch what was dialled
	Direct   string  // the first number that leads to whoever is logged in at Desk, E.164; "" = none
	Callee   *Extension
	At       []Ring  // where Callee is logged in
	Trunks   []Trunk // the customer's own, then the installation's
}

// DecideCall plans a call that a device makes (H04, H05, C07, C10, C11). A callee
// who is logged in nowhere, or only where the call comes from, gives a plan
// without Rings. Errors: not_found for a number nobody has, forbidden for what may
// not be dialled there, unavailable where no trunk carries the call.
func DecideCall(a Asked) (CallPlan, error) {
	if err := DecideDial(a.Desk, a.Dialled.Kind); err != nil {
		return CallPlan{}, err
	}
	c := a.Customer
	p := CallPlan{
		Kind: a.Dialled.Kind, CustomerID: c.ID, ChannelID: a.Desk.Channel.ID, Language: c.Language,
		Caller: Party{Name: a.Desk.Channel.Name}, Callee: Party{Number: a.Dialled.Number},
	}
	if u := a.Desk.User; u != nil {
		p.Caller = u.Party()
		if u.Language != "" {
			p.Language = u.Language
		}
	}
	switch p.Kind {
	case CallLogin, CallLogout:
		p.Argument = a.Dialled.Argument
		return p, nil
	case CallPickup:
		p.Argument = a.Dialled.Argument
		p.limits(c)
		return p, nil
	case CallEmergency:
		return a.emergency(p)
	}
	p.limits(c)
	via := PickTrunk(a.Trunks, c.ID)
	switch {
	case via != nil && via.Switch:
		p.Trunk, p.Number = via, a.Dialled.Number
		return p, nil
	case p.Kind == CallOutside:
		return a.outside(p, via)
	case a.Callee == nil:
		return CallPlan{}, nobodyHas()
	}
	p.Callee = a.Callee.Party()
	p.Rings = slices.DeleteFunc(slices.Clone(a.At), func(r Ring) bool { return r.ChannelID == p.ChannelID })
	return p, nil
}

func (a Asked) outside(p CallPlan, via *Trunk) (CallPlan, error) {
	if via == nil {
		return CallPlan{}, noTrunk()
	}
	p.Trunk, p.Number = via, a.Dialled.Number
	p.Caller.Number = OutboundNumber(a.Customer, a.Desk.User, a.Direct)
	if p.Caller.Number == "" {
		return CallPlan{}, Forbiddenf("no_outbound_number", "neither the extension nor the customer has a number to call outside with")
	}
	return p, nil
}

// emergency asserts a number of the site rather than of the person: who answers
// takes the place from the number, and a guest's leads elsewhere (D22).
func (a Asked) emergency(p CallPlan) (CallPlan, error) {
	p.Trunk, p.Number = PickTrunk(a.Trunks, a.Customer.ID), a.Dialled.Number
	if p.Trunk == nil {
		return CallPlan{}, noTrunk()
	}
	p.Location = LocationOf(a.Customer, a.Desk.Channel)
	switch {
	case a.Customer.OutboundNumber != "":
		p.Caller.Number = a.Customer.OutboundNumber
	case p.Location.ELIN != "":
		p.Caller.Number = p.Location.ELIN
	case a.Desk.User != nil && !p.Trunk.Switch:
		p.Caller.Number = OutboundNumber(a.Customer, a.Desk.User, a.Direct)
	}
	return p, nil
}

// limits are what stolen credentials and loops meet (C10), and what the customer
// wants of its calls (C08).
func (p *CallPlan) limits(c Customer) {
	p.DeclineAll, p.ForwardOutside = c.DeclineAll, c.ForwardOutside
	p.MostCalls, p.MostPerMinute = c.MostCalls, c.MostPerMinute
}

// Arrived is all that the plan of a trunk's call is decided on.
type Arrived struct {
	Customer Customer
	From     Party // as the trunk says it
	Number   string
	Callee   *Extension // nil: the number leads to nobody
	At       []Ring     // where Callee is logged in
	// CallBack are the devices that called an emergency number as this number a
	// short while ago: they ring, whoever is logged in there (C11).
	CallBack []Ring
}

// DecideArrival plans a call that a trunk brings: it rings devices and never
// leaves by a trunk again (C10). A callee who is logged in nowhere gives a plan
// without Rings; a number that leads to nobody is not_found.
func DecideArrival(a Arrived) (CallPlan, error) {
	c := a.Customer
	p := CallPlan{Kind: CallExtension, CustomerID: c.ID, Language: c.Language, Caller: a.From, Callee: Party{Number: a.Number}}
	p.limits(c)
	if a.Callee != nil {
		p.Callee = a.Callee.Party()
		p.Rings = slices.Clone(a.At)
		if a.Callee.Language != "" {
			p.Language = a.Callee.Language
		}
	}
	for _, r := range a.CallBack {
		if !slices.Contains(p.Rings, r) {
			p.Rings = append(p.Rings, r)
		}
	}
	if a.Callee == nil && len(p.Rings) == 0 {
		return CallPlan{}, nobodyHas()
	}
	return p, nil
}

func nobodyHas() error {
	return &Error{Code: NotFound, Reason: "dial_unknown", Message: "nobody has this number"}
}

func noTrunk() error {
	return &Error{Code: Unavailable, Reason: "no_trunk", Message: "no trunk leads outside"}
}

// PickTrunk is the trunk that carries a customer's calls: its switch, else its
// own, else the installation's; nil if there is none. Of several it is the first.
func PickTrunk(trunks []Trunk, customerID string) *Trunk {
	rank := func(t Trunk) int {
		switch {
		case t.CustomerID == customerID && t.Switch:
			return 3
		case t.CustomerID == customerID:
			return 2
		case t.CustomerID == "":
			return 1
		}
		return 0
	}
	var best *Trunk
	for i, t := range trunks {
		if r := rank(t); r > 0 && (best == nil || r > rank(*best)) {
			best = &trunks[i]
		}
	}
	return best
}

// OutboundNumber is what an extension's calls show outside (C10): its own choice,
// else direct, the first number that leads to it, else the customer's; "" = none.
func OutboundNumber(c Customer, e *Extension, direct string) string {
	switch {
	case e != nil && e.OutboundNumber != "":
		return e.OutboundNumber
	case e != nil && direct != "":
		return direct
	}
	return c.OutboundNumber
}

// LocationOf is where a channel is: what it says itself, else the customer's site
// (C11). Who sits there does not matter.
func LocationOf(c Customer, ch Channel) Location {
	l := Location{Text: ch.Location, ELIN: ch.ELIN}
	if l.Text == "" {
		l.Text = c.SiteAddress
	}
	if l.ELIN == "" {
		l.ELIN = c.SiteELIN
	}
	return l
}

// Located reports whether somebody can be sent to an emergency call from the
// channel: its place is known, or the customer's (C11).
func Located(c Customer, ch Channel) bool { return LocationOf(c, ch) != Location{} }

// What a call is refused with that is one too many (C10).
const (
	LimitAtOnce    = "too_many_calls"
	LimitPerMinute = "too_many_per_minute"
)
