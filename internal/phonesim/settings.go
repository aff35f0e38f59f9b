package phonesim

import (
	"slices"
	"strconv"
	"strings"
)

// entry is one stored setting.
type entry struct {
	value string
	perm  string // Snom: "", "R", "RW", "$", "!"
	user  bool   // last written at the phone, not by a file
}

// settings is a phone's flash memory: it survives reboots, not a factory reset.
// Keys are the vendor's: "account.1.label", "user_name:1", "proxy_0/reg_identity".
type settings map[string]entry

func (s settings) get(key string) string { return s[key].value }

func (s settings) or(key, def string) string {
	if e, ok := s[key]; ok && e.value != "" {
		return e.value
	}
	return def
}

func (s settings) number(key string, def int) int {
	n, err := strconv.Atoi(strings.TrimSpace(s.get(key)))
	if err != nil {
		return def
	}
	return n
}

// on understands the vendors' words for yes.
func (s settings) on(key string) bool {
	switch strings.ToLower(s.get(key)) {
	case "1", "on", "true", "yes":
		return true
	}
	return false
}

func (s settings) set(key, value string) { s[key] = entry{value: value, perm: s[key].perm} }

func (s settings) dropPrefix(prefix string) {
	for k := range s {
		if strings.HasPrefix(k, prefix) {
			delete(s, k)
		}
	}
}

// within says whether a key begins like one of these.
func within(key string, prefixes ...string) bool {
	return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(key, p) })
}

// Remembers are the settings whose value holds the word, in order: what a person
// left behind in the phone's memory.
func (p *Phone) Remembers(word string) []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var keys []string
	for k, e := range p.settings {
		if strings.Contains(e.value, word) {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	return keys
}
