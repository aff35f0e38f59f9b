// Package storagetest opens real databases for tests: SQLite in a file, and
// PostgreSQL in a private server. It is imported by tests only.
package storagetest

import (
	"context"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"tischlein/internal/storage"
	"tischlein/internal/storagetest/pgserver"
)

// Each runs f on a fresh SQLite and on a fresh PostgreSQL database. A machine
// without PostgreSQL fails: what is not tested there does not work there.
func Each(t *testing.T, f func(t *testing.T, dsn string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { f(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { f(t, Postgres(t)) })
}

// SQLite is the path of a database file that does not exist yet.
func SQLite(t testing.TB) string { return filepath.Join(t.TempDir(), "tischlein.db") }

var server = sync.OnceValues(pgserver.Start)

// Postgres is the URL of a fresh, empty PostgreSQL database.
func Postgres(t testing.TB) string {
	t.Helper()
	s, err := server()
	if err != nil {
		t.Fatalf("starting PostgreSQL: %v", err)
	}
	dsn, drop, err := s.NewDatabase("")
	if err != nil {
		t.Fatalf("making a PostgreSQL database: %v", err)
	}
	t.Cleanup(drop)
	return dsn
}

// Open opens the database and closes it when the test ends. now nil is the
// real clock.
func Open(t testing.TB, dsn string, now func() time.Time) *storage.DB {
	t.Helper()
	if now == nil {
		now = time.Now
	}
	db, err := storage.Open(context.Background(), dsn, now)
	if err != nil {
		t.Fatalf("opening the database: %v", err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}
