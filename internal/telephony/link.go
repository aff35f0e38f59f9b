package telephony

import (
	"strings"
	"time"
)

// Side is where an administrator makes a link from (S09). The sides differ in
// what they offer (S10, D02).
type Side string

// The two sides.
const (
	FromChannel   Side = "channel"
	FromExtension Side = "extension"
)

// Confirm is what the person in front of the page has agreed to.
type Confirm struct {
	TakeOver bool   // "log off at X, then link or log in here" (D02, H03)
	End      string // channel of the hot-desk login that ends at the maximum (H03); "" = the oldest
	// Over is the number of who was named to them as sitting here, Nobody if the desk
	// was free then; "" = whoever it is. Another one is not logged off for it.
	Over string
}

// Nobody is in place of a number where nobody sits.
const Nobody = "-"

// DecideLink says what linking the extension with the channel changes, or why
// it is refused (S01, S06, S10, D01–D03, D05, D23).
func DecideLink(d Desk, s Seat, side Side, c Confirm, by string, now time.Time) (Plan, error) {
	if d.Channel.Kind == KindClient {
		return Plan{}, Conflictf("channel_is_client", "%s is a client, not a place with a device; it cannot be linked", d.Channel.Name)
	}
	if d.Link != nil {
		if d.Link.ExtensionID == s.Extension.ID {
			return Plan{}, nil
		}
		return Plan{}, Conflictf("channel_linked", "%s is already linked with %s", d.Channel.Name, who(d.LinkedTo)).
			With("channel", d.Channel.Name).With("holder", who(d.LinkedTo))
	}
	capacity := s.Extension.Capacity()
	if len(s.Links) >= capacity {
		var at []string
		for _, l := range s.Links {
			at = append(at, l.ChannelID)
		}
		return Plan{}, Conflictf("extension_linked", "%s is already linked with %s", who(&s.Extension), strings.Join(s.places(at), " and ")).
			With("channels", s.places(at))
	}
	p, err := makeRoom(d, s, side, c)
	if err != nil {
		return Plan{}, err
	}
	if d.Login != nil && !p.ends(d.Channel.ID) {
		p.End = append(p.End, Ending{*d.Login, EndLinkMade})
	}
	p.Link = &Link{
		ChannelID: d.Channel.ID, CustomerID: d.Channel.CustomerID, ExtensionID: s.Extension.ID,
		Slot: freeSlot(linkSlots(s)), Since: now, By: by,
	}
	if d.Ready() {
		p.Login = linkedLogin(*p.Link, s, p, now)
	}
	return p, nil
}

// makeRoom ends hot-desk logins until occupied < capacity: refused from the
// channel, on confirmation from the extension (D02).
func makeRoom(d Desk, s Seat, side Side, c Confirm) (Plan, error) {
	over := s.Occupied() - s.Extension.Capacity() + 1
	if over <= 0 {
		return Plan{}, nil
	}
	// A login at this very desk ends anyway, so it goes first.
	h := s.hotdesks()
	for i, l := range h {
		if l.ChannelID == d.Channel.ID {
			h[0], h[i] = h[i], h[0]
		}
	}
	h = h[:min(over, len(h))]
	var at []string
	var p Plan
	for _, l := range h {
		at = append(at, l.ChannelID)
		p.End = append(p.End, Ending{l, EndTakeOver})
	}
	names := s.places(at)
	if side == FromChannel {
		return Plan{}, Conflictf("extension_in_use", "%s is logged in at %s", who(&s.Extension), strings.Join(names, " and ")).
			With("devices", names)
	}
	if !c.TakeOver {
		return Plan{}, Conflictf("take_over_needed", "%s is logged in at %s and would be logged off there; confirm the take-over", who(&s.Extension), strings.Join(names, " and ")).
			With("devices", names)
	}
	return p, nil
}

func linkSlots(s Seat) []int {
	var t []int
	for _, l := range s.Links {
		t = append(t, l.Slot)
	}
	return t
}

func linkedLogin(l Link, s Seat, p Plan, now time.Time) *Login {
	return &Login{
		ChannelID: l.ChannelID, CustomerID: l.CustomerID, ExtensionID: l.ExtensionID,
		Slot: loginSlot(s, p), Kind: LoginLinked, Since: now,
	}
}

// loginSlot is the lowest login slot that is free once p's endings are done.
func loginSlot(s Seat, p Plan) int {
	var t []int
	for _, l := range s.Logins {
		if !p.ends(l.ChannelID) {
			t = append(t, l.Slot)
		}
	}
	return freeSlot(t)
}

// DecideUnlink says what unlinking the channel changes (S05, D13): its login
// ends, the person's other device is untouched.
func DecideUnlink(d Desk) (Plan, error) {
	if d.Link == nil {
		return Plan{}, Conflictf("not_linked", "%s is not linked", d.Channel.Name)
	}
	p := Plan{Unlink: []Link{*d.Link}}
	if d.Login != nil {
		p.End = []Ending{{*d.Login, EndUnlinked}}
	}
	return p, nil
}

// DecideReplace unlinks the channel, if it is linked, and links the extension
// there, in one step (D12).
func DecideReplace(d Desk, s Seat, side Side, c Confirm, by string, now time.Time) (Plan, error) {
	if d.Link == nil || d.Link.ExtensionID == s.Extension.ID {
		return DecideLink(d, s, side, c, by, now)
	}
	off, err := DecideUnlink(d)
	if err != nil {
		return Plan{}, err
	}
	bare := d
	bare.Link, bare.LinkedTo, bare.Login, bare.User = nil, nil, nil, nil
	on, err := DecideLink(bare, s, side, c, by, now)
	if err != nil {
		return Plan{}, err
	}
	return off.merge(on), nil
}

// Settle brings the login of a linked channel in line with its facts: a device
// has come (S02, D06), its address is refused (D16, D18) or allowed again (D17).
// s is the linked extension's seat and may be zero when the channel has no link.
func Settle(d Desk, s Seat, now time.Time) Plan {
	var p Plan
	switch {
	case d.Link == nil:
	case d.Ready() && d.Login == nil:
		for _, l := range s.hotdesks() {
			if len(s.Logins)-len(p.End) < s.Extension.Capacity() {
				break
			}
			p.End = append(p.End, Ending{l, EndDeviceArrived})
		}
		p.Login = linkedLogin(*d.Link, s, p, now)
	case !d.Ready() && d.Login != nil:
		why := EndAddressRefused
		if d.CPE == nil {
			why = EndDetached
		} else if d.CPE.Lost {
			why = EndLost
		}
		p.End = []Ending{{*d.Login, why}}
	}
	return p
}

// who names an extension as people know it.
func who(e *Extension) string {
	if e == nil {
		return "another extension"
	}
	return e.Name + " (" + e.Number + ")"
}
