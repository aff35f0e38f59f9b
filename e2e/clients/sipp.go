package clients

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"
)

//go:embed scenarios/*.xml
var scenarios embed.FS

// SippPhone describes one phone that SIPp plays.
type SippPhone struct {
	Scenario  string // "register_notify" or "register_refused": see scenarios/
	Server    string // host:port
	Transport string // udp or tcp; Debian's SIPp has no TLS
	Local     string // IPv4 address, or address:port, to send from; empty: 127.0.0.1; without a port any free one
	Domain    string
	User      string // of the AOR and of the digest
	Password  string
	Instance  string // UUID of the device
	Agent     string // User-Agent; empty: "SIPp"
	Answer    string // to a NOTIFY; empty: "200 OK"
}

// Sipp is one running SIPp. Seen with Debian 12's version 3.6.1: its digest is MD5, and where several challenges are
// offered it answers the first one, so SHA-256 must not come before MD5; -bind_local is needed to send from the address
// that -i names.
type Sipp struct {
	home    string
	program *program
}

// StartSipp starts the phone. The home must be an empty directory.
func StartSipp(home string, phone SippPhone) (*Sipp, error) {
	mode, known := map[string]string{"udp": "u1", "tcp": "t1"}[phone.Transport]
	if !known {
		return nil, fmt.Errorf("sipp does not speak %q", phone.Transport)
	}
	for _, name := range []string{phone.Scenario + ".xml", "answer_notify.xml"} {
		text, err := scenarios.ReadFile("scenarios/" + name)
		if err != nil {
			return nil, fmt.Errorf("reading the scenario: %w", err)
		}
		if phone.Answer != "" {
			text = bytes.ReplaceAll(text, []byte("SIP/2.0 200 OK"), []byte("SIP/2.0 "+phone.Answer))
		}
		if err := os.WriteFile(filepath.Join(home, name), text, 0o600); err != nil {
			return nil, fmt.Errorf("writing the scenario: %w", err)
		}
	}
	address, port, err := net.SplitHostPort(phone.Local)
	if err != nil {
		address, port = or(phone.Local, "127.0.0.1"), ""
	}
	arguments := []string{phone.Server, "-sf", phone.Scenario + ".xml", "-oocsf", "answer_notify.xml", "-t", mode, "-m", "1",
		"-i", address, "-bind_local", "-nostdin", "-timeout", "300s", "-timeout_error", "-au", phone.User, "-ap", phone.Password,
		"-key", "domain", phone.Domain, "-key", "user", phone.User, "-key", "instance", phone.Instance,
		"-key", "agent", or(phone.Agent, "SIPp"),
		"-trace_msg", "-message_file", "messages", "-trace_err", "-error_file", "errors", "-trace_logs", "-log_file", "logs"}
	if port != "" {
		arguments = append(arguments, "-p", port)
	}
	started, err := start(home, "sipp", arguments...)
	if err != nil {
		return nil, err
	}
	return &Sipp{home, started}, nil
}

func or(value, otherwise string) string {
	if value == "" {
		return otherwise
	}
	return value
}

// WaitRegistered returns when the registrar has said 200.
func (s *Sipp) WaitRegistered(ctx context.Context) error {
	_, err := s.waitLog(ctx, regexp.MustCompile(`(?m)^registered$`))
	return err
}

// WaitNotified returns the Event of the NOTIFY that the phone has answered.
func (s *Sipp) WaitNotified(ctx context.Context) (event string, err error) {
	match, err := s.waitLog(ctx, regexp.MustCompile(`(?m)^notified (.*) terminated$`))
	if err != nil {
		return "", err
	}
	return match[1], nil
}

func (s *Sipp) waitLog(ctx context.Context, pattern *regexp.Regexp) ([]string, error) {
	return s.waitIn(ctx, "logs", pattern)
}

func (s *Sipp) waitIn(ctx context.Context, file string, pattern *regexp.Regexp) ([]string, error) {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for ended := false; ; {
		if match := pattern.FindStringSubmatch(s.read(file)); match != nil {
			return match, nil
		}
		if ended {
			return nil, fmt.Errorf("waiting for %q: SIPp has ended (%w):\n%s", pattern, errors.Join(s.program.err, errEarly), s.Output())
		}
		select {
		case <-s.program.ended:
			ended = true // look once more: it may have come before the end
		case <-ctx.Done():
			return nil, fmt.Errorf("waiting for %q from SIPp: %w\n%s", pattern, ctx.Err(), s.Output())
		case <-tick.C:
		}
	}
}

var errEarly = errors.New("the scenario ended without it")

// Wait returns nil when the scenario came to its good end, and otherwise why not, with all messages.
func (s *Sipp) Wait(ctx context.Context) error {
	select {
	case <-s.program.ended:
	case <-ctx.Done():
		return fmt.Errorf("waiting for SIPp to end: %w\n%s", ctx.Err(), s.Output())
	}
	if s.program.err != nil {
		return fmt.Errorf("the scenario failed: %w\n%s", s.program.err, s.Output())
	}
	return nil
}

// Output is what SIPp noted: errors, then every message.
func (s *Sipp) Output() string { return s.read("errors") + s.read("messages") }

func (s *Sipp) read(name string) string {
	text, err := os.ReadFile(filepath.Join(s.home, name))
	if err != nil {
		return "" // SIPp makes it with the first entry
	}
	return strings.ReplaceAll(string(text), "\r", "")
}

// Kill ends the phone as a power cut would: its binding stays.
func (s *Sipp) Kill() { s.program.stop(syscall.SIGKILL) }
