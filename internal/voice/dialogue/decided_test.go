package dialogue

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tischlein/internal/telephony"
	"tischlein/internal/voice"
)

// oneGo decides what was dialled, then speaks in a call.
func oneGo(t *testing.T, h *house, argument string, act func(*call)) (Outcome, []string) {
	t.Helper()
	return walk(t, "en", "off", func(ctx context.Context, s Session) Outcome {
		return Decide(ctx, h, argument).Speak(ctx, s, "en")
	}, act)
}

func TestH02_InOneGo(t *testing.T) {
	for argument, c := range map[string]struct {
		heard  string
		reason string
	}{
		"101*4711":                      {"logged_in extension digit_1 digit_0 digit_1", "logged_in"},
		"101*4711#":                     {"logged_in extension digit_1 digit_0 digit_1", "logged_in"},
		"101*1234":                      {"wrong_login goodbye", "pin_wrong"},
		"199*4711":                      {"wrong_login goodbye", "pin_wrong"},
		"erika*4711":                    {"wrong_login goodbye", "pin_wrong"},
		"101*4711*9":                    {"wrong_login goodbye", "pin_wrong"},
		"*4711":                         {"wrong_login goodbye", "pin_wrong"},
		strings.Repeat("9", 300) + "*1": {"wrong_login goodbye", "pin_wrong"},
	} {
		h := &house{}
		out, heard := oneGo(t, h, argument, nil)
		says(t, heard, c.heard)
		if out.Reason != c.reason || len(h.asked) != 1 {
			t.Errorf("%.20s: %+v, asked %d times", argument, out, len(h.asked))
		}
	}
}

func TestH02_InOneGoAsksOnlyWhatIsMissing(t *testing.T) {
	h := &house{}
	out, heard := oneGo(t, h, "101", func(c *call) { c.hears("ask_pin"); c.types("4711#") })
	says(t, heard, "ask_pin logged_in extension digit_1 digit_0 digit_1")
	if !out.Done() {
		t.Errorf("%+v", out)
	}
	out, heard = oneGo(t, &house{}, "", func(c *call) { time.Sleep(2 * time.Second); c.types("101#4711#") })
	says(t, heard, "ask_number… logged_in extension digit_1 digit_0 digit_1")
	if !out.Done() {
		t.Errorf("%+v", out)
	}
	out, heard = oneGo(t, &house{max: true}, "101*4711", func(c *call) { c.hears("maximum_devices", "offer_move"); c.types("1") })
	says(t, heard, "maximum_devices offer_move logged_in extension digit_1 digit_0 digit_1")
	if !out.Done() {
		t.Errorf("%+v", out)
	}
}

func TestH06_InOneGoALinkedDeskRefuses(t *testing.T) {
	for _, argument := range []string{"101*4711", "101", ""} {
		h := &house{here: Here{Linked: true}}
		out, heard := oneGo(t, h, argument, nil)
		says(t, heard, "desk_linked goodbye")
		if out.Reason != "hotdesking_off" || out.Cause != 403 || len(h.asked) != 1 {
			t.Errorf("%q: %+v, asked %d times", argument, out, len(h.asked))
		}
	}
}

func TestH02_HangingUpLeavesNothing(t *testing.T) {
	for name, after := range map[string]time.Duration{"at once": 0, "in the question": time.Second, "after it": 12 * time.Second} {
		h := &house{}
		out, _ := walk(t, "de", "off", login(h, "de"), func(c *call) {
			time.Sleep(after)
			c.phone.Press("10")
			time.Sleep(time.Second)
			c.session.Close()
		})
		if out.Reason != "hung_up" || out.Done() || len(h.asked) != 0 {
			t.Errorf("%s: %+v, asked %d times", name, out, len(h.asked))
		}
	}
	h := &house{}
	out, _ := walk(t, "de", "off", func(ctx context.Context, s Session) Outcome {
		ctx, cancel := context.WithCancel(ctx)
		time.AfterFunc(3*time.Second, cancel)
		return Login(ctx, s, h, "de")
	}, nil)
	if out.Reason != "hung_up" {
		t.Errorf("%+v", out)
	}
}

// Who hangs up while a PIN is judged must not escape the count of D20.
func TestD20_HangingUpDoesNotUndoATry(t *testing.T) {
	h := &house{slowness: 2 * time.Second}
	out, _ := walk(t, "de", "off", login(h, "de"), func(c *call) {
		c.types("101#1234#")
		time.Sleep(time.Second)
		c.session.Close()
	})
	if h.cut || h.wrong != 1 || out.Reason != "hung_up" {
		t.Errorf("cut %v, %d wrong, %+v", h.cut, h.wrong, out)
	}
}

func TestH02_WithoutMediaNothingIsChanged(t *testing.T) {
	h := &house{}
	out, _ := walk(t, "de", "off", login(h, "de"), func(c *call) { c.phone.Mute(true) })
	if out.Reason != "no_media" || out.Cause != 408 || len(h.asked) != 0 {
		t.Errorf("%+v", out)
	}
}

func TestH02_NobodyTalksForEver(t *testing.T) {
	h := &house{}
	var took time.Duration
	out, heard := walk(t, "de", "off", login(h, "de"), func(c *call) {
		start := time.Now()
		for len(c.outcome) == 0 {
			c.types("1*")
		}
		took = time.Since(start)
	})
	if out.Reason != "silent" || took < longest || took > longest+20*time.Second || len(h.asked) != 0 {
		t.Errorf("after %v: %+v", took, out)
	}
	if n := len(heard); n < 2 || heard[n-1] != "goodbye" {
		t.Errorf("heard %q", heard)
	}
}

// speaker is a program that answers like espeak-ng, with a recording of ours.
func speaker(t *testing.T, script string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "speaker")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestH02_TheNameIsSaidWhereItCanBe(t *testing.T) {
	// The name is a recording with a header for 8,000 Hz; what the program was asked for is kept.
	name := voice.Say("nl", voice.OtherIsFixed)[0].Samples()[:16000]
	dir := t.TempDir()
	var wav strings.Builder
	wav.WriteString("RIFF\xff\xff\xff\xffWAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x80\x3e\x00\x00\x02\x00\x10\x00data\xff\xff\xff\x7f")
	for _, x := range name {
		wav.WriteString(string([]byte{byte(x), byte(x >> 8)}))
	}
	if err := os.WriteFile(filepath.Join(dir, "name.wav"), []byte(wav.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	samples, err := voice.Import([]byte(wav.String()))
	if err != nil {
		t.Fatal(err)
	}
	program := speaker(t, fmt.Sprintf("echo \"$@\" > %[1]s/args; cat > %[1]s/text; cat %[1]s/name.wav\n", dir))
	out, heard := walk(t, "de", program, login(&house{}, "de"), func(c *call) {
		c.more = map[string]voice.Clip{"the name": voice.Record(samples)}
		time.Sleep(2 * time.Second)
		c.types("101#4711#")
	})
	says(t, heard, "ask_number… logged_in the name")
	args, _ := os.ReadFile(filepath.Join(dir, "args"))
	text, _ := os.ReadFile(filepath.Join(dir, "text"))
	if !out.Done() || string(text) != "Erika Weber\n" || strings.Contains(string(args), "Erika") || !strings.Contains(string(args), "-v de") {
		t.Errorf("%q was given to the program with %q, %+v", text, args, out)
	}
	for what, script := range map[string]string{"fails": "exit 1", "says nothing": "exit 0", "never stops": "exec cat /dev/zero"} {
		_, heard := walk(t, "de", speaker(t, script), login(&house{}, "de"), func(c *call) {
			time.Sleep(2 * time.Second)
			c.types("101#4711#")
		})
		if got := strings.Join(heard, " "); got != "ask_number… logged_in extension digit_1 digit_0 digit_1" {
			t.Errorf("a program that %s: heard %q", what, got)
		}
	}
}

func TestReasonsAreSafeInAHeader(t *testing.T) {
	o := Outcome{Cause: 200, Text: "Logged in: 101 \"Eve\"\\ \r\nVia: x"}
	if got := o.ReasonHeader(); got != `SIP;cause=200;text="Logged in: 101 \"Eve\"\\ Via: x"` {
		t.Error(got)
	}
	for reason, e := range endings {
		if e.text == "" || e.cause == 0 || len(e.speech) == 0 && !slices.Contains([]string{"hung_up", "no_media"}, reason) {
			t.Errorf("%s: %+v", reason, e)
		}
	}
}

// Nothing that holds a PIN shows it.
func TestX01_AttemptsDoNotShowThePIN(t *testing.T) {
	x := Decide(t.Context(), &house{refuse: errors.New("no")}, "101*4711")
	for _, v := range []any{x.a, *x, Attempt{PIN: "4711", NewPIN: "4711"}, telephony.Secret("4711")} {
		if s := fmt.Sprintf("%v %+v %#v", v, v, v); strings.Contains(s, "4711") {
			t.Errorf("shown: %s", s)
		}
	}
}
