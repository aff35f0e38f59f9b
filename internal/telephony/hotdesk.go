package telephony

import (
	"errors"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// Hotdeskable says why nobody can log in here by number and PIN, nil if somebody
// can (S04, H06, H08).
func (d Desk) Hotdeskable() error {
	switch {
	case d.Channel.Kind == KindClient:
		return Conflictf("channel_is_client", "%s is a client, not a device", d.Channel.Name)
	case d.CPE == nil:
		return Conflictf("no_device", "no device is connected to %s", d.Channel.Name)
	case d.CPE.Lost:
		return Conflictf("device_lost", "the device at %s is marked as lost", d.Channel.Name)
	case d.Link != nil:
		return Forbiddenf("hotdesking_off", "an administrator has linked this device with %s; nobody can log in here", who(d.LinkedTo))
	}
	return nil
}

// Choice is a hot-desk login that may end to make room for another (H03).
type Choice struct {
	ChannelID string    `json:"channel_id"`
	Name      string    `json:"name"` // the channel's
	Since     time.Time `json:"since"`
}

// DecideLogin says what a hot-desk login of the extension at the channel's
// device changes, or why it is refused (S04, S07, D09, D19, H03). The PIN has
// been checked before.
func DecideLogin(d Desk, s Seat, c Confirm, path string, now time.Time) (Plan, error) {
	if err := d.Hotdeskable(); err != nil {
		return Plan{}, err
	}
	if d.Login != nil && d.Login.ExtensionID == s.Extension.ID {
		return Plan{}, nil
	}
	if c.Over != "" && c.Over != holder(d) {
		c.TakeOver = false // somebody else sits here by now: they are asked again
	}
	p := Plan{Path: path}
	var there []string
	if len(s.Logins) >= s.Extension.Capacity() {
		h := s.hotdesks()
		if len(h) == 0 {
			return Plan{}, Forbiddenf("fixed_by_administrator", "an administrator has linked %s with %s", who(&s.Extension), loginPlaces(s))
		}
		if i := slices.IndexFunc(h, func(l Login) bool { return l.ChannelID == c.End }); i >= 0 {
			h[0], h[i] = h[i], h[0]
		} else if c.End != "" {
			c.TakeOver = false // what was to end has ended meanwhile: they choose again
		}
		p.End = append(p.End, Ending{h[0], EndTakeOver})
		there = append(there, s.place(h[0].ChannelID))
	}
	if !c.TakeOver {
		if d.Login != nil {
			return Plan{}, deskTaken(d, s, there)
		}
		if len(there) > 0 {
			return Plan{}, Conflictf("maximum_devices", "%s is already at the maximum number of devices (%s); confirm to log in here and off there",
				who(&s.Extension), loginPlaces(s)).With("devices", there).With("choices", s.choices())
		}
	}
	if d.Login != nil {
		p.End = append(p.End, Ending{*d.Login, EndDeskTaken})
	}
	addr := d.CPE.RegisterAddr
	if !addr.IsValid() {
		addr = d.CPE.FetchAddr
	}
	p.Login = &Login{
		ChannelID: d.Channel.ID, CustomerID: d.Channel.CustomerID, ExtensionID: s.Extension.ID,
		Slot: loginSlot(s, p), Kind: LoginHotdesk, Since: now, Address: addr, Path: path,
	}
	return p, nil
}

// deskTaken is the refusal where a guest sits. One confirmation is for all that it
// names: the guest, and the person's own login elsewhere.
func deskTaken(d Desk, s Seat, there []string) error {
	if len(there) == 0 {
		return Conflictf("desk_taken", "%s is logged in here; log off first, or confirm the take-over", who(d.User)).
			With("holder", who(d.User)).With("holder_number", holder(d))
	}
	return Conflictf("desk_taken", "%s is logged in here, and %s is already at the maximum number of devices (%s); confirm to log in here and off there",
		who(d.User), who(&s.Extension), loginPlaces(s)).
		With("holder", who(d.User)).With("holder_number", holder(d)).With("devices", there).With("choices", s.choices())
}

// holder is the number of who sits at a desk.
func holder(d Desk) string {
	if d.Login == nil || d.User == nil {
		return Nobody
	}
	return d.User.Number
}

// HolderOf says whom a refusal of DecideLogin names as sitting there: what a
// confirmation that follows is for.
func HolderOf(err error) string {
	var e *Error
	if errors.As(err, &e) {
		if number, ok := e.Detail["holder_number"].(string); ok {
			return number
		}
	}
	return Nobody
}

// choices are the hot-desk logins of which one ends, the default first.
func (s Seat) choices() []Choice {
	var c []Choice
	for _, l := range s.hotdesks() {
		c = append(c, Choice{l.ChannelID, s.place(l.ChannelID), l.Since})
	}
	return c
}

func loginPlaces(s Seat) string {
	var n []string
	for _, l := range s.Logins {
		n = append(n, s.place(l.ChannelID))
	}
	return strings.Join(n, " and ")
}

// DecideLogout ends the hot-desk login at a channel. A linked login is ended by
// unlinking only, and by an administrator only (S03).
func DecideLogout(d Desk, why EndReason) (Plan, error) {
	switch {
	case d.Login == nil:
		return Plan{}, Conflictf("not_logged_in", "nobody is logged in at %s", d.Channel.Name)
	case d.Login.Kind == LoginLinked:
		return Plan{}, Forbiddenf("linked_by_administrator", "an administrator has linked %s with %s; only an administrator can end that", who(d.User), d.Channel.Name)
	}
	return Plan{End: []Ending{{*d.Login, why}}}, nil
}

// Where is how far somebody logs out who stands at a phone (H03).
type Where string

// Here, or both; WhereAsk has not been asked yet.
const (
	WhereAsk  Where = ""
	WhereHere Where = "here"
	WhereBoth Where = "both"
)

// DecideLeave logs the person off who stands at a desk: there, or at both of their
// devices. A linked login stays where it is and is named (S03, D10); on a linked
// device nobody logs out, wherever else they are logged in (H06). s is the seat of
// whoever is logged in, zero if nobody is.
func DecideLeave(d Desk, s Seat, w Where, why EndReason) (p Plan, stay []Login, err error) {
	p, err = DecideLogout(d, why)
	if err != nil || len(s.Logins) < 2 || w == WhereHere {
		return p, nil, err
	}
	if w == WhereBoth {
		return DecideLogoutAll(s, why)
	}
	var others []string
	for _, l := range s.Logins {
		if l.ChannelID != d.Channel.ID {
			others = append(others, s.place(l.ChannelID))
		}
	}
	return Plan{}, nil, Conflictf("logout_where", "%s is logged in at %s too; say whether to log off here or at both", who(&s.Extension), strings.Join(others, " and ")).
		With("devices", others)
}

// DecideLogoutAll ends every hot-desk login of an extension and names the linked
// ones that stay (D10).
func DecideLogoutAll(s Seat, why EndReason) (p Plan, stay []Login, err error) {
	for _, l := range s.Logins {
		if l.Kind == LoginLinked {
			stay = append(stay, l)
			continue
		}
		p.End = append(p.End, Ending{l, why})
	}
	if len(p.End) == 0 && len(stay) > 0 {
		return Plan{}, stay, Forbiddenf("linked_by_administrator", "an administrator has linked %s with %s; only an administrator can end that", who(&s.Extension), loginPlaces(s))
	}
	if len(p.End) == 0 {
		return Plan{}, nil, Conflictf("not_logged_in", "%s is not logged in anywhere", who(&s.Extension))
	}
	return p, stay, nil
}

// DecideContact says what a device's being seen at addr changes for a hot-desk
// login (D19): bound to its address, it moves with the device inside the list
// and ends outside it.
func DecideContact(d Desk, list Allowlist, addr netip.Addr) Plan {
	l := d.Login
	if l == nil || l.Kind != LoginHotdesk || l.Address == addr {
		return Plan{}
	}
	if l.Address.IsValid() && !list.Allows(addr) {
		return Plan{End: []Ending{{*l, EndAddressChanged}}}
	}
	moved := *l
	moved.Address = addr
	return Plan{Rebind: &moved}
}

// DecideMultiLogin says what switching multi-login off changes (D07, D08).
// Switching it on changes nothing.
func DecideMultiLogin(s Seat, on, confirmed bool) (Plan, error) {
	if on || !s.Extension.MultiLogin {
		return Plan{}, nil
	}
	if len(s.Links) > 1 {
		names := s.places([]string{s.Links[0].ChannelID, s.Links[1].ChannelID})
		return Plan{}, Conflictf("two_links", "%s is linked with %s; unlink one before switching multi-login off", who(&s.Extension), strings.Join(names, " and ")).
			With("channels", names)
	}
	p := Plan{Reslot: true}
	if len(s.Logins) < 2 {
		return p, nil
	}
	// The link stays, else the newest login: drop the oldest hot-desk one.
	end := s.hotdesks()[0]
	if !confirmed {
		return Plan{}, Conflictf("confirmation_needed", "%s will be logged off at %s; confirm to switch multi-login off", who(&s.Extension), s.place(end.ChannelID)).
			With("devices", []string{s.place(end.ChannelID)})
	}
	p.End = []Ending{{end, EndMultiLoginOff}}
	return p, nil
}

// DecideRemove is the plan that empties a desk for good: a channel is deleted
// (D15). Detaching ends the login only (D14) and is Settle's or DecideDetach's.
func DecideRemove(d Desk) Plan {
	var p Plan
	if d.Link != nil {
		p.Unlink = []Link{*d.Link}
	}
	if d.Login != nil {
		p.End = []Ending{{*d.Login, EndDeleted}}
	}
	return p
}

// DecideDetach ends the login of the place a device leaves; the link stays with
// the channel (D14).
func DecideDetach(d Desk, why EndReason) Plan {
	if d.Login == nil {
		return Plan{}
	}
	return Plan{End: []Ending{{*d.Login, why}}}
}
