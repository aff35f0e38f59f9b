package telephony

import (
	"net/netip"
	"time"
)

// Binding is where a channel's device can be reached now (RFC 3261 section 10).
// A CPE channel has at most one (C03).
type Binding struct {
	ChannelID  string
	CustomerID string
	SIPUser    string
	Contact    string // the Contact URI as the phone sent it
	Instance   string // +sip.instance, "" when the phone sends none (RFC 5626)
	CallID     string // with CSeq: orders REGISTERs (RFC 3261 section 10.3)
	CSeq       uint32
	Transport  string         // udp, tcp or tls
	Source     netip.AddrPort // the peer: where the flow leads (C04)
	Local      string         // our end of the flow, host:port of the listener
	UserAgent  string
	Display    string // display name in the To header: evidence of C06
	Registered time.Time
	Expires    time.Time
	Node       string // the node that holds the flow
}

// Push asks for one check-sync to be sent to a device (C05).
type Push struct {
	CPEID      string
	CustomerID string
	SIPUsers   []string // the device's AORs; the first that is registered is used
	Event      string   // value of the Event header, parameters included
	Revision   string   // the wanted revision this announces
}

// PushOutcome says what became of a push.
type PushOutcome string

// What can become of a push.
const (
	PushAnswered     PushOutcome = "answered"     // 2xx: now wait for the fetch
	PushUnsupported  PushOutcome = "unsupported"  // 481, 489, 501, 405: rely on polling
	PushUnreachable  PushOutcome = "unreachable"  // 408, 430, no flow: at the next REGISTER
	PushRefused      PushOutcome = "refused"      // any other final answer
	PushUnregistered PushOutcome = "unregistered" // no binding at all
	PushBusy         PushOutcome = "busy"         // in a call: when that ends (D04)
)

// PushOutcomes are all of them.
var PushOutcomes = []PushOutcome{PushAnswered, PushUnsupported, PushUnreachable, PushRefused, PushUnregistered, PushBusy}

// PushResult is a push's outcome and the SIP status that said so (0 = none).
type PushResult struct {
	Outcome PushOutcome
	Status  int
}
