package dialogue

import (
	"context"
	"errors"
	"slices"

	"tischlein/internal/telephony"
	"tischlein/internal/voice"
)

// also reports whether a take-over would end a login at another device too.
func also(err error) bool {
	var e *telephony.Error
	return errors.As(err, &e) && e.Detail["devices"] != nil
}

// Logout logs off who is logged in here; at two devices it asks which (H03).
func Logout(ctx context.Context, s Session, d Desk, language string) Outcome {
	t, cancel := begin(ctx, s, d, language)
	defer cancel()
	here, err := t.who()
	if err != nil {
		return t.finish(refusal(err, language))
	}
	everywhere := false
	if here.Party.Number != "" && !here.Linked && len(here.Elsewhere) > 0 {
		if everywhere, err = t.hereOrBoth(); errors.Is(err, errDeclined) {
			return t.finish(outcome("cancelled", language))
		} else if err != nil {
			return t.stopped(err)
		}
	}
	err = t.logout(everywhere)
	switch {
	case here.Linked: // H06, S03
		o := outcome("linked_by_administrator", language)
		o.Err = err
		return t.finish(o)
	case err != nil:
		return t.finish(refusal(err, language))
	case len(here.Elsewhere) == 0:
		return t.finish(outcome("logged_out", language))
	case !everywhere:
		return t.finish(outcome("logged_out_here", language))
	case slices.ContainsFunc(here.Elsewhere, func(e Elsewhere) bool { return e.Linked }): // D10
		return t.finish(outcome("logged_out_but_linked", language))
	}
	return t.finish(outcome("logged_out_everywhere", language))
}

func (t *talk) logout(everywhere bool) error {
	ctx, cancel := decide(t.ctx)
	defer cancel()
	return t.d.Logout(ctx, everywhere)
}

var errDeclined = errors.New("dialogue: neither here nor both")

// hereOrBoth is false for here, true for both.
func (t *talk) hereOrBoth() (both bool, err error) {
	for range tries {
		switch k, err := t.key(voice.HereOrBoth); {
		case err != nil:
			return false, err
		case k == '1' || k == '2':
			return k == '2', nil
		}
	}
	return false, errDeclined
}
