package provision

import (
	"fmt"
	"strconv"

	"tischlein/internal/telephony"
)

// Setting is one parameter with its value, as it will stand in a file.
type Setting struct {
	Name  string
	Value string
}

// Sheet collects the settings of one file, in order, through the catalogue.
// Drivers write through a sheet only, so that nothing else can reach a phone.
type Sheet struct {
	cat      *Catalogue
	settings []Setting
	err      error
}

// Sheet starts an empty sheet with room for n settings.
func (c *Catalogue) Sheet(n int) *Sheet {
	return &Sheet{cat: c, settings: make([]Setting, 0, n)}
}

// Set adds a setting. value is a bool, an int, a string or a telephony.Secret.
// Foreign text is made safe (Clean) and cut to the parameter's length; an
// empty string is Catalogue.Null. The first error is kept for Settings.
func (s *Sheet) Set(name string, value any) {
	if s.err != nil {
		return
	}
	p, ok := s.cat.Lookup(name)
	if !ok {
		s.err = fmt.Errorf("parameter %q is not in the catalogue", name)
		return
	}
	var v string
	switch x := value.(type) {
	case bool:
		v = s.cat.Off
		if x {
			v = s.cat.On
		}
	case int:
		v = strconv.Itoa(x)
	case telephony.Secret:
		v = x.Reveal()
	case string:
		v = s.cat.written(p, x)
	default:
		s.err = fmt.Errorf("parameter %q: cannot write a %T", name, value)
		return
	}
	if v != s.cat.Null {
		if err := s.cat.allows(p, v); err != nil {
			s.err = fmt.Errorf("parameter %q: %w", name, err)
			return
		}
	}
	s.settings = append(s.settings, Setting{name, v})
}

// Override sets what an operator wants otherwise, in place where the driver has
// set it already. What the catalogue does not take, any more or at all, is left
// out: a phone must get its file also after an upgrade (P08).
func (s *Sheet) Override(list []telephony.Override) {
	for _, o := range list {
		if s.err != nil || s.cat.Overridable(o.Name, o.Value) != nil {
			continue
		}
		set := false
		for i := range s.settings {
			if s.settings[i].Name == o.Name {
				s.settings[i].Value, set = o.Value, true
			}
		}
		if !set {
			s.settings = append(s.settings, Setting{o.Name, o.Value})
		}
	}
}

// Clear sets parameters back to the vendor's empty value.
func (s *Sheet) Clear(names ...string) {
	for _, n := range names {
		s.Set(n, "")
	}
}

// Settings are all settings in the order they were set, or the first error.
func (s *Sheet) Settings() ([]Setting, error) { return s.settings, s.err }

// written is how a text will stand in the file.
func (c *Catalogue) written(p Param, text string) string {
	if p.Type == Text {
		text = Clip(Clean(text), p.most())
	}
	if text == "" {
		return c.Null
	}
	return text
}

// Shown is what a phone makes of a text that a file sets as this parameter. It
// is "" for a name that is not in the catalogue.
func (c *Catalogue) Shown(name, text string) string {
	p, ok := c.Lookup(name)
	if !ok {
		return ""
	}
	if v := c.written(p, text); v != c.Null {
		return v
	}
	return ""
}
