package provision

import (
	"strconv"
	"unicode/utf8"

	"tischlein/internal/telephony"
)

// Face is what one line shows, and what it says of itself in SIP.
type Face struct {
	// Display is the SIP display name; a REGISTER that bears it proves that the
	// configuration is in force (C06).
	Display string
	Label   string // beside the line key and on the idle screen
	Short   string // who sits here, for displays of one short line
	Key     string // label of the login or logout key, "" = none
	LogsOut bool   // that key logs out
	// Page is what that key opens on phones with an XML browser (H02 b), Code what
	// it dials on the others. At most one of them is "".
	Page telephony.Secret
	Code string
	// Hint says how to log in at a phone that has no room for a key: "" = nobody
	// may, or there is no code.
	Hint string
}

// FaceOf is the face of one line of a device (H04, H05, D16). Login keys exist
// only where a user may log in or out: never on a linked line (S04, H06). An
// unused line has the empty face.
func FaceOf(d telephony.Desired, l telephony.Line) Face {
	lang := l.Language
	if lang == "" {
		lang = d.Language
	}
	w := WordsIn(lang)
	var f Face
	switch l.State {
	case telephony.LineLinked, telephony.LineHotdesk:
		f.Display, f.Label = l.Name, l.Name
		if l.Name == "" {
			f.Display = l.Number
		}
		f.Short = f.Display
		if l.Number != "" && l.Number != l.Name {
			f.Label = Clean(l.Name + " " + l.Number)
		}
	case telephony.LineFree:
		f.Display, f.Label, f.Short = w.FreeDesk, w.FreeDesk, w.FreeDesk
		if l.Desk != "" { // what self-service asks for
			f.Label += " " + l.Desk
			f.Short = w.FreeAt(l.Desk)
		}
		switch {
		case l.Place != "" && l.Desk != "":
			f.Label += " · " + l.Place
		case l.Place != "":
			f.Label += " " + l.Place
		}
	case telephony.LineRefused:
		f.Display = w.RefusedAt(l.Address)
		f.Label = f.Display
	default:
		return Face{}
	}
	if d.Hotdesking {
		switch l.State {
		case telephony.LineFree:
			f.Key, f.Code, f.Page = w.LogIn, d.LoginCode, pageAt(d, l, "login")
			if d.LoginCode != "" {
				f.Hint = w.LogIn + ": " + d.LoginCode
			}
		case telephony.LineHotdesk:
			f.Key, f.Code, f.Page, f.LogsOut = w.LogOut, d.LogoutCode, pageAt(d, l, "logout"), true
		}
		if f.Code == "" && f.Page == "" {
			f.Key, f.LogsOut = "", false
		}
	}
	if f.Short == "" {
		f.Short = f.Display
	}
	f.Display = DisplayName(f.Display, mostDisplay)
	f.Short = DisplayName(f.Short, mostDisplay)
	f.Hint = DisplayName(f.Hint, mostHint)
	f.Label = Clip(Clean(f.Label), mostLabel)
	return f
}

// DisplayName is text that may stand in a SIP display name, at most that many
// characters of it.
func DisplayName(text string, most int) string { return Clip(displayName.Replace(Clean(text)), most) }

// LabelOn is the label on a model. One without programmable keys has none for
// logging in, so there it also says what to dial.
func (f Face) LabelOn(m Model) string {
	if m.Keys > 0 {
		return f.Label
	}
	return f.WithHint(f.Label, mostLabel)
}

// WithHint is a text of the face with how to log in behind it: for phones that
// have no key for that. It is at most that many characters long, and the hint is
// whole.
func (f Face) WithHint(text string, most int) string { return withTail(text, f.Hint, most) }

// WithCode is WithHint for the shortest displays: the code alone.
func (f Face) WithCode(text string, most int) string {
	if f.Hint == "" {
		return withTail(text, "", most)
	}
	return withTail(text, f.Code, most)
}

func withTail(text, tail string, most int) string {
	if tail == "" {
		return Clip(text, most)
	}
	tail = " · " + tail
	return Clip(text, max(most-utf8.RuneCountInString(tail), 1)) + tail
}

// pageAt is the page of one line: a device with several has pages for each.
func pageAt(d telephony.Desired, l telephony.Line, what string) telephony.Secret {
	if d.PagesURL == "" {
		return ""
	}
	return d.PagesURL + telephony.Secret(strconv.Itoa(l.Port)+"/"+what)
}

// The lengths that every vendor's phones take.
const (
	mostDisplay = 64
	mostLabel   = 80
	mostHint    = 32
)

// FaceAt is the face of the line with that port, empty if there is none.
func FaceAt(d telephony.Desired, port int) Face {
	for _, l := range d.Lines {
		if l.Port == port {
			return FaceOf(d, l)
		}
	}
	return Face{}
}
