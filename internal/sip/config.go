package sip

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"time"

	"tischlein/internal/sip/wire"
)

// Config is everything a Server needs. Zero values take the defaults named.
type Config struct {
	// Realm is the digest realm and the domain of every AOR, fixed for the life
	// of the installation because HA1s depend on it (C01).
	Realm string
	// Host is the name or address of this server in Via and Contact of requests
	// we send; default: the address the listener is bound to, else Realm.
	Host string
	// Node is stored with every binding.
	Node string

	UDP, TCP, TLS []string // addresses to listen on, host:port
	TLSConfig     *tls.Config

	Credentials Credentials
	Bindings    Bindings
	Observer    Observer
	// Realms answers phones that challenge in a realm of their own; nil: their
	// challenge stays unanswered.
	Realms Realms
	// Calls is what serves INVITE and all that follows from it; nil: nobody does.
	Calls Calls

	MinExpires     time.Duration // 60 s: below it 423
	MaxExpires     time.Duration // 1 h: above it is shortened
	DefaultExpires time.Duration // 1 h: when the phone names none

	NonceLife  time.Duration // 1 h
	NonceTable int           // 262144 counted nonces

	PingEvery  time.Duration // 25 s between pings of a NATed UDP flow
	SweepEvery time.Duration // 10 s between flushes of refreshed and lapsed bindings

	T1      time.Duration // 500 ms, RFC 3261 17.1.1.1
	Readers int           // goroutines per UDP socket; default GOMAXPROCS, at most 4
	Limits  Limits

	Now func() time.Time
	Log *slog.Logger
}

// Limits bound what strangers can cost (C14).
type Limits struct {
	Connections       int           // 100,000 stream connections in all
	SourceConnections int           // 2,000 from one address
	SourceStrangers   int           // 200 from one address that have not authenticated
	HeaderBytes       int           // 16 KiB of start line and headers on a stream
	BodyBytes         int           // 64 KiB
	MessageTimeout    time.Duration // 10 s from the first byte of a message to its last
	StrangerTimeout   time.Duration // 30 s for a connection to authenticate
	Failures          int           // 30 answered failures at once per address, then 1 a second
	Strangers         int           // 2,000 unmet challenges per address, then 100 a second
	Lookups           int           // 500 fruitless credential look-ups per address, then 10 a second
}

func or[T comparable](v *T, def T) {
	var zero T
	if *v == zero {
		*v = def
	}
}

func (c *Config) fill() error {
	if c.Realm == "" || len(c.Realm) > 255 || !wire.Quotable([]byte(c.Realm)) {
		return fmt.Errorf("sip: realm %q is not usable", c.Realm)
	}
	if c.Credentials == nil || c.Bindings == nil || c.Observer == nil {
		return fmt.Errorf("sip: Credentials, Bindings and Observer are needed")
	}
	if len(c.TLS) > 0 && c.TLSConfig == nil {
		return fmt.Errorf("sip: TLS listeners need a TLSConfig")
	}
	or(&c.MinExpires, time.Minute)
	or(&c.MaxExpires, time.Hour)
	or(&c.DefaultExpires, time.Hour)
	if c.MinExpires > c.MaxExpires {
		return fmt.Errorf("sip: MinExpires %v is above MaxExpires %v", c.MinExpires, c.MaxExpires)
	}
	c.DefaultExpires = min(max(c.DefaultExpires, c.MinExpires), c.MaxExpires)
	or(&c.NonceLife, time.Hour)
	or(&c.NonceTable, 1<<18)
	or(&c.PingEvery, 25*time.Second)
	or(&c.SweepEvery, 10*time.Second)
	or(&c.T1, 500*time.Millisecond)
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	l := &c.Limits
	or(&l.Connections, 100_000)
	or(&l.SourceConnections, 2000)
	or(&l.SourceStrangers, 200)
	or(&l.HeaderBytes, 16<<10)
	or(&l.BodyBytes, 64<<10)
	or(&l.MessageTimeout, 10*time.Second)
	or(&l.StrangerTimeout, 30*time.Second)
	or(&l.Failures, 30)
	or(&l.Strangers, 2000)
	or(&l.Lookups, 500)
	return nil
}
