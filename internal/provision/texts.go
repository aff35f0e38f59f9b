package provision

import "time"

// Words are the few texts that a phone shows in the language of its reader.
type Words struct {
	FreeDesk string // H04: nobody is logged in
	freeAt   string // the same with the desk's number "%s", in 15 characters
	LogIn    string
	LogOut   string
	Refused  string // D16; "%s" is the address
	Waiting  string // linked, nothing more is known

	days [7]string // short names of the days, Sunday first
	day  string    // how a date is written, in Go's layout
}

var words = map[string]Words{
	"de": {"Freier Platz", "Platz %s frei", "Anmelden", "Abmelden", "Adresse %s nicht freigegeben", "Warten auf Anmeldung",
		[7]string{"So", "Mo", "Di", "Mi", "Do", "Fr", "Sa"}, "02.01."},
	"en": {"Free desk", "Desk %s free", "Log in", "Log out", "Address %s not allowed", "Waiting for login",
		[7]string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"}, "2 Jan"},
	"nl": {"Vrije plek", "Plek %s vrij", "Aanmelden", "Afmelden", "Adres %s niet toegestaan", "Wachten op aanmelding",
		[7]string{"zo", "ma", "di", "wo", "do", "vr", "za"}, "02-01"},
}

// WordsIn are the texts in a language (de, en, nl); German where it is unknown,
// like the portal.
func WordsIn(language string) Words {
	if w, ok := words[language]; ok {
		return w
	}
	return words["de"]
}

// RefusedAt is the reason that a phone at an unlisted address shows (D16).
func (w Words) RefusedAt(address string) string {
	if address == "" {
		return w.Waiting
	}
	return Say(w.Refused, address)
}

// FreeAt is what a free desk with that number shows where there is little room.
func (w Words) FreeAt(desk string) string { return Say(w.freeAt, desk) }

// date is a day as a display writes it: "Mo 23.11.".
func (w Words) date(t time.Time) string { return w.days[t.Weekday()] + " " + t.Format(w.day) }
