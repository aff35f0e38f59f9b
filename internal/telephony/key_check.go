package telephony

import (
	"fmt"
	"strings"
)

// MostKeys is how many keys one extension may have: more than the largest desk
// phone with its extension modules shows on a few pages.
const MostKeys = 60

// maxKeyLabel is the longest label of a key, in characters; phones cut it to what
// they show.
const maxKeyLabel = 40

// maxKeyNumber is the longest number behind a key, in characters.
const maxKeyNumber = 40

// CheckKeys checks the keys of one of the customer's extensions, in their order
// (P08), and gives them as they are kept. Whose number is watched is for the
// records to say. Fields of errors are "keys" or "keys[0].value".
func CheckKeys(c Customer, keys []Key) ([]Key, error) {
	if len(keys) > MostKeys {
		return nil, Invalidf("keys", "keys_too_many", "%d keys; at most %d are allowed", len(keys), MostKeys).With("most", MostKeys)
	}
	out := make([]Key, len(keys))
	hotdesk := false
	for n, k := range keys {
		at := fmt.Sprintf("keys[%d].", n)
		var err error
		if k.Label, err = text(at+"label", strings.TrimSpace(k.Label), maxKeyLabel); err != nil {
			return nil, err
		}
		switch k.Kind {
		case KeyWatch:
			if k.Value = strings.TrimSpace(k.Value); k.Value == "" {
				return nil, Invalidf(at+"value", "key_empty", "the number of an extension is needed")
			}
		case KeyDial:
			if k.Value, err = keyNumber(c, at+"value", k.Value); err != nil {
				return nil, err
			}
		case KeyHotdesk:
			if hotdesk {
				return nil, Invalidf(at+"kind", "key_twice", "there is one key for logging in and out")
			}
			hotdesk, k.Label, k.Value = true, "", "" // both follow what it does at the moment
		default:
			return nil, Invalidf(at+"kind", "key_kind_unknown", "%q is no kind of key", clip(string(k.Kind)))
		}
		out[n] = k
	}
	return out, nil
}

// keyNumber checks what a key dials, and takes out what people write between
// digits. A login in one go is refused: the PIN would stand in the phone's file,
// and whoever sits there later could press it (H02).
func keyNumber(c Customer, field, s string) (string, error) {
	if len(s) > 4*maxKeyNumber {
		return "", Invalidf(field, "dial_long", "the number is too long")
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9', r == '*', r == '#', r == '+' && b.Len() == 0:
			b.WriteRune(r)
		case strings.ContainsRune(" -.()/", r):
		default:
			return "", Invalidf(field, "dial_malformed", "this is not a number")
		}
	}
	s = b.String()
	switch {
	case s == "" || s == "+":
		return "", Invalidf(field, "key_empty", "a number is needed")
	case len(s) > maxKeyNumber:
		return "", Invalidf(field, "dial_long", "the number is too long")
	case c.LoginCode != "" && (strings.HasPrefix(s, c.LoginCode+"*") || strings.HasPrefix(s, c.LoginCode+"#")):
		return "", Invalidf(field, "key_holds_pin", "a key must not log in with a PIN")
	}
	return s, nil
}
