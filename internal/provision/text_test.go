package provision

import (
	"bytes"
	"encoding/xml"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"tischlein/internal/telephony"
)

func TestP07_CleanKeepsNamesAndDropsTricks(t *testing.T) {
	cases := map[string]string{
		"Anna Schmidt":              "Anna Schmidt",
		"  Anna \t\r\n  Schmidt ":   "Anna Schmidt",
		"a\u2028b\u0085c\u00a0d":    "a b c d",
		"x\u202egpj.exe\u202c":      "xgpj.exe",
		"\u2066שרה\u2069":           "שרה",
		"👩\u200d💻":                  "👩\u200d💻",
		"Zo\u00eb ñ 日本":             "Zoë ñ 日本",
		"a\xff\xfeb":                "ab",
		"\ufeffBOM\ufffe\uffff":     "BOM",
		"":                          "",
		"\x00\x01\x7f":              "",
		"O'Neil & <b>\"x\"</b> ]]>": "O'Neil & <b>\"x\"</b> ]]>",
	}
	for in, want := range cases {
		if got := Clean(in); got != want {
			t.Errorf("Clean(%q) = %q, want %q", in, got, want)
		}
	}
	if got := Clip(strings.Repeat("ä", 64), 10); utf8.RuneCountInString(got) != 10 || !strings.HasSuffix(got, "…") {
		t.Errorf("Clip: %q", got)
	}
	if got := Clip("Anna", 4); got != "Anna" {
		t.Errorf("Clip: %q", got)
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"Anna", " a\r\nb ", "\u202ex]]>", "\xf0\x9f", "👩‍💻"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Clean(s)
		if Clean(got) != got {
			t.Fatalf("not stable: %q", got)
		}
		for _, r := range got {
			if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || r == utf8.RuneError {
				t.Fatalf("%q is left of %q", r, s)
			}
		}
		var b bytes.Buffer
		b.WriteString(`<a b="`)
		EscapeXML(&b, got)
		b.WriteString(`">`)
		EscapeXML(&b, got)
		b.WriteString("</a>")
		var doc struct {
			B    string `xml:"b,attr"`
			Text string `xml:",chardata"`
		}
		if err := xml.Unmarshal(b.Bytes(), &doc); err != nil || doc.B != got || doc.Text != got {
			t.Fatalf("%q does not survive XML: %v %+v", got, err, doc)
		}
	})
}

func TestP07_FacesInEveryLanguage(t *testing.T) {
	refused := map[string]string{
		"de": "Adresse 203.0.113.7 nicht freigegeben",
		"en": "Address 203.0.113.7 not allowed",
		"nl": "Adres 203.0.113.7 niet toegestaan",
	}
	for lang, want := range refused {
		d := telephony.Desired{Language: "de"}
		l := telephony.Line{Port: 1, State: telephony.LineRefused, Language: lang, Address: "203.0.113.7"}
		if got := FaceOf(d, l).Label; got != want {
			t.Errorf("%s: %q", lang, got)
		}
		w := WordsIn(lang)
		if w.FreeDesk == "" || w.LogIn == "" || w.LogOut == "" || w.Waiting == "" {
			t.Errorf("%s: %+v", lang, w)
		}
	}
	d := telephony.Desired{Language: "nl"}
	if got := FaceOf(d, telephony.Line{State: telephony.LineFree}).Label; got != "Vrije plek" {
		t.Errorf("a line without a language of its own: %q", got)
	}
	if got := WordsIn("fr"); got != WordsIn("de") {
		t.Errorf("unknown language: %+v", got)
	}
	named := FaceOf(d, telephony.Line{State: telephony.LineLinked, Name: `Anna "A" <x>\`, Number: "101"})
	if named.Display != "Anna 'A' (x)/" || named.Label != `Anna "A" <x>\ 101` {
		t.Errorf("%+v", named)
	}
	if got := FaceOf(d, telephony.Line{State: telephony.LineHotdesk, Number: "101"}); got.Display != "101" || got.Label != "101" {
		t.Errorf("without a name: %+v", got)
	}
	if got := FaceOf(d, telephony.Line{State: telephony.LineUnused, Name: "x"}); got != (Face{}) {
		t.Errorf("unused: %+v", got)
	}
	if got := FaceOf(d, telephony.Line{State: telephony.LineRefused}).Display; got != WordsIn("nl").Waiting {
		t.Errorf("refused without an address: %q", got)
	}
}

func TestP08_RedactMasksEveryForm(t *testing.T) {
	body := []byte(`plain p&<ss x p&amp;&lt;ss y p%26%3Css z <u>https://h/d/tok/000.xml</u> keep`)
	got := string(Redact(body, "p&<ss", "https://h/d/tok/", ""))
	if got != `plain *** x *** y *** z <u>***000.xml</u> keep` {
		t.Errorf("%s", got)
	}
	if !bytes.Contains(body, []byte("p&<ss")) {
		t.Error("the original was changed")
	}
}

// The same digits everywhere and for ever, or a phone would be locked.
func TestP14_DigitsStandForASecret(t *testing.T) {
	if got := Digits("Geheim-Admin-4711").Reveal(); got != "729822880" {
		t.Errorf("%s", got)
	}
	if Digits("") != "" || Digits("a") == Digits("b") {
		t.Error("no secret has digits, or two have the same")
	}
}

func TestP08_SecretsOfIsComplete(t *testing.T) {
	d := telephony.Desired{BaseURL: "https://h/d/tok/", AdminPassword: "adm", Lines: []telephony.Line{{Secret: "s1"}, {}, {Secret: "s2"}}}
	want := map[telephony.Secret]bool{"https://h/d/tok/": true, "tok": true, "adm": true, Digits("adm"): true, "s1": true, "s2": true}
	for _, s := range SecretsOf(d) {
		if !want[s] {
			t.Errorf("unexpected %q", s.Reveal())
		}
		delete(want, s)
	}
	if len(want) > 0 {
		t.Errorf("%d are missing", len(want))
	}
}
