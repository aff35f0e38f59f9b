// Command pages measures Q10 on a running server's portal.
//
//	pages make -data DIR -customers 1000 -rows 1000
//	pages server -data DIR -portal URL -welcome URL -pid PID -times 200
//	pages browser -data DIR -portal URL -visits 5
//
// make fills a new installation. server signs in with a one-time link, times
// every page over one kept-alive connection, and leaves its session and an
// address of each page in DIR/visits.json. browser opens those in Chromium. Both
// print one line of JSON per page.
package main

import (
	"context"
	"errors"
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

type config struct {
	data, portal, welcome string
	customers, rows       int
	times, visits, pid    int
}

func main() {
	var c config
	flags := flag.NewFlagSet("pages", flag.ExitOnError)
	flags.StringVar(&c.data, "data", "", "data directory of the installation")
	flags.StringVar(&c.portal, "portal", "", "base URL of the portal")
	flags.StringVar(&c.welcome, "welcome", "", "one-time link of a user")
	flags.IntVar(&c.customers, "customers", 1000, "customers to make")
	flags.IntVar(&c.rows, "rows", 1000, "channels, devices and extensions of each")
	flags.IntVar(&c.times, "times", 200, "how often each page is read")
	flags.IntVar(&c.pid, "pid", 0, "process of the server")
	flags.IntVar(&c.visits, "visits", 5, "how often Chromium opens each page, first and again")
	what := map[string]func(context.Context, config) error{"make": furnish, "server": server, "browser": browse}
	run, err := (func(context.Context, config) error)(nil), errors.New("want make, server or browser")
	if len(os.Args) > 1 && what[os.Args[1]] != nil {
		run, err = what[os.Args[1]], flags.Parse(os.Args[2:])
	}
	if err == nil {
		err = run(context.Background(), c)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "pages:", err)
		os.Exit(1)
	}
}

// furnish makes the installation; app.Open gives it what a first start does.
func furnish(ctx context.Context, c config) error {
	if err := os.MkdirAll(c.data, 0o700); err != nil {
		return err
	}
	db, err := storage.Open(ctx, filepath.Join(c.data, "tischlein.db"), time.Now)
	if err != nil {
		return err
	}
	defer db.Close()
	key, err := auth.LoadKey(filepath.Join(c.data, "key"))
	if err != nil {
		return err
	}
	if _, _, err := app.Open(ctx, app.Config{DB: db, Key: key, Drivers: drivers.All(), Log: slog.New(slog.DiscardHandler)}); err != nil {
		return err
	}
	start := time.Now()
	return fill.Lived(ctx, db, key, c.customers, c.rows, func(done int) {
		if done%100 == 0 {
			fmt.Fprintf(os.Stderr, "%d customers after %v\n", done, time.Since(start).Round(time.Second))
		}
	})
}
