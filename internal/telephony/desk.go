package telephony

import (
	"cmp"
	"net/netip"
	"slices"
)

// Desk is a channel as the rules see it: what is attached, linked and logged in
// there now.
type Desk struct {
	Channel  Channel
	CPE      *CPE       // the attached device, nil if none
	Refused  netip.Addr // the address the IP check refused; invalid: it passes, or nothing is known yet
	Link     *Link
	LinkedTo *Extension // whose link it is
	Login    *Login
	User     *Extension // whose login it is
}

// Ready reports whether a linked user can be logged in here: a device is
// attached, not lost, and its address passes (D16, D26).
func (d Desk) Ready() bool { return d.CPE != nil && !d.CPE.Lost && !d.Refused.IsValid() }

// Seat is an extension as the rules see it: where it is linked and logged in.
type Seat struct {
	Extension Extension
	Links     []Link
	Logins    []Login
	Places    map[string]string // channel id → name, for what people read
}

// Waiting counts links whose channel has no login of theirs: it has no device,
// or the device fails the IP check.
func (s Seat) Waiting() int {
	n := len(s.Links)
	for _, l := range s.Logins {
		if l.Kind == LoginLinked {
			n--
		}
	}
	return n
}

// Occupied is what a new link is judged by: logins and waiting links.
func (s Seat) Occupied() int { return len(s.Logins) + s.Waiting() }

// hotdesks are the hot-desk logins, oldest first: the order in which they end.
func (s Seat) hotdesks() []Login {
	var h []Login
	for _, l := range s.Logins {
		if l.Kind == LoginHotdesk {
			h = append(h, l)
		}
	}
	slices.SortFunc(h, func(a, b Login) int {
		return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.ChannelID, b.ChannelID))
	})
	return h
}

func (s Seat) place(channelID string) string {
	if n := s.Places[channelID]; n != "" {
		return n
	}
	return channelID
}

func (s Seat) places(channels []string) []string {
	p := make([]string, len(channels))
	for i, c := range channels {
		p[i] = s.place(c)
	}
	return p
}

// EndReason says why a login ended; it stands in the audit log (H09).
type EndReason string

// Why logins end.
const (
	EndLinkMade       EndReason = "link_made"       // D03: the guest at a device that is linked now
	EndTakeOver       EndReason = "take_over"       // D02, H03: confirmed, logged in elsewhere
	EndDeskTaken      EndReason = "desk_taken"      // another user logged in at the desk, confirmed
	EndUnlinked       EndReason = "unlinked"        // S05
	EndDeviceArrived  EndReason = "device_arrived"  // D06: the linked phone came, above capacity
	EndDetached       EndReason = "detached"        // D14
	EndLost           EndReason = "lost"            // D14
	EndAddressRefused EndReason = "address_refused" // D16, D18
	EndAddressChanged EndReason = "address_changed" // D19
	EndLoggedOut      EndReason = "logged_out"      // by the user
	EndByAdmin        EndReason = "ended_by_admin"  // by an administrator
	EndMultiLoginOff  EndReason = "multi_login_off" // D08
	EndDeleted        EndReason = "deleted"         // D15
	EndExpired        EndReason = "expired"         // H07: after the customer's longest duration
	EndDailyEnd       EndReason = "daily_end"       // H07: at the customer's time of day
)

// Ending is a login that ends, and why.
type Ending struct {
	Login  Login
	Reason EndReason
}

// Plan is what a decision changes. Storage carries it out in the order of the
// fields: ends and unlinks first, so that slots are free for what comes.
type Plan struct {
	End    []Ending
	Unlink []Link
	Reslot bool // D07/D08: put the remaining link and login into slot 1 first
	Link   *Link
	Login  *Login
	Rebind *Login // the login with its new address (D19)
	Path   string // by which this came about, for the log (H09); "" = as who asks tells
}

// Empty reports that nothing changes.
func (p Plan) Empty() bool {
	return len(p.End) == 0 && len(p.Unlink) == 0 && !p.Reslot && p.Link == nil && p.Login == nil && p.Rebind == nil
}

// merge appends q's removals to p and takes what q creates.
func (p Plan) merge(q Plan) Plan {
	p.End = append(p.End, q.End...)
	p.Unlink = append(p.Unlink, q.Unlink...)
	p.Reslot = p.Reslot || q.Reslot
	if q.Link != nil {
		p.Link = q.Link
	}
	if q.Login != nil {
		p.Login = q.Login
	}
	return p
}

func (p Plan) ends(channelID string) bool {
	return slices.ContainsFunc(p.End, func(e Ending) bool { return e.Login.ChannelID == channelID })
}

// Touched are the channels whose device sees a difference.
func (p Plan) Touched() []string {
	var c []string
	add := func(id string) {
		if !slices.Contains(c, id) {
			c = append(c, id)
		}
	}
	for _, e := range p.End {
		add(e.Login.ChannelID)
	}
	for _, l := range p.Unlink {
		add(l.ChannelID)
	}
	if p.Link != nil {
		add(p.Link.ChannelID)
	}
	if p.Login != nil {
		add(p.Login.ChannelID)
	}
	return c
}

// freeSlot is the lowest slot not taken.
func freeSlot(taken []int) int {
	s := 1
	for slices.Contains(taken, s) {
		s++
	}
	return s
}

// Room is how many further channels can be linked with an extension (the table
// of decisions): Free at once, TakeOver more once it is confirmed that the
// logins of Ends end, the first of them first (D02).
type Room struct {
	Free, TakeOver int
	Ends           []Login
}

// Room tells how far S06, S10 and D02 let the extension be linked further.
func (s Seat) Room() Room {
	capacity := s.Extension.Capacity()
	r := Room{Free: max(0, capacity-s.Occupied())}
	r.TakeOver = max(0, capacity-len(s.Links)-r.Free)
	h := s.hotdesks()
	r.Ends = h[:min(r.TakeOver, len(h))]
	return r
}
