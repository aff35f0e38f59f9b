package e2e_test

import (
	"slices"
	"strings"
	"testing"

	"tischlein/internal/phonesim"
	"tischlein/internal/telephony"
)

// unchanged fails the test if anybody is logged in at the desk.
func (d *desk) unchanged() {
	d.t.Helper()
	if h := d.here(); h != "" || d.audited("login", "done", "") != 0 {
		d.t.Errorf("%q is logged in, %d logins are in the log", h, d.audited("login", "done", ""))
	}
}

// noted waits until the log has it once that a call was refused.
func (i *installation) noted(reason string) {
	i.t.Helper()
	eventually(i, reason+" is not in the log", func() bool { return i.audited("call", "refused", reason) == 1 })
}

func TestH02_WrongNumberAndWrongPINSoundAlikeUntilItIsLocked(t *testing.T) {
	t.Parallel()
	i := office(t)
	i.colleague("101", "Ada Wirt", false)
	d, b := i.baresip("Empfang", "udp")
	wrongPIN := dials(i, b, "901*101*1357")
	wrongNumber := dials(i, b, "901*999*1357")
	i.says(wrongPIN, "wrong_login", "goodbye")
	i.says(wrongNumber, "wrong_login", "goodbye")
	if a, b := i.spoken(wrongPIN), i.spoken(wrongNumber); !slices.Equal(a, b) {
		t.Errorf("a wrong PIN sounds %q, a wrong number %q", a, b)
	}
	i.said(b, `403;text="Wrong number or PIN"`, 2)
	dials(i, b, "901*101*1357")
	dials(i, b, "901*101*1357")
	i.says(dials(i, b, "901*101*"+pin), "locked", "goodbye") // the right one no longer helps (D20)
	d.unchanged()
	for reason, want := range map[string]int{"pin_wrong": 2, "number_unknown": 1, "pin_locked": 2} { // the third wrong one locks
		if n := i.audited("login", "refused", reason); n != want {
			t.Errorf("%s is in the log %d times: %q", reason, n, i.log())
		}
	}
	if log := shared.log.since(0); strings.Contains(log, "*1357") || strings.Contains(log, "1357") {
		t.Error("what was typed is in the log")
	}
}

func TestH02_WhatIsNoCodeIsRefusedInWords(t *testing.T) {
	t.Parallel()
	i := office(t)
	i.colleague("101", "Ada Wirt", false)
	d, p := i.place("Empfang", "tcp", phonesim.Engaged)
	for dialled, want := range map[string]int{
		"*77": 404, "901*101*" + pin + "*9": 0, "hugo": 400, strings.Repeat("1", 80): 400, "101": 403, "+49301234567": 403,
	} {
		c := i.dials(p, dialled)
		s := i.becomes(c, phonesim.Ended)
		if want != 0 && s.Status != want {
			t.Errorf("%q is answered %+v, want %d", dialled, s, want)
		}
		if s.Status == 500 || s.Status == 0 {
			t.Errorf("%q is answered %+v", dialled, s)
		}
	}
	i.change(func(c *telephony.Customer) { c.OneGoCode = false })
	if s := i.fails(i.dials(p, "901*101*"+pin), 403); strings.Contains(s.Phrase+s.Warning, pin) {
		t.Errorf("the PIN is said again: %+v", s)
	}
	d.unchanged()
	i.noted("one_go_off")
	i.noted("dial_code_unknown")
}

func TestH02_HangingUpInTheMiddleChangesNothing(t *testing.T) {
	t.Parallel()
	i := office(t)
	i.colleague("101", "Ada Wirt", false)
	d, b := i.baresip("Empfang", "tls")
	do(i, b, "dial", "901")
	event(i, b, "CALL_ESTABLISHED")
	do(i, b, "sndcode", "101#83")
	eventually(i, "nothing was typed", func() bool { return strings.Contains(b.Output(), "send DTMF digit: '3'") })
	do(i, b, "hangup", "")
	event(i, b, "CALL_CLOSED")
	d.unchanged()
	i.noted("hung_up")
	i.says(dials(i, b, "901*101*"+pin), "logged_in") // and the next call is a new one
	d.has("101")
}

func TestH02_ACallWithoutAnySoundEnds(t *testing.T) {
	t.Parallel()
	i := office(t)
	d, p := i.place("Empfang", "udp", phonesim.Engaged)
	c, err := p.Dial(phonesim.Dialling{Number: "901", Silent: true})
	i.ok(err)
	i.becomes(c, phonesim.Up)
	ctx := i.within()
	_ = c.Wait(ctx, func(s phonesim.CallState) bool { return s.Phase == phonesim.Ended })
	s := i.becomes(c, phonesim.Ended) // 20 seconds are given
	if s.Reason != `SIP;cause=408;text="No media arrived"` {
		t.Errorf("ended with %q", s.Reason)
	}
	d.unchanged()
	i.noted("no_media")
}

func TestH02_ACodecThatIsNotSpokenIs488AndLogsNobodyIn(t *testing.T) {
	t.Parallel()
	i := office(t)
	i.colleague("101", "Ada Wirt", false)
	d, p := i.place("Empfang", "tls", phonesim.Engaged)
	for _, codec := range []string{"G722", "opus"} {
		c, err := p.Dial(phonesim.Dialling{Number: "901*101*" + pin, Codecs: []string{codec}})
		i.ok(err)
		i.fails(c, 488)
	}
	d.unchanged()
	i.noted("no_codec")
}

// A phone that sends each key by two ways at once has pressed it once.
func TestH02_KeysThatComeTwiceCountOnce(t *testing.T) {
	t.Parallel()
	i := office(t)
	i.colleague("101", "Ada Wirt", false)
	d, p := i.place("Empfang", "udp", phonesim.Engaged)
	c := i.dials(p, "901")
	i.becomes(c, phonesim.Up)
	for _, k := range []byte("101#" + pin + "#") {
		i.ok(c.Press(string(k)))
		i.ok(c.Info(k))
	}
	i.becomes(c, phonesim.Ended)
	i.says(c.Heard(), "logged_in")
	d.has("101")
}

// A linked desk says so, whatever is dialled, and keeps who it has (H06, S03, S04).
func TestH06_TheCodesOfALinkedDeskRefuse(t *testing.T) {
	t.Parallel()
	i := office(t)
	ada := i.colleague("101", "Ada Wirt", false)
	i.colleague("102", "Erika Weber", false)
	d, b := i.baresip("Empfang", "tcp")
	d.link(ada)
	for _, dialled := range []string{"901*102*" + pin, "901", "902"} {
		i.says(dials(i, b, dialled), "desk_linked", "goodbye")
	}
	d.has("101")
	i.said(b, `403;text="This device is linked by an administrator"`, 3)
	if i.audited("login", "refused", "hotdesking_off") != 2 || i.audited("logout", "refused", "linked_by_administrator") != 1 {
		t.Error("it is not in the log")
	}
}
