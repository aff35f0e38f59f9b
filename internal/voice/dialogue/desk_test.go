package dialogue

import (
	"context"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"tischlein/internal/telephony"
	"tischlein/internal/voice"
	"tischlein/internal/voice/voicetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var erika = telephony.Party{ExtensionID: "x1", Number: "101", Name: "Erika Weber"}

// house is a small house with the rules of a real one: 101 has the PIN 4711, 102
// the administrator's 0000.
type house struct {
	mu       sync.Mutex
	here     Here
	refuse   error // instead of logging in, whoever it is
	max      bool  // 101 is logged in at as many devices as it may
	broken   error // of Who
	wrong    int   // PINs
	asked    []Attempt
	outs     []bool
	slowness time.Duration
	deadline bool // the last context had one
	cut      bool // the last context ended before the answer
}

func (h *house) Who(context.Context) (Here, error) { return h.here, h.broken }

func (h *house) Login(ctx context.Context, a Attempt) (telephony.Party, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	_, h.deadline = ctx.Deadline()
	h.asked = append(h.asked, a)
	time.Sleep(h.slowness)
	h.cut = ctx.Err() != nil
	switch {
	case h.here.Linked:
		return telephony.Party{}, telephony.Forbiddenf("hotdesking_off", "linked with 103 Otto")
	case h.wrong >= 3:
		return telephony.Party{}, telephony.Forbiddenf("pin_locked", "locked")
	case a.Number == "101" && a.PIN == "4711", a.Number == "102" && a.PIN == "0000":
	default:
		h.wrong++
		return telephony.Party{}, telephony.Forbiddenf("pin_wrong", "the number or the PIN is wrong")
	}
	switch {
	case a.Number == "102" && a.NewPIN == "":
		return telephony.Party{}, telephony.Conflictf("pin_must_change", "choose a new one")
	case a.NewPIN != "":
		if _, err := telephony.CheckPIN("new_pin", a.NewPIN.Reveal(), a.Number, false); err != nil {
			return telephony.Party{}, err
		}
	}
	switch {
	case h.refuse != nil:
		return telephony.Party{}, h.refuse
	case h.here.Party.Number != "" && !a.TakeOver:
		e := telephony.Conflictf("desk_taken", "103 Otto is logged in here").With("holder_number", "103")
		if h.max {
			e = e.With("devices", []string{"lobby"})
		}
		return telephony.Party{}, e
	case h.max && !a.TakeOver:
		return telephony.Party{}, telephony.Conflictf("maximum_devices", "at the maximum").With("devices", []string{"lobby"})
	}
	p := erika
	if a.Number == "102" {
		p = telephony.Party{ExtensionID: "x2", Number: "102", Name: "Jan"}
	}
	h.here = Here{Party: p}
	return p, nil
}

func (h *house) Logout(_ context.Context, everywhere bool) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.outs = append(h.outs, everywhere)
	switch {
	case h.here.Linked && h.here.Party.Number != "":
		return telephony.Forbiddenf("linked_by_administrator", "linked")
	case h.here.Party.Number == "":
		return telephony.Conflictf("not_logged_in", "nobody")
	}
	h.here.Party = telephony.Party{}
	return nil
}

// call is a phone that dialled a code and was answered; everything in a bubble.
type call struct {
	t        *testing.T
	phone    *voicetest.Phone
	engine   *voice.Engine
	session  *voice.Session
	language string
	more     map[string]voice.Clip
	outcome  chan Outcome
}

// walk plays one call: run is the conversation, act what the caller does.
func walk(t *testing.T, language, speaker string, run func(context.Context, Session) Outcome, act func(*call)) (out Outcome, heard []string) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		e, err := voice.Start(voice.Config{Speaker: speaker})
		if err != nil {
			t.Fatal(err)
		}
		p := voicetest.NewPhone(t, voice.PCMA, true)
		at := netip.MustParseAddr("127.0.0.1")
		s, answer, err := e.Answer(p.Offer(), voice.Place{Local: at, Host: at, Peer: at})
		if err != nil {
			t.Fatal(err)
		}
		p.Take(answer)
		p.Start()
		defer func() {
			s.Close()
			p.Close()
			_ = e.Close()
		}()
		c := &call{t: t, phone: p, engine: e, session: s, language: language, outcome: make(chan Outcome, 1)}
		go func() { c.outcome <- run(t.Context(), s) }()
		if act != nil {
			act(c)
		}
		select {
		case out = <-c.outcome:
		case <-time.After(longest + time.Minute):
			t.Error("the conversation does not end")
		}
		time.Sleep(time.Second)
		if heard, err = p.Transcript(language, c.more); err != nil {
			t.Error(err)
		}
	})
	return out, heard
}

// hears waits until the phone has heard these prompts last.
func (c *call) hears(prompts ...string) {
	c.t.Helper()
	for over := time.Now().Add(2 * time.Minute); time.Now().Before(over); time.Sleep(200 * time.Millisecond) {
		if !c.phone.Resting() {
			continue
		}
		got, err := c.phone.Transcript(c.language, c.more)
		if err != nil {
			c.t.Fatal(err)
		}
		if n := len(got) - len(prompts); n >= 0 && slices.Equal(got[n:], prompts) {
			return
		}
	}
	got, _ := c.phone.Transcript(c.language, c.more)
	c.t.Fatalf("heard %q, waiting for %q", got, prompts)
}

// types presses keys as they are asked for: one group per question.
func (c *call) types(groups ...string) {
	for _, g := range groups {
		c.phone.Press(g)
		time.Sleep(time.Duration(len(g))*180*time.Millisecond + 500*time.Millisecond)
	}
}

func says(t *testing.T, heard []string, want string) {
	t.Helper()
	if got := strings.Join(heard, " "); got != want {
		t.Errorf("heard %q\n want %q", got, want)
	}
}
