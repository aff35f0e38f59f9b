package dialogue

import (
	"context"
	"strings"

	"tischlein/internal/telephony"
	"tischlein/internal/voice"
)

// Login asks for number and PIN and logs in (H02). It returns when everything has
// been said; the call is then to be ended.
func Login(ctx context.Context, s Session, d Desk, language string) Outcome {
	t, cancel := begin(ctx, s, d, language)
	defer cancel()
	here, err := t.who()
	if err != nil {
		return t.finish(refusal(err, language))
	}
	if here.Linked { // H06: said before anybody types a PIN; asking has it written down
		return t.finish(t.linked(attempt(ctx, d, Attempt{})))
	}
	return t.login("")
}

// attempt is one question to Desk.
func attempt(ctx context.Context, d Desk, a Attempt) (p telephony.Party, err error) {
	ctx, cancel := decide(ctx)
	defer cancel()
	return d.Login(ctx, a)
}

// linked is the refusal of H06, whatever the desk said beside it.
func (t *talk) linked(_ telephony.Party, err error) Outcome {
	o := outcome("hotdesking_off", t.language)
	o.Err = err
	return o
}

// login asks until somebody is logged in or the tries are used up. number is ""
// where it is still to be asked for.
func (t *talk) login(number string) Outcome {
	var lead []voice.Prompt
	for n := 1; ; n++ {
		var err error
		if number == "" {
			if number, err = t.entry(append(lead, voice.AskNumber)...); err != nil {
				return t.stopped(err)
			}
			lead = nil
		}
		pin, err := t.entry(append(lead, voice.AskPIN)...)
		if err != nil {
			return t.stopped(err)
		}
		a := Attempt{Number: number, PIN: telephony.Secret(pin)}
		p, err := attempt(t.ctx, t.d, a)
		if telephony.ReasonOf(err) != "pin_wrong" || n == tries {
			return t.settle(a, p, err)
		}
		t.forget()
		number, lead = "", []voice.Prompt{voice.WrongLogin, voice.TryAgain}
	}
}

// settle goes on from Desk's first answer to the end: it asks what only the
// caller can decide.
func (t *talk) settle(a Attempt, p telephony.Party, err error) Outcome {
	var fresh []voice.Prompt // why a new PIN is asked for
	for n := 0; err != nil; {
		switch reason := telephony.ReasonOf(err); {
		case (reason == "maximum_devices" || reason == "desk_taken") && !a.TakeOver:
			over := telephony.HolderOf(err)
			yes, err := t.confirm(reason, err)
			if err != nil {
				return t.stopped(err)
			}
			if !yes {
				return t.finish(outcome("cancelled", t.language))
			}
			a.TakeOver, a.Over = true, over
		case reason == "pin_must_change" && a.NewPIN == "":
			fresh = []voice.Prompt{voice.PINMustChange}
		case (reason == "pin_weak" || reason == "pin_malformed") && a.NewPIN != "" && n < tries:
			fresh = endings[reason].speech
		default:
			return t.finish(refusal(err, t.language))
		}
		if fresh != nil {
			var stop *Outcome
			if a.NewPIN, stop = t.newPIN(&n, fresh); stop != nil {
				return *stop
			}
			fresh = nil
		}
		p, err = attempt(t.ctx, t.d, a)
	}
	o := outcome("logged_in", t.language)
	o.Party = p
	o.Text = strings.TrimSpace(o.Text + ": " + p.Number + " " + p.Name)
	t.s.Name(t.language, p.Name) // so that it is made while the rest is heard
	if a.NewPIN != "" {
		return t.finish(o, voice.PINChanged)
	}
	return t.finish(o)
}

// confirm asks whether what stands in the way is to end (H03, D02).
func (t *talk) confirm(reason string, err error) (bool, error) {
	question := []voice.Prompt{voice.MaximumDevices, voice.OfferMove}
	if reason == "desk_taken" {
		question = []voice.Prompt{voice.DeskTaken, voice.OfferReplace}
		if also(err) {
			question = []voice.Prompt{voice.MaximumDevices, voice.DeskTaken, voice.OfferReplace}
		}
	}
	k, err := t.key(question...)
	return k == '1', err
}

// newPIN asks for a new PIN twice; n counts the rounds of the whole call.
func (t *talk) newPIN(n *int, why []voice.Prompt) (telephony.Secret, *Outcome) {
	stop := func(o Outcome) (telephony.Secret, *Outcome) { return "", &o }
	for t.forget(); *n < tries; why = []voice.Prompt{voice.PINsDiffer} {
		*n++
		one, err := t.entry(append(why, voice.AskNewPIN)...)
		if err != nil {
			return stop(t.stopped(err))
		}
		two, err := t.entry(voice.RepeatNewPIN)
		if err != nil {
			return stop(t.stopped(err))
		}
		if one == two {
			return telephony.Secret(one), nil
		}
	}
	return stop(t.finish(outcome("pins_differ", t.language)))
}
