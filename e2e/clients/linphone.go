package clients

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"
)

// Linphone is a linphone-daemon that came out of its box with nothing but a provisioning address, and keeps its home
// over restarts, as an installed softphone does. Use it from one goroutine. Seen with Debian 12's version 5.1.65:
//
//   - Its TLS does not know IP addresses in certificates: the provisioning URL, and the SIP server over TLS, must be
//     names ("localhost").
//   - It says "User-Agent: Unknown" in HTTP and in SIP. The first fetch has no From and no X-Linphone-Provisioning
//     header; later ones carry "From: <its address>".
//   - It fetches at start only, and answers an unsolicited NOTIFY check-sync with 200 without fetching.
//   - Answered 404 it keeps what it has, and registers.
//   - An account goes only when its entries are overwritten with empty ones (or reg_sendregister with 0): an empty
//     section with overwrite="true" and default_proxy -1 change nothing.
//   - With an empty ha1 beside every passwd, a changed passwd is taken.
//   - Its Contact carries +sip.instance, which lasts over restarts, and the display name.
type Linphone struct {
	home    string
	boots   int
	program *program
	seen    int // lines of its calls that WaitCall has returned
}

// StartLinphone writes the factory configuration into the home, an empty directory, and starts the daemon, which fetches
// from provisioningURL (http or https) before it does anything else. The CA file (PEM) is the only authority it
// believes, for HTTPS and for SIP over TLS; empty: the system's.
func StartLinphone(home, provisioningURL, caFile string) (*Linphone, error) {
	// The port -1 is "any free one"; the default 5060 would allow one Linphone per machine.
	config := "[misc]\nconfig-uri=" + provisioningURL + "\n\n[rtp]\naudio_rtp_port=-1\n\n[sip]\nsip_port=-1\nsip_tcp_port=-1\nsip_tls_port=-1\n"
	if caFile != "" {
		config += "root_ca=" + caFile + "\n"
	}
	l := &Linphone{home: home}
	if err := os.MkdirAll(filepath.Join(home, ".local/share/linphone"), 0o700); err != nil {
		return nil, fmt.Errorf("making Linphone's data folder: %w", err)
	}
	if err := os.WriteFile(l.configPath(), []byte(config), 0o600); err != nil {
		return nil, fmt.Errorf("writing Linphone's configuration: %w", err)
	}
	return l, l.boot()
}

// Restart ends the program and starts it again with the configuration that it has kept: it fetches anew.
func (l *Linphone) Restart() error {
	l.Stop()
	return l.boot()
}

func (l *Linphone) boot() error {
	l.boots++
	started, err := start(l.home, "linphone-daemon", "--config", l.configPath(), "--log", l.logPath())
	if err != nil {
		return err
	}
	l.program, l.seen = started, 0
	return nil
}

func (l *Linphone) configPath() string { return filepath.Join(l.home, "linphonerc") }

func (l *Linphone) logPath() string { return filepath.Join(l.home, fmt.Sprintf("log.%d", l.boots)) }

// The daemon's own commands register-status and register-info tell only of accounts that were typed into it, not of
// provisioned ones; liblinphone's log tells of all.
var stateChange = regexp.MustCompile(`for identity \[(.*)\] moving from state \[\w+\] to \[LinphoneRegistration(\w+)\]`)

// Registration is the last thing that the log says since the start: the account's address with its display name, as
// `"Alice" <sip:x@y>`, and its state, one of Progress, Ok, Failed, Cleared. Without an account it is "", "None".
func (l *Linphone) Registration() (identity, state string) {
	changes := stateChange.FindAllStringSubmatch(l.Log(), -1)
	if len(changes) == 0 {
		return "", "None"
	}
	last := changes[len(changes)-1]
	return last[1], last[2]
}

// WaitRegistered returns the address that has registered (see Registration), or an error when Linphone says that it
// failed, when it ends, or when ctx is done first, as it is when the provisioning gave it no account.
func (l *Linphone) WaitRegistered(ctx context.Context) (identity string, err error) {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		identity, state := l.Registration()
		switch state {
		case "Ok":
			return identity, nil
		case "Failed":
			return identity, fmt.Errorf("linphone: registration of %s failed", identity)
		}
		select {
		case <-l.program.ended:
			return identity, fmt.Errorf("waiting for Linphone to register: it ended: %w\n%s", errors.Join(l.program.err, io.EOF), l.program.text())
		case <-ctx.Done():
			return identity, fmt.Errorf("waiting for Linphone to register (%s): %w", state, ctx.Err())
		case <-tick.C:
		}
	}
}

// Setting reads the configuration file that Linphone writes back after each provisioning; empty when it is not set.
// (The daemon's own config-get ends the daemon when a value is not set.)
func (l *Linphone) Setting(section, name string) (string, error) {
	text, err := os.ReadFile(l.configPath())
	if err != nil {
		return "", fmt.Errorf("reading Linphone's configuration: %w", err)
	}
	current := ""
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") {
			current = strings.Trim(line, "[]")
		}
		if value, found := strings.CutPrefix(line, name+"="); found && current == section {
			return value, nil
		}
	}
	return "", nil
}

// Log is liblinphone's own log since the last start, with every SIP and HTTP message.
func (l *Linphone) Log() string {
	text, err := os.ReadFile(l.logPath())
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// Stop ends the daemon as a person would: it takes its bindings back and writes its configuration.
func (l *Linphone) Stop() {
	if _, err := l.program.input.Write([]byte("quit\n")); err == nil {
		select {
		case <-l.program.ended:
			return
		case <-time.After(stopLimit):
		}
	}
	l.program.stop(syscall.SIGTERM)
}

// Kill ends it as a power cut would.
func (l *Linphone) Kill() { l.program.stop(syscall.SIGKILL) }
