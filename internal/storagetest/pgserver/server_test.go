package pgserver_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"tischlein/internal/storagetest/pgserver"
)

func start(t *testing.T, options pgserver.Options) *pgserver.Server {
	t.Helper()
	server, err := options.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return server
}

func connect(t *testing.T, dsn string) *pgx.Conn {
	t.Helper()
	connection, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = connection.Close(context.Background()) })
	return connection
}

func ask(t *testing.T, connection *pgx.Conn, query string) string {
	t.Helper()
	var answer string
	if err := connection.QueryRow(t.Context(), query).Scan(&answer); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return answer
}

func do(t *testing.T, connection *pgx.Conn, statement string) {
	t.Helper()
	if _, err := connection.Exec(t.Context(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func TestServer_IsUTF8WithBytewiseOrder(t *testing.T) {
	t.Parallel()
	server := start(t, pgserver.Options{})
	dsn, _, err := server.NewDatabase(t.Name())
	if err != nil {
		t.Fatal(err)
	}
	connection := connect(t, dsn)
	for query, want := range map[string]string{
		"SHOW server_encoding": "UTF8",
		"SELECT datcollate FROM pg_database WHERE datname = current_database()": "C.UTF-8",
		"SHOW fsync":              "off",
		"SHOW synchronous_commit": "on",
		"SHOW listen_addresses":   "",
		"SELECT ('Z' < 'a')::text || ('z' < 'ä')::text": "truetrue",
	} {
		if got := ask(t, connection, query); got != want {
			t.Errorf("%s: got %q, want %q", query, got, want)
		}
	}
}

func TestServer_DurableKeepsFsync(t *testing.T) {
	t.Parallel()
	server := start(t, pgserver.Options{Durable: true})
	connection := connect(t, server.DSN("postgres"))
	for _, setting := range []string{"fsync", "synchronous_commit", "full_page_writes"} {
		if got := ask(t, connection, "SHOW "+setting); got != "on" {
			t.Errorf("%s is %q", setting, got)
		}
	}
}

func TestNewDatabase_EachIsEmptyAndItsOwn(t *testing.T) {
	t.Parallel()
	server := start(t, pgserver.Options{})
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			dsn, drop, err := server.NewDatabase("Same/Name with spaces, \"quotes\" and ümlaut, longer than sixty-three bytes in all")
			if err != nil {
				t.Error(err)
				return
			}
			connection, err := pgx.Connect(t.Context(), dsn)
			if err != nil {
				t.Error(err)
				return
			}
			if _, err := connection.Exec(t.Context(), "CREATE TABLE only_mine (id TEXT)"); err != nil {
				t.Error(err)
			}
			drop() // with the connection still open
			if _, err := pgx.Connect(t.Context(), dsn); err == nil {
				t.Error("the dropped database still answers")
			}
		})
	}
	group.Wait()
}

func TestKill9_CommittedRowsAreThereAfterRestart(t *testing.T) {
	t.Parallel()
	server := start(t, pgserver.Options{})
	dsn, _, err := server.NewDatabase(t.Name())
	if err != nil {
		t.Fatal(err)
	}
	before := connect(t, dsn)
	do(t, before, "CREATE TABLE things (id BIGINT)")
	do(t, before, "INSERT INTO things SELECT generate_series(1, 1000)")
	do(t, before, "BEGIN")
	do(t, before, "INSERT INTO things VALUES (0)")

	server.Kill9()
	if _, err := before.Exec(t.Context(), "COMMIT"); err == nil {
		t.Error("the killed server committed")
	}
	if _, err := pgx.Connect(t.Context(), dsn); err == nil {
		t.Error("the killed server answers")
	}
	if err := server.Restart(); err != nil {
		t.Fatal(err)
	}
	if got := ask(t, connect(t, dsn), "SELECT count(*)::text FROM things"); got != "1000" {
		t.Errorf("%s rows after the crash, want 1000", got)
	}
}

func TestRestart_OfARunningServerKeepsItsData(t *testing.T) {
	t.Parallel()
	server := start(t, pgserver.Options{})
	connection := connect(t, server.DSN("postgres"))
	do(t, connection, "CREATE TABLE things AS SELECT 'kept' AS word")
	if err := server.Restart(); err != nil {
		t.Fatal(err)
	}
	if got := ask(t, connect(t, server.DSN("postgres")), "SELECT word FROM things"); got != "kept" {
		t.Errorf("got %q", got)
	}
}

// eventually polls; the deadline only ends a test that has failed.
func eventually(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !condition(); {
		if time.Now().After(deadline) {
			t.Fatalf("still not: %s", what)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func gone(path string) bool {
	_, err := os.Stat(path)
	return os.IsNotExist(err)
}

func processGone(pid string) bool { return gone(filepath.Join("/proc", pid)) || zombie(pid) }

func zombie(pid string) bool {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%s/status", pid))
	return err != nil || containsLine(string(status), "State:\tZ (zombie)")
}
