package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"runtime"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	_ "modernc.org/sqlite" // database/sql driver "sqlite"
)

// dialect is everything that differs between the two databases. Every other
// file of this package holds one SQL text for both.
type dialect struct {
	name       string // "sqlite" or "postgres"
	isolation  sql.IsolationLevel
	goose      goose.Dialect
	skipLocked string // appended to a SELECT that claims rows of a queue
	// walk is run before a page of a list is read: it keeps the planner from
	// reading whole tables where 50 rows are wanted, because it cannot know how
	// many rows are in a state. merge is run before the first of a set are: it goes
	// through indexes side by side, and ends when it has enough.
	walk, merge string
	sets        func(set) string // the SELECT of a set, without its order
	each        string           // the ids of the list :closely, each as value
}

var (
	sqliteDialect   = dialect{name: "sqlite", isolation: sql.LevelDefault, goose: goose.DialectSQLite3, sets: exceptSets, each: `json_each(:closely)`}
	postgresDialect = dialect{name: "postgres", isolation: sql.LevelSerializable, goose: goose.DialectPostgres, skipLocked: " FOR UPDATE SKIP LOCKED",
		walk:  `SELECT set_config('enable_hashjoin', 'off', TRUE), set_config('enable_mergejoin', 'off', TRUE)`,
		merge: `SELECT set_config('enable_hashjoin', 'off', TRUE), set_config('enable_mergejoin', 'on', TRUE)`,
		sets:  antiJoinSets, each: `json_array_elements_text(CAST(:closely AS JSON))`}
)

// open connects to dsn: a PostgreSQL URL, or the path of a SQLite file. w is
// where Update runs, r where View runs.
//
// On SQLite there is one writer connection and a pool of readers: with a shared
// pool, read-then-write transactions fail as busy instead of waiting. The
// pragmas stand in the DSN because a statement would reach one connection only.
func open(dsn string) (w, r *sql.DB, d dialect, err error) {
	if isPostgres(dsn) {
		c, err := pgx.ParseConfig(dsn)
		if err != nil {
			return nil, nil, d, fmt.Errorf("opening PostgreSQL: %w", err)
		}
		// Compiling a statement takes longer than any of ours runs.
		if _, set := c.RuntimeParams["jit"]; !set {
			c.RuntimeParams["jit"] = "off"
		}
		// Under SERIALIZABLE, who reads a table from end to end conflicts with
		// whoever writes anywhere in it; small and young tables would be read so.
		if _, set := c.RuntimeParams["enable_seqscan"]; !set {
			c.RuntimeParams["enable_seqscan"] = "off"
		}
		db := stdlib.OpenDB(*c)
		db.SetMaxOpenConns(16 + 4*runtime.NumCPU())
		db.SetMaxIdleConns(16)
		return db, db, postgresDialect, nil
	}
	base := "file:" + (&url.URL{Path: dsn}).EscapedPath() + "?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)" +
		"&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&_pragma=cache_size(-65536)&_pragma=temp_store(MEMORY)"
	w, err = openSQLite(base + fmt.Sprintf("&_txlock=immediate&_pragma=wal_autocheckpoint(%d)", mostLogged))
	if err != nil {
		return nil, nil, d, fmt.Errorf("opening SQLite: %w", err)
	}
	w.SetMaxOpenConns(1)
	r, err = openSQLite(base + "&_pragma=query_only(1)")
	if err != nil {
		w.Close()
		return nil, nil, d, fmt.Errorf("opening SQLite: %w", err)
	}
	r.SetMaxOpenConns(4 * runtime.NumCPU())
	r.SetMaxIdleConns(4 * runtime.NumCPU())
	return w, r, sqliteDialect, nil
}

func isPostgres(dsn string) bool {
	return strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://")
}

// check refuses a database whose text order is not byte order: the same list
// would page differently on the two databases.
func (d dialect) check(ctx context.Context, db *sql.DB) error {
	if d.name != "postgres" {
		return nil
	}
	var version int
	if err := db.QueryRowContext(ctx, `SELECT current_setting('server_version_num')::int`).Scan(&version); err != nil {
		return fmt.Errorf("asking PostgreSQL its version: %w", err)
	}
	if version < 150000 {
		return fmt.Errorf("PostgreSQL 15 or newer is needed, this server is %d.%d", version/10000, version%10000)
	}
	var encoding, collate string
	err := db.QueryRowContext(ctx, `SELECT pg_encoding_to_char(encoding), datcollate FROM pg_database WHERE datname = current_database()`).Scan(&encoding, &collate)
	if err != nil {
		return fmt.Errorf("asking PostgreSQL its encoding: %w", err)
	}
	if encoding != "UTF8" || (collate != "C" && !strings.HasPrefix(collate, "C.")) {
		return fmt.Errorf("the database must be made with ENCODING 'UTF8' and LC_COLLATE 'C' or 'C.UTF-8', this one has %s and %s", encoding, collate)
	}
	return nil
}

// migrate brings the schema up to date, one transaction a step. On PostgreSQL
// an advisory lock keeps two starting nodes apart; SQLite has one process.
func (d dialect) migrate(ctx context.Context, db *sql.DB, files fs.FS) error {
	opts := []goose.ProviderOption{goose.WithGoMigrations(fillKeys, fillDesks)}
	if d.name == "postgres" {
		l, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return fmt.Errorf("making the migration lock: %w", err)
		}
		opts = append(opts, goose.WithSessionLocker(l))
	}
	p, err := goose.NewProvider(d.goose, db, files, opts...)
	if err != nil {
		return fmt.Errorf("reading migrations: %w", err)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrating the schema: %w", err)
	}
	return nil
}

// again reports that the transaction lost a race and should be run once more.
// A unique or foreign key that another transaction took or removed meanwhile is
// such a race too: PostgreSQL may name the constraint before it notices that the
// two could not be put in an order. Run again, the rules see what is there now
// and say it in their own words.
func (d dialect) again(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch pg.Code {
		case "40001", "40P01", "23505", "23503":
			return true
		}
	}
	return false
}
