package call

import (
	"net/netip"
	"slices"

	siplib "github.com/emiago/sipgo/sip"

	"tischlein/internal/sip"
	"tischlein/internal/telephony"
)

// leg is one side of a call: who is there and what that side takes itself and the
// other one for. Exported fields are what a record keeps.
type leg struct {
	ChannelID string `json:"channel,omitempty"` // and SIPUser: a device of ours
	SIPUser   string `json:"user,omitempty"`
	TrunkID   string `json:"trunk,omitempty"`
	// Registration is the Call-ID of the device's REGISTERs; another one is
	// another boot (C09).
	Registration string `json:"registration,omitempty"`

	// CallID is the leg's own, where a call was picked up: its two sides had begun
	// two. "": the dialog's.
	CallID  string          `json:"call_id,omitempty"`
	Tag     string          `json:"tag"`
	Contact string          `json:"contact"`          // its remote target
	Routes  []string        `json:"routes,omitempty"` // its route set
	Self    string          `json:"self"`             // what it calls itself in From and To
	Peer    string          `json:"peer"`             // and the other side
	Party   telephony.Party `json:"party"`            // whom the other side is shown

	// Shift is by how much our CSeq towards it is ahead of the other side's: one
	// for each challenge of a trunk that we have met.
	Shift uint32 `json:"shift,omitempty"`
	Sent  uint32 `json:"sent"` // highest CSeq it was sent

	Transport string         `json:"transport"`
	Local     string         `json:"local"`
	Remote    netip.AddrPort `json:"remote"`

	flow sip.Flow
}

// over notes the flow by which the leg is reached.
func (l *leg) over(f sip.Flow) {
	l.flow, l.Transport, l.Local, l.Remote = f, f.Transport(), f.Local(), f.Peer()
}

// way is the flow to the leg now: a device's present one, else the one that the
// call came by, which for UDP can be had again after a restart.
func (s *Server) way(l *leg) (sip.Flow, bool) {
	if l.SIPUser != "" {
		if at, ok := s.front.Route(l.SIPUser); ok {
			return at.Flow, true
		}
	}
	if l.flow.Alive() {
		return l.flow, true
	}
	if l.Transport == "udp" && l.Remote.IsValid() {
		return s.front.To(l.Remote, l.Local)
	}
	return sip.Flow{}, false
}

// mayCome reports whether a request of the leg may come from there. Nothing else
// guards a dialog but its tags.
func (s *Server) mayCome(l *leg, from sip.Flow) bool {
	addr := from.Peer().Addr()
	if addr == l.Remote.Addr() {
		return true
	}
	if l.SIPUser != "" {
		at, ok := s.front.Route(l.SIPUser)
		return ok && at.Flow.Peer().Addr() == addr
	}
	t, ok := s.trunks.at(addr)
	return ok && t.ID == l.TrunkID
}

// onward begins a request to the leg, as the other side with that tag sends it.
func (s *Server) onward(method string, l *leg, f sip.Flow, branch, otherTag string, callID string, cseq uint32, maxForwards int) *siplib.Request {
	host := s.front.Advertised(f)
	out := siplib.NewRequest(siplib.RequestMethod(method), uri(l.Contact))
	add(out, "Via", via(f, host, branch))
	for _, r := range l.Routes {
		add(out, "Route", r)
	}
	add(out, "Max-Forwards", itoa(maxForwards))
	add(out, "From", tagged(l.Peer, otherTag))
	add(out, "To", tagged(l.Self, l.Tag))
	add(out, "Call-ID", callID)
	add(out, "CSeq", itoa(int(cseq))+" "+method)
	return out
}

func via(f sip.Flow, host, branch string) string {
	return "SIP/2.0/" + upper[f.Transport()] + " " + host + ";branch=" + branch + ";rport"
}

// routes is a route set as its owner uses it: the one who asked reads the
// Record-Routes backwards (RFC 3261 12.1.1, 12.1.2).
func routes(m carrier, asked bool) []string {
	var list []string
	for _, v := range values(m, "Record-Route") {
		list = append(list, listed(v)...)
	}
	if asked {
		slices.Reverse(list)
	}
	return list
}

// assert says who the party is, in the only header for it that is believed (C07).
func assert(m carrier, p telephony.Party, host string) {
	if p.Number != "" && p.Number != anonymousNumber {
		add(m, "P-Asserted-Identity", nameAddr(p, host))
	}
}

// anonymousNumber stands for a caller from outside who may not be named.
const anonymousNumber = "anonymous"

// shown is a party as a From or To says it.
func shown(p telephony.Party, host string) string {
	if p.Number == anonymousNumber {
		return anonymous
	}
	return nameAddr(p, host)
}
