package text

import (
	"path"
	"strings"

	"github.com/BurntSushi/toml"
)

// IDs are all ids there are, for tests that look for their use.
func IDs() (ids []string) {
	entries, _ := files.ReadDir(string(German))
	for _, f := range entries {
		raw, _ := files.ReadFile(path.Join(string(German), f.Name()))
		var tables map[string]map[string]any
		if toml.Unmarshal(raw, &tables) != nil {
			continue // another test says so
		}
		for name := range tables[strings.TrimSuffix(f.Name(), ".toml")] {
			ids = append(ids, strings.TrimSuffix(f.Name(), ".toml")+"."+name)
		}
	}
	return ids
}
