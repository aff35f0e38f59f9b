package dialogue

import (
	"context"
	"errors"
	"time"

	"tischlein/internal/telephony"
	"tischlein/internal/voice"
)

// How long a caller may think. All of it is measured from the end of what was said.
const (
	silence  = 10 * time.Second // before a question is repeated; after the second time the call ends
	between  = 5 * time.Second  // after a digit, in place of #
	longest  = 5 * time.Minute  // of a whole conversation
	deciding = 10 * time.Second // for one answer of Desk
	unheard  = time.Second      // of a question that is to be confirmed: a key in it was meant for something else

	tries     = 3
	maxLength = 32 // digits of an entry; more are thrown away, and it is wrong anyway
)

var (
	errGone   = errors.New("dialogue: the caller is gone")
	errSilent = errors.New("dialogue: the caller says nothing")
)

// talk is one conversation.
type talk struct {
	ctx      context.Context
	s        Session
	d        Desk
	language string
}

func begin(ctx context.Context, s Session, d Desk, language string) (*talk, context.CancelFunc) {
	ctx, cancel := context.WithTimeout(ctx, longest)
	return &talk{ctx: ctx, s: s, d: d, language: language}, cancel
}

// decide is the context of a decision. Hanging up does not undo what the caller
// has asked for, and it must not keep a wrong PIN from being counted (D20).
func decide(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), deciding)
}

func (t *talk) who() (Here, error) {
	ctx, cancel := decide(t.ctx)
	defer cancel()
	return t.d.Who(ctx)
}

func (t *talk) clips(prompts ...voice.Prompt) []voice.Clip { return voice.Say(t.language, prompts...) }

// say plays to the end.
func (t *talk) say(clips ...voice.Clip) error {
	played := t.s.Play(clips...)
	select {
	case <-played:
	case <-t.s.Done():
	case <-t.ctx.Done():
	}
	return t.left()
}

// left tells why the conversation cannot go on, nil if it can.
func (t *talk) left() error {
	select {
	case <-t.s.Done():
		return errGone
	default:
	}
	if errors.Is(t.ctx.Err(), context.DeadlineExceeded) {
		return errSilent
	}
	if t.ctx.Err() != nil {
		return errGone
	}
	return nil
}

// entry asks for digits that end with #; * begins anew. A digit stops the
// question. What was typed before it was asked counts.
func (t *talk) entry(prompts ...voice.Prompt) (string, error) {
	for range 2 {
		e, err := t.hear(t.clips(prompts...))
		if e != "" || err != nil {
			return e, err
		}
	}
	return "", errSilent
}

func (t *talk) hear(question []voice.Clip) (string, error) {
	var typed []byte
	played := t.s.Play(question...)
	wait := time.NewTimer(longest)
	defer wait.Stop()
	for {
		select {
		case <-played:
			played = nil
			wait.Reset(silence)
		case d := <-t.s.Digits():
			if played != nil {
				t.s.Play()
				played = nil
			}
			switch {
			case d == '#':
				return string(typed), t.left()
			case d == '*':
				typed = typed[:0]
			case d >= '0' && d <= '9' && len(typed) < maxLength:
				typed = append(typed, d)
			}
			if wait.Reset(between); len(typed) == 0 {
				wait.Reset(silence)
			}
		case <-wait.C:
			return string(typed), t.left()
		case <-t.s.Done():
			return "", errGone
		case <-t.ctx.Done():
			return "", t.left()
		}
	}
}

// key asks for one key. What was typed before does not count: nobody is to
// confirm what they have not heard.
func (t *talk) key(prompts ...voice.Prompt) (byte, error) {
	for range 2 {
		t.forget()
		played, asked := t.s.Play(t.clips(prompts...)...), time.Now()
		wait := time.NewTimer(longest)
		for again := false; !again; {
			select {
			case <-played:
				played = nil
				wait.Reset(silence)
			case d := <-t.s.Digits():
				if time.Since(asked) < unheard {
					continue
				}
				wait.Stop()
				t.s.Play()
				return d, t.left()
			case <-wait.C:
				again = true
			case <-t.s.Done():
				wait.Stop()
				return 0, errGone
			case <-t.ctx.Done():
				wait.Stop()
				return 0, t.left()
			}
		}
	}
	return 0, errSilent
}

// forget throws away what was typed ahead.
func (t *talk) forget() {
	for {
		select {
		case <-t.s.Digits():
		default:
			return
		}
	}
}

// stopped is the outcome of a conversation that the caller did not finish.
func (t *talk) stopped(err error) Outcome {
	if errors.Is(err, errSilent) {
		return t.finish(outcome("silent", t.language))
	}
	if errors.Is(t.s.Err(), voice.ErrNoMedia) {
		return outcome("no_media", t.language)
	}
	return outcome("hung_up", t.language)
}

// finish says how it ended, after whatever has to be said first.
func (t *talk) finish(o Outcome, first ...voice.Prompt) Outcome {
	// Who talked too long still hears how it ended.
	t.ctx = context.WithoutCancel(t.ctx)
	word := o.Reason
	if o.Cause == 503 {
		word = "unavailable"
	} else if _, known := endings[word]; !known {
		word = "not_here"
	}
	if err := t.say(append(t.clips(first...), t.clips(endings[word].speech...)...)...); err != nil {
		return o
	}
	last := voice.Pause(200 * time.Millisecond) // a phone plays a little later than it gets
	if !o.Done() {
		_ = t.say(append(t.clips(voice.Goodbye), last)...)
		return o
	}
	_ = t.say(append(t.person(o.Party), last)...)
	return o
}

// person is who was logged in: the name where it could be made while the words
// before it were heard, else the number.
func (t *talk) person(p telephony.Party) []voice.Clip {
	if p.Number == "" {
		return nil
	}
	if name, ok := t.s.Name(t.language, p.Name); ok {
		return []voice.Clip{name}
	}
	return append(t.clips(voice.Extension), voice.SayNumber(t.language, p.Number)...)
}
