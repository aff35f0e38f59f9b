// Command commits measures Q06: how long a link, an unlink, a hot-desk login and
// a logout take from the call of the use case to the durable commit, the PIN
// hash not counted.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"sort"
	"time"

	"tischlein/bench/fill"
	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/provision/drivers"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

func main() {
	db := flag.String("db", "", "path of a SQLite file that does not exist yet, or URL of an empty PostgreSQL database")
	devices := flag.Int("devices", 1000, "devices in the installation")
	ops := flag.Int("ops", 500, "rounds of link and unlink, login and logout")
	flag.Parse()
	if err := run(context.Background(), *db, *devices, *ops); err != nil {
		fmt.Fprintln(os.Stderr, "commits:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, dsn string, devices, ops int) error {
	db, err := storage.Open(ctx, dsn, time.Now)
	if err != nil {
		return err
	}
	defer db.Close()
	key, err := auth.NewKey(make([]byte, 32))
	if err != nil {
		return err
	}
	a, _, err := app.Open(ctx, app.Config{DB: db, Key: key, Drivers: drivers.All(), Log: slog.New(slog.DiscardHandler), Settings: app.Settings{
		BaseURL: "https://localhost:8443", SIP: map[string]telephony.SIPServer{"udp": {Host: "localhost", Port: 5060, Transport: "udp"}}}})
	if err != nil {
		return err
	}
	var places []fill.Place
	if err := fill.Places(ctx, db, key, devices, func(p fill.Place) error {
		if len(places) < 20_000 {
			places = append(places, p)
		} else if i := rand.IntN(devices); i < len(places) {
			places[i] = p
		}
		return nil
	}); err != nil {
		return err
	}
	boss := auth.Actor{Kind: "bench", Name: "bench", Role: auth.OperatorAdmin, Scopes: auth.Scopes}
	took := map[string][]float64{}
	timed := func(what string, f func() error) error {
		start := time.Now()
		err := f()
		took[what] = append(took[what], float64(time.Since(start).Microseconds())/1000)
		return err
	}
	for range ops {
		p := places[rand.IntN(len(places))]
		if err := timed("link", func() error {
			_, err := a.Links.Link(ctx, boss, app.LinkRequest{CustomerID: p.Customer, ChannelID: p.Channel, ExtensionID: p.Extension, Side: telephony.FromChannel})
			return err
		}); err != nil {
			return err
		}
		if err := timed("unlink", func() error { _, err := a.Links.Unlink(ctx, boss, p.Customer, p.Channel, false); return err }); err != nil {
			return err
		}
		if err := login(ctx, a, boss, p, timed); err != nil {
			return err
		}
	}
	out := map[string]any{"database": db.Dialect(), "devices": devices, "ops": ops}
	for what, ms := range took {
		sort.Float64s(ms)
		out[what] = map[string]float64{"p50_ms": ms[len(ms)/2], "p99_ms": ms[len(ms)*99/100], "max_ms": ms[len(ms)-1]}
	}
	return json.NewEncoder(os.Stdout).Encode(out)
}

// login sets a PIN first and takes the time of one PIN check off the login.
func login(ctx context.Context, a *app.App, boss auth.Actor, p fill.Place, timed func(string, func() error) error) error {
	if err := a.Extensions.SetPIN(ctx, boss, p.Customer, p.Extension, "2580"); err != nil {
		return err
	}
	x, err := a.Extensions.Get(ctx, boss, p.Customer, p.Extension)
	if err != nil {
		return err
	}
	if err := timed("login_with_pin_check", func() error {
		_, err := a.Logins.Login(ctx, boss, app.LoginRequest{CustomerID: p.Customer, ChannelID: p.Channel, Number: x.Extension.Number, PIN: "2580", Path: "api"})
		return err
	}); err != nil {
		return err
	}
	return timed("logout", func() error { _, err := a.Logins.Logout(ctx, boss, p.Customer, p.Channel, false); return err })
}
