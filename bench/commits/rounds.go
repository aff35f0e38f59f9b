package main

import (
	"context"
	"slices"
	"time"

	"tischlein/bench/fill"
	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

var boss = auth.Actor{Kind: "bench", Name: "bench", Role: auth.OperatorAdmin, Scopes: auth.Scopes}

// bench runs the use cases one after the other, as one administrator does.
type bench struct {
	app   *app.App
	key   *auth.Key
	watch *watch
}

func (b *bench) round(ctx context.Context, p fill.Place) error {
	err := b.watch.time("link", func() error {
		_, err := b.app.Links.Link(ctx, boss, app.LinkRequest{CustomerID: p.Customer, ChannelID: p.Channel, ExtensionID: p.Extension, Side: telephony.FromChannel})
		return err
	})
	if err != nil {
		return err
	}
	if err := b.watch.time("unlink", func() error { _, err := b.app.Links.Unlink(ctx, boss, p.Customer, p.Channel, false); return err }); err != nil {
		return err
	}
	return b.login(ctx, p)
}

func (b *bench) login(ctx context.Context, p fill.Place) error {
	const pin = "2580"
	if err := b.app.Extensions.SetPIN(ctx, boss, p.Customer, p.Extension, pin); err != nil {
		return err
	}
	x, err := b.app.Extensions.Get(ctx, boss, p.Customer, p.Extension)
	if err != nil {
		return err
	}
	hash := b.key.HashPIN(pin)
	_ = b.watch.time("pin_hash", func() error { b.key.VerifyPIN(pin, hash); return nil }) // it cannot fail
	err = b.watch.time("login_with_pin_hash", func() error {
		_, err := b.app.Logins.Login(ctx, boss, app.LoginRequest{CustomerID: p.Customer, ChannelID: p.Channel, Number: x.Extension.Number, PIN: pin, Path: "api"})
		return err
	})
	if err != nil {
		return err
	}
	b.watch.lastLogin()
	return b.watch.time("logout", func() error { _, err := b.app.Logins.Logout(ctx, boss, p.Customer, p.Channel, false); return err })
}

// watch takes times. It is the database's clock too, which is asked once at the
// begin of each transaction: that tells when a login's PIN hash lay between its
// two transactions.
type watch struct {
	began []time.Time // of the transactions since the last use case began
	start time.Time
	took  map[string][]time.Duration
	// Of each login: the time outside the stretch from the first transaction's
	// begin to the second's, and that stretch, which holds the hash.
	around, stretch []time.Duration
	end             time.Time
}

func newWatch() *watch { return &watch{took: map[string][]time.Duration{}} }

func (w *watch) forget() { w.took, w.stretch, w.around = map[string][]time.Duration{}, nil, nil }

func (w *watch) now() time.Time {
	t := time.Now()
	w.began = append(w.began, t)
	return t
}

func (w *watch) time(what string, f func() error) error {
	w.began, w.start = w.began[:0], time.Now()
	err := f()
	w.end = time.Now()
	w.took[what] = append(w.took[what], w.end.Sub(w.start))
	return err
}

// lastLogin takes the use case that was just timed apart.
func (w *watch) lastLogin() {
	first, second := w.began[0], w.began[len(w.began)-1]
	w.stretch = append(w.stretch, second.Sub(first))
	w.around = append(w.around, first.Sub(w.start)+w.end.Sub(second))
}

// report adds the percentiles in milliseconds. A login without its hash is what
// lies around the stretch with the hash, plus what that stretch usually takes
// beyond a hash: so the hash's own bad moments are not counted.
func (w *watch) report(out map[string]any) map[string]any {
	beyond := max(0, middle(w.stretch)-middle(w.took["pin_hash"]))
	for _, d := range w.around {
		w.took["login"] = append(w.took["login"], d+beyond)
	}
	for what, d := range w.took {
		slices.Sort(d)
		ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
		out[what] = map[string]float64{"p50_ms": ms(d[len(d)/2]), "p99_ms": ms(d[len(d)*99/100]), "max_ms": ms(d[len(d)-1])}
	}
	return out
}

func middle(d []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(d))
	return sorted[len(sorted)/2]
}
