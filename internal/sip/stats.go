package sip

import "sync/atomic"

// Stats are counters since the start, and two gauges at the end.
type Stats struct {
	Messages      uint64 // everything that arrived and was not a keep-alive
	KeepAlives    uint64 // CRLF, STUN and padding
	Challenged    uint64 // 401 to a request without usable credentials
	Stale         uint64 // 401 stale=true
	Registered    uint64 // 200 that left a binding
	Fresh         uint64 // of these: new or re-routed
	Unregistered  uint64 // by the phone
	Lapsed        uint64 // by time
	Retransmitted uint64 // REGISTERs answered again
	WrongDigest   uint64
	UnknownUser   uint64
	Malformed     uint64
	Scanners      uint64 // dropped for their User-Agent
	Limited       uint64 // dropped because their source had used up its allowance
	Refused       uint64 // 403
	Unavailable   uint64 // 503
	Overloaded    uint64 // dropped because a queue was full
	Handed        uint64 // given to calls
	Pings         uint64
	Pushes        uint64
	SlowPeers     uint64 // stream connections closed for being too slow
	ConnsRefused  uint64 // stream connections over a cap

	Bindings    int
	Connections int
}

// counters mirrors Stats; the gauges are read elsewhere.
type counters struct {
	messages, keepAlives, challenged, stale, registered, fresh, unregistered, lapsed,
	retransmitted, wrongDigest, unknownUser, malformed, scanners, limited, refused,
	unavailable, overloaded, handed, pings, pushes, slowPeers, connsRefused atomic.Uint64
}

// Stats is a snapshot; the values are not taken at one instant.
func (s *Server) Stats() Stats {
	c := &s.count
	return Stats{
		Messages: c.messages.Load(), KeepAlives: c.keepAlives.Load(), Challenged: c.challenged.Load(),
		Stale: c.stale.Load(), Registered: c.registered.Load(), Fresh: c.fresh.Load(),
		Unregistered: c.unregistered.Load(), Lapsed: c.lapsed.Load(), Retransmitted: c.retransmitted.Load(),
		WrongDigest: c.wrongDigest.Load(), UnknownUser: c.unknownUser.Load(), Malformed: c.malformed.Load(),
		Scanners: c.scanners.Load(), Limited: c.limited.Load(), Refused: c.refused.Load(),
		Unavailable: c.unavailable.Load(), Overloaded: c.overloaded.Load(), Handed: c.handed.Load(),
		Pings: c.pings.Load(), Pushes: c.pushes.Load(), SlowPeers: c.slowPeers.Load(),
		ConnsRefused: c.connsRefused.Load(),
		Bindings:     int(s.table.size.Load()), Connections: s.conns.total(),
	}
}
