package view

import (
	"strconv"

	"github.com/a-h/templ"
)

// Picker is a choice of one or of up to two among many, with those that cannot be
// chosen and why. Without scripts it is a plain select.
type Picker struct {
	Name, Label, Hint string
	Options           []Option
	Most              int    // 1 or 2
	More              bool   // there are more than Options: they are searched at Source
	Source            string // answers PickerOptions to ?q=
	Attributes        templ.Attributes
}

// Option is one entry of a picker.
type Option struct {
	Value, Label string
	Detail       string // stands beside the label: where somebody is logged in
	Refused      string // why it cannot be chosen, already worded; "" = it can
	Selected     bool
}

// plain is the entry without scripts.
func (o Option) plain() string {
	s := o.Label
	if o.Detail != "" {
		s += " – " + o.Detail
	}
	if o.Refused != "" {
		s += " – " + o.Refused
	}
	return s
}

func (p Picker) multiple() bool { return p.Most > 1 }

func (p Picker) most() string { return strconv.Itoa(max(p.Most, 1)) }

// none reports whether nothing is chosen: then the entry that says so is.
func (p Picker) none() bool {
	for _, o := range p.Options {
		if o.Selected {
			return false
		}
	}
	return true
}

// rows is how tall the plain list of several is.
func (p Picker) rows() string { return strconv.Itoa(min(max(len(p.Options)+1, 4), 10)) }
