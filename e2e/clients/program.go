// Package clients drives real third-party SIP programs for the end-to-end tests: Linphone, baresip and SIPp, as Debian 12
// ships them. Every client lives in a home of its own, is stopped by its process id, and dies with the test process.
// The package knows nothing of the product and has no opinion on what a test expects; it must not hide what a program said.
package clients

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
)

// program is one running process and the lines that it has written, standard output and error together.
type program struct {
	cmd   *exec.Cmd
	input io.WriteCloser
	ended chan struct{} // closed when the process has been waited for and all its output is read
	err   error         // how it ended; read after ended

	mu      sync.Mutex
	lines   []string
	written chan struct{} // closed and replaced with every line
}

// start runs the command with HOME (and what follows from it) set to home, beside the variables of this process.
func start(home, name string, arguments ...string) (*program, error) {
	cmd := exec.Command(name, arguments...)
	cmd.Dir = home
	cmd.Env = append(os.Environ(), "HOME="+home, "XDG_DATA_HOME="+home+"/.local/share", "XDG_CONFIG_HOME="+home+"/.config",
		"XDG_CACHE_HOME="+home+"/.cache", "LC_ALL=C.UTF-8", "TERM=dumb")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	output, writer, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("making a pipe for %s: %w", name, err)
	}
	cmd.Stdout, cmd.Stderr = writer, writer
	p := &program{cmd: cmd, ended: make(chan struct{}), written: make(chan struct{})}
	if p.input, err = cmd.StdinPipe(); err != nil {
		return nil, errors.Join(fmt.Errorf("making a pipe for %s: %w", name, err), output.Close(), writer.Close())
	}
	started := make(chan error)
	go func() {
		// The parent-death signal belongs to the thread that forked: it must not end before the program does.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		_ = writer.Close()
		started <- err
		if err != nil {
			_ = output.Close()
			return
		}
		p.read(output)
		p.err = cmd.Wait()
		close(p.ended)
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("starting %s: %w", name, err)
	}
	return p, nil
}

var colours = regexp.MustCompile(`\x1b\[[0-9;]*[A-Za-z]`)

func (p *program) read(output io.ReadCloser) {
	defer func() { _ = output.Close() }()
	lines := bufio.NewReader(output)
	for {
		line, err := lines.ReadString('\n')
		if line = colours.ReplaceAllString(strings.TrimRight(line, "\r\n"), ""); line != "" {
			p.mu.Lock()
			p.lines = append(p.lines, line)
			close(p.written)
			p.written = make(chan struct{})
			p.mu.Unlock()
		}
		if err != nil {
			return
		}
	}
}

// wait returns the first line that matches. It fails when ctx is done or the program ends without it.
func (p *program) wait(ctx context.Context, pattern *regexp.Regexp) (string, error) {
	line, _, err := p.waitAfter(ctx, 0, pattern)
	return line, err
}

// waitAfter looks at the lines from that one on, and says at which to look on.
func (p *program) waitAfter(ctx context.Context, after int, pattern *regexp.Regexp) (line string, next int, err error) {
	for ended := false; ; {
		p.mu.Lock()
		lines, written := p.lines, p.written
		p.mu.Unlock()
		for ; after < len(lines); after++ {
			if pattern.MatchString(lines[after]) {
				return lines[after], after + 1, nil
			}
		}
		if ended {
			return "", after, fmt.Errorf("waiting for %q: %s ended: %w\n%s", pattern, p.cmd.Path, errors.Join(p.err, io.EOF), p.text())
		}
		select {
		case <-written:
		case <-p.ended:
			ended = true // look once more: the last lines came before the end
		case <-ctx.Done():
			return "", after, fmt.Errorf("waiting for %q from %s: %w\n%s", pattern, p.cmd.Path, ctx.Err(), p.text())
		}
	}
}

// count is how many lines there are.
func (p *program) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.lines)
}

// text is everything the program has written.
func (p *program) text() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.Join(p.lines, "\n")
}

// stopLimit is how long a program may take to say good-bye (a REGISTER with Expires 0) before it is killed.
const stopLimit = 5 * time.Second

// stop sends the signal, and SIGKILL when that is not enough, and waits for the end.
func (p *program) stop(signal syscall.Signal) {
	_ = syscall.Kill(-p.cmd.Process.Pid, signal) // the group: a wrapper's children too; "no such process" is fine
	select {
	case <-p.ended:
	case <-time.After(stopLimit):
		_ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL)
		<-p.ended
	}
}
