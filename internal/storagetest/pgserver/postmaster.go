package pgserver

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// postmaster is PostgreSQL's first process; its backends leave its process group and cannot be signalled with it.
type postmaster struct {
	pid  int
	gone chan struct{} // closed when the process has been waited for
	err  error         // how it ended; read after gone
}

func startPostmaster(cmd *exec.Cmd, logPath string) (*postmaster, error) {
	log, err := os.OpenFile(logPath, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, fmt.Errorf("opening the log: %w", err)
	}
	defer func() { _ = log.Close() }()
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr.Pdeathsig = syscall.SIGQUIT

	process := &postmaster{gone: make(chan struct{})}
	started := make(chan error)
	go func() {
		// The kernel sends the parent-death signal when the *thread* that forked ends, and Go ends idle threads:
		// this goroutine keeps its thread for as long as the server lives.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		defer close(process.gone)
		err := cmd.Start()
		if err == nil {
			process.pid = cmd.Process.Pid
		}
		started <- err
		if err == nil {
			process.err = cmd.Wait()
		}
	}()
	return process, <-started
}

// stop sends the signal and waits for the end. SIGINT is PostgreSQL's fast shutdown, SIGQUIT its immediate one;
// SIGKILL goes to every backend too, or they would live on until they notice.
func (p *postmaster) stop(signal syscall.Signal) {
	backends := p.children()
	p.signal(p.pid, signal)
	if signal == syscall.SIGKILL {
		for _, pid := range backends {
			p.signal(pid, signal)
		}
	}
	select {
	case <-p.gone:
	case <-time.After(startLimit): // a backend that cannot end must not hang the test run
		p.signal(p.pid, syscall.SIGKILL)
		<-p.gone
	}
	// PostgreSQL refuses to start while a backend of its predecessor still holds the shared memory.
	for deadline := time.Now().Add(startLimit); slices.ContainsFunc(backends, running) && time.Now().Before(deadline); {
		time.Sleep(time.Millisecond)
	}
}

// running reports whether the process still executes; a zombie that nobody has waited for does not.
func running(pid int) bool {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return false
	}
	_, state, _ := strings.Cut(string(text), ") ")
	return !strings.HasPrefix(state, "Z") && !strings.HasPrefix(state, "X")
}

// signal ignores "no such process": it may end by itself at any time.
func (*postmaster) signal(pid int, signal syscall.Signal) { _ = syscall.Kill(pid, signal) }

// children reads the backends' process ids from the kernel; empty when it does not say.
func (p *postmaster) children() []int {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", p.pid, p.pid))
	if err != nil {
		return nil
	}
	var pids []int
	for field := range strings.FieldsSeq(string(text)) {
		if pid, err := strconv.Atoi(field); err == nil {
			pids = append(pids, pid)
		}
	}
	return pids
}

// janitorScript waits until its input ends, which is when we close it or die in whatever way, then for the
// postmaster to be gone, and removes the directory.
const janitorScript = `cat >/dev/null
for i in 1 2 3 4 5 6 7 8 9 10; do
	pid=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null) && kill -0 "$pid" 2>/dev/null || break
	sleep 0.5
done
rm -rf "$1"`

type janitor struct {
	input io.Closer
	cmd   *exec.Cmd
}

func startJanitor(dir string) (*janitor, error) {
	cmd := exec.Command("/bin/sh", "-c", janitorScript, "janitor", dir)
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // Ctrl-C in the terminal must not reach it
	input, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return &janitor{input, cmd}, nil
}

// Close tells the janitor to clean up and waits for it. A second Close does nothing.
func (j *janitor) Close() error {
	if j.input == nil {
		return nil
	}
	_ = j.input.Close()
	j.input = nil
	if err := j.cmd.Wait(); err != nil {
		return fmt.Errorf("removing the cluster's files: %w", err)
	}
	return nil
}
