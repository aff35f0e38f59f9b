package clients

import (
	"context"
	"fmt"
	"regexp"
	"strings"
)

// LinphoneCall is a call as linphone-daemon tells of it.
type LinphoneCall struct {
	ID    string // its number in the daemon
	State string // without the prefix LinphoneCall: IncomingReceived, OutgoingRinging, StreamsRunning, Paused, …
	Peer  string // the From of the call, with the display name if there is one
}

// URI is the peer's address without its name: what the daemon's commands take.
func (c LinphoneCall) URI() string {
	_, uri, found := strings.Cut(c.Peer, "<")
	if !found {
		return c.Peer
	}
	uri, _, _ = strings.Cut(uri, ">")
	return uri
}

var (
	daemonStatus = regexp.MustCompile(`^Status: (Ok|Error)`)
	daemonReason = regexp.MustCompile(`^Reason: (.*)`)
	daemonID     = regexp.MustCompile(`^Id: (\d+)`)
	daemonCall   = regexp.MustCompile(`^Event: LinphoneCall(\w+)`)
	daemonFrom   = regexp.MustCompile(`^From: (.*)`)
)

// Do gives the daemon one of its commands ("answer 1", "terminate 1", "call-pause 1", "call-transfer 1 2", "dtmf 5", …)
// and fails when it says that it cannot.
func (l *Linphone) Do(ctx context.Context, command string) error {
	_, err := l.tell(ctx, command)
	return err
}

func (l *Linphone) tell(ctx context.Context, command string) (next int, err error) {
	from := l.program.count()
	if _, err := fmt.Fprintln(l.program.input, command); err != nil {
		return 0, fmt.Errorf("telling Linphone to %s: %w", command, err)
	}
	line, next, err := l.program.waitAfter(ctx, from, daemonStatus)
	if err == nil && strings.HasSuffix(line, "Error") {
		line, _, err = l.program.waitAfter(ctx, next, daemonReason)
		if err == nil {
			err = fmt.Errorf("linphone does not %s: %s", command, line)
		}
	}
	return next, err
}

// Call places a call and returns its number in the daemon.
func (l *Linphone) Call(ctx context.Context, address string) (id string, err error) {
	next, err := l.tell(ctx, "call "+address)
	if err != nil {
		return "", err
	}
	line, _, err := l.program.waitAfter(ctx, next, daemonID)
	if err != nil {
		return "", err
	}
	return daemonID.FindStringSubmatch(line)[1], nil
}

// WaitCall waits for the next call that comes into one of the states, after what WaitCall returned last.
func (l *Linphone) WaitCall(ctx context.Context, states ...string) (c LinphoneCall, err error) {
	for {
		var line string
		if line, l.seen, err = l.program.waitAfter(ctx, l.seen, daemonCall); err != nil {
			return c, fmt.Errorf("waiting for a call in %v: %w", states, err)
		}
		c.State = daemonCall.FindStringSubmatch(line)[1]
		for _, s := range states {
			if s == c.State {
				if line, _, err = l.program.waitAfter(ctx, l.seen, daemonFrom); err == nil {
					c.Peer = daemonFrom.FindStringSubmatch(line)[1]
					line, _, err = l.program.waitAfter(ctx, l.seen, daemonID)
				}
				if err == nil {
					c.ID = daemonID.FindStringSubmatch(line)[1]
				}
				return c, err
			}
		}
	}
}
