package telephony

// Key is a programmable key of an extension. It is laid out on whatever phone its
// user sits at (P08).
type Key struct {
	Kind  KeyKind
	Label string // "" = Value
	Value string // KeyWatch: number of the extension that is watched; KeyDial: what is dialled
}

// KeyKind says what a key does.
type KeyKind string

// The kinds of keys. There is none whose service is not built (C12).
const (
	KeyWatch KeyKind = "blf"
	KeyDial  KeyKind = "speed_dial"
	// KeyHotdesk is where the key for logging in or out stands. Without it, that is
	// the key after the line's own.
	KeyHotdesk KeyKind = "hotdesk"
)

// KeyKinds are all kinds, in the order in which they are offered.
var KeyKinds = []KeyKind{KeyWatch, KeyDial, KeyHotdesk}

// Override is one parameter of a vendor's files that an operator has set by hand
// (P08).
type Override struct {
	Name   string
	Value  string
	Secret bool // the value is not to be shown
}

// Firmware is what a device should run (P12).
type Firmware struct {
	Version string // as the vendor writes it
	URL     string // of the file, https; the vendor's file name is its last part
}
