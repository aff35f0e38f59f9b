package view

// Effect is one thing that saving would do, already worded.
type Effect struct {
	Tone Tone
	Text string
}

// Effects is what stands beside a choice that is not saved yet: what it will do,
// or why it cannot be. Its element has the id, so that it can be read anew.
type Effects struct {
	ID      string
	List    []Effect
	Refusal string // why it would be refused, already worded
	// Live are the events after which it may be another, Source answers it anew;
	// "" while nothing is chosen.
	Live, Source string
}

// icon is the shape that goes with the tone.
func (e Effect) icon() string {
	if e.Tone == ToneFree {
		return "sign-out"
	}
	return e.Tone.icon()
}
