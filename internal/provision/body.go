package provision

// Body is the outline of a model, for drawing it. It decides nothing else:
// where a maker's data sheet is not at hand, a likeness is good enough.
type Body struct {
	Shape   Shape
	Display Display
	// Left and Right are the programmable keys beside the display, whose labels
	// stand on it; on a touch display they are fields.
	Left, Right int
	// PageKey: when the model has more keys than fit, the last one in sight
	// turns the page. Else there is a key of its own for that.
	PageKey bool
	// Column are the programmable keys beside the keypad, labelled by
	// themselves, in columns of at most ten.
	Column int
	Soft   []SoftKey // beneath the display, left to right
}

// Shape is a family of outlines.
type Shape string

// The shapes.
const (
	ShapeDesk       Shape = "desk"
	ShapeDECT       Shape = "dect"       // a base with a handset per used line
	ShapeHandset    Shape = "handset"    // a cordless phone without a base of its own
	ShapeConference Shape = "conference" // stands in the middle of a table
	ShapeSoftphone  Shape = "softphone"  // a window
)

// Display is the main display.
type Display struct {
	Width, Height int // pixels
	Tenths        int // diagonal, tenths of an inch
	Colour, Touch bool
}

// SoftKey is a key beneath the display. Symbol says what it does; a phone that
// labels it in words of ours has a Label.
type SoftKey struct {
	Symbol SoftSymbol
	Label  string
}

// SoftSymbol is what a soft key does on the idle phone.
type SoftSymbol string

// The symbols.
const (
	SoftNone     SoftSymbol = ""
	SoftHistory  SoftSymbol = "history"
	SoftContacts SoftSymbol = "contacts"
	SoftQuiet    SoftSymbol = "quiet" // do not disturb
	SoftMenu     SoftSymbol = "menu"
)

// PlainBody is a desk phone of no particular make.
func PlainBody(Model) Body {
	return Body{
		Shape:   ShapeDesk,
		Display: Display{Width: 320, Height: 160, Tenths: 37},
		Soft:    make([]SoftKey, 4),
	}
}
