package view

// Progress is how far the newest change at a channel has come on its way to the
// phone (P10): the stations, and below them how it ended or what is missing first.
type Progress struct {
	ID       string    // of the element, one per channel
	Live     string    // the events that move it
	Source   string    // answers it anew
	Stations []Station // none: there is nothing to follow yet
	Moving   bool      // something is under way: it is also read anew by the clock
	Note     *ProgressNote
}

// ProgressNote says how it ended, or what is missing, with what mends it. Words
// are worded already.
type ProgressNote struct {
	Tone     Tone
	Title    string
	Text     string // "" = the title says it all
	Remedies []Remedy
}

// Remedy is a button that mends something: a form that is sent to Action with the
// Hidden values, or a link to Href.
type Remedy struct {
	Label, Icon  string
	Action, Href string
	Primary      bool
	Hidden       []Choice // Value is the name, Label the content
}
