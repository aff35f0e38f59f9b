package drivers

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// namedPages are the pages that the keys lead to; who stands in them is foreign.
func namedPages(language, who string) map[string]provision.Page {
	w, key := provision.PageWordsIn(language), provision.WordsIn(language)
	const at = "https://prov.example.net/k/0123456789abkeys/1/"
	form := provision.Page{Title: key.LogIn, Target: at + "login", Fields: []provision.Field{
		{Name: "number", Label: w.Number}, {Name: "pin", Label: w.PIN, Secret: true}}}
	wrong := form
	wrong.Text = w.WrongPIN
	wrong.Fields = []provision.Field{{Name: "number", Label: w.Number, Default: "101"}, form.Fields[1]}
	second := form
	second.Fields = []provision.Field{{Name: "number", Label: w.Number, Default: "101", Given: true}, form.Fields[1]}
	return map[string]provision.Page{
		"form": form, "wrong": wrong, "second": second,
		"new_pin": {Title: key.LogIn, Text: w.MustChange, Target: at + "login/abc_-9", Fields: []provision.Field{
			{Name: "new", Label: w.NewPIN, Secret: true}, {Name: "again", Label: w.Again, Secret: true}}},
		"take_over": {Title: key.LogIn, Text: provision.Say(w.Maximum, who), Leave: w.No,
			Choices: []provision.Choice{{Label: w.TakeOver, Short: w.Yes, URL: at + "take/abc_-9"}}},
		"where": {Title: key.LogOut, Text: provision.Say(w.Elsewhere, who), Leave: w.Back, Choices: []provision.Choice{
			{Label: w.HereOnly, Short: w.HereShort, URL: at + "logout/here"}, {Label: w.All, Short: w.All, URL: at + "logout/all"}}},
		"done":   {Title: key.LogIn, Text: provision.Say(w.LoggedIn, who), Leave: w.OK, Seconds: 5},
		"linked": {Title: key.LogOut, Text: provision.Say(w.Linked, who), Leave: w.OK},
	}
}

func browsers(t *testing.T, f func(t *testing.T, vendor string, b provision.XMLBrowser)) {
	t.Helper()
	seen := 0
	for _, drv := range under() {
		b, ok := drv.(provision.XMLBrowser)
		if ok != drv.Info().XMLBrowser {
			t.Errorf("%s says of its browser: %v", drv.Info().Vendor, drv.Info().XMLBrowser)
		}
		if ok {
			seen++
			t.Run(drv.Info().Vendor, func(t *testing.T) { f(t, drv.Info().Vendor, b) })
		}
	}
	if seen == 0 && *onlyVendor == "" {
		t.Fatal("no browser is tested")
	}
}

func TestH02_PagesAreAsTheVendorsBrowserReadsThem(t *testing.T) {
	seen := map[string]bool{}
	browsers(t, func(t *testing.T, vendor string, b provision.XMLBrowser) {
		for name, p := range namedPages("de", "Erika Weber 101") {
			file, err := b.RenderPage(p)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			path := filepath.Join("testdata", "pages", vendor, name+".xml")
			if strings.Contains(cases[vendor].pageType, "html") {
				path = strings.TrimSuffix(path, "xml") + "html"
			}
			seen[path] = true
			if *update {
				if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, file.Body, 0o644)); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(want, file.Body) || file.ContentType != cases[vendor].pageType {
				t.Errorf("%s differs; look, then run with -update\n%s\n%s", path, file.ContentType, file.Body)
			}
		}
	})
	files, err := filepath.Glob(filepath.Join("testdata", "pages", "*", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		if mine := *onlyVendor == "" || strings.Contains(path, *onlyVendor); mine && !seen[path] {
			t.Errorf("%s belongs to no page", path)
		}
	}
}

// outline is a page without its texts.
func outline(t *testing.T, body []byte) (names []string) {
	t.Helper()
	dec := xml.NewDecoder(bytes.NewReader(body))
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return names
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, body)
		}
		if e, ok := tok.(xml.StartElement); ok {
			names = append(names, e.Name.Local)
		}
	}
}

func TestH02_ForeignTextStaysTextOnAPage(t *testing.T) {
	browsers(t, func(t *testing.T, _ string, b provision.XMLBrowser) {
		for _, language := range []string{"de", "en", "nl", "", "xx"} {
			good := namedPages(language, "Anna")
			for what, text := range hostile {
				for name, p := range namedPages(language, text+strings.Repeat("<&>", 2000)) {
					file, err := b.RenderPage(p)
					if err != nil {
						t.Fatalf("%s %s: %v", name, what, err)
					}
					want, err := b.RenderPage(good[name])
					if err != nil {
						t.Fatal(err)
					}
					if got := outline(t, file.Body); strings.Join(got, " ") != strings.Join(outline(t, want.Body), " ") {
						t.Errorf("%s, %s: the text became %v", name, what, got)
					}
					if len(file.Body) >= provision.MostPage {
						t.Errorf("%s, %s: %d bytes", name, what, len(file.Body))
					}
					again, err := b.RenderPage(p)
					if err != nil || !bytes.Equal(again.Body, file.Body) {
						t.Errorf("%s, %s: the same page gives other bytes", name, what)
					}
				}
			}
		}
	})
}

func TestX01_APageNeverRepeatsAPIN(t *testing.T) {
	const at = "https://prov.example.net/k/x/1/login"
	browsers(t, func(t *testing.T, _ string, b provision.XMLBrowser) {
		for what, p := range map[string]provision.Page{
			"a PIN that stands there": {Title: "x", Target: at, Fields: []provision.Field{{Name: "pin", Label: "PIN", Secret: true, Default: "4711"}}},
			"a PIN that is carried": {Title: "x", Target: at, Fields: []provision.Field{
				{Name: "pin", Label: "PIN", Secret: true, Given: true}, {Name: "again", Label: "PIN", Secret: true}}},
			"a PIN in the way":      {Title: "x", Target: at + "?pin=4711", Fields: []provision.Field{{Name: "number", Label: "Number"}}},
			"a PIN behind a choice": {Title: "x", Choices: []provision.Choice{{Label: "Yes", Short: "Yes", URL: at + "?pin=4711"}}},
			"plain HTTP":            {Title: "x", Target: "http://prov.example.net/k/x/1/login", Fields: []provision.Field{{Name: "number", Label: "Number"}}},
			"nothing to ask":        {Title: "x", Target: at, Fields: []provision.Field{{Name: "number", Label: "Number", Given: true}}},
			"no title":              {Text: "x"},
		} {
			if file, err := b.RenderPage(p); err == nil || telephony.CodeOf(err) != telephony.Internal {
				t.Errorf("%s: %v\n%s", what, err, file.Body)
			}
		}
	})
}

// What PageKey says of a key is what the configuration sets, in names and values
// of the catalogue.
func TestH02_AKeyIsConfiguredAsTheDriverSays(t *testing.T) {
	browsers(t, func(t *testing.T, vendor string, b provision.XMLBrowser) {
		drv := driverOf(vendor)
		m := settingsOf(t, drv, desk(vendor, func(*telephony.Desired) {}))
		found := 0
		for n := range 30 {
			settings, ok := b.PageKey(n, 1, "Anmelden", testPages+"1/login")
			if !ok || len(settings) == 0 { // the vendor counts otherwise, or has fewer
				continue
			}
			same := true
			for _, s := range settings {
				if err := drv.(provision.Catalogued).Catalogue().Check(s.Name, s.Value); err != nil {
					t.Error(err)
				}
				same = same && m[s.Name] == s.Value
			}
			if same {
				found++
			}
		}
		if found != 1 {
			t.Errorf("%d keys of the configuration are as PageKey says, want 1", found)
		}
		if drv.Info().PageURLMax > 0 {
			if _, ok := b.PageKey(1, 1, "Anmelden", "https://"+strings.Repeat("p", drv.Info().PageURLMax)+".example.net/"); ok {
				t.Error("a URL that the phone would cut was taken")
			}
		}
	})
}
