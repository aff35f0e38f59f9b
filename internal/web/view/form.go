package view

import (
	"net/url"

	"github.com/a-h/templ"
)

// Form is a form as it was typed: nothing of it is lost when it is refused. The
// zero value is an empty form.
type Form struct {
	Values url.Values
	Errors []FieldError // in the order of the fields
	// General is what is wrong with the whole rather than a field, already worded.
	General string
}

// FieldError is what is wrong with one field and how to put it right.
type FieldError struct {
	Name    string
	Message string // already worded
}

// Value is what was typed in the field.
func (f Form) Value(name string) string { return f.Values.Get(name) }

// On reports whether a check box or switch is on.
func (f Form) On(name string) bool { return f.Values.Get(name) != "" }

// Has reports whether the value is among a field's values.
func (f Form) Has(name, value string) bool {
	for _, v := range f.Values[name] {
		if v == value {
			return true
		}
	}
	return false
}

// Wrong is the field's error message, "" if it has none.
func (f Form) Wrong(name string) string {
	for _, e := range f.Errors {
		if e.Name == name {
			return e.Message
		}
	}
	return ""
}

// first reports whether the field is the first wrong one: it gets the focus.
func (f Form) first(name string) bool { return len(f.Errors) > 0 && f.Errors[0].Name == name }

// OK reports whether nothing is wrong.
func (f Form) OK() bool { return len(f.Errors) == 0 && f.General == "" }

// Input is a text field.
type Input struct {
	Name, Label, Hint string
	Type              string // text by default; password, email, search, number, tel
	Class             string // code, short, otp
	Autocomplete      string // off by default
	Mode              string // inputmode
	Pattern           string
	Placeholder       string
	Max               int // characters
	Optional          bool
	ReadOnly          bool
	Focus             bool // when nothing is wrong
	Attributes        templ.Attributes
}

func (i Input) kind() string {
	if i.Type == "" {
		return "text"
	}
	return i.Type
}

func (i Input) autocomplete() string {
	if i.Autocomplete == "" {
		return "off"
	}
	return i.Autocomplete
}

// typed is what the field shows: never a password that was refused.
func (i Input) typed(f Form) string {
	if i.Type == "password" {
		return ""
	}
	return f.Value(i.Name)
}

// describedBy names hint and error of a field for screen readers.
func describedBy(name, hint, wrong string) string {
	s := ""
	if hint != "" {
		s = name + "-hint"
	}
	if wrong != "" {
		if s != "" {
			s += " "
		}
		s += name + "-error"
	}
	return s
}

// Select is a plain choice.
type Select struct {
	Name, Label, Hint string
	Choices           []Choice
	Attributes        templ.Attributes
}

// Check is a check box or, with Switch, a switch.
type Check struct {
	Name, Label, Hint string
	Switch            bool
	Attributes        templ.Attributes
}

// Confirmation is a question before something is done.
type Confirmation struct {
	ID     string
	Title  string
	Action string // where the form goes
	Back   string // the page to go back to, for ConfirmPage
	Do     string // the word on the button: Bestätigen
	Danger bool
	Hidden []Choice // further values: Value is the name, Label the content
}
