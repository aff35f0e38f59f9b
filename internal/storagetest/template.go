package storagetest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"tischlein/internal/storage"
	"tischlein/internal/storagetest/pgserver"
)

// Every test starts from what storage.Open makes of an empty database. That is
// made once in a process and copied from then on: under the race detector making
// it costs more than most tests do.

var template = sync.OnceValues(func() (records []byte, err error) {
	dir, err := os.MkdirTemp("", "tischlein-template-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, "tischlein.db")
	if err := migrate(path); err != nil {
		return nil, err
	}
	return os.ReadFile(path) // closing it has moved the log into the file
})

var server = sync.OnceValues(func() (*pgserver.Server, error) {
	s, err := pgserver.Start()
	if err != nil {
		return nil, err
	}
	// What a new database is made from is PostgreSQL's template1.
	if err := migrate(s.DSN("template1")); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
})

func migrate(dsn string) error {
	db, err := storage.Open(context.Background(), dsn, time.Now)
	if err != nil {
		return fmt.Errorf("making the schema: %w", err)
	}
	return db.Close()
}

// FurnishSQLite makes the database file that a server is to open at path, unless it
// is there: its first start then need not make the schema.
func FurnishSQLite(t testing.TB, path string) {
	t.Helper()
	if err := furnish(path); err != nil {
		t.Fatalf("copying a database: %v", err)
	}
}

func furnish(path string) error {
	records, err := template()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = file.Write(records)
	return errors.Join(err, file.Close())
}
