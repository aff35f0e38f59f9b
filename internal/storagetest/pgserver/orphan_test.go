package pgserver_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"tischlein/internal/storagetest/pgserver"
)

// orphanEnv makes this test binary a process that starts a cluster, says where it is, and waits to be killed.
const orphanEnv = "PGSERVER_TEST_ORPHAN"

func TestMain(m *testing.M) {
	if os.Getenv(orphanEnv) != "" {
		if err := liveUntilKilled(); err != nil {
			fmt.Println("failed:", err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

func liveUntilKilled() error {
	server, err := pgserver.Start()
	if err != nil {
		return err
	}
	fmt.Println(server.DSN("postgres"))
	select {}
}

func TestServer_NothingIsLeftWhenTheTestProcessIsKilled(t *testing.T) {
	t.Parallel()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program)
	cmd.Env = append(os.Environ(), orphanEnv+"=1")
	output, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(output).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	settings, err := pgx.ParseConfig(strings.TrimSpace(line))
	if err != nil {
		t.Fatalf("%q: %v", line, err)
	}
	connection := connect(t, settings.ConnString())
	dir := settings.Host
	pidFile, err := os.ReadFile(dir + "/data/postmaster.pid")
	if err != nil {
		t.Fatal(err)
	}
	postmaster, _, _ := strings.Cut(string(pidFile), "\n")
	if processGone(postmaster) {
		t.Fatalf("postmaster %s does not run", postmaster)
	}

	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // its answer is "signal: killed"
	eventually(t, "the postmaster has ended", func() bool { return processGone(postmaster) })
	eventually(t, "its directory is removed", func() bool { return gone(dir) })
	if err := connection.Ping(t.Context()); err == nil {
		t.Error("a backend is still alive")
	}
}

func containsLine(text, line string) bool { return slices.Contains(strings.Split(text, "\n"), line) }
