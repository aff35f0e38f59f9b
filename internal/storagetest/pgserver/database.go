package pgserver

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	role         = "tischlein"
	socketNumber = "5432" // the number in the socket's file name; nothing listens on a network port
)

// DSN returns the address of a database of this cluster. It stays valid over Restart.
func (s *Server) DSN(database string) string {
	address := url.URL{Scheme: "postgres", User: url.User(role), Path: "/" + database}
	query := url.Values{"host": {s.dir}, "port": {socketNumber}, "sslmode": {"disable"}}
	address.RawQuery = query.Encode()
	return address.String()
}

// NewDatabase creates an empty database and returns its DSN and a function that drops it, cutting connections that
// are still open. The name (a test's name will do) is only there to be recognised in the log: a number makes it unique.
func (s *Server) NewDatabase(name string) (dsn string, drop func(), err error) {
	s.mu.Lock()
	defer s.mu.Unlock() // one at a time: PostgreSQL refuses to copy a template that is being copied
	s.databases++
	database := fmt.Sprintf("%s_%d", plainName(name), s.databases)
	if err := s.execute("CREATE DATABASE " + quote(database)); err != nil {
		return "", nil, fmt.Errorf("creating the database %s: %w", database, err)
	}
	drop = func() {
		// Best effort: the server may have been killed on purpose, and everything goes with the cluster.
		_ = s.execute("DROP DATABASE IF EXISTS " + quote(database) + " WITH (FORCE)")
	}
	return s.DSN(database), drop, nil
}

func (s *Server) execute(statement string) error {
	ctx, cancel := context.WithTimeout(context.Background(), startLimit)
	defer cancel()
	connection, err := pgx.Connect(ctx, s.DSN("postgres"))
	if err != nil {
		return err
	}
	defer func() { _ = connection.Close(ctx) }()
	_, err = connection.Exec(ctx, statement)
	return err
}

// waitUntilReady asks until the answer is yes: PostgreSQL refuses connections while it recovers.
func (s *Server) waitUntilReady() error {
	deadline := time.After(startLimit)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		err := s.execute("SELECT 1")
		if err == nil {
			return nil
		}
		select {
		case <-s.process.gone:
			return fmt.Errorf("PostgreSQL ended while starting: %w\n%s", errors.Join(s.process.err, err), s.Log())
		case <-deadline:
			return fmt.Errorf("waiting for PostgreSQL: %w\n%s", err, s.Log())
		case <-tick.C:
		}
	}
}

// plainName keeps what is harmless in a database name and leaves room for the number in PostgreSQL's 63 bytes.
func plainName(name string) string {
	plain := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return '_'
	}, name)
	return "t_" + plain[:min(len(plain), 48)]
}

func quote(identifier string) string { return pgx.Identifier{identifier}.Sanitize() }
