package provision

import "tischlein/internal/telephony"

// Face is what one line shows, and what it says of itself in SIP.
type Face struct {
	// Display is the SIP display name; a REGISTER that bears it proves that the
	// configuration is in force (C06).
	Display string
	Label   string // beside the line key and on the idle screen
	Key     string // label of the login or logout key, "" = none
	Code    string // what that key dials
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
		if l.Number != "" && l.Number != l.Name {
			f.Label = Clean(l.Name + " " + l.Number)
		}
	case telephony.LineFree:
		f.Display, f.Label = w.FreeDesk, w.FreeDesk
		if l.Place != "" {
			f.Label = w.FreeDesk + " " + l.Place
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
			f.Key, f.Code = w.LogIn, d.LoginCode
		case telephony.LineHotdesk:
			f.Key, f.Code = w.LogOut, d.LogoutCode
		}
		if f.Code == "" {
			f.Key = ""
		}
	}
	f.Display = Clip(displayName.Replace(Clean(f.Display)), mostDisplay)
	f.Label = Clip(Clean(f.Label), mostLabel)
	return f
}

// The lengths that every vendor's phones take.
const (
	mostDisplay = 64
	mostLabel   = 80
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
