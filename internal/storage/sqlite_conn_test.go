package storage

import (
	"context"
	"path/filepath"
	"testing"
	"time"
)

// A statement whose rows are still being read must not be begun again by the
// same text inside.
func TestSQLiteStatementInUseIsNotSharedByNestedRead(t *testing.T) {
	db, err := Open(t.Context(), filepath.Join(t.TempDir(), "t.db"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	const query = `SELECT value FROM json_each($1)`
	numbers := func(tx *Tx, list string, each func(n int)) {
		t.Helper()
		r, err := tx.query(query, list)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		for r.Next() {
			var n int
			if err := r.Scan(&n); err != nil {
				t.Fatal(err)
			}
			each(n)
		}
		if err := r.Err(); err != nil {
			t.Fatal(err)
		}
	}
	sum, inner := 0, 0
	for range 3 {
		err = db.Update(t.Context(), func(tx *Tx) error {
			numbers(tx, "[1, 2, 3]", func(n int) {
				sum += n
				numbers(tx, "[10, 20]", func(n int) { inner += n })
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if sum != 18 || inner != 270 {
		t.Errorf("read %d outside and %d inside, want 18 and 270", sum, inner)
	}
	kept(t, db, func(c *preparedConn) {
		if p := c.kept[query]; p == nil || p.open {
			t.Errorf("the statement is not kept for the next transaction: %+v", p)
		}
	})
}

// A statement prepared before the schema changed knows the new one.
func TestSQLiteKeptStatementSeesChangedSchema(t *testing.T) {
	db, err := Open(t.Context(), filepath.Join(t.TempDir(), "t.db"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	columns := func() (n int) {
		t.Helper()
		err := db.Update(t.Context(), func(tx *Tx) error {
			r, err := tx.query(`SELECT * FROM partners WHERE id <> $1`, "")
			if err != nil {
				return err
			}
			defer r.Close()
			names, err := r.Columns()
			if err != nil {
				return err
			}
			n = len(names)
			return r.Err()
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := columns()
	err = db.Update(t.Context(), func(tx *Tx) error {
		_, err := tx.exec(`ALTER TABLE partners ADD COLUMN colour TEXT NOT NULL DEFAULT ''`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if after := columns(); after != before+1 {
		t.Errorf("%d columns, then %d", before, after)
	}
}

// kept looks into the one connection that writes.
func kept(t *testing.T, db *DB, look func(*preparedConn)) {
	t.Helper()
	c, err := db.w.Conn(context.WithoutCancel(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	err = c.Raw(func(raw any) error { look(raw.(*preparedConn)); return nil })
	if err != nil {
		t.Fatal(err)
	}
}

// Parameters lose their names only where the place says the same.
func TestSQLiteParametersInOrderNeedNoNames(t *testing.T) {
	for query, want := range map[string]string{
		`INSERT INTO t VALUES ($1,$2),($3,$4)`: `INSERT INTO t VALUES (?,?),(?,?)`,
		`SELECT $2, $1`:                        `SELECT $2, $1`,
		`SELECT $1 WHERE a = $1`:               `SELECT $1 WHERE a = $1`,
		`SELECT $1, $3`:                        `SELECT $1, $3`,
		`SELECT 1`:                             `SELECT 1`,
	} {
		if got := unnamed(query); got != want {
			t.Errorf("%s became %s", query, got)
		}
	}
}
