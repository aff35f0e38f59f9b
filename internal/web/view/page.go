package view

import (
	"context"
	"net/url"
	"strings"
	"unicode"

	"github.com/a-h/templ"

	"tischlein/internal/telephony"
	"tischlein/internal/web/text"
)

// Section is the menu entry that a page belongs to.
type Section string

// The sections. The last two are within a customer.
const (
	SectionNone      Section = ""
	SectionCustomers Section = "customers"
	SectionPartners  Section = "partners"
	SectionUsers     Section = "users"
	SectionTokens    Section = "tokens"
	SectionFleet     Section = "fleet"
	SectionFirmware  Section = "firmware"
	SectionTrunks    Section = "trunks"    // of the installation
	SectionOverrides Section = "overrides" // of the installation
	SectionLog       Section = "log"       // of the installation
	SectionAccount   Section = "account"
	SectionMaster    Section = "master"  // Kundendaten
	SectionService   Section = "service" // the service with its tabs
)

// Page is what stands around the content of a page. Handlers set Title, Section
// and Crumbs; the rest is filled in for them.
type Page struct {
	Title    string // already worded; the browser's tab adds the product's name
	Section  Section
	Customer *telephony.Customer // whose page it is, nil outside of customers
	Narrow   bool                // a form rather than a list

	Person  *Person // who is signed in, nil: nobody
	Service string  // portal_service_name
	Theme   string  // light, dark or "" for the device's
	Events  string  // where live state comes from, "" where there is none
	Query   string  // what stands in the search bar
	Path    string  // of this page, for what leads back to it
	Toasts  []Toast
}

// Person is who is signed in.
type Person struct {
	Name    string
	Role    string        // the role's word, see text ids account.role_…
	Manages ManageSection // what the menu offers beyond customers
	Number  string        // of an end user's extension
	Account bool          // there is an account with a password
}

// ManageSection says which of the menu's entries a person has.
type ManageSection struct{ Partners, Users, Tokens, Trunks, Log bool }

// Monogram is up to two letters of the name.
func (p Person) Monogram() string {
	var out []rune
	for _, w := range strings.FieldsFunc(p.Name, func(r rune) bool { return !unicode.IsLetter(r) }) {
		out = append(out, unicode.ToUpper([]rune(w)[0]))
	}
	if len(out) > 2 {
		out = []rune{out[0], out[len(out)-1]}
	}
	return string(out)
}

// Toast is a short message about what was just done.
type Toast struct {
	Tone Tone
	Text string
}

// Tone is a colour's meaning.
type Tone string

// The tones.
const (
	ToneOK   Tone = "ok"
	ToneBusy Tone = "busy"
	ToneWait Tone = "wait"
	ToneBad  Tone = "bad"
	ToneFree Tone = "free"
	ToneIdle Tone = "idle"
)

// icon is the shape that goes with the tone, for those who do not see colours.
func (t Tone) icon() string {
	switch t {
	case ToneOK:
		return "check"
	case ToneWait, ToneBad:
		return "warning"
	}
	return "info"
}

// Crumb is one step of the way to a page; the last has no Href.
type Crumb struct{ Label, Href string }

// Heading is the head of a page: the way here, its name, what is to be known at
// once. Its children are the actions.
type Heading struct {
	Title  string
	Crumbs []Crumb
	Meta   templ.Component // a line below the title: states and facts; nil: none
}

// Tab is one of the pages that belong together.
type Tab struct {
	Label, Href, Icon string
	Current           bool
}

// htmxConfig keeps from being morphed what is open, and htmx from bringing its own
// style. It must be JSON: htmx's own notation knows no lists.
const htmxConfig = `{"includeIndicatorCSS":false,"morphIgnore":["data-htmx-powered","open","data-kept"]}`

// CustomerPath is the path of a customer's page; parts are appended.
func CustomerPath(customerID string, parts ...string) string {
	p := "/customers/" + url.PathEscape(customerID)
	for _, x := range parts {
		p += "/" + url.PathEscape(x)
	}
	return p
}

func language(l text.Language) string { return string(l) }

// languageChoices are the languages of a person; the first is the browser's.
func languageChoices(ctx context.Context) []Choice {
	out := []Choice{{"", text.T(ctx, "account.language_browser")}}
	for _, l := range text.Languages {
		out = append(out, Choice{string(l), text.NameOf(l)})
	}
	return out
}

// signInHref leads back to the page once somebody has signed in again.
func signInHref(path string) templ.SafeURL {
	return templ.SafeURL("/sign-in?next=" + url.QueryEscape(path))
}

// languageHref leads back to the same page in another language, for those whom we
// do not know yet.
func languageHref(path string, l text.Language) templ.SafeURL {
	return templ.SafeURL("/language?to=" + string(l) + "&next=" + url.QueryEscape(path))
}
