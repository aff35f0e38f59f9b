package browser

import (
	"fmt"
	"slices"
	"strings"
)

// Target is a thing on the page, told by its role and its name, as a person or a screen reader tells it.
type Target struct {
	what   string
	roles  []string
	name   string
	part   bool // the name only holds it
	first  bool
	inside *Target
}

// The kinds of things. Names are accessible names, whole.
func Button(name string) Target  { return role("button", name) }
func Link(name string) Target    { return role("link", name) }
func Heading(name string) Target { return role("heading", name) }
func Dialog(name string) Target {
	return Target{what: "dialog", roles: []string{"dialog", "alertdialog"}, name: name}
}
func Option(name string) Target { return role("option", name) }
func Checkbox(name string) Target {
	return Target{what: "check box", roles: []string{"checkbox", "switch"}, name: name}
}
func Radio(name string) Target { return role("radio", name) }
func Row(name string) Target   { return role("row", name) }
func Table(name string) Target {
	return Target{what: "table", roles: []string{"table", "grid"}, name: name}
}

// Fold is the head of what is folded away: a click opens it.
func Fold(name string) Target   { return role("DisclosureTriangle", name) }
func Region(name string) Target { return role("region", name) }
func Group(name string) Target {
	return Target{what: "group", roles: []string{"group", "radiogroup"}, name: name}
}
func Nav(name string) Target { return role("navigation", name) }
func Picture(name string) Target {
	return Target{what: "picture", roles: []string{"image", "img"}, name: name}
}

// Action is what starts something: a button, or a link that is drawn as one.
func Action(name string) Target {
	return Target{what: "action", roles: []string{"button", "link"}, name: name}
}

// Alert is what the page says went wrong.
func Alert() Target { return Target{what: "alert", roles: []string{"alert"}, part: true, first: true} }

// Drop is a field that opens a list: a drop-down list, a search field with proposals.
func Drop(name string) Target { return role("combobox", name) }

// List is a list to choose from that is open.
func List(name string) Target { return role("listbox", name) }

// Proposal is what a search offers.
func Proposal(name string) Target {
	return Target{what: "proposal", roles: []string{"option", "link"}, name: name}
}

// Field is anything that can be filled in or chosen from.
func Field(name string) Target {
	return Target{what: "field", name: name, roles: []string{"textbox", "searchbox", "combobox", "spinbutton"}}
}

func role(r, name string) Target { return Target{what: r, roles: []string{r}, name: name} }

// Part is the same with a name that holds the words; the whole may say more.
func (t Target) Part() Target { t.part = true; return t }

// First is the first of several.
func (t Target) First() Target { t.first = true; return t }

// In is the same within another.
func (t Target) In(outer Target) Target { t.inside = &outer; return t }

// Name is the name, or the part of it that is looked for.
func (t Target) Name() string { return t.name }

func (t Target) String() string {
	s := fmt.Sprintf("%s %q", t.what, t.name)
	if t.inside != nil {
		s += " in " + t.inside.String()
	}
	return s
}

func (t Target) is(role, name string) bool {
	if !slices.Contains(t.roles, role) {
		return false
	}
	if t.part {
		return strings.Contains(name, t.name)
	}
	return name == t.name
}
