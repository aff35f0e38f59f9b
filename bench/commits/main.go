// Command commits measures Q06: how long a link, an unlink, a hot-desk login and
// a logout take from the call of the use case to the durable commit, the PIN
// hash not counted.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"os"

	"tischlein/bench/fill"
	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/provision/drivers"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

func main() {
	db := flag.String("db", "", "SQLite file that does not exist yet, or URL of an empty PostgreSQL database; filled before if -places has been written")
	devices := flag.Int("devices", 1000, "devices in the installation, half of them linked")
	list := flag.String("places", "", "file with the places to work on; made when it does not exist, the database then being filled")
	warm := flag.Int("warm", 0, "rounds before those that count")
	again := flag.Bool("again", false, "count rounds at the places of those before, whose rows and indexes the database then knows, instead of at others")
	ops := flag.Int("ops", 500, "rounds of link and unlink, login and logout; 0 only fills")
	flag.Parse()
	out, err := run(context.Background(), *db, *list, *devices, *warm, *ops, *again)
	if err == nil && *ops > 0 {
		err = json.NewEncoder(os.Stdout).Encode(out)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "commits:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, dsn, list string, devices, warm, ops int, again bool) (map[string]any, error) {
	w := newWatch()
	db, err := storage.Open(ctx, dsn, w.now)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	key, err := auth.NewKey(make([]byte, 32))
	if err != nil {
		return nil, err
	}
	a, _, err := app.Open(ctx, app.Config{DB: db, Key: key, Drivers: drivers.All(), Log: slog.New(slog.DiscardHandler), Settings: app.Settings{
		Realm: "sip.test", BaseURL: "https://localhost:8443", SIP: map[string]telephony.SIPServer{"udp": {Host: "localhost", Port: 5060, Transport: "udp"}}}})
	if err != nil {
		return nil, err
	}
	places, err := load(list)
	if errors.Is(err, fs.ErrNotExist) {
		places, err = fillUp(ctx, db, key, devices)
		if err == nil && list != "" {
			err = save(list, places)
		}
	}
	if err != nil {
		return nil, err
	}
	b := &bench{app: a, key: key, watch: w}
	var known []fill.Place
	for i := range warm + ops {
		if i == warm {
			w.forget()
			if again && warm > 0 {
				places = known
			}
		}
		p := places[rand.IntN(len(places))]
		known = append(known, p)
		if err := b.round(ctx, p); err != nil {
			return nil, err
		}
	}
	if ops == 0 {
		return nil, nil
	}
	return w.report(map[string]any{"database": db.Dialect(), "devices": devices, "ops": ops, "again": again}), nil
}

// most is how many places the rounds choose from: enough that no page of the
// database is warm by accident.
const most = 20_000

func fillUp(ctx context.Context, db *storage.DB, key *auth.Key, devices int) ([]fill.Place, error) {
	var places []fill.Place
	seen := 0
	err := fill.Taken(ctx, db, key, devices, func(p fill.Place) error {
		if seen++; len(places) < most {
			places = append(places, p)
		} else if i := rand.IntN(seen); i < most {
			places[i] = p
		}
		return nil
	})
	return places, err
}

func load(list string) ([]fill.Place, error) {
	if list == "" {
		return nil, fs.ErrNotExist
	}
	text, err := os.ReadFile(list)
	if err != nil {
		return nil, err
	}
	var places []fill.Place
	return places, json.Unmarshal(text, &places)
}

func save(list string, places []fill.Place) error {
	text, err := json.Marshal(places)
	if err != nil {
		return err
	}
	return os.WriteFile(list, text, 0o600)
}
