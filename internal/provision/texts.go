package provision

import "strings"

// Words are the few texts that a phone shows in the language of its reader.
type Words struct {
	FreeDesk string // H04: nobody is logged in
	LogIn    string
	LogOut   string
	Refused  string // D16; "%s" is the address
	Waiting  string // linked, nothing more is known
}

var words = map[string]Words{
	"de": {"Freier Platz", "Anmelden", "Abmelden", "Adresse %s nicht freigegeben", "Warten auf Anmeldung"},
	"en": {"Free desk", "Log in", "Log out", "Address %s not allowed", "Waiting for login"},
	"nl": {"Vrije plek", "Aanmelden", "Afmelden", "Adres %s niet toegestaan", "Wachten op aanmelding"},
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
	return strings.Replace(w.Refused, "%s", address, 1)
}
