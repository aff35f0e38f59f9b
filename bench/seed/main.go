// Command seed makes a data directory with an installation of a given size for
// the benchmarks, and the lists of who may register and what may be fetched.
package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"tischlein/bench/fill"
	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/provision/drivers"
	"tischlein/internal/storage"
)

func main() {
	dir := flag.String("dir", "", "data directory to make")
	n := flag.Int("n", 10000, "devices")
	realm := flag.String("realm", "sip.test", "SIP realm")
	settle := flag.Bool("settle", false, "wait until a running server has looked at every device of an existing installation, then count each as having fetched")
	flag.Parse()
	ctx, do := context.Background(), func(ctx context.Context) error { return run(ctx, *dir, *n, *realm) }
	if *settle {
		do = func(ctx context.Context) error { return settled(ctx, *dir) }
	}
	if err := do(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "seed:", err)
		os.Exit(1)
	}
}

// run writes dir/users (lines "user password") and dir/paths (lines
// "/d/token/mac.cfg") beside the database and the key.
func run(ctx context.Context, dir string, n int, realm string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	key, err := auth.LoadKey(filepath.Join(dir, "key"))
	if err != nil {
		return err
	}
	db, err := storage.Open(ctx, filepath.Join(dir, "tischlein.db"), time.Now)
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
	u, p := bufio.NewWriter(users), bufio.NewWriter(paths)
	if err := fill.Places(ctx, db, key, n, func(x fill.Place) error {
		fmt.Fprintln(u, x.SIPUser, x.SIPSecret)
		_, err := fmt.Fprintf(p, "/d/%s/%s.cfg\n", x.Token, x.MAC)
		return err
	}); err != nil {
		return err
	}
	if err := u.Flush(); err != nil {
		return err
	}
	return p.Flush()
}

// settled waits for the sweep that a server does when it first serves an
// installation, and then notes every device as up to date: otherwise each phone
// of a benchmark would be sent a check-sync when it registers.
func settled(ctx context.Context, dir string) error {
	db, err := storage.Open(ctx, filepath.Join(dir, "tischlein.db"), time.Now)
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
	return eachCustomer(ctx, db, func(tx *storage.Tx, id string) error {
		cpes, err := tx.CPEs(id, storage.Page{Limit: 1 << 20})
		if err != nil {
			return err
		}
		for _, c := range cpes {
			if err := tx.Fetched(storage.Fetch{CustomerID: id, CPEID: c.ID, Revision: c.Wanted, At: tx.Now}); err != nil {
				return err
			}
		}
		return nil
	})
}

// eachCustomer runs f for every customer, each in a transaction of its own.
func eachCustomer(ctx context.Context, db *storage.DB, f func(*storage.Tx, string) error) error {
	var ids []string
	err := db.View(ctx, func(tx *storage.Tx) error {
		list, err := tx.Customers("", storage.Page{Limit: 1 << 20})
		for _, c := range list {
			ids = append(ids, c.ID)
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := db.Update(ctx, func(tx *storage.Tx) error { return f(tx, id) }); err != nil {
			return err
		}
	}
	return nil
}
