package dialogue

import (
	"context"
	"slices"
	"testing"

	"tischlein/internal/telephony"
)

func logout(h *house, language string) func(context.Context, Session) Outcome {
	return func(ctx context.Context, s Session) Outcome { return Logout(ctx, s, h, language) }
}

func TestH02_LogOutByVoice(t *testing.T) {
	h := &house{here: Here{Party: erika}}
	out, heard := walk(t, "de", "off", logout(h, "de"), nil)
	says(t, heard, "logged_out")
	if !out.Done() || out.Reason != "logged_out" || h.here.Party.Number != "" || !slices.Equal(h.outs, []bool{false}) {
		t.Errorf("%+v", out)
	}
	out, heard = walk(t, "de", "off", logout(h, "de"), nil)
	says(t, heard, "nobody_here goodbye")
	if out.Done() || out.Reason != "not_logged_in" {
		t.Errorf("%+v", out)
	}
}

func TestH03_LoggingOutWithTwoDevicesAsksHereOrBoth(t *testing.T) {
	for _, c := range []struct {
		keys       string
		linked     bool // D10
		heard      string
		reason     string
		everywhere []bool
	}{
		{"1", false, "here_or_both logged_out_here", "logged_out_here", []bool{false}},
		{"2", false, "here_or_both logged_out_both", "logged_out_everywhere", []bool{true}},
		{"2", true, "here_or_both other_is_fixed", "logged_out_but_linked", []bool{true}},
		{"1", true, "here_or_both logged_out_here", "logged_out_here", []bool{false}},
		{"7*#", false, "here_or_both here_or_both here_or_both nothing_changed goodbye", "cancelled", nil},
		{"", false, "here_or_both here_or_both nothing_changed goodbye", "silent", nil},
	} {
		h := &house{here: Here{Party: erika, Elsewhere: []Elsewhere{{Name: "lobby", Linked: c.linked}}}}
		out, heard := walk(t, "nl", "off", logout(h, "nl"), func(l *call) {
			for i, k := range c.keys {
				l.hears([]string{"here_or_both", "here_or_both", "here_or_both"}[:i+1]...)
				l.types(string(k))
			}
		})
		says(t, heard, c.heard)
		if out.Reason != c.reason || !slices.Equal(h.outs, c.everywhere) || (h.here.Party == telephony.Party{}) != out.Done() {
			t.Errorf("%q, linked %v: %+v, %v", c.keys, c.linked, out, h.outs)
		}
	}
}
