package call

import (
	"fmt"
	"log/slog"
	"net/netip"
	"time"

	"tischlein/internal/sip"
	"tischlein/internal/telephony"
	"tischlein/internal/voice"
)

// Front is the sockets and the location service: *sip.Server.
type Front interface {
	Route(sipUser string) (sip.Route, bool)
	To(peer netip.AddrPort, local string) (sip.Flow, bool)
	Advertised(f sip.Flow) string
}

// Config is everything a Server needs. Zero values take the defaults named.
type Config struct {
	House   House
	Records Records
	// Subscriptions keeps who watches whom over a restart (C12); nil: nothing does.
	Subscriptions Records
	// Realm is the host of the addresses that watchers read.
	Realm    string
	Observer Observer
	// Location is the URL at which the place of an emergency call can be read
	// (RFC 6442); nil: there is none.
	Location func(telephony.CallPlan) string

	// Relay carries media between phones at different addresses; nil: all goes
	// directly (C13).
	Relay Relay

	// Voice and Desks serve the hot-desk codes (H02).
	Voice *voice.Engine
	Desks Desks

	TimerC  time.Duration // 3 min without a provisional, then a device stops ringing (RFC 3261 16.6)
	Longest time.Duration // 4 h: then a call no longer counts as up (C09)
	Back    time.Duration // 30 min in which an emergency call may be called back (C11)

	ChannelCalls     int // 10 calls at once of one channel (C10)
	ChannelPerMinute int // 60 new calls a minute of one channel

	Now func() time.Time
	Log *slog.Logger
}

func or[T comparable](v *T, def T) {
	var zero T
	if *v == zero {
		*v = def
	}
}

func (c *Config) fill() error {
	if c.House == nil || c.Records == nil || c.Observer == nil {
		return fmt.Errorf("call: House, Records and Observer are needed")
	}
	or(&c.TimerC, 3*time.Minute)
	or(&c.Longest, 4*time.Hour)
	or(&c.Back, 30*time.Minute)
	or(&c.ChannelCalls, 10)
	or(&c.ChannelPerMinute, 60)
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	return nil
}
