package sip

import (
	"context"
	"encoding/hex"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"tischlein/internal/sip/wire"
	"tischlein/internal/telephony"
)

// Notify sends one check-sync down the flow of the first of the device's AORs
// that can be reached, and waits for the phone's answer (C05, P09). It may take
// 64 times T1 (32 s).
func (s *Server) Notify(ctx context.Context, p telephony.Push) telephony.PushResult {
	s.count.pushes.Add(1)
	if !headerSafe(p.Event) {
		return telephony.PushResult{Outcome: telephony.PushRefused}
	}
	if s.cfg.Calls != nil && slices.ContainsFunc(p.SIPUsers, s.cfg.Calls.Busy) {
		return telephony.PushResult{Outcome: telephony.PushBusy} // a call is never cut (D04)
	}
	result := telephony.PushResult{Outcome: telephony.PushUnregistered}
	for _, user := range p.SIPUsers {
		t, ok := s.target(user)
		if !ok {
			continue
		}
		result.Outcome = telephony.PushUnreachable
		if !t.flow.alive() {
			continue // a stream flow lost with a restart: perhaps another line has spoken since
		}
		return s.push(ctx, t, p.Event)
	}
	return result
}

func headerSafe(v string) bool {
	for _, c := range []byte(v) {
		if c < ' ' || c == 0x7f {
			return false
		}
	}
	return v != "" && len(v) <= 256
}

// pushTarget is what a NOTIFY needs of a binding.
type pushTarget struct {
	user, contact string
	flow          flow
}

func (s *Server) target(user string) (pushTarget, bool) {
	sh := s.table.shardOf(user)
	sh.mu.Lock()
	defer sh.mu.Unlock()
	a := sh.users[user]
	if a == nil || a.binding == nil || a.binding.expires <= s.cfg.Now().Unix() {
		return pushTarget{}, false
	}
	// Headers in a Contact have no place in a Request-URI (RFC 3261 19.1.1).
	contact, _, _ := strings.Cut(a.binding.contact, "?")
	return pushTarget{user: a.user, contact: contact, flow: a.binding.flow}, true
}

// push sends the NOTIFY, and once more with credentials when the phone asks.
func (s *Server) push(ctx context.Context, t pushTarget, event string) telephony.PushResult {
	n := notify{s: s, target: t, event: event, callID: randomHex(12), tag: randomHex(6), cseq: 1}
	a := s.answerChallenge(ctx, &n, s.request(ctx, &t.flow, n.build))
	return telephony.PushResult{Outcome: outcomeOf(a.status), Status: a.status}
}

// outcomeOf maps a final status as C05 does; 0 is no flow or no answer.
func outcomeOf(status int) telephony.PushOutcome {
	switch {
	case status >= 200 && status < 300:
		return telephony.PushAnswered
	case status == 481 || status == 489 || status == 501 || status == 405:
		return telephony.PushUnsupported
	case status == 0 || status == 408 || status == 430:
		return telephony.PushUnreachable
	}
	return telephony.PushRefused
}

// notify builds the NOTIFY outside of any subscription (RFC 6665 4.1.3 and the
// vendors' common custom): the subscription it ends never was.
type notify struct {
	s             *Server
	target        pushTarget
	event         string
	callID, tag   string
	cseq          int
	authorization string
}

func (n *notify) build(b []byte, branch string) []byte {
	f, aor := &n.target.flow, n.target.user+"@"+n.s.cfg.Realm
	host := n.s.advertised(f)
	b = append(b, "NOTIFY "...)
	b = append(b, n.target.contact...)
	b = append(b, " SIP/2.0\r\nVia: SIP/2.0/"...)
	b = append(b, viaTransports[f.transport()]...)
	b = append(b, ' ')
	b = append(b, host...)
	b = append(b, ";rport;branch="...)
	b = append(b, branch...)
	b = append(b, "\r\nMax-Forwards: 70\r\nFrom: <sip:"...)
	b = append(b, aor...)
	b = append(b, ">;tag="...)
	b = append(b, n.tag...)
	b = append(b, "\r\nTo: <sip:"...)
	b = append(b, aor...)
	b = append(b, ">\r\nCall-ID: "...)
	b = append(b, n.callID...)
	b = append(b, "\r\nCSeq: "...)
	b = strconv.AppendInt(b, int64(n.cseq), 10)
	b = append(b, " NOTIFY\r\nContact: <sip:"...)
	b = append(b, host...)
	if f.conn != nil {
		b = append(b, ";transport="...)
		b = append(b, f.transport().String()...)
	}
	b = append(b, ">\r\nEvent: "...)
	b = append(b, n.event...)
	b = append(b, "\r\nSubscription-State: terminated\r\n"...)
	b = append(b, n.authorization...)
	return append(b, wire.NoBody...)
}

// advertised is host:port of our end of the flow for Via and Contact.
func (s *Server) advertised(f *flow) string {
	ap, err := netip.ParseAddrPort(f.local())
	if err != nil {
		return s.cfg.Realm
	}
	if s.cfg.Host == "" && !ap.Addr().IsUnspecified() {
		return netip.AddrPortFrom(ap.Addr().Unmap().WithZone(""), ap.Port()).String()
	}
	host := s.cfg.Host
	if host == "" {
		host = s.cfg.Realm
	}
	return net.JoinHostPort(host, strconv.Itoa(int(ap.Port())))
}

func randomHex(n int) string {
	b := make([]byte, n)
	randRead(b)
	return hex.EncodeToString(b)
}
