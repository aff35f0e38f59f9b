package drivers

import (
	"fmt"
	"strings"

	"tischlein/internal/provision"
)

// fanvilWord is where a parameter stands in a text: module, list in it ("" = the
// module's own) and key. A key's "#" is filled with the first number of the
// parameter's name, a list's with the first of two.
type fanvilWord struct{ module, list, key string }

// fanvilRow is one parameter with its words in the newer and the older text.
type fanvilRow struct {
	provision.Param
	now, old fanvilWord
}

var fanvilCatalogue = provision.NewCatalogue("1", "0", "", fanvilParams()...)

func fanvilParams() []provision.Param {
	params := []provision.Param{
		// The file that names the firmware.
		{Name: "Version", Type: provision.Text, Max: 32, Source: fromTemplates},
		{Name: "Firmware", Type: provision.URL, Source: fromTemplates},
		{Name: "BuildTime", Type: provision.Text, Max: 32, Source: fromTemplates},
		{Name: "Info", Type: provision.Enum, Allowed: []string{"TXT"}, Source: fromTemplates},
	}
	for _, r := range fanvilRows {
		params = append(params, r.Param)
	}
	return params
}

// fanvilNewWord is a parameter's place in the newer text, numbers filled in.
func fanvilNewWord(name string) (fanvilWord, string, bool) {
	r, ok := fanvilByPattern[fanvilPattern(name)]
	if !ok || r.now.module == "" {
		return fanvilWord{}, "", false
	}
	return fanvilFill(r.now, fanvilIndices(name), false)
}

func fanvilOldWord(name string) (fanvilWord, string, bool) {
	r, ok := fanvilByPattern[fanvilPattern(name)]
	if !ok || r.old.module == "" {
		return fanvilWord{}, "", false
	}
	return fanvilFill(r.old, fanvilIndices(name), true)
}

// fanvilFill writes a key as the firmware does: padded to 19 columns, which the
// newer counts after the number and the older from the start of the line.
func fanvilFill(w fanvilWord, numbers []string, old bool) (fanvilWord, string, bool) {
	if strings.Contains(w.list, "#") && len(numbers) > 1 {
		w.list, numbers = strings.Replace(w.list, "#", numbers[0], 1), numbers[1:]
	} else if len(numbers) > 1 {
		numbers = numbers[len(numbers)-1:]
	}
	prefix, rest, numbered := strings.Cut(w.key, "# ")
	if !numbered || len(numbers) == 0 {
		return w, fmt.Sprintf("%-19s", w.key), true
	}
	prefix += numbers[0] + " "
	if old {
		return w, fmt.Sprintf("%-19.19s", prefix+rest), true
	}
	return w, prefix + fmt.Sprintf("%-19s", rest), true
}

// fanvilNamed finds the parameter that a line of a text sets.
func fanvilNamed(module, list, key string) (string, bool) {
	for _, r := range fanvilRows {
		for _, w := range []fanvilWord{r.now, r.old} {
			if w.module != module {
				continue
			}
			outer, inList := fanvilNumber(w.list, list)
			inner, inKey := fanvilNumber(w.key, key)
			if !inList || !inKey {
				continue
			}
			name := r.Name
			for _, n := range []string{outer, inner} {
				if n != "" {
					name = strings.Replace(name, "#", n, 1)
				}
			}
			// The older text has one page of keys.
			return strings.Replace(strings.Replace(name, "internal."+inner+".Fkey.#", "internal.1.Fkey."+inner, 1), "#", "1", 1), true
		}
	}
	return "", false
}

// fanvilNumber matches a pattern with at most one "#"; the end may be cut.
func fanvilNumber(pattern, text string) (number string, ok bool) {
	before, after, numbered := strings.Cut(pattern, "#")
	if !numbered {
		return "", pattern == text
	}
	rest, ok := strings.CutPrefix(text, before)
	if !ok {
		return "", false
	}
	n := 0
	for n < len(rest) && rest[n] >= '0' && rest[n] <= '9' {
		n++
	}
	tail := rest[n:]
	return rest[:n], n > 0 && (tail == after || len(text) >= 18 && tail != "" && strings.HasPrefix(after, tail))
}

func fanvilPattern(name string) string {
	parts := strings.Split(name, ".")
	for i, p := range parts {
		if p != "" && p[0] >= '0' && p[0] <= '9' {
			parts[i] = "#"
		}
	}
	return strings.Join(parts, ".")
}

var fanvilByPattern = func() map[string]*fanvilRow {
	rows := make(map[string]*fanvilRow, len(fanvilRows))
	for i := range fanvilRows {
		r := &fanvilRows[i]
		rows[r.Name] = r
	}
	return rows
}()
