// Package pgserver runs a private, throw-away PostgreSQL (15 or newer) for tests and benchmarks.
//
// One cluster belongs to one test process: it listens on a Unix socket in its own directory, so parallel test
// binaries share nothing, no port can be taken, and a process in another network namespace reaches it too.
// It dies with the test process, however that ends. The package knows no schema and is never imported by product code.
package pgserver

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

// Options choose what a cluster promises.
type Options struct {
	// Durable keeps fsync and full_page_writes on, as an operator's server has them: for benchmarks and for tests of
	// power loss. Without it a commit still survives Kill9 (the page cache does), only not the machine's own crash.
	Durable bool
}

// Server is one running cluster. Its methods may be called from several goroutines.
type Server struct {
	options Options
	tools   tools
	dir     string // holds data, socket and log; removed by the janitor
	janitor io.Closer

	mu        sync.Mutex // guards process and numbers; held while the cluster starts or stops
	process   *postmaster
	databases int
}

// Start starts a cluster that is fast and survives only the crash of processes. It takes about a second.
func Start() (*Server, error) { return Options{}.Start() }

// Start makes a new cluster and returns when it accepts connections. It fails when no PostgreSQL 15 or newer is
// installed, and, for root, when there is no user "postgres" or "nobody" to run it as.
func (o Options) Start() (*Server, error) {
	found, err := findTools()
	if err != nil {
		return nil, err
	}
	dir, err := makeDirectory(found.account)
	if err != nil {
		return nil, err
	}
	server := &Server{options: o, tools: found, dir: dir}
	if server.janitor, err = startJanitor(dir); err != nil {
		return nil, fmt.Errorf("starting the cleaner of %s: %w", dir, err)
	}
	if err := server.initialise(); err != nil {
		_ = server.janitor.Close()
		return nil, err
	}
	if err := server.Restart(); err != nil {
		_ = server.janitor.Close()
		return nil, err
	}
	return server, nil
}

// Close stops the cluster at once and removes its files. A process that never calls it leaves nothing behind either.
func (s *Server) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stop(syscall.SIGQUIT)
	return s.janitor.Close()
}

// Kill9 kills the postmaster and all its backends with SIGKILL, as the kernel does when memory runs out.
// It returns when all are gone. Restart brings the cluster back with the same DSNs.
func (s *Server) Kill9() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stop(syscall.SIGKILL)
}

// Restart starts the cluster after Kill9, or stops it cleanly (open connections are cut) and starts it again.
// It returns when the cluster has recovered and accepts connections.
func (s *Server) Restart() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stop(syscall.SIGINT)
	process, err := startPostmaster(s.command(s.tools.postgres, s.arguments()...), s.logPath())
	if err != nil {
		return fmt.Errorf("starting PostgreSQL: %w", err)
	}
	s.process = process
	if err := s.waitUntilReady(); err != nil {
		s.stop(syscall.SIGQUIT)
		return err
	}
	return nil
}

// Log returns what PostgreSQL has logged so far, for the message of a failed test.
func (s *Server) Log() string {
	text, err := os.ReadFile(s.logPath())
	if err != nil {
		return err.Error()
	}
	return string(text)
}

func (s *Server) stop(signal syscall.Signal) {
	if s.process == nil {
		return
	}
	s.process.stop(signal)
	s.process = nil
}

func (s *Server) logPath() string { return filepath.Join(s.dir, "log") }

func (s *Server) initialise() error {
	initdb := s.command(s.tools.initdb, "-D", filepath.Join(s.dir, "data"), "-U", role, "-E", "UTF8",
		"--locale=C.UTF-8", "--auth=trust", "--no-sync", "--no-instructions")
	if output, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("running initdb: %w: %s", err, output)
	}
	return nil
}

func (s *Server) arguments() []string {
	settings := []string{"-D", filepath.Join(s.dir, "data"), "-k", s.dir, "-h", "", "-p", socketNumber,
		"-c", "max_connections=200", "-c", "shared_buffers=32MB", "-c", "timezone=UTC", "-c", "jit=off"}
	if !s.options.Durable {
		settings = append(settings, "-c", "fsync=off", "-c", "full_page_writes=off")
	}
	return settings
}

// command prepares a program of PostgreSQL, which refuses to run as root, for the account that owns the directory.
func (s *Server) command(program string, arguments ...string) *exec.Cmd {
	cmd := exec.Command(program, arguments...)
	cmd.Dir = s.dir // the test's own directory may be closed to that account
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: s.tools.account}
	return cmd
}

// startLimit is generous: recovery on a busy two-core machine, never the expected time.
const startLimit = 60 * time.Second
