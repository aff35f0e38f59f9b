package storage

import (
	"context"
	"database/sql"
	"sync"
	"sync/atomic"
)

const (
	// checkpointEvery is after how many commits SQLite's log is carried over into
	// the database file.
	checkpointEvery = 32
	// mostLogged is the size of the log, in pages of 4 KiB, at which a commit does
	// that itself because the carrier has not kept up.
	mostLogged = 16384
)

// carrier carries SQLite's log over into the database file beside the commits.
// By itself SQLite does so inside every thirtieth or so, which then takes many
// times as long as the others when the file is large.
type carrier struct {
	db      *sql.DB
	commits atomic.Uint64
	wake    chan struct{}
	cancel  context.CancelFunc
	ended   sync.WaitGroup
}

func newCarrier(db *sql.DB) *carrier {
	ctx, cancel := context.WithCancel(context.Background())
	c := &carrier{db: db, wake: make(chan struct{}, 1), cancel: cancel}
	c.ended.Go(func() {
		for {
			select {
			case <-c.wake:
				// Passive: it waits for nobody and nobody for it. When it fails, the
				// log stays for the next, or for the commit that finds it too long.
				_, _ = c.db.ExecContext(ctx, `PRAGMA wal_checkpoint(PASSIVE)`)
			case <-ctx.Done():
				return
			}
		}
	})
	return c
}

// committed counts one; it never blocks.
func (c *carrier) committed() {
	if c == nil || c.commits.Add(1)%checkpointEvery != 0 {
		return
	}
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

func (c *carrier) close() {
	if c != nil {
		c.cancel()
		c.ended.Wait()
	}
}
