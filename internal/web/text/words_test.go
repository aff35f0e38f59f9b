package text

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
)

// wording is one text as its file has it, with its plural forms.
type wording map[string]string

// read gives a language's messages by id.
func read(t *testing.T, l Language) map[string]wording {
	t.Helper()
	out := map[string]wording{}
	names, err := files.ReadDir(string(l))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range names {
		raw, err := files.ReadFile(path.Join(string(l), f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		var tables map[string]map[string]any
		if err := toml.Unmarshal(raw, &tables); err != nil {
			t.Fatalf("%s/%s: %v", l, f.Name(), err)
		}
		area := strings.TrimSuffix(f.Name(), ".toml")
		for table, entries := range tables {
			if table != area {
				t.Errorf("%s/%s holds the table [%s]; each area keeps to its own", l, f.Name(), table)
			}
			for name, v := range entries {
				out[table+"."+name] = forms(t, l, table+"."+name, v)
			}
		}
	}
	if len(out) < 100 {
		t.Fatalf("only %d texts were read", len(out))
	}
	return out
}

// reserved are the words by which go-i18n knows a plural form: a text named so
// would swallow its neighbours.
var reserved = []string{"id", "description", "hash", "leftdelim", "rightdelim", "zero", "one", "two", "few", "many", "other"}

func forms(t *testing.T, l Language, id string, v any) wording {
	t.Helper()
	if slices.Contains(reserved, id[strings.IndexByte(id, '.')+1:]) {
		t.Errorf("%s %s: this name is a plural form's", l, id)
	}
	if s, ok := v.(string); ok {
		return wording{"": s}
	}
	m, ok := v.(map[string]any)
	if !ok {
		t.Errorf("%s %s is no text", l, id)
		return nil
	}
	out := wording{}
	for form, s := range m {
		out[form], _ = s.(string)
	}
	if len(out) != 2 || out["one"] == "" || out["other"] == "" {
		t.Errorf("%s %s: a plural has the forms one and other", l, id)
	}
	return out
}

var placeholder = regexp.MustCompile(`{{\s*\.(\w+)\s*}}`)

// placeholders are what the text's forms have together.
func (m wording) placeholders() string {
	seen := map[string]bool{}
	for _, s := range m {
		for _, x := range placeholder.FindAllStringSubmatch(s, -1) {
			seen[x[1]] = true
		}
	}
	var out []string
	for n := range seen {
		out = append(out, n)
	}
	slices.Sort(out)
	return strings.Join(out, ",")
}

func TestU01_EveryTextStandsInEveryLanguage(t *testing.T) {
	original := read(t, German)
	for _, l := range Languages {
		own := read(t, l)
		for id, m := range original {
			x, ok := own[id]
			if !ok {
				t.Errorf("%s lacks %s", l, id)
				continue
			}
			if len(x) != len(m) {
				t.Errorf("%s %s: a plural in one language is a plural in all", l, id)
			}
			if x.placeholders() != m.placeholders() {
				t.Errorf("%s %s has the placeholders %s, German %s", l, id, x.placeholders(), m.placeholders())
			}
			for form, s := range x {
				if strings.TrimSpace(s) == "" || s != strings.TrimSpace(s) || strings.Contains(s, "  ") {
					t.Errorf("%s %s %s is %q", l, id, form, s)
				}
				if strings.Count(s, "{{") != len(placeholder.FindAllString(s, -1)) {
					t.Errorf("%s %s: %q holds more than plain placeholders", l, id, s)
				}
			}
		}
		for id := range own {
			if _, ok := original[id]; !ok {
				t.Errorf("%s has %s, which German lacks", l, id)
			}
		}
	}
}

// The labels that administrators read today and look for, and their words in the
// other languages.
func TestU01_LabelsAreExact(t *testing.T) {
	for id, want := range map[string][3]string{
		"common.nav_master":               {"Kundendaten", "Customer data", "Klantgegevens"},
		"common.tab_detail":               {"Detail", "Detail", "Detail"},
		"common.tab_channels":             {"Kanäle", "Channels", "Kanalen"},
		"common.tab_extensions":           {"Nebenstellen", "Extensions", "Toestelnummers"},
		"common.tab_cpes":                 {"CPEs", "CPEs", "CPE's"},
		"common.tab_log":                  {"Protokoll", "Log", "Logboek"},
		"common.please_choose":            {"- Bitte auswählen -", "- Please choose -", "- Maak een keuze -"},
		"common.state_no_device":          {"kein Gerät", "no device", "geen toestel"},
		"common.state_waiting_for_device": {"wartet auf Gerät", "waiting for device", "wacht op toestel"},
		"common.state_offline":            {"offline", "offline", "offline"},
		"common.state_pending":            {"wird übertragen", "being transferred", "wordt overgedragen"},
		"common.state_logged_in":          {"angemeldet", "logged in", "aangemeld"},
		"common.state_logged_out":         {"frei (Hotdesking)", "free (hotdesking)", "vrij (hotdesking)"},
	} {
		for i, l := range Languages {
			if got := For(l, nil).T(id); got != want[i] {
				t.Errorf("%s %s is %q, want %q", l, id, got, want[i])
			}
		}
	}
}
