package storage

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"regexp"
	"strconv"
)

// mostPrepared bounds the statements that one connection keeps: more than this
// package has texts.
const mostPrepared = 512

// openSQLite is sql.Open with connections that keep their prepared statements:
// understanding a statement costs SQLite more than running it. PostgreSQL's
// driver does the same by itself.
func openSQLite(dsn string) (*sql.DB, error) {
	plain, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	d := plain.Driver()
	if err := plain.Close(); err != nil { // it has not connected
		return nil, err
	}
	return sql.OpenDB(sqliteConnector{d, dsn}), nil
}

type sqliteConnector struct {
	driver driver.Driver
	dsn    string
}

func (c sqliteConnector) Driver() driver.Driver { return c.driver }

func (c sqliteConnector) Connect(context.Context) (driver.Conn, error) {
	raw, err := c.driver.Open(c.dsn)
	if err != nil {
		return nil, err
	}
	conn, ok := raw.(sqliteConn)
	if !ok {
		return nil, errors.Join(fmt.Errorf("opening SQLite: the driver's %T lacks a method", raw), raw.Close())
	}
	return &preparedConn{sqliteConn: conn, kept: map[string]*prepared{}}, nil
}

// sqliteConn is what database/sql uses of the driver's connections.
type sqliteConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// preparedConn is one connection; database/sql uses it from one goroutine at a time.
type preparedConn struct {
	sqliteConn
	kept map[string]*prepared
}

type sqliteStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

type prepared struct {
	sqliteStmt
	open bool // its rows are still being read
}

// keep gives the kept statement of a text; nil when it must be run without.
func (c *preparedConn) keep(ctx context.Context, query string) (*prepared, error) {
	p := c.kept[query]
	if p != nil {
		if p.open {
			return nil, nil
		}
		return p, nil
	}
	if len(c.kept) >= mostPrepared {
		return nil, nil
	}
	raw, err := c.PrepareContext(ctx, unnamed(query))
	if err != nil {
		return nil, err
	}
	s, ok := raw.(sqliteStmt)
	if !ok {
		return nil, raw.Close()
	}
	p = &prepared{sqliteStmt: s}
	c.kept[query] = p
	return p, nil
}

var parameter = regexp.MustCompile(`\$[0-9]+`)

// unnamed writes the parameters $1, $2, … as plain question marks where they stand
// in order and once each. To SQLite $1 is a name, and at each run the driver asks
// for the name of every parameter, which is searched for among all of them: for a
// batch of rows that costs more than writing them.
func unnamed(query string) string {
	n, ordered := 0, true
	plain := parameter.ReplaceAllStringFunc(query, func(p string) string {
		n++
		ordered = ordered && p == "$"+strconv.Itoa(n)
		return "?"
	})
	if !ordered {
		return query
	}
	return plain
}

func (c *preparedConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	// Without arguments it may be a whole migration, which runs once.
	if len(args) == 0 {
		return c.sqliteConn.ExecContext(ctx, query, args)
	}
	p, err := c.keep(ctx, query)
	if err != nil {
		return nil, err
	}
	if p == nil {
		return c.sqliteConn.ExecContext(ctx, query, args)
	}
	return p.ExecContext(ctx, args)
}

func (c *preparedConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if len(args) == 0 {
		return c.sqliteConn.QueryContext(ctx, query, args)
	}
	p, err := c.keep(ctx, query)
	if err != nil {
		return nil, err
	}
	if p == nil {
		return c.sqliteConn.QueryContext(ctx, query, args)
	}
	rows, err := p.QueryContext(ctx, args)
	if err != nil {
		return nil, err
	}
	p.open = true
	return &preparedRows{rows, p}, nil
}

// Close finalizes what was kept; SQLite would keep the connection open for it.
func (c *preparedConn) Close() error {
	var errs []error
	for _, p := range c.kept {
		errs = append(errs, p.Close())
	}
	clear(c.kept)
	return errors.Join(append(errs, c.sqliteConn.Close())...)
}

type preparedRows struct {
	driver.Rows
	of *prepared
}

func (r *preparedRows) Close() error {
	r.of.open = false
	return r.Rows.Close()
}
