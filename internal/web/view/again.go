package view

import (
	"net/url"
	"slices"
)

// AgainModel is a form that came without a session, as it was typed.
type AgainModel struct {
	Path    string // where it is sent
	Back    string // the page it came from
	Values  url.Values
	Missing []Choice // secret fields that were filled in: name and label
}

// names are the fields, always in the same order.
func (m AgainModel) names() []string {
	var out []string
	for name := range m.Values {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// what names the thing that was typed, as people know it.
func (m AgainModel) what() string {
	for _, name := range []string{"name", "e164", "number", "entry", "mac"} {
		if v := m.Values.Get(name); v != "" {
			return v
		}
	}
	return ""
}
