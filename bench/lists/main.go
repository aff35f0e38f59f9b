// Command lists measures what the portal's pages read: every filter and sort of
// every list, the counts and the search, on one customer of any size and on many.
package main

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"tischlein/bench/fill"
	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/provision/drivers"
	"tischlein/internal/storage"
	"tischlein/internal/storagetest/pgserver"
)

func main() {
	rows := flag.Int("rows", 100_000, "places of each customer")
	customers := flag.Int("customers", 1, "customers")
	postgres := flag.Bool("postgres", false, "a private PostgreSQL instead of SQLite")
	runs := flag.Int("runs", 20, "how often each is read")
	over := flag.Duration("over", 0, "print only what takes longer")
	dir := flag.String("dir", "", "where the database and its key are kept, to be used again; default: a folder that is removed")
	url := flag.String("url", "", "a PostgreSQL database that is kept: empty, or filled by this command with the same -dir")
	flag.Parse()
	if err := run(*rows, *customers, *runs, *postgres, *dir, *url, *over); err != nil {
		fmt.Fprintln(os.Stderr, "lists:", err)
		os.Exit(1)
	}
}

var actor = auth.Actor{Kind: "cli", Name: "bench", Role: auth.OperatorAdmin, Scopes: auth.Scopes}

func run(rows, customers, runs int, postgres bool, dir, url string, over time.Duration) error {
	ctx := context.Background()
	if dir == "" {
		d, err := os.MkdirTemp("", "lists")
		if err != nil {
			return err
		}
		defer os.RemoveAll(d)
		dir = d
	}
	dsn := filepath.Join(dir, "lists.db")
	switch {
	case url != "":
		dsn = url
	case postgres:
		s, err := pgserver.Start()
		if err != nil {
			return err
		}
		defer s.Close()
		if dsn, _, err = s.NewDatabase(""); err != nil {
			return err
		}
	}
	db, err := storage.Open(ctx, dsn, time.Now)
	if err != nil {
		return err
	}
	defer db.Close()
	key, err := auth.LoadKey(filepath.Join(dir, "key"))
	if err != nil {
		return err
	}
	a, _, err := app.Open(ctx, app.Config{DB: db, Key: key, Drivers: drivers.All(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	first, err := a.Customers.List(ctx, actor, app.Query{Limit: 1})
	if err != nil {
		return err
	}
	if len(first.Items) == 0 {
		if err := fill.Lived(ctx, db, key, customers, rows, nil); err != nil {
			return err
		}
		if first, err = a.Customers.List(ctx, actor, app.Query{Limit: 1}); err != nil {
			return err
		}
	}
	return measure(ctx, a, first.Items[0].ID, runs, over)
}

// took runs f and prints the median and the slowest of its times.
func took(what string, runs int, over time.Duration, f func() (int, error)) error {
	var times []time.Duration
	n, before := 0, processor()
	for range runs {
		start := time.Now()
		var err error
		if n, err = f(); err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
		times = append(times, time.Since(start))
	}
	slices.Sort(times)
	if median := times[len(times)/2]; median > over {
		fmt.Printf("%-44s %8.1f ms %8.1f ms %8.1f ms %6d\n", what, ms(median), ms(times[len(times)-1]), ms((processor()-before)/time.Duration(runs)), n)
	}
	return nil
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// processor is the time that this process has computed: with SQLite it is what a
// read costs, however busy the machine is.
func processor() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
