package view

import (
	"context"
	"fmt"

	"github.com/a-h/templ"

	"tischlein/internal/telephony"
	"tischlein/internal/web/text"
)

// KeyEditor is the card of an extension's keys.
type KeyEditor struct {
	Path     string
	Customer string // id
	Live     string
	Keys     []telephony.Key
	Form     Form   // keys[0].kind, .label, .value, …, version
	Edit     bool   // whoever reads may change them
	Unsaved  bool   // a line was moved, added or removed, or refused
	Focus    string // the field or button that is next, "" = none
	Numbers  []Choice
	Fits     []KeyFit
}

// KeyFit is a phone with the keys for which it has no room.
type KeyFit struct {
	CPEID, Name, Model string
	Left               []telephony.Key
}

func (m KeyEditor) field(n int, part string) string { return fmt.Sprintf("keys[%d].%s", n, part) }

func keyKinds(ctx context.Context) (list []Choice) {
	for _, k := range telephony.KeyKinds {
		list = append(list, Choice{string(k), text.T(ctx, "keys.kind_"+string(k))})
	}
	return list
}

// says names a key as people speak of it.
func keyWord(ctx context.Context, k telephony.Key) string {
	switch {
	case k.Kind == telephony.KeyHotdesk:
		return text.T(ctx, "keys.kind_hotdesk")
	case k.Label != "":
		return k.Label
	}
	return k.Value
}

func (f KeyFit) words(ctx context.Context) string {
	var names []string
	for _, k := range f.Left {
		names = append(names, "„"+keyWord(ctx, k)+"“")
	}
	if len(names) > 6 {
		names = append(names[:6], "…")
	}
	return text.From(ctx).And(names)
}

// asks are the attributes of a button that changes the lines of the form: by
// itself it sends the form, with scripts the card alone is read anew.
func (m KeyEditor) asks() templ.Attributes {
	return templ.Attributes{"hx-post": m.Path, "hx-target": "#extension-keys", "hx-select": "#extension-keys", "hx-swap": "outerHTML"}
}
