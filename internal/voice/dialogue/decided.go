package dialogue

import (
	"context"
	"fmt"
	"io"
	"strings"

	"tischlein/internal/telephony"
)

// Decided is a log-in in one go (H02): decided before the call is answered, then
// spoken.
type Decided struct {
	d     Desk
	a     Attempt
	party telephony.Party
	err   error
	open  bool // no PIN was dialled: nothing has been asked yet
}

// Format keeps the PIN out of whatever prints it (X01): fmt cannot ask a Secret
// that stands in an unexported field.
func (Decided) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "a log-in in one go") }

// Decide logs in with what was dialled behind the code: `101*4711`, with or
// without a # at the end. With the number alone it decides nothing, and Speak asks
// for the PIN.
func Decide(ctx context.Context, d Desk, argument string) *Decided {
	number, pin, both := strings.Cut(strings.TrimSuffix(argument, "#"), "*")
	x := &Decided{d: d, a: Attempt{Number: number, PIN: telephony.Secret(pin)}}
	if x.open = !both || pin == ""; !x.open {
		x.party, x.err = attempt(ctx, d, x.a)
	}
	return x
}

// Speak says what was decided, in a call that has been answered since. It asks
// where the caller must: to take over, for a new PIN, for a PIN that was not dialled.
func (x *Decided) Speak(ctx context.Context, s Session, language string) Outcome {
	if x.open && x.a.Number == "" {
		return Login(ctx, s, x.d, language)
	}
	t, cancel := begin(ctx, s, x.d, language)
	defer cancel()
	if !x.open {
		return t.settle(x.a, x.party, x.err)
	}
	here, err := t.who()
	if err != nil {
		return t.finish(refusal(err, language))
	}
	if here.Linked {
		return t.finish(t.linked(attempt(ctx, x.d, x.a)))
	}
	return t.login(x.a.Number)
}
