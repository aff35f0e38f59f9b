package telephony

// Messages are the voice messages of an extension, which live in a system that is
// not ours: it says how many there are, the phone shows it (C12).
type Messages struct {
	New int // not yet heard
	Old int
}

// mostMessages is more than anybody has, and what fits on every phone's screen.
const mostMessages = 9999

// Check refuses numbers that cannot be meant.
func (m Messages) Check() error {
	if m.New < 0 || m.New > mostMessages {
		return Invalidf("new", "out_of_range", "between 0 and %d", mostMessages)
	}
	if m.Old < 0 || m.Old > mostMessages {
		return Invalidf("old", "out_of_range", "between 0 and %d", mostMessages)
	}
	return nil
}
