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
	flag.Parse()
	if err := run(context.Background(), *dir, *n, *realm); err != nil {
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
