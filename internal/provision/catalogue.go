package provision

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"tischlein/internal/telephony"
)

// Type says what values a parameter takes.
type Type string

// The types of parameters.
const (
	Bool   Type = "bool" // exactly Catalogue.On or Catalogue.Off
	Int    Type = "int"  // Min..Max
	Enum   Type = "enum" // one of Allowed
	Text   Type = "text" // at most Max runes, one line; longer is cut
	Secret Type = "secret"
	URL    Type = "url" // absolute, http or https
	PEM    Type = "pem" // base64 of one DER certificate
)

// Param is one parameter that a vendor's phones know.
type Param struct {
	// Name is the vendor's name. Each "#" stands for a number:
	// "account.#.sip_server.1.address".
	Name    string
	Type    Type
	Min     int
	Max     int // Int: greatest value; Text: most runes, 0 = 255
	Allowed []string
	Since   string // first firmware, "" = any
	Source  string // where the name is known from
	// Open: an operator may override it (P08). Never credentials, where the device
	// fetches and registers, keys, or what closes a way around a link (S03).
	Open bool
	// Operator: only the operator may, for it decides where the phone sends what it
	// knows, or takes from.
	Operator bool
}

// Catalogue is all parameters that a vendor's driver may write. An unknown name
// or an impossible value is an error: it never reaches a phone (P06).
type Catalogue struct {
	On, Off string // the vendor's words for Bool
	Null    string // the vendor's word for "back to empty"
	byShape map[string][]Param
	params  []Param
}

// NewCatalogue panics when a name occurs twice: a programming error.
func NewCatalogue(on, off, null string, params ...Param) *Catalogue {
	c := &Catalogue{On: on, Off: off, Null: null, byShape: make(map[string][]Param, len(params)), params: params}
	for _, p := range params {
		key := string(shape(nil, p.Name))
		for _, other := range c.byShape[key] {
			if other.Name == p.Name {
				panic("provision: parameter twice: " + p.Name)
			}
		}
		c.byShape[key] = append(c.byShape[key], p)
	}
	return c
}

// Params are all parameters in the order of the catalogue.
func (c *Catalogue) Params() []Param { return slices.Clone(c.params) }

// Overridable is why an override may not be taken, nil if it may: its name is
// unknown or not open, or its value impossible.
func (c *Catalogue) Overridable(name, value string) error {
	p, ok := c.Lookup(name)
	switch {
	case !ok:
		return telephony.Invalidf("name", "parameter_unknown", "the vendor's phones know no parameter %q", name)
	case !p.Open:
		return telephony.Invalidf("name", "parameter_locked", "%s is Tischlein's own to set", name)
	}
	if value == c.Null && value != "" {
		return nil
	}
	if err := c.allows(p, value); err != nil {
		return telephony.Invalidf("value", "parameter_value", "%s: %v", name, err)
	}
	return nil
}

// Lookup finds the parameter that a concrete name belongs to.
func (c *Catalogue) Lookup(name string) (Param, bool) {
	var buf [96]byte
	for _, p := range c.byShape[string(shape(buf[:0], name))] {
		if fits(p.Name, name) {
			return p, true
		}
	}
	return Param{}, false
}

// shape appends name with every numeric part replaced by "#". It is computed for
// each setting of each file, hence without allocation.
func shape(to []byte, name string) []byte {
	for {
		part, rest, more := strings.Cut(name, ".")
		if isIndex(part) {
			part = "#"
		}
		to = append(to, part...)
		if !more {
			return to
		}
		to = append(to, '.')
		name = rest
	}
}

// fits: both have the same shape, and differ only where the pattern has "#".
func fits(pattern, name string) bool {
	for {
		p, pRest, more := strings.Cut(pattern, ".")
		n, nRest, _ := strings.Cut(name, ".")
		if p != n && p != "#" || p == "#" && !isIndex(n) {
			return false
		}
		if !more {
			return true
		}
		pattern, name = pRest, nRest
	}
}

// Names reports whether a name is one of those that a catalogue's name stands for.
func Names(pattern, name string) bool {
	return string(shape(nil, pattern)) == string(shape(nil, name)) && fits(pattern, name)
}

func isIndex(s string) bool {
	if s == "" || len(s) > 4 || s[0] == '0' && len(s) > 1 {
		return false
	}
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// Check reports an unknown name or a value that its type does not allow.
func (c *Catalogue) Check(name, value string) error {
	p, ok := c.Lookup(name)
	if !ok {
		return fmt.Errorf("parameter %q is not in the catalogue", name)
	}
	if value == c.Null {
		return nil
	}
	if err := c.allows(p, value); err != nil {
		return fmt.Errorf("parameter %q: %w", name, err)
	}
	return nil
}

func (c *Catalogue) allows(p Param, v string) error {
	if p.Type != Secret && v != Clean(v) {
		return fmt.Errorf("value has control characters or stray spaces")
	}
	switch p.Type {
	case Bool:
		if v != c.On && v != c.Off {
			return fmt.Errorf("%q is neither %q nor %q", v, c.On, c.Off)
		}
	case Int:
		if n, err := strconv.Atoi(v); err != nil || n < p.Min || n > p.Max || strconv.Itoa(n) != v {
			return fmt.Errorf("%q is no number from %d to %d", v, p.Min, p.Max)
		}
	case Enum:
		if !slices.Contains(p.Allowed, v) {
			return fmt.Errorf("%q is not one of %q", v, p.Allowed)
		}
	case Text:
		if utf8.RuneCountInString(v) > p.most() {
			return fmt.Errorf("longer than %d characters", p.most())
		}
	case Secret:
		// Changing a secret would lock the phone out, so it is refused instead.
		if !printableASCII(v) {
			return fmt.Errorf("secret has characters that no phone can be trusted with")
		}
	case URL:
		u, err := url.Parse(v)
		if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") || strings.ContainsAny(v, " \"<>") {
			return fmt.Errorf("not an absolute http or https URL")
		}
	case PEM:
		if strings.Trim(v, base64Alphabet) != "" {
			return fmt.Errorf("not base64")
		}
	default:
		return fmt.Errorf("type %q is unknown", p.Type)
	}
	return nil
}

const base64Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="

func (p Param) most() int {
	if p.Max > 0 {
		return p.Max
	}
	return 255
}

func printableASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return s != ""
}
