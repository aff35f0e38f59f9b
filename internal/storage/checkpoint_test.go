package storage

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// The log must not grow with every commit: it is carried over beside them.
func TestSQLiteLogIsCarriedOverBesideTheCommits(t *testing.T) {
	path := filepath.Join(t.TempDir(), "t.db")
	db, err := Open(t.Context(), path, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	size := func(of string) int64 {
		t.Helper()
		i, err := os.Stat(of)
		if err != nil {
			t.Fatal(err)
		}
		return i.Size()
	}
	before := size(path)
	write := func() {
		t.Helper()
		err := db.Update(t.Context(), func(tx *Tx) error {
			_, err := tx.exec(`INSERT INTO partners (id, name, name_key, created_at) VALUES ($1, $1, $1, 0)`, NewID(tx.Now))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	commits := 0
	for end := time.Now().Add(30 * time.Second); size(path) == before; commits++ {
		if time.Now().After(end) {
			t.Fatalf("after %d commits the database file is as it was: %d bytes, its log has %d", commits, before, size(path+"-wal"))
		}
		write()
	}
	if log := size(path + "-wal"); log >= mostLogged*4096 {
		t.Errorf("the log has grown to %d bytes", log)
	}
}
