package server

import (
	"context"

	"tischlein/internal/app"
	"tischlein/internal/metrics"
)

// measure has the parts asked for what they count whenever somebody reads the
// metrics (U13). Labels are words out of fixed sets: nothing of a device, a
// customer or a person (X01).
func (s *Server) measure() {
	s.figures.Add(metrics.Reading{Log: s.log, Families: []metrics.Family{
		{Name: "tischlein_sip_registers_total", Help: "REGISTERs by result.", Label: "result"},
		{Name: "tischlein_sip_unregistered_total", Help: "Bindings that ended, by cause.", Label: "cause"},
		{Name: "tischlein_sip_messages_total", Help: "SIP messages that arrived, without keep-alives."},
		{Name: "tischlein_sip_dropped_total", Help: "SIP messages and connections that were dropped, by reason.", Label: "reason"},
		{Name: "tischlein_sip_bindings", Help: "Live bindings.", Gauge: true},
		{Name: "tischlein_sip_connections", Help: "Open TCP and TLS connections of phones.", Gauge: true},
	}, Ask: s.measureRegistrar})
	s.figures.Add(metrics.Reading{Log: s.log, Families: []metrics.Family{
		{Name: "tischlein_phone_files_total", Help: "Configuration files that phones fetched, or showed that they have."},
		{Name: "tischlein_phone_fetches_total", Help: "Whole configurations that phones fetched."},
		{Name: "tischlein_phone_uploads_total", Help: "Files that phones sent and that were kept."},
		{Name: "tischlein_phone_refusals_total", Help: "Requests of phones, or of who plays one, that were refused, by kind.", Label: "kind"},
		{Name: "tischlein_phone_connections", Help: "Open connections of phones that fetch.", Gauge: true},
	}, Ask: s.measurePhones})
	s.figures.Add(metrics.Reading{Log: s.log, Families: []metrics.Family{
		{Name: "tischlein_calls", Help: "Calls now, by state.", Label: "state", Gauge: true},
	}, Ask: func(context.Context) ([]metrics.Read, error) {
		n := s.calls.Stats()
		return []metrics.Read{{"ringing": float64(n.Ringing), "active": float64(n.Active)}}, nil
	}})
	s.figures.Add(metrics.Reading{Log: s.log, Up: "tischlein_records_up", Families: []metrics.Family{
		{Name: "tischlein_push_queue", Help: "Devices that are to be told something, by lane.", Label: "lane", Gauge: true},
		{Name: "tischlein_push_queue_late_seconds", Help: "How long the oldest of them has been due, by lane.", Label: "lane", Gauge: true},
		{Name: "tischlein_devices_behind", Help: "Devices that have not fetched what they should have.", Gauge: true},
		{Name: "tischlein_rollouts", Help: "Rollouts of firmware that have not ended, by status.", Label: "status", Gauge: true},
		{Name: "tischlein_rollout_devices", Help: "Devices of those rollouts, by state.", Label: "state", Gauge: true},
		{Name: "tischlein_redirect_entries", Help: "Devices' entries at their makers' redirect services, by state.", Label: "state", Gauge: true},
	}, Ask: s.measureRecords})
}

// one is a family without a label.
func one[N uint64 | int](n N) metrics.Read { return metrics.Read{"": float64(n)} }

func (s *Server) measureRegistrar(context.Context) ([]metrics.Read, error) {
	n := s.sip.Stats()
	return []metrics.Read{
		{
			"refreshed": float64(n.Registered - min(n.Registered, n.Fresh)), "new": float64(n.Fresh), "repeated": float64(n.Retransmitted),
			"challenged": float64(n.Challenged), "stale_nonce": float64(n.Stale), "wrong_secret": float64(n.WrongDigest),
			"unknown_user": float64(n.UnknownUser), "refused": float64(n.Refused), "unavailable": float64(n.Unavailable),
		},
		{"phone": float64(n.Unregistered), "lapsed": float64(n.Lapsed)},
		one(n.Messages),
		{
			"malformed": float64(n.Malformed), "scanner": float64(n.Scanners), "source_limited": float64(n.Limited),
			"overloaded": float64(n.Overloaded), "slow_peer": float64(n.SlowPeers), "too_many_connections": float64(n.ConnsRefused),
		},
		one(n.Bindings), one(n.Connections),
	}, nil
}

func (s *Server) measurePhones(context.Context) ([]metrics.Read, error) {
	n := s.phone.Stats()
	if s.legacy != nil {
		n = n.Plus(s.legacy.phone.Stats())
	}
	return []metrics.Read{one(n.Files), one(n.Chains), one(n.Uploads), {
		"scan": float64(n.Scans), "unknown_credential": float64(n.Unknown),
		"wrong_evidence": float64(n.Denied), "challenged": float64(n.Challenged), "no_such_file": float64(n.Missing), "unavailable": float64(n.Unavailable),
		"too_many_connections": float64(n.Crowded),
	}, one(int(n.Connections))}, nil
}

func (s *Server) measureRecords(ctx context.Context) ([]metrics.Read, error) {
	n, err := s.app.Measures.Read(ctx)
	if err != nil {
		return nil, err
	}
	return recordsRead(n), nil
}

func recordsRead(n app.Measured) []metrics.Read {
	words := func(in map[string]int) metrics.Read {
		out := metrics.Read{}
		for word, n := range in {
			out[word] = float64(n)
		}
		return out
	}
	lane := map[bool]string{false: "interactive", true: "bulk"}
	queue, late := metrics.Read{}, metrics.Read{}
	for bulk, name := range lane {
		queue[name], late[name] = float64(n.Pushes[bulk]), n.Late[bulk].Seconds()
	}
	return []metrics.Read{queue, late, one(n.Behind), words(n.Rollouts), words(n.Upgrades), words(n.Redirects)}
}
