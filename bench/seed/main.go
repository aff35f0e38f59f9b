// Command seed makes a data directory with an installation of a given size for
// the benchmarks, and the lists of who may register and what may be fetched.
package main

import (
	"bufio"
	"context"
	"encoding/base64"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"tischlein/bench/fill"
	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/provision/drivers"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

func main() {
	dir := flag.String("dir", "", "data directory to make")
	n := flag.Int("n", 10000, "devices")
	dsn := flag.String("db", "", "URL of an empty PostgreSQL database; default: tischlein.db in the directory")
	realm := flag.String("realm", "sip.test", "SIP realm")
	pin := flag.String("pin", "", "PIN of every extension; empty: none has one")
	trios := flag.Bool("trios", false, "of every three phones one calls and the other two are one extension's, logged in at both")
	settle := flag.Bool("settle", false, "wait until a running server has looked at every device of an existing installation, then count each as having fetched")
	push := flag.Bool("push", false, "make every device of an existing installation due for a check-sync now")
	untilTold := flag.Bool("told", false, "wait until what came of every check-sync is noted")
	flag.Parse()
	if *dsn == "" {
		*dsn = filepath.Join(*dir, "tischlein.db")
	}
	ctx, do := context.Background(), func(ctx context.Context) error { return run(ctx, *dir, *dsn, *n, *realm, *pin, *trios) }
	switch {
	case *settle:
		do = func(ctx context.Context) error { return settled(ctx, *dsn) }
	case *push:
		do = func(ctx context.Context) error { return pushed(ctx, *dsn) }
	case *untilTold:
		do = func(ctx context.Context) error { return told(ctx, *dsn) }
	}
	if err := do(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "seed:", err)
		os.Exit(1)
	}
}

// run writes dir/users (lines "user password"), dir/paths (lines
// "/d/token/mac.cfg credentials", as HTTP Basic sends them) and dir/places (lines "customer channel extension mac
// token") beside the database and the key.
func run(ctx context.Context, dir, dsn string, n int, realm, pin string, trios bool) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	key, err := auth.LoadKey(filepath.Join(dir, "key"))
	if err != nil {
		return err
	}
	db, err := storage.Open(ctx, dsn, time.Now)
	if err != nil {
		return err
	}
	defer db.Close()
	if _, _, err := app.Open(ctx, app.Config{DB: db, Key: key, Drivers: drivers.All(), Log: slog.New(slog.DiscardHandler),
		Settings: app.Settings{Realm: realm}}); err != nil {
		return err
	}
	users, err := os.Create(filepath.Join(dir, "users"))
	if err != nil {
		return err
	}
	defer users.Close()
	paths, err := os.Create(filepath.Join(dir, "paths"))
	if err != nil {
		return err
	}
	defer paths.Close()
	places, err := os.Create(filepath.Join(dir, "places"))
	if err != nil {
		return err
	}
	defer places.Close()
	u, p, l := bufio.NewWriter(users), bufio.NewWriter(paths), bufio.NewWriter(places)
	var people []fill.Place
	perCustomer := 1000
	if trios {
		perCustomer = 999
	}
	if err := fill.Sized(ctx, db, key, n, perCustomer, func(x fill.Place) error {
		people = append(people, x)
		fmt.Fprintln(u, x.SIPUser, x.SIPSecret)
		fmt.Fprintln(l, x.Customer, x.Channel, x.Extension, x.MAC, x.Token)
		_, err := fmt.Fprintf(p, "/d/%s/%s.cfg %s\n", x.Token, x.MAC,
			base64.StdEncoding.EncodeToString([]byte(x.HTTPUser+":"+x.HTTPPassword)))
		return err
	}); err != nil {
		return err
	}
	if err := setPINs(ctx, db, key, pin, people); err != nil {
		return err
	}
	if trios {
		if err := sitInTrios(ctx, db, filepath.Join(dir, "trios"), people); err != nil {
			return err
		}
	}
	if err := u.Flush(); err != nil {
		return err
	}
	if err := l.Flush(); err != nil {
		return err
	}
	return p.Flush()
}

// setPINs gives everybody the same PIN, hashed once: checking one costs the same.
func setPINs(ctx context.Context, db *storage.DB, key *auth.Key, pin string, people []fill.Place) error {
	if pin == "" {
		return nil
	}
	hash := key.HashPIN(pin)
	for some := range slices.Chunk(people, 100) {
		err := db.Update(ctx, func(tx *storage.Tx) error {
			for _, x := range some {
				if err := tx.UpdatePIN(x.Customer, x.Extension, storage.PIN{Hash: hash}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// here is where the load of the benchmarks comes from.
const here = "127.0.0.1"

// settled waits for the sweep that a server does when it serves an installation
// for the first time or with new drivers. Then it makes every device one that
// fetched what it should have and registered before, both from here: otherwise
// each phone of a benchmark would be sent a check-sync when it registers.
func settled(ctx context.Context, dsn string) error {
	db, err := storage.Open(ctx, dsn, time.Now)
	if err != nil {
		return err
	}
	defer db.Close()
	for unswept := true; unswept; time.Sleep(200 * time.Millisecond) {
		err := db.View(ctx, func(tx *storage.Tx) error {
			left, err := tx.Unswept(1)
			unswept = len(left) > 0
			return err
		})
		if err != nil {
			return err
		}
	}
	customers, err := customerIDs(ctx, db)
	if err != nil {
		return err
	}
	for _, id := range customers {
		if err := fetched(ctx, db, id); err != nil {
			return err
		}
	}
	return nil
}

// fetched notes every device of the customer as up to date, a few at a time
// because the server writes too.
func fetched(ctx context.Context, db *storage.DB, id string) error {
	page := storage.Page{Limit: 1000}
	for more := true; more; {
		var cpes, behind []telephony.CPE
		err := db.View(ctx, func(tx *storage.Tx) (err error) {
			cpes, err = tx.CPEs(id, page)
			return err
		})
		if err != nil {
			return err
		}
		for _, c := range cpes {
			page.Cursor = storage.Cursor{Key: telephony.Fold(c.Name), ID: c.ID}
			if c.Wanted != c.Fetched || c.FetchAddr.String() != here || c.RegisterAddr.String() != here {
				behind = append(behind, c)
			}
		}
		more = len(cpes) == page.Limit
		for some := range slices.Chunk(behind, 20) {
			if err := db.Update(ctx, func(tx *storage.Tx) error { return fetchedThese(tx, some) }); err != nil {
				return err
			}
		}
	}
	return nil
}

func fetchedThese(tx *storage.Tx, some []telephony.CPE) error {
	for _, c := range some {
		if _, err := tx.Fetched(storage.Fetch{CustomerID: c.CustomerID, CPEID: c.ID, Revision: c.Wanted, Addr: here, At: tx.Now}); err != nil {
			return err
		}
		if err := tx.Seen(c.CustomerID, c.ID, here, true); err != nil {
			return err
		}
	}
	return nil
}

func customerIDs(ctx context.Context, db *storage.DB) (ids []string, err error) {
	err = db.View(ctx, func(tx *storage.Tx) error {
		list, err := tx.Customers("", storage.Page{Limit: 1 << 20})
		for _, c := range list {
			ids = append(ids, c.ID)
		}
		return err
	})
	return ids, err
}
