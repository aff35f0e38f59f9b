package telephony

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// maxName is the longest name, in characters: what a phone's screen or a SIP
// display name can reasonably carry.
const maxName = 64

// Name checks a name that people read: trimmed, not empty, at most 64
// characters, no control characters (they would end up in SIP headers).
func Name(field, s string) (string, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return "", Invalidf(field, "name_empty", "a name is needed")
	}
	return text(field, s, maxName)
}

// OptionalText checks a free text that may be empty.
func OptionalText(field, s string) (string, error) {
	return text(field, strings.TrimSpace(s), 200)
}

// Email checks an e-mail address as far as that can be told by looking at it; ""
// is none.
func Email(field, s string) (string, error) {
	s, err := text(field, strings.TrimSpace(s), 254)
	if err != nil || s == "" {
		return s, err
	}
	name, host, _ := strings.Cut(s, "@")
	if name == "" || host == "" || strings.ContainsAny(s, " <>,;\"") || strings.Contains(host, "@") {
		return "", Invalidf(field, "email_malformed", "%q is not an e-mail address", clip(s))
	}
	return s, nil
}

func text(field, s string, most int) (string, error) {
	if !utf8.ValidString(s) {
		return "", Invalidf(field, "text_encoding", "the text is not valid UTF-8")
	}
	if n := utf8.RuneCountInString(s); n > most {
		return "", Invalidf(field, "text_too_long", "%d characters; at most %d are allowed", n, most)
	}
	for _, r := range s {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return "", Invalidf(field, "text_control", "the text contains a control character (U+%04X)", r)
		}
	}
	return s, nil
}

// Fold is the form in which names are compared and sorted.
func Fold(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// Languages are those the product speaks; the first is the default.
var Languages = []string{"de", "en", "nl"}

// Language checks a language code; "" is allowed where it means "inherit".
func Language(field, s string, inherit bool) (string, error) {
	if s == "" && inherit {
		return "", nil
	}
	for _, l := range Languages {
		if s == l {
			return s, nil
		}
	}
	return "", Invalidf(field, "language_unknown", "%q is not one of de, en, nl", clip(s))
}

// TimeZone checks an IANA time zone name.
func TimeZone(field, s string) (string, error) {
	if s == "" || s == "Local" {
		return "", Invalidf(field, "time_zone_unknown", "a time zone such as Europe/Berlin is needed")
	}
	if _, err := time.LoadLocation(s); err != nil {
		return "", Invalidf(field, "time_zone_unknown", "%q is not a time zone such as Europe/Berlin", clip(s))
	}
	return s, nil
}

func digitsOnly(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// ExtensionNumber checks D21: 2 to 5 digits, and the customer's one length when
// it is fixed (digits > 0).
func ExtensionNumber(field, s string, digits int) (string, error) {
	if !digitsOnly(s) || len(s) < 2 || len(s) > 5 {
		return "", Invalidf(field, "number_malformed", "%q is not an extension number: 2 to 5 digits are expected", clip(s))
	}
	if digits > 0 && len(s) != digits {
		return "", Invalidf(field, "number_length", "%q has %d digits; all of this customer's extensions have %d", s, len(s), digits)
	}
	return s, nil
}

// DialCode checks a feature code or emergency number: 2 to 8 digits.
func DialCode(field, s string) (string, error) {
	if !digitsOnly(s) || len(s) < 2 || len(s) > 8 {
		return "", Invalidf(field, "code_malformed", "%q is not a number that can be dialled: 2 to 8 digits are expected", clip(s))
	}
	return s, nil
}

// PickupCode is a code before which no number can stand: a star and 1 to 7 digits.
func PickupCode(field, s string) (string, error) {
	if digits, star := strings.CutPrefix(s, "*"); !star || !digitsOnly(digits) || len(digits) > 7 {
		return "", Invalidf(field, "pickup_code_malformed", "%q is no code for taking over calls: a star and 1 to 7 digits are expected", clip(s))
	}
	return s, nil
}
