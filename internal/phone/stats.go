package phone

import (
	"errors"
	"sync/atomic"
)

// Stats are counters since the start, but for Connections.
type Stats struct {
	Files       uint64 // that phones hold now: sent whole, or shown to be there already
	Chains      uint64 // of these: the last of a device's chain, passed on as a fetch
	Uploads     uint64 // files that devices sent and that were kept
	Scans       uint64 // refusals to sources that name too many unknown MACs (P05)
	Unknown     uint64 // credentials that nobody has
	Denied      uint64 // a device's credential with another's MAC, address, certificate or password (P04)
	Challenged  uint64 // 401 with a challenge
	Missing     uint64 // files that a device's directory does not have
	Unavailable uint64 // 503
	Crowded     uint64 // connections closed because their source held too many (X04)
	Connections int64  // open now
}

// counters mirrors Stats.
type counters struct {
	files, chains, uploads, scans, unknown, denied, challenged, missing, unavailable atomic.Uint64
}

// errDenied marks a refusal that has been counted as such: its answer is the one
// to a credential that nobody has.
var errDenied = errors.New("the request does not fit its credential")

// Stats is a snapshot; the values are not taken at one instant.
func (s *Server) Stats() Stats {
	c := &s.count
	return Stats{
		Files: c.files.Load(), Chains: c.chains.Load(), Uploads: c.uploads.Load(), Scans: c.scans.Load(), Unknown: c.unknown.Load(),
		Denied: c.denied.Load(), Challenged: c.challenged.Load(), Missing: c.missing.Load(), Unavailable: c.unavailable.Load(),
		Crowded: s.crowd.shed.Load(), Connections: s.crowd.open.Load(),
	}
}

// Plus adds those of another listener.
func (a Stats) Plus(b Stats) Stats {
	return Stats{
		Files: a.Files + b.Files, Chains: a.Chains + b.Chains, Uploads: a.Uploads + b.Uploads, Scans: a.Scans + b.Scans, Unknown: a.Unknown + b.Unknown,
		Denied: a.Denied + b.Denied, Challenged: a.Challenged + b.Challenged, Missing: a.Missing + b.Missing, Unavailable: a.Unavailable + b.Unavailable,
		Crowded: a.Crowded + b.Crowded, Connections: a.Connections + b.Connections,
	}
}
