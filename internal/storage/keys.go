package storage

import (
	"encoding/hex"
	"net/netip"
	"strings"

	"tischlein/internal/telephony"
)

// addrKey is an address as text whose order is the order of addresses, family
// first, "" for none: SQL finds it in a range without knowing what it is.
func addrKey(a netip.Addr) string {
	if !a.IsValid() {
		return ""
	}
	a = a.Unmap()
	family := "6"
	if a.Is4() {
		family = "4"
	}
	return family + hex.EncodeToString(a.AsSlice())
}

// lastKey is the last word of a name, folded: people are looked for by surname,
// places by number. "" where the name is one word, which its name_key finds.
func lastKey(name string) string {
	words := strings.Fields(telephony.Fold(name))
	if len(words) < 2 {
		return ""
	}
	return words[len(words)-1]
}

// beyond is the least text that is greater than every text that begins with
// prefix: an index finds a prefix as a range, and what LIKE does differs.
func beyond(prefix string) string { return prefix + "\U0010FFFF" }
