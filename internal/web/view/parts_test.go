package view

import (
	"context"
	"net/netip"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"tischlein/internal/telephony"
	"tischlein/internal/web/text"
)

func draw(t *testing.T, c templ.Component) string {
	t.Helper()
	var b strings.Builder
	if err := c.Render(text.With(context.Background(), text.For(text.German, nil)), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Every state has its own shape and word besides a colour: nobody needs to see
// colours to tell them apart.
func TestU08_StatesDifferByShapeAndWord(t *testing.T) {
	shapes, words := map[string]bool{}, map[string]bool{}
	for _, code := range telephony.StateCodes {
		s := telephony.State{Code: code, Reason: telephony.FailedAddress, Address: netip.MustParseAddr("203.0.113.7")}
		html := draw(t, State(s))
		_, shape, ok := strings.Cut(html, "sprite.svg#")
		shape, _, _ = strings.Cut(shape, `"`)
		word := StateWord(text.With(context.Background(), text.For(text.German, nil)), s)
		if !ok || shapes[shape] || words[word] || !strings.Contains(html, word) || tones[code] == "" || strings.Contains(html, "⟦") {
			t.Errorf("%s is %s", code, html)
		}
		shapes[shape], words[word] = true, true
	}
	if len(shapes) != 7 || !words["fehlgeschlagen: Adresse 203.0.113.7 nicht zugelassen"] {
		t.Errorf("%v %v", shapes, words)
	}
}

func TestU08_WrongFieldIsMarkedDescribedAndFocused(t *testing.T) {
	f := Form{Values: map[string][]string{"name": {"<Empfang>"}, "password": {"secret"}}, Errors: []FieldError{{"name", "So nicht."}, {"other", "Auch nicht."}}}
	html := draw(t, Field(f, Input{Name: "name", Label: "Name", Hint: "Wie er heißt."}))
	for _, want := range []string{`aria-invalid="true"`, `aria-describedby="name-hint name-error"`, "autofocus", `value="&lt;Empfang&gt;"`, `<p class="error" id="name-error">`, `for="name"`} {
		if !strings.Contains(html, want) {
			t.Errorf("the field lacks %s: %s", want, html)
		}
	}
	if html := draw(t, Field(f, Input{Name: "other", Label: "Anderes"})); strings.Contains(html, "autofocus") {
		t.Errorf("two fields want the focus: %s", html)
	}
	if html := draw(t, Field(f, Input{Name: "password", Label: "Passwort", Type: "password"})); strings.Contains(html, "secret") {
		t.Errorf("a password is sent back: %s", html)
	}
}

// Without scripts the picker is a plain select in which what cannot be chosen says
// why (S10, S11).
func TestS10_PickerIsAPlainSelectWithReasons(t *testing.T) {
	options := []Option{{Value: "1", Label: "101 Ada Wirt"}, {Value: "2", Label: "102 Ben Koch", Refused: "in Benutzung an Empfang 2"}}
	html := draw(t, PickerField(Form{}, Picker{Name: "extension", Label: "Benutzer mit Kanal/CPE verbinden", Options: options, Most: 1}))
	for _, want := range []string{
		`<option value="" selected>- Bitte auswählen -</option>`, `<option value="1" data-label="101 Ada Wirt">101 Ada Wirt</option>`,
		`<option value="2" disabled data-label="102 Ben Koch" data-refused="in Benutzung an Empfang 2">102 Ben Koch – in Benutzung an Empfang 2</option>`,
	} {
		if !strings.Contains(html, want) {
			t.Errorf("the picker lacks %s: %s", want, html)
		}
	}
	if strings.Contains(html, "multiple") {
		t.Errorf("a picker of one takes several: %s", html)
	}
	options[0].Selected = true
	html = draw(t, PickerField(Form{}, Picker{Name: "channels", Label: "Benutzer mit CPE/Kanal verbinden", Options: options, Most: 2}))
	if !strings.Contains(html, " multiple") || !strings.Contains(html, `data-most="2"`) || strings.Contains(html, `value="" selected`) {
		t.Errorf("a picker of two is %s", html)
	}
}

func TestMonogramIsFirstAndLast(t *testing.T) {
	for name, want := range map[string]string{"Frida Kahl": "FK", "anna": "A", "Jan van der Meer": "JM", "Élodie O'Brien": "ÉB", "": "", "42": ""} {
		if got := (Person{Name: name}).Monogram(); got != want {
			t.Errorf("%q is %q, want %q", name, got, want)
		}
	}
}
