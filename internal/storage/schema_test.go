package storage_test

import (
	"context"
	"database/sql"
	"flag"
	"os"
	"sort"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"

	"tischlein/internal/storagetest"
)

var update = flag.Bool("update", false, "write schema.txt anew")

// TestSchemaIsTheSameOnBothDatabases compares the columns that each database
// really has with the committed list, so that a migration that means something
// else on one of them is noticed.
func TestSchemaIsTheSameOnBothDatabases(t *testing.T) {
	lite, pg := storagetest.SQLite(t), storagetest.Postgres(t)
	storagetest.Open(t, lite, nil)
	storagetest.Open(t, pg, nil)
	fromLite := columns(t, "sqlite", "file:"+lite, `SELECT m.name, p.name, lower(p.type), p."notnull" OR p.pk > 0 FROM sqlite_master m, pragma_table_info(m.name) p
		WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> 'goose_db_version'`)
	fromPG := columns(t, "pgx", pg, `SELECT table_name, column_name, data_type, is_nullable = 'NO' FROM information_schema.columns
		WHERE table_schema = 'public' AND table_name <> 'goose_db_version'`)
	if fromLite != fromPG {
		t.Errorf("the databases differ:\nSQLite:\n%s\nPostgreSQL:\n%s", fromLite, fromPG)
	}
	if *update {
		if err := os.WriteFile("schema.txt", []byte(fromPG), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("schema.txt")
	if err != nil {
		t.Fatal(err)
	}
	if fromPG != string(want) {
		t.Errorf("schema.txt is not what the migrations make; run the test with -update and read the difference")
	}
}

func columns(t *testing.T, driver, dsn, query string) string {
	t.Helper()
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(context.Background(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var list []string
	for rows.Next() {
		var table, column, kind string
		var needed bool
		if err := rows.Scan(&table, &column, &kind, &needed); err != nil {
			t.Fatal(err)
		}
		line := table + "." + column + " " + strings.ToLower(kind)
		if needed {
			line += " not null"
		}
		list = append(list, line)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	sort.Strings(list)
	return strings.Join(list, "\n") + "\n"
}
