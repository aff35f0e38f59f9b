package provision

import (
	"cmp"
	"slices"
	"strings"

	"tischlein/internal/telephony"
)

// XMLBrowser is a driver whose phones have keys that open pages which we serve
// (H02 b). Both methods are pure.
type XMLBrowser interface {
	// RenderPage writes a page in the vendor's words: its type and its bytes, at
	// most MostPage of them. A browser that asks for one thing at a time asks for
	// the first field that is not given, and carries those that are.
	RenderPage(Page) (File, error)
	// PageKey is what a configuration sets so that programmable key n, counted as
	// the vendor counts, opens url for the line of that port. ok is false when the
	// phones could not hold the URL: it would be cut without a word.
	PageKey(n, port int, label, url string) (settings []Setting, ok bool)
}

// MostPage is the size in bytes up to which all browsers take a page.
const MostPage = 10_000

// Page is one page on a phone's display, in no vendor's words: a form if it has
// fields, a question if it has choices, else a message. Texts may be foreign.
type Page struct {
	Title string // two words
	Text  string // a sentence or two; a form shows it where its title would be
	Leave string // label of the key that closes the page, where it can be set

	Fields []Field
	// Target is where a form goes to: "?number=101&pin=…" is added to it by the
	// phone, so it has no query of its own. It says whose form it is, in its path.
	Target string

	Choices []Choice // at most MostChoices

	Seconds int // a message closes by itself after so long; 0 = the phone's own time
}

// MostChoices is how many keys the smallest display has room for, beside Leave.
const MostChoices = 3

// Field is one input of a form: digits, as the keypad writes them.
type Field struct {
	Name    string // of the query parameter: lower-case letters
	Label   string
	Default string // stands there already
	Given   bool   // Default was typed on the page before this one
	Secret  bool   // is not to be read over somebody's shoulder; has no Default
}

// Choice is one answer to a question.
type Choice struct {
	Label string // a line of its own
	Short string // on a key beneath the display
	URL   string
}

// The lengths in characters up to which displays make sense of a text.
const (
	mostTitle  = 60
	mostText   = 240
	mostChoice = 40
	mostShort  = 10
)

// Checked is the page with its texts made safe and cut. An error is a fault of
// whoever made the page.
func (p Page) Checked() (Page, error) {
	bad := func(what string) (Page, error) {
		return Page{}, &telephony.Error{Code: telephony.Internal, Reason: "page_malformed", Message: "a page for a phone " + what}
	}
	p.Title, p.Text, p.Leave = Clip(Clean(p.Title), mostTitle), Clip(Clean(p.Text), mostText), Clip(Clean(p.Leave), mostShort)
	if p.Title == "" || len(p.Fields) > 0 && len(p.Choices) > 0 || len(p.Choices) > MostChoices {
		return bad("has no title, or asks too much")
	}
	if len(p.Fields) > 0 && !pageURL(p.Target) || len(p.Fields) == 0 && p.Target != "" {
		return bad("has a form without a way, or a way without a form")
	}
	fields, asks := make([]Field, 0, len(p.Fields)), false
	for _, f := range p.Fields {
		f.Label, f.Default = Clip(Clean(f.Label), mostChoice), Clip(Clean(f.Default), mostChoice)
		if f.Name == "" || strings.Trim(f.Name, "abcdefghijklmnopqrstuvwxyz") != "" || f.Label == "" {
			return bad("has a field without a name")
		}
		if f.Secret && (f.Default != "" || f.Given) {
			return bad("would show a secret")
		}
		asks = asks || !f.Given
		fields = append(fields, f)
	}
	if len(fields) > 0 && !asks {
		return bad("asks for nothing")
	}
	choices := make([]Choice, 0, len(p.Choices))
	for _, c := range p.Choices {
		c.Label, c.Short = Clip(Clean(c.Label), mostChoice), Clip(Clean(c.Short), mostShort)
		if c.Label == "" || c.Short == "" || !pageURL(c.URL) {
			return bad("has a choice without a label or a way")
		}
		choices = append(choices, c)
	}
	p.Fields, p.Choices = fields, choices
	return p, nil
}

// Heading is what a form or a question shows at its top.
func (p Page) Heading() string { return cmp.Or(p.Text, p.Title) }

// Focus is the first field in which something is missing, from 1.
func (p Page) Focus() int {
	return 1 + max(slices.IndexFunc(p.Fields, func(f Field) bool { return f.Default == "" }), 0)
}

// pageURL: what phones take, whose browsers do little quoting of their own.
func pageURL(u string) bool {
	return strings.HasPrefix(u, "https://") && !strings.ContainsAny(u, "?#& \"'<>") && u == Clean(u)
}

// PageFile is a rendered page, or an error where it became too large.
func PageFile(contentType string, body []byte) (File, error) {
	if len(body) > MostPage {
		return File{}, &telephony.Error{Code: telephony.Internal, Reason: "page_too_large", Message: "a page for a phone is too large"}
	}
	return File{ContentType: contentType, Body: body}, nil
}
