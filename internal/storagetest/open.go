// Package storagetest opens real databases for tests: SQLite in a file, and
// PostgreSQL in a private server. It is imported by tests only.
package storagetest

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"tischlein/internal/storage"
)

// Each runs f on a fresh SQLite and on a fresh PostgreSQL database. A machine
// without PostgreSQL fails: what is not tested there does not work there.
func Each(t *testing.T, f func(t *testing.T, dsn string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { f(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { f(t, Postgres(t)) })
}

// SQLite is the path of a fresh database file: the schema and no records.
func SQLite(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "tischlein.db")
	FurnishSQLite(t, path)
	return path
}

// Postgres is the URL of a fresh PostgreSQL database: the schema and no records.
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
