package provision

import (
	"strings"
	"testing"

	"tischlein/internal/telephony"
)

var sample = NewCatalogue("1", "0", "%NULL%",
	Param{Name: "account.#.enable", Type: Bool},
	Param{Name: "account.#.server.1.port", Type: Int, Min: 1, Max: 65535},
	Param{Name: "account.#.name", Type: Text, Max: 8},
	Param{Name: "account.#.password", Type: Secret},
	Param{Name: "lang", Type: Enum, Allowed: []string{"German", "Dutch"}},
	Param{Name: "url", Type: URL},
	Param{Name: "ca", Type: PEM},
	Param{Name: "odd", Type: "colour"},
)

func TestP06_CatalogueChecksNamesAndValues(t *testing.T) {
	good := [][2]string{
		{"account.1.enable", "1"}, {"account.250.enable", "0"}, {"account.1.enable", "%NULL%"},
		{"account.2.server.1.port", "5060"}, {"account.1.name", "Überlang"}, {"lang", "Dutch"},
		{"url", "https://h.example/d/abc/"}, {"account.1.password", "a:b=c<d>"}, {"ca", "MIIB+/=="},
	}
	for _, g := range good {
		if err := sample.Check(g[0], g[1]); err != nil {
			t.Error(err)
		}
	}
	bad := [][2]string{
		{"account.enable", "1"}, {"account.x.enable", "1"}, {"account.#.enable", "1"}, {"account.01.enable", "1"},
		{"account.1.server.2.port", "1"}, {"account.1.enable.2", "1"}, {"", "1"}, {"account.1.", "1"},
		{"account.1.enable", "true"}, {"account.1.enable", ""}, {"account.1.server.1.port", "0"},
		{"account.1.server.1.port", "65536"}, {"account.1.server.1.port", "+80"}, {"account.1.server.1.port", "080"},
		{"account.1.name", "neun lang"}, {"account.1.name", " Anna"}, {"account.1.name", "A\nB"},
		{"lang", "german"}, {"url", "ftp://h/"}, {"url", "/relative"}, {"url", "https://h/a b"}, {"url", "https:///x"},
		{"url", "https://h/\nx"}, {"account.1.password", ""}, {"account.1.password", "a b"}, {"account.1.password", "ü"},
		{"account.1.password", "a\x00"}, {"ca", "MII B"}, {"odd", "red"},
	}
	for _, b := range bad {
		if err := sample.Check(b[0], b[1]); err == nil {
			t.Errorf("%q = %q was taken", b[0], b[1])
		}
	}
}

func TestP06_EveryParameterOnce(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a parameter was listed twice")
		}
	}()
	NewCatalogue("1", "0", "", Param{Name: "a.#", Type: Bool}, Param{Name: "a.#", Type: Int})
}

func TestP06_SheetMakesForeignTextSafe(t *testing.T) {
	s := sample.Sheet(4)
	s.Set("account.1.enable", true)
	s.Set("account.1.name", " Überlange\r\nNamen ")
	s.Set("account.1.password", telephony.Secret("geheim"))
	s.Clear("account.2.name")
	got, err := s.Settings()
	if err != nil {
		t.Fatal(err)
	}
	want := []Setting{{"account.1.enable", "1"}, {"account.1.name", "Überlan…"}, {"account.1.password", "geheim"}, {"account.2.name", "%NULL%"}}
	for i := range want {
		if i >= len(got) || got[i] != want[i] {
			t.Fatalf("got %q, want %q", got, want)
		}
	}
}

func TestX01_SheetErrorsNameNoSecret(t *testing.T) {
	s := sample.Sheet(1)
	s.Set("account.1.password", telephony.Secret("sehr geheim"))
	if _, err := s.Settings(); err == nil || strings.Contains(err.Error(), "geheim") {
		t.Errorf("%v", err)
	}
}
