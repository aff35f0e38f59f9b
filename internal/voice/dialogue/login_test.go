package dialogue

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"tischlein/internal/telephony"
	"tischlein/internal/voice"
)

func login(h *house, language string) func(context.Context, Session) Outcome {
	return func(ctx context.Context, s Session) Outcome { return Login(ctx, s, h, language) }
}

func TestH02_LogInByVoice(t *testing.T) {
	for _, language := range voice.Languages {
		h := &house{}
		out, heard := walk(t, language, "off", login(h, language), func(c *call) {
			c.hears("ask_number")
			c.types("101#")
			c.hears("ask_pin")
			c.types("4711#")
		})
		says(t, heard, "ask_number ask_pin logged_in extension digit_1 digit_0 digit_1")
		if !out.Done() || out.Reason != "logged_in" || out.Party != erika || out.Text != "Logged in: 101 Erika Weber" {
			t.Errorf("%s: %+v", language, out)
		}
		if want := voice.TextOf(language, voice.LoggedIn); out.Local != want {
			t.Errorf("%s: %q, want %q", language, out.Local, want)
		}
		if got := out.ReasonHeader(); got != `SIP;cause=200;text="Logged in: 101 Erika Weber"` {
			t.Error(got)
		}
		if !h.deadline {
			t.Error("a decision may take for ever")
		}
	}
}

func TestH02_BargeInAndTypeAhead(t *testing.T) {
	out, heard := walk(t, "de", "off", login(&house{}, "de"), func(c *call) {
		time.Sleep(2 * time.Second)
		c.phone.Press("101#4711#") // faster than anybody speaks
	})
	says(t, heard, "ask_number… logged_in extension digit_1 digit_0 digit_1")
	if !out.Done() {
		t.Errorf("%+v", out)
	}
}

func TestH02_StarBeginsAnewAndAPauseEnds(t *testing.T) {
	h := &house{}
	out, heard := walk(t, "en", "off", login(h, "en"), func(c *call) {
		c.hears("ask_number")
		c.types("999*101") // no #
		c.hears("ask_pin")
		c.types("AB4711D#") // keys that mean nothing
	})
	says(t, heard, "ask_number ask_pin logged_in extension digit_1 digit_0 digit_1")
	if !out.Done() || len(h.asked) != 1 {
		t.Errorf("%+v, asked %d times", out, len(h.asked))
	}
}

// INFO and events for the same keys, as phones send that were told to use both.
func TestH02_DigitsSentTwiceCountOnce(t *testing.T) {
	h := &house{}
	out, _ := walk(t, "de", "off", login(h, "de"), func(c *call) {
		for _, group := range []string{"101#", "4711#"} {
			time.Sleep(8 * time.Second)
			for _, d := range group {
				c.session.Digit(byte(d))
				c.types(string(d))
			}
		}
	})
	if !out.Done() || len(h.asked) != 1 {
		t.Errorf("%+v, asked %d times", out, len(h.asked))
	}
}

func TestH02_SilenceRepeatsOnceThenEnds(t *testing.T) {
	h := &house{}
	var took time.Duration
	out, heard := walk(t, "de", "off", login(h, "de"), func(c *call) {
		start := time.Now()
		out := <-c.outcome
		took = time.Since(start)
		c.outcome <- out
	})
	says(t, heard, "ask_number ask_number nothing_changed goodbye")
	if out.Reason != "silent" || out.Cause != 408 || len(h.asked) != 0 {
		t.Errorf("%+v", out)
	}
	var said time.Duration
	for _, c := range voice.Say("de", voice.AskNumber, voice.AskNumber, voice.Nothing, voice.Goodbye) {
		said += c.Duration()
	}
	if pauses := took - said; pauses < 20*time.Second || pauses > 21*time.Second {
		t.Errorf("%v of silence were waited for", pauses)
	}
}

func TestH02_WrongNumberAndWrongPINSoundAlike(t *testing.T) {
	h := &house{}
	out, heard := walk(t, "nl", "off", login(h, "nl"), func(c *call) {
		for _, try := range [][2]string{{"199#", "4711#"}, {"101#", "1234#"}, {strings.Repeat("9", 40) + "#", "4711#"}} {
			c.hears("ask_number")
			c.types(try[0])
			c.hears("ask_pin")
			c.types(try[1])
		}
	})
	says(t, heard, "ask_number ask_pin wrong_login try_again ask_number ask_pin wrong_login try_again ask_number ask_pin wrong_login goodbye")
	if out.Reason != "pin_wrong" || out.Cause != 403 || out.Party.Number != "" || len(h.asked) != 3 || len(h.asked[2].Number) != maxLength {
		t.Errorf("%+v, asked %d times", out, len(h.asked))
	}
	if out.ReasonHeader() != `SIP;cause=403;text="Wrong number or PIN"` {
		t.Error(out.ReasonHeader())
	}
}

func TestH02_RefusalsAreSpokenAndSignalled(t *testing.T) {
	for reason, c := range map[string]struct {
		err    error
		heard  string
		reason string
		cause  int
	}{
		"pin_locked":        {telephony.Forbiddenf("pin_locked", ""), "locked goodbye", "pin_locked", 403},
		"D09":               {telephony.Forbiddenf("fixed_by_administrator", ""), "fixed_elsewhere goodbye", "fixed_by_administrator", 403},
		"no device":         {telephony.Conflictf("no_device", ""), "not_here goodbye", "no_device", 403},
		"client":            {telephony.Conflictf("channel_is_client", ""), "not_here goodbye", "channel_is_client", 403},
		"a reason of later": {telephony.Forbiddenf("moon_phase", ""), "not_here goodbye", "moon_phase", 403},
		"rush":              {&telephony.Error{Code: telephony.Unavailable, Reason: "busy"}, "later goodbye", "busy", 503},
		"our fault":         {errors.New("disk full"), "later goodbye", "unavailable", 503},
	} {
		h := &house{refuse: c.err}
		out, heard := walk(t, "de", "off", login(h, "de"), func(l *call) { time.Sleep(2 * time.Second); l.types("101#4711#") })
		says(t, heard, "ask_number… "+c.heard)
		if out.Reason != c.reason || out.Cause != c.cause || out.Text == "" || out.Local == "" || !errors.Is(out.Err, c.err) {
			t.Errorf("%s: %+v", reason, out)
		}
	}
	h := &house{broken: errors.New("disk full")}
	out, heard := walk(t, "en", "off", login(h, "en"), nil)
	says(t, heard, "later goodbye")
	if out.Cause != 503 || len(h.asked) != 0 {
		t.Errorf("%+v", out)
	}
}

func TestH06_LinkedDeskRefusesBeforeAnybodyTypes(t *testing.T) {
	h := &house{here: Here{Linked: true, Party: telephony.Party{Number: "103"}}}
	out, heard := walk(t, "de", "off", login(h, "de"), nil)
	says(t, heard, "desk_linked goodbye")
	if out.Reason != "hotdesking_off" || out.Cause != 403 || out.Text != "This device is linked by an administrator" {
		t.Errorf("%+v", out)
	}
	if len(h.asked) != 1 || h.asked[0] != (Attempt{}) {
		t.Errorf("the refusal was not put to the desk, which writes it down: %d questions", len(h.asked))
	}
	h = &house{here: Here{Linked: true, Party: telephony.Party{Number: "103"}, Elsewhere: []Elsewhere{{Name: "lobby"}}}}
	out, heard = walk(t, "de", "off", logout(h, "de"), nil)
	says(t, heard, "desk_linked goodbye")
	if out.Reason != "linked_by_administrator" || out.Cause != 403 || !slices.Equal(h.outs, []bool{false}) || h.here.Party.Number != "103" {
		t.Errorf("%+v", out)
	}
}

func TestH03_AtTheMaximumOneMayLogInHereAndOffThere(t *testing.T) {
	for key, want := range map[string]struct {
		heard  string
		reason string
	}{
		"1": {"maximum_devices offer_move logged_in extension digit_1 digit_0 digit_1", "logged_in"},
		"2": {"maximum_devices offer_move nothing_changed goodbye", "cancelled"},
		"#": {"maximum_devices offer_move nothing_changed goodbye", "cancelled"},
		"":  {"maximum_devices offer_move maximum_devices offer_move nothing_changed goodbye", "silent"},
	} {
		h := &house{max: true}
		out, heard := walk(t, "de", "off", login(h, "de"), func(c *call) {
			time.Sleep(2 * time.Second)
			c.types("101#4711#1") // the 1 is too early: nothing was asked yet
			c.hears("maximum_devices", "offer_move")
			c.types(key)
		})
		says(t, heard, "ask_number… "+want.heard)
		if out.Reason != want.reason || h.asked[0].TakeOver || (len(h.asked) == 2) != (key == "1") {
			t.Errorf("%q: %+v, asked %d times", key, out, len(h.asked))
		}
	}
}

func TestH03_ATakenDeskIsTakenOverAfterAYes(t *testing.T) {
	for max, question := range map[bool]string{false: "desk_taken offer_replace", true: "maximum_devices desk_taken offer_replace"} {
		h := &house{here: Here{Party: telephony.Party{Number: "103", Name: "Otto"}}, max: max}
		out, heard := walk(t, "en", "off", login(h, "en"), func(c *call) {
			time.Sleep(2 * time.Second)
			c.types("101#4711#")
			c.hears(strings.Fields(question)...)
			c.types("1")
		})
		says(t, heard, "ask_number… "+question+" logged_in extension digit_1 digit_0 digit_1")
		if !out.Done() || !h.asked[1].TakeOver || h.asked[1].Over != "103" {
			t.Errorf("%+v", out)
		}
	}
}

func TestD20_ThePINMustBeChangedFirst(t *testing.T) {
	h := &house{max: true} // and a question after it
	out, heard := walk(t, "de", "off", login(h, "de"), func(c *call) {
		time.Sleep(2 * time.Second)
		c.types("102#0000#")
		c.hears("pin_must_change", "ask_new_pin")
		c.types("8261#")
		c.hears("repeat_new_pin")
		c.types("8262#")
		c.hears("pins_differ", "ask_new_pin")
		c.types("1111#")
		c.hears("repeat_new_pin")
		c.types("1111#")
		c.hears("pin_weak", "ask_new_pin")
		c.types("8261#")
		c.hears("repeat_new_pin")
		c.types("8261#")
		c.hears("maximum_devices", "offer_move")
		c.types("1")
	})
	says(t, heard, "ask_number… pin_must_change ask_new_pin repeat_new_pin pins_differ ask_new_pin repeat_new_pin pin_weak ask_new_pin repeat_new_pin"+
		" maximum_devices offer_move pin_changed logged_in extension digit_1 digit_0 digit_2")
	if last := h.asked[len(h.asked)-1]; !out.Done() || last.NewPIN != "8261" || !last.TakeOver {
		t.Errorf("%+v", out)
	}
	h = &house{}
	out, heard = walk(t, "de", "off", login(h, "de"), func(c *call) {
		time.Sleep(2 * time.Second)
		c.types("102#0000#")
		for range 3 {
			c.hears("ask_new_pin")
			c.types("12#")
			c.hears("repeat_new_pin")
			c.types("12#")
		}
	})
	says(t, heard, "ask_number… pin_must_change ask_new_pin repeat_new_pin pin_malformed ask_new_pin repeat_new_pin pin_malformed ask_new_pin repeat_new_pin pin_malformed goodbye")
	if out.Reason != "pin_malformed" || out.Cause != 403 {
		t.Errorf("%+v", out)
	}
}
