package provision

import (
	"cmp"
	"slices"
	"time"

	"tischlein/internal/telephony"
)

// Screen is what one sees of an idle device: its outline, its display and its
// keys (U06). All texts are as the device's files set them, in the language of
// its reader; it holds no secret and is safe to publish to whoever may see the
// device. A driver makes it as wanted; Live adds what is known right now.
type Screen struct {
	Vendor   string // for people: "Yealink"
	Model    string // what it is drawn as: "T46U"
	Guessed  bool   // the device's own model is unknown
	Assumed  bool   // nobody set this display: it is what the line stands for
	Language string // de, en or nl
	Body     Body
	Header   Header
	Text     []string     // in the middle of the display, most important first
	Lines    []ScreenLine // used lines, by port
	Keys     []ScreenKey  // all programmable keys in the phone's order, empty ones too
}

// Header is the top row of a display.
type Header struct {
	Label string // account label, "" where the phone shows none
	Time  string // "14:05", "" until Live
	Date  string // "Mo 23.11."
}

// ScreenLine is one used line.
type ScreenLine struct {
	Port   int
	State  telephony.LineState
	Label  string // as the files set it
	Signal Signal
}

// Signal says whether a line is registered.
type Signal string

// The signals.
const (
	SignalUnknown Signal = ""
	SignalUp      Signal = "up"
	SignalDown    Signal = "down"
)

// ScreenKey is one programmable key.
type ScreenKey struct {
	Kind  KeyKind
	Port  int // its line, 0 = none
	Label string
	LED   LED
}

// KeyKind says what a key does.
type KeyKind string

// The kinds of keys.
const (
	KeyEmpty KeyKind = ""
	KeyLine  KeyKind = "line"
	// H02: opens the form on phones with an XML browser, else dials the code.
	KeyLogin  KeyKind = "login"
	KeyLogout KeyKind = "logout"
	// P08: keys of whoever sits there.
	KeyWatch KeyKind = "blf"
	KeyDial  KeyKind = "speed_dial"
)

// LED is the light of a key. The picture uses it for the line's signal: who is
// logged in and reachable is green, who is refused is red. (Many phones keep it
// dark outside calls and show a symbol on the display instead.)
type LED string

// The lights.
const (
	LEDOff   LED = ""
	LEDGreen LED = "green"
	LEDRed   LED = "red"
)

// Screened is a driver that knows what its phones show.
type Screened interface {
	// Screen is the device drawn as model; "" = the one that it is configured
	// as. Pure, and without anything that is only known at the moment.
	Screen(d telephony.Desired, model string) Screen
}

// ScreenOf is the device's screen. Of a driver that does not know, it is the
// usual one: a plain desk phone that shows what its lines stand for.
func ScreenOf(drv Driver, d telephony.Desired, model string) Screen {
	if s, ok := drv.(Screened); ok {
		return s.Screen(d, model)
	}
	s := IdleScreen(drv.Info(), d, model, PlainBody)
	s.Assumed = true
	for _, l := range s.Lines {
		s.Text = append(s.Text, l.Label)
	}
	return s
}

// IdleScreen is what all drivers' screens begin with: who sits at each used
// line, with the usual labels. body is asked for the model that is drawn. There
// are no keys and no text yet.
func IdleScreen(i Info, d telephony.Desired, model string, body func(Model) Body) Screen {
	m, known := i.Model(cmp.Or(model, d.Model))
	s := Screen{Vendor: i.Name, Model: m.Name, Guessed: !known, Language: d.Spoken(), Body: body(m)}
	for _, l := range d.Lines {
		if l.Used() {
			s.Lines = append(s.Lines, ScreenLine{Port: l.Port, State: l.State, Label: FaceOf(d, l).Label})
		}
	}
	s.light()
	return s
}

// Live is a copy of the screen as it is now: registered says for each port
// whether it is (a port that is missing stays unknown), at is the moment in the
// device's own time zone.
func (s Screen) Live(registered map[int]bool, at time.Time) Screen {
	s.Lines, s.Keys = slices.Clone(s.Lines), slices.Clone(s.Keys)
	for n, l := range s.Lines {
		up, known := registered[l.Port]
		switch {
		case !known:
			s.Lines[n].Signal = SignalUnknown
		case up:
			s.Lines[n].Signal = SignalUp
		default:
			s.Lines[n].Signal = SignalDown
		}
	}
	s.Header.Time = at.Format("15:04")
	s.Header.Date = WordsIn(s.Language).date(at)
	s.light()
	return s
}

// WithKeys is the screen with these programmable keys, lit.
func (s Screen) WithKeys(keys []ScreenKey) Screen {
	s.Keys = keys
	s.light()
	return s
}

// Line is the line of that port; ok is false when it is not used.
func (s Screen) Line(port int) (l ScreenLine, ok bool) {
	for _, l := range s.Lines {
		if l.Port == port {
			return l, true
		}
	}
	return ScreenLine{}, false
}

// light sets the LEDs of the line keys.
func (s *Screen) light() {
	for n, k := range s.Keys {
		l, ok := s.Line(k.Port)
		led := LEDOff
		switch {
		case !ok || k.Kind != KeyLine:
		case l.State == telephony.LineRefused:
			led = LEDRed
		case (l.State == telephony.LineLinked || l.State == telephony.LineHotdesk) && l.Signal == SignalUp:
			led = LEDGreen
		}
		s.Keys[n].LED = led
	}
}
