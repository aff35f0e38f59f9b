package sip

import (
	"net/netip"

	"tischlein/internal/sip/wire"
)

// Calls gets what is neither a REGISTER, an OPTIONS nor a keep-alive. Its methods
// are called from the readers of the sockets and must return at once.
type Calls interface {
	// Again answers a retransmission as it was answered before and reports
	// whether it was one: it comes before the digest, whose nonce has counted it.
	Again(key string) bool
	// Trunk reports whether requests from that address need no digest of ours
	// because of the address: the peer is judged by calls.
	Trunk(from netip.Addr) bool
	// Request takes a request that is authenticated, or that needs it not: an
	// ACK, a CANCEL, one inside a dialog, or one from a trunk's address.
	Request(r Request)
	// Response takes an answer to anything but our own NOTIFYs.
	Response(r Response)
	// Busy reports whether the SIP user's device must not be disturbed now.
	Busy(sipUser string) bool
}

// Request is a request for calls. Everything in it may be kept.
type Request struct {
	Flow   Flow
	Raw    []byte
	Key    string   // see wire.Message.Key
	Via    []string // values of its Via lines as an answer repeats them
	Method string
	InCall bool // its To has a tag

	// Credential is of whoever authenticated this request, nil for nobody.
	Credential *Credential
	// Unjudged: the house could not say whether the address may be used, so only
	// an emergency call may come of it (C11, D16).
	Unjudged bool
}

// Response is an answer for calls. Everything in it may be kept.
type Response struct {
	Flow   Flow
	Raw    []byte
	Branch string // of the top Via: ours
	Method string // of what it answers
	Status int
}

const allowCalls = "Allow: INVITE, ACK, CANCEL, BYE, PRACK, UPDATE, INFO, REFER, SUBSCRIBE, NOTIFY, OPTIONS, REGISTER\r\n"

// forCalls serves everything but REGISTER and OPTIONS.
func (w *worker) forCalls(f *flow, m *wire.Message) {
	s := w.s
	u, ok := w.addressed(f, m)
	if !ok {
		return
	}
	if !u.SIP() && !wire.EqualFold(u.Scheme, "tel") {
		w.malformed(f, m, 416, "Unsupported URI Scheme")
		return
	}
	calls := s.cfg.Calls
	if calls == nil {
		w.notServed(f, m)
		return
	}
	w.unjudged = false
	method := string(m.Method)
	switch {
	case method == "ACK", method == "CANCEL":
		w.hand(f, m, nil)
	case calls.Again(m.Key()):
		s.count.retransmitted.Add(1)
	case m.InDialog():
		w.hand(f, m, nil)
	case method != "INVITE" && method != "SUBSCRIBE":
		w.notServed(f, m)
	default:
		w.invite(f, m, &u)
	}
}

// invite lets a channel prove itself. A trunk's address is proof enough, unless a
// phone of ours speaks from it: a customer's own switch and phones may share one.
func (w *worker) invite(f *flow, m *wire.Message, ruri *wire.URI) {
	from, _ := wire.ParseNameAddr(m.Single[wire.HeaderFrom])
	user, ok := wire.Unescape(from.URI.User)
	if !ok {
		w.malformed(f, m, 400, "Bad From")
		return
	}
	if w.s.cfg.Calls.Trunk(f.peer.Addr()) && m.Proxies == 0 && !w.s.phone(user) {
		if f.conn != nil {
			f.conn.trust()
		}
		w.hand(f, m, nil)
		return
	}
	if cred, ok := w.authenticate(f, m, user, ruri); ok {
		w.hand(f, m, cred)
	}
}

// hand gives a copy of m to calls.
func (w *worker) hand(f *flow, m *wire.Message, cred *Credential) {
	w.s.count.handed.Add(1)
	w.s.cfg.Calls.Request(Request{
		Flow: Flow{*f}, Raw: append([]byte(nil), m.Raw...), Key: m.Key(), Via: m.AnswerVias(f.peer),
		Method: string(m.Method), InCall: m.InDialog(), Credential: cred, Unjudged: w.unjudged,
	})
}

// answered takes a response that is none to a NOTIFY of ours.
func (w *worker) answered(f *flow, m *wire.Message) {
	if w.s.cfg.Calls == nil {
		return
	}
	w.s.count.handed.Add(1)
	w.s.cfg.Calls.Response(Response{
		Flow: Flow{*f}, Raw: append([]byte(nil), m.Raw...), Branch: string(m.TopVia.Branch), Method: string(m.Method), Status: m.Status,
	})
}

// notServed refuses each method in the words of its own RFC. It keeps no
// transaction: whoever repeats the request is told the same again.
func (w *worker) notServed(f *flow, m *wire.Message) {
	status, reason, extra := 501, "Not Implemented", allow
	if w.s.cfg.Calls != nil {
		extra = allowCalls
	}
	switch string(m.Method) {
	case "INVITE":
		reason = "Calls Are Not Served Here"
	case "BYE", "CANCEL":
		status, reason = 481, "Call/Transaction Does Not Exist"
	case "NOTIFY":
		status, reason = 481, "Subscription Does Not Exist"
	case "SUBSCRIBE", "PUBLISH":
		status, reason = 489, "Bad Event"
		extra += "Allow-Events: check-sync\r\n"
	case "MESSAGE", "REFER", "INFO", "UPDATE", "PRACK":
		status, reason = 405, "Method Not Allowed"
	}
	w.reply(f, m, status, reason, extra)
}

// allow is what OPTIONS is told.
func (w *worker) allow() string {
	if w.s.cfg.Calls != nil {
		return allowCalls
	}
	return allow
}
