package telephony

import (
	"encoding/hex"
	"strings"
)

// mostDialled is the longest text that is looked at: a code with its argument, or
// the longest number with a prefix and what people write between digits.
const mostDialled = 64

// Dialled is what a dialled text means at a customer.
type Dialled struct {
	Kind   CallKind
	Number string // extension, code or emergency number; of an outside number what was dialled, without separators
	// Argument is what was dialled behind the login code, such as "101*4711":
	// never to be logged or repeated. Behind the pickup code it is an extension's number.
	Argument string
}

// ReadDialled says what a dialled text means: the user part of a Request-URI,
// percent-encoded or not. Emergency numbers come first (C11), then the codes
// (H02, C12), then what has the length of the customer's extensions (D21); the rest
// leads outside. At a customer whose calls live in a switch, what is neither
// emergency nor for logging in and out is the switch's to understand: what rings
// is its call, too.
//
// Errors: invalid for what is no number, not_found for a code that nobody has,
// forbidden for a login in one go where the customer does not allow it. None of
// them repeats what was dialled.
func ReadDialled(c Customer, text string, toSwitch bool) (Dialled, error) {
	s, err := bare(text)
	if err != nil {
		return Dialled{}, err
	}
	for _, n := range c.EmergencyNumbers {
		if s == n {
			return Dialled{Kind: CallEmergency, Number: n}, nil
		}
	}
	code, argument, separated := strings.Cut(s, "*")
	switch {
	case c.LoginCode != "" && code == c.LoginCode && argument == "":
		return Dialled{Kind: CallLogin, Number: code}, nil
	case c.LoginCode != "" && code == c.LoginCode && !c.OneGoCode:
		return Dialled{}, Forbiddenf("one_go_off", "logging in in one go is switched off: dial %s alone", code)
	case c.LoginCode != "" && code == c.LoginCode:
		return Dialled{Kind: CallLogin, Number: code, Argument: argument}, nil
	case c.LogoutCode != "" && code == c.LogoutCode && !separated:
		return Dialled{Kind: CallLogout, Number: code}, nil
	}
	if whose, picks := strings.CutPrefix(s, c.PickupCode); picks && c.PickupCode != "" && !toSwitch &&
		(whose == "" || digitsOnly(whose) && len(whose) == c.ExtensionDigits) {
		return Dialled{Kind: CallPickup, Number: c.PickupCode, Argument: whose}, nil
	}
	if digitsOnly(s) && len(s) == c.ExtensionDigits {
		return Dialled{Kind: CallExtension, Number: s}, nil
	}
	if toSwitch {
		return Dialled{Kind: CallOutside, Number: s}, nil
	}
	digits := strings.TrimPrefix(s, "+")
	switch {
	case !digitsOnly(digits):
		return Dialled{}, &Error{Code: NotFound, Reason: "dial_code_unknown", Message: "there is no such code"}
	case len(digits) < 3:
		return Dialled{}, Invalidf("dialled", "dial_short", "the number is too short")
	case len(digits) > 20: // E.164 has 15, before them the prefixes of a country
		return Dialled{}, Invalidf("dialled", "dial_long", "the number is too long")
	}
	return Dialled{Kind: CallOutside, Number: s}, nil
}

// bare takes the encoding off a dialled text, what people write between digits,
// and the # with which they end.
func bare(text string) (string, error) {
	if len(text) > mostDialled {
		return "", Invalidf("dialled", "dial_long", "the number is too long")
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c == '%' { // RFC 3261 section 19.1.2
			raw, err := hex.DecodeString(text[min(i+1, len(text)):min(i+3, len(text))])
			if err != nil || len(raw) != 1 {
				return "", Invalidf("dialled", "dial_malformed", "this is not a number")
			}
			c, i = raw[0], i+2
		}
		switch {
		case c >= '0' && c <= '9', c == '*', c == '#', c == '+' && b.Len() == 0:
			b.WriteByte(c)
		case strings.IndexByte(" -.()/", c) >= 0:
		default:
			return "", Invalidf("dialled", "dial_malformed", "this is not a number")
		}
	}
	s := strings.TrimRight(b.String(), "#")
	if s == "" || s == "+" {
		return "", Invalidf("dialled", "dial_empty", "no number was dialled")
	}
	return s, nil
}

// MaskDialled is a dialled text as it may be logged: without what was dialled
// behind a code, which may be a PIN. Who takes the # for the separator has dialled
// one, too.
func MaskDialled(text string) string {
	if len(text) > mostDialled {
		text = text[:mostDialled]
	}
	for _, sep := range [][2]string{{"*", "*"}, {"%2a", "*"}, {"%2A", "*"}, {"#", "#"}, {"%23", "#"}} {
		if i := strings.Index(text[min(1, len(text)):], sep[0]); i >= 0 {
			text = text[:i+1] + sep[1] + "…"
		}
	}
	return strings.ToValidUTF8(text, "")
}

// DecideDial says whether somebody at the desk may dial what the number means.
// Emergency numbers are for everybody (C11, D22); the codes for every desk, also
// a linked one, where the answer to them is the refusal (H06); all else for who
// is logged in (H04). A client has no login (H08), so that nobody is there whose
// call it could be.
func DecideDial(d Desk, k CallKind) error {
	switch {
	case k == CallEmergency:
		return nil
	case d.Channel.Kind == KindClient:
		return Forbiddenf("client_without_user", "%s is a client: nobody is logged in there, and nobody can; it reaches emergency numbers only", d.Channel.Name)
	case k == CallLogin, k == CallLogout, d.Login != nil:
		return nil
	case d.Link != nil && d.Refused.IsValid():
		return Forbiddenf("address_refused", "the address %s is not on the allowlist: only emergency numbers can be dialled here", d.Refused)
	}
	return Forbiddenf("desk_free", "nobody is logged in here: only emergency numbers and the codes to log in and out can be dialled")
}
