package text

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// Printer says things to one reader: in their language, with their clock.
type Printer struct {
	Language Language
	Zone     *time.Location
	words    *i18n.Localizer
	numbers  *message.Printer
}

// For makes a printer. zone nil is UTC.
func For(l Language, zone *time.Location) *Printer {
	if zone == nil {
		zone = time.UTC
	}
	return &Printer{Language: l, Zone: zone, words: i18n.NewLocalizer(load(), string(l)), numbers: message.NewPrinter(language.Make(string(l)))}
}

// In is the same printer with another clock, such as the customer's.
func (p *Printer) In(zone *time.Location) *Printer {
	q := *p
	q.Zone = zone
	return &q
}

// T is the text with the given id. args are names and values in turn, for the
// text's placeholders: T("errors.holder", "Holder", name).
func (p *Printer) T(id string, args ...any) string {
	s, err := p.words.Localize(&i18n.LocalizeConfig{MessageID: id, TemplateData: p.data(args)})
	if err != nil && s == "" {
		return "⟦" + id + "⟧" // a test finds it before a reader does
	}
	return s
}

// N is the text for n things, by the language's plural rules; {{.Count}} is n.
func (p *Printer) N(id string, n int, args ...any) string {
	data := p.data(args)
	if data == nil {
		data = map[string]any{}
	}
	data["Count"] = p.Number(n)
	s, err := p.words.Localize(&i18n.LocalizeConfig{MessageID: id, PluralCount: n, TemplateData: data})
	if err != nil && s == "" {
		return "⟦" + id + "⟧"
	}
	return s
}

// Has reports whether there is a text with this id, for words that come from
// elsewhere, such as an error's reason.
func (p *Printer) Has(id string) bool {
	_, err := p.words.Localize(&i18n.LocalizeConfig{MessageID: id, TemplateData: map[string]any{}})
	return err == nil
}

func (p *Printer) data(args []any) map[string]any {
	if len(args) == 0 {
		return nil
	}
	m := make(map[string]any, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		name, _ := args[i].(string)
		m[name] = p.plain(args[i+1])
	}
	return m
}

// plain words a value as it stands in a sentence.
func (p *Printer) plain(v any) any {
	switch v := v.(type) {
	case int:
		return p.Number(v)
	case float64: // a count that came through JSON
		if v == float64(int(v)) {
			return p.Number(int(v))
		}
	case time.Time:
		return p.DateTime(v)
	case []string:
		return p.And(v)
	case fmt.Stringer:
		return v.String()
	}
	return v
}

// And joins names as a sentence does: A, B und C.
func (p *Printer) And(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " " + p.T("common.and") + " " + names[last]
}

// Number is n with the language's separators.
func (p *Printer) Number(n int) string { return p.numbers.Sprintf("%d", n) }

type contextKey struct{}

// With hands the printer on to the views, which get it by their context.
func With(ctx context.Context, p *Printer) context.Context {
	return context.WithValue(ctx, contextKey{}, p)
}

// From is the context's printer, a German one where there is none.
func From(ctx context.Context) *Printer {
	if p, ok := ctx.Value(contextKey{}).(*Printer); ok {
		return p
	}
	return For(German, nil)
}

// T is From(ctx).T, which views need most.
func T(ctx context.Context, id string, args ...any) string { return From(ctx).T(id, args...) }

// N is From(ctx).N.
func N(ctx context.Context, id string, n int, args ...any) string {
	return From(ctx).N(id, n, args...)
}
