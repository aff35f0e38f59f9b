package text_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tischlein/internal/telephony"
	"tischlein/internal/web/text"
)

// dynamic are the ids that are put together at run time: the beginning, and every
// word that may follow. Where a beginning stands in the code, its words stand here.
var dynamic = map[string][]string{
	"common.state_":        {"no_device", "waiting_for_device", "failed", "offline", "pending", "logged_in", "logged_out"},
	"common.failed_":       {"device_lost", "device_frozen", "device_refused"},
	"common.phase_":        {"done", "now", "missing", "later", "skipped"},
	"common.role_":         {"operator_admin", "operator_support", "partner_admin", "customer_admin", "user"},
	"errors.title_":        {"invalid", "forbidden", "not_found", "conflict", "too_many", "unavailable", "internal"},
	"errors.reason_":       nil, // each is looked for where it is thrown
	"log.action_":          strings.Fields("learn_model link unlink login logout attach detach create update delete allow disallow arm disarm resync reboot rotate lost freeze trust first_access reveal_url reveal_secret reveal_file set_pin unlock undo sign_in sign_out change_password second_factor_on second_factor_off recovery_codes end_session end_sessions reset_link revoke logout_all accept_invitation reset_password"),
	"log.outcome_":         {"done", "refused"},
	"log.kind_":            strings.Fields("channel extension cpe customer user token partner audit"),
	"log.actor_":           strings.Fields("user token setup cli phone system"),
	"log.field_":           strings.Fields("value name number language timezone iplisting logincode logoutcode pickupcode emergencynumbers extensiondigits kind location multilogin haspin pinmustchange mac driver model ports lost extension channel cpe port by since reason login role partnerid disabled scopes expires way trust address path theme"),
	"extensions.language_": {"customer", "de", "en", "nl"},
	"extensions.filter_":   {"free", "linked", "hotdesked", "multi", "locked"},
	"users.state_":         {"active", "invited", "locked", "disabled"},
	"tokens.scope_":        {"read", "write", "link", "login", "push", "reveal", "admin"},
	"cpes.filter_":         {"failed", "never_contacted", "offline", "pending", "converged", "unattached"},
	"cpes.state_":          words(telephony.CPEStateCodes),
	"cpes.push_":           words(telephony.PushOutcomes),
	"cpes.trust_":          {"none", "pending", "proven", "frozen"},
	"cpes.way_":            {"first_access", "armed"},
	"cpes.ask_":            {"reboot", "lost", "delete", "reboot_text", "lost_text", "delete_text"},
	"cpes.do_":             {"reboot", "lost", "delete", "found"},
	"cpes.event_":          {"claimed", "frozen", "refused", "first_access_refused"},
	"errors.":              {"invalid", "unauthenticated", "forbidden", "not_found", "conflict", "too_many", "unavailable", "internal"},
}

func words[T ~string](all []T) (list []string) {
	for _, w := range all {
		list = append(list, string(w))
	}
	return list
}

var (
	literal = regexp.MustCompile(`"([a-z]+\.[a-z0-9_]*)"(\s*\+)?`)
	comment = regexp.MustCompile(`(?m)^\s*//.*$`)
)

// sources gives the portal's own code and templates, generated files and tests
// left out.
func sources(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir("..", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if !strings.HasSuffix(p, ".templ") && !strings.HasSuffix(p, ".go") || strings.HasSuffix(p, "_templ.go") || strings.HasSuffix(p, "_test.go") {
			return nil
		}
		b, err := os.ReadFile(p)
		out[filepath.ToSlash(p)] = string(b)
		return err
	})
	if err != nil || len(out) < 20 {
		t.Fatalf("%d sources: %v", len(out), err)
	}
	return out
}

// areas are the files of texts: their names begin the ids.
func areas(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir("de")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, strings.TrimSuffix(e.Name(), ".toml"))
	}
	return out
}

func TestU01_EveryTextThatIsUsedExistsAndEveryTextIsUsed(t *testing.T) {
	p := text.For(text.German, nil)
	known := areas(t)
	used := map[string]bool{}
	for name, code := range sources(t) {
		for _, m := range literal.FindAllStringSubmatch(comment.ReplaceAllString(code, ""), -1) {
			id, joined := m[1], m[2] != ""
			if !slices.Contains(known, id[:strings.IndexByte(id, '.')]) || strings.HasSuffix(id, ".go") || strings.HasSuffix(id, ".css") {
				continue
			}
			if joined || strings.HasSuffix(id, "_") || strings.HasSuffix(id, ".") {
				if _, ok := dynamic[id]; !ok {
					t.Errorf("%s puts ids together that begin with %q: name the words in dynamic", name, id)
				}
				continue
			}
			used[id] = true
			if !p.Has(id) {
				t.Errorf("%s uses %s, which does not exist", name, id)
			}
		}
	}
	for begin, words := range dynamic {
		for _, w := range words {
			used[begin+w] = true
			if !p.Has(begin + w) {
				t.Errorf("%s is put together and does not exist", begin+w)
			}
		}
	}
	for _, id := range text.IDs() {
		if !used[id] && !strings.HasPrefix(id, "errors.reason_") { // whose use app's test proves
			t.Errorf("nobody says %s", id)
		}
	}
}
