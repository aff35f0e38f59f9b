// Package storage keeps the records: hand-written SQL, one text for SQLite and
// PostgreSQL, reached only through Update and View. It takes no decisions: what
// may happen is telephony's, who may do it is auth's, in which order is app's.
package storage

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// DB is the database. It is safe for concurrent use.
type DB struct {
	w, r  *sql.DB
	d     dialect
	now   func() time.Time
	turns turns        // of Update
	crowd sync.RWMutex // all who write, and one who lost too many races to them
	asked atomic.Int64

	carrier *carrier // SQLite only
}

// Open connects to dsn (a PostgreSQL URL or the path of a SQLite file) and
// brings the schema up to date. now is the clock of every transaction.
func Open(ctx context.Context, dsn string, now func() time.Time) (*DB, error) {
	w, r, d, err := open(dsn)
	if err != nil {
		return nil, err
	}
	db := &DB{w: w, r: r, d: d, now: now, turns: turns{alone: w != r}}
	files, err := fs.Sub(migrationFiles, "migrations")
	if err == nil {
		err = d.check(ctx, w)
	}
	if err == nil {
		err = d.migrate(ctx, w, files)
	}
	if err != nil {
		db.Close()
		return nil, err
	}
	if d.name == "sqlite" {
		db.carrier = newCarrier(r)
	}
	return db, nil
}

// Close closes every connection.
func (db *DB) Close() error {
	db.carrier.close()
	err := db.w.Close()
	if db.r != db.w {
		err = errors.Join(err, db.r.Close())
	}
	return err
}

// Statements is how many statements have been run since Open: what somebody waits
// for is measured in them.
func (db *DB) Statements() int64 { return db.asked.Load() }

// Dialect names the database: "sqlite" or "postgres".
func (db *DB) Dialect() string { return db.d.name }

// Tx is one transaction: everything read and written in it is one moment.
type Tx struct {
	Now   time.Time // the moment, fixed for the whole transaction
	ctx   context.Context
	tx    *sql.Tx
	d     dialect
	asked *atomic.Int64
	paced string // how the planner was last told to go on
	after []func()
}

type inside struct{}

// ErrNested is returned when a transaction is begun inside another one.
var ErrNested = errors.New("storage: a transaction was begun inside a transaction")

// reruns bounds how often a transaction that lost a race is run again; after together
// of its tries it runs while nobody else of this process writes, or a crowd could keep
// it from ever winning.
const (
	reruns   = 20
	together = 4
)

// mostRerunPause is the longest of the pauses between them, which grow.
const mostRerunPause = 64 * time.Millisecond

// Update runs f in a read-write transaction and commits when f returns nil. On
// PostgreSQL it is SERIALIZABLE and f runs again when the database says that it
// lost a race, so f must have no effect outside the transaction but through
// AfterCommit.
func (db *DB) Update(ctx context.Context, f func(*Tx) error) error {
	if ctx.Value(inside{}) != nil {
		return ErrNested
	}
	after, err := db.write(ctx, f)
	for _, g := range after {
		g()
	}
	return err
}

// write is Update without what follows the commit: the next one need not wait
// for that.
func (db *DB) write(ctx context.Context, f func(*Tx) error) ([]func(), error) {
	done, err := db.turns.take(ctx)
	if err != nil {
		return nil, fmt.Errorf("waiting to write: %w", err)
	}
	defer done()
	after, err := db.run(ctx, db.w, &sql.TxOptions{Isolation: db.d.isolation}, f)
	if err == nil {
		db.carrier.committed()
	}
	return after, err
}

// View runs f in a read-only transaction: one consistent picture.
func (db *DB) View(ctx context.Context, f func(*Tx) error) error {
	o := &sql.TxOptions{ReadOnly: true}
	if db.d.name == "postgres" {
		o.Isolation = sql.LevelRepeatableRead
	}
	if ctx.Value(inside{}) != nil {
		return ErrNested
	}
	after, err := db.run(ctx, db.r, o, f)
	for _, g := range after {
		g()
	}
	return err
}

// run gives what f left to do after the commit.
func (db *DB) run(ctx context.Context, pool *sql.DB, o *sql.TxOptions, f func(*Tx) error) ([]func(), error) {
	for try := 1; ; try++ {
		tx, err := db.try(ctx, try, pool, o, f)
		if err == nil {
			return tx.after, nil
		}
		if !db.d.again(err) || try == reruns || ctx.Err() != nil {
			return nil, err
		}
		// Those who lost to each other must not meet again at once.
		select {
		case <-time.After(rand.N(min(time.Millisecond<<try, mostRerunPause))):
		case <-ctx.Done():
			return nil, err
		}
	}
}

func (db *DB) try(ctx context.Context, try int, pool *sql.DB, o *sql.TxOptions, f func(*Tx) error) (*Tx, error) {
	switch {
	case o.ReadOnly: // loses no race
	case try <= together:
		db.crowd.RLock()
		defer db.crowd.RUnlock()
	default:
		db.crowd.Lock()
		defer db.crowd.Unlock()
	}
	return db.once(ctx, pool, o, f)
}

func (db *DB) once(ctx context.Context, pool *sql.DB, o *sql.TxOptions, f func(*Tx) error) (*Tx, error) {
	raw, err := pool.BeginTx(ctx, o)
	if err != nil {
		return nil, fmt.Errorf("beginning a transaction: %w", err)
	}
	defer raw.Rollback() //nolint:errcheck // after a commit it does nothing; before, the first error counts
	tx := &Tx{Now: db.now().Truncate(time.Microsecond), ctx: context.WithValue(ctx, inside{}, true), tx: raw, d: db.d, asked: &db.asked}
	if err := f(tx); err != nil {
		return nil, err
	}
	if err := raw.Commit(); err != nil {
		if errors.Is(err, sql.ErrTxDone) && ctx.Err() != nil {
			err = ctx.Err() // database/sql rolled it back because the context ended
		}
		return nil, fmt.Errorf("committing: %w", err)
	}
	return tx, nil
}

// Context is the transaction's context; a transaction begun with it fails.
func (tx *Tx) Context() context.Context { return tx.ctx }

// AfterCommit runs f once the transaction is durable, in the order of the calls;
// never when it fails.
func (tx *Tx) AfterCommit(f func()) { tx.after = append(tx.after, f) }
