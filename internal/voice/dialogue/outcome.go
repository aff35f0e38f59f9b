package dialogue

import (
	"errors"
	"fmt"
	"strings"

	"tischlein/internal/telephony"
	"tischlein/internal/voice"
)

// Outcome is how a conversation ended.
type Outcome struct {
	// Reason is the machine word: logged_in, logged_out, the reason of the refusal,
	// or cancelled, silent, hung_up, no_media, unavailable.
	Reason string
	Cause  int             // SIP status that says the same, 200 when something was done
	Text   string          // English and stable, for SIP and the log
	Local  string          // what was said, in its language
	Party  telephony.Party // who was logged in
	Err    error           // what was behind it, for the log
}

// Done reports whether somebody was logged in or out.
func (o Outcome) Done() bool { return o.Cause == 200 }

// ReasonHeader is the value of a Reason header (RFC 3326) for BYE or a refusal.
func (o Outcome) ReasonHeader() string {
	clean := strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, o.Text)
	return fmt.Sprintf(`SIP;cause=%d;text="%s"`, o.Cause, strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(clean))
}

// ending is what a reason is in SIP and in speech.
type ending struct {
	cause  int
	text   string
	speech []voice.Prompt
}

var endings = map[string]ending{
	"logged_in":               {200, "Logged in", []voice.Prompt{voice.LoggedIn}},
	"logged_out":              {200, "Logged out", []voice.Prompt{voice.LoggedOut}},
	"logged_out_here":         {200, "Logged out here, still logged in at the other device", []voice.Prompt{voice.LoggedOutHere}},
	"logged_out_everywhere":   {200, "Logged out at both devices", []voice.Prompt{voice.LoggedOutBoth}},
	"logged_out_but_linked":   {200, "Logged out here; the other device is linked by an administrator", []voice.Prompt{voice.OtherIsFixed}},
	"pin_wrong":               {403, "Wrong number or PIN", []voice.Prompt{voice.WrongLogin}},
	"pin_locked":              {403, "Logging in is locked after too many wrong PINs", []voice.Prompt{voice.Locked}},
	"pin_malformed":           {403, "The new PIN must have 4 to 8 digits", []voice.Prompt{voice.PINMalformed}},
	"pin_weak":                {403, "The new PIN is too easy to guess", []voice.Prompt{voice.PINWeak}},
	"pins_differ":             {403, "The new PIN was not repeated alike", []voice.Prompt{voice.PINsDiffer}},
	"hotdesking_off":          {403, "This device is linked by an administrator", []voice.Prompt{voice.DeskLinked}},
	"linked_by_administrator": {403, "This device is linked by an administrator", []voice.Prompt{voice.DeskLinked}},
	"fixed_by_administrator":  {403, "The extension is linked with another device by an administrator", []voice.Prompt{voice.FixedElsewhere}},
	"maximum_devices":         {403, "Already at the maximum number of devices", []voice.Prompt{voice.MaximumDevices}},
	"desk_taken":              {403, "Someone else is logged in here", []voice.Prompt{voice.DeskTaken}},
	"not_logged_in":           {403, "Nobody is logged in here", []voice.Prompt{voice.NobodyHere}},
	"not_here":                {403, "Logging in is not possible here", []voice.Prompt{voice.NotHere}},
	"cancelled":               {487, "Cancelled by the caller, nothing changed", []voice.Prompt{voice.Nothing}},
	"silent":                  {408, "No input, nothing changed", []voice.Prompt{voice.Nothing}},
	"hung_up":                 {487, "The caller hung up", nil},
	"no_media":                {408, "No media arrived", nil},
	"unavailable":             {503, "Not possible now, try again later", []voice.Prompt{voice.Later}},
}

// outcome is the ending of that name, in a language.
func outcome(reason, language string) Outcome {
	e := endings[reason]
	return Outcome{Reason: reason, Cause: e.cause, Text: e.text, Local: voice.TextOf(language, e.speech...)}
}

// refusal is the outcome of an error of Desk.
func refusal(err error, language string) Outcome {
	reason := telephony.ReasonOf(err)
	word := reason
	var e *telephony.Error
	switch {
	case !errors.As(err, &e), e.Code == telephony.TooMany, e.Code == telephony.Unavailable, e.Code == telephony.Internal:
		word = "unavailable"
	case endings[reason].cause != 403:
		word = "not_here" // no device, a lost one, a client: the caller cannot help it
	}
	o := outcome(word, language)
	o.Err = err
	if reason != "" {
		o.Reason = reason
	}
	return o
}
