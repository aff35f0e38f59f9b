package phonesim

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Answering is what a phone does when it is called.
type Answering string

// The ways to answer.
const (
	Engaged Answering = ""        // 486 at once: nobody is there
	Rings   Answering = "rings"   // until somebody answers or declines
	PicksUp Answering = "answers" // at once
)

// Phase is where a call stands.
type Phase string

// The phases.
const (
	Calling  Phase = "calling"  // asked, no sign of life yet
	Ringing  Phase = "ringing"  // at the other side
	Incoming Phase = "incoming" // here
	Up       Phase = "up"
	Ended    Phase = "ended"
)

// Dialling is how to place a call. Only Number is needed.
type Dialling struct {
	Number   string
	Codecs   []string // "PCMA", "PCMU", "G722", "opus"; empty: PCMA and PCMU
	NoEvents bool     // telephone-event is not offered: keys are tones or INFO
	Silent   bool     // no RTP is ever sent, as behind a broken firewall
	Headers  []string // further ones, "Name: value"
}

// CallState is a snapshot of a call.
type CallState struct {
	Phase    Phase
	Outgoing bool
	Status   int    // of the last answer to our INVITE, or what we answered
	Phrase   string // behind the status
	Reason   string // Reason header of what ended it (RFC 3326)
	Warning  string // of a refusal
	Name     string // of the other side, as the display shows it
	Number   string // what the call log keeps, and dials again
	Asserted string // P-Asserted-Identity as it came
	Held     bool   // by us
	OnHold   bool   // by the other side
	Packets  int    // of speech that came
	Keys     string // telephone-events that came
	Referred int    // status of the transfer that we asked for, 0 before it is known
}

// Call is one call of a phone. Its methods may be called from any goroutine.
type Call struct {
	a *agent
	s CallState

	callID, from, to    string // From and To as our own requests have them, without tags
	localTag, remoteTag string
	target              string
	route               []string
	cseq, peerSeq       uint32
	auth                digester
	dialling            Dialling
	media               *media
	offer               int // version of our description
	direction           string
	invite              *ask     // ours, while it is not answered finally
	cancelled           bool     // by us
	came                *message // theirs, while we have not answered finally
	respond             func([]byte)
	source              string
	last                []byte // what we answered last to an INVITE, for repetitions
	lastBranch          string
	ack                 []byte // of the last 2xx
	accepting           *time.Timer
	then                []func() // when it is up or has ended
}

var errNoFlow = errors.New("the phone has no way to its registrar")

// Dial places a call. It returns at once; Wait tells what becomes of it.
func (p *Phone) Dial(d Dialling) (c *Call, err error) {
	p.do(func() {
		if p.agent == nil || p.agent.flow == nil || p.state.Power != Running {
			err = errNoFlow
			return
		}
		c, err = p.agent.dial(d)
	})
	return c, err
}

// TakeCalls says what the phone does from now on when it is called.
func (p *Phone) TakeCalls(how Answering) { p.do(func() { p.cfg.Calls = how }) }

// Calls are the calls that have not ended, the oldest first.
func (p *Phone) Calls() []*Call {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.agent == nil {
		return nil
	}
	return slices.Clone(p.agent.calls)
}

// WaitCall blocks until there is a call for which ok holds.
func (p *Phone) WaitCall(ctx context.Context, ok func(CallState) bool) (found *Call, err error) {
	err = p.wait(ctx, func() bool {
		for _, c := range p.Calls() {
			if ok(c.State()) {
				found = c
				return true
			}
		}
		return false
	})
	return found, err
}

// State gives a snapshot.
func (c *Call) State() CallState {
	c.a.p.mu.Lock()
	defer c.a.p.mu.Unlock()
	s := c.s
	if c.media != nil {
		c.media.mu.Lock()
		s.Packets, s.Keys = c.media.packets, c.media.digits.String()
		c.media.mu.Unlock()
	}
	return s
}

// Wait blocks until ok holds for the call's state or ctx ends. Sound that comes
// does not wake it: it is looked for 20 times a second.
func (c *Call) Wait(ctx context.Context, ok func(CallState) bool) error {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		if ok(c.State()) {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("waiting for a call, it is %+v: %w", c.State(), ctx.Err())
		}
	}
}

// Heard is all sound so far, 8,000 samples a second.
func (c *Call) Heard() []int16 {
	if c.media == nil {
		return nil
	}
	c.media.mu.Lock()
	defer c.media.mu.Unlock()
	return slices.Clone(c.media.heard)
}

// Answer lifts the handset of a phone that rings.
func (c *Call) Answer() error { return c.act(Incoming, c.accept) }

// Decline refuses a call that rings: 486 for "busy", 603 for "decline".
func (c *Call) Decline(status int) error {
	return c.act(Incoming, func() error {
		c.refuse(status, map[int]string{486: "Busy Here", 603: "Decline"}[status])
		return nil
	})
}

// HangUp ends the call in the way that fits its phase.
func (c *Call) HangUp() {
	c.a.p.do(func() { c.hangUp() })
}

// Hold puts the other side on hold; Resume takes it back.
func (c *Call) Hold() error { return c.act(Up, func() error { return c.hold(true) }) }

// Resume takes the call back from hold.
func (c *Call) Resume() error { return c.act(Up, func() error { return c.hold(false) }) }

// Transfer sends the other side to a number (RFC 3515); CallState.Referred tells
// how that went, and when it went well the call ends.
func (c *Call) Transfer(number string) error {
	return c.act(Up, func() error { return c.refer(c.a.address(number), "") })
}

// TransferTo connects the other side with that of another call of this phone (RFC 3891).
func (c *Call) TransferTo(other *Call) error {
	return c.act(Up, func() error {
		if other.a != c.a || other.s.Phase != Up {
			return errors.New("there is no second call to transfer to")
		}
		return c.refer(c.a.address(other.s.Number), replacesOf(other))
	})
}

// Press presses keys as telephone-events (RFC 4733).
func (c *Call) Press(keys string) error {
	return c.act(Up, func() error { return c.media.press(keys) })
}

// Speak sends sound after what is still waiting to be sent: 8,000 samples a second.
func (c *Call) Speak(samples []int16) error {
	return c.act(Up, func() error { c.media.speak(samples); return nil })
}

// Info presses one key by SIP INFO, in the form that most phones use.
func (c *Call) Info(key byte) error {
	return c.act(Up, func() error {
		body := fmt.Sprintf("Signal=%c\r\nDuration=160\r\n", key)
		c.request("INFO", nil, "application/dtmf-relay", []byte(body), nil)
		return nil
	})
}

func (c *Call) act(in Phase, f func() error) (err error) {
	c.a.p.do(func() {
		if c.s.Phase != in {
			err = fmt.Errorf("the call is %+v and not %s", c.s, in)
			return
		}
		err = f()
	})
	return err
}

// address is a number at the registrar's domain.
func (a *agent) address(number string) string {
	return "sip:" + strings.ReplaceAll(number, "#", "%23") + "@" + a.acct.domain
}
