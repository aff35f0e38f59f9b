package auth

import (
	"bytes"
	"strings"
	"testing"
)

func TestP02_PagesTokenIsADevicesOwnAndOpensNothingElse(t *testing.T) {
	key, err := NewKey(bytes.Repeat([]byte{1}, 32))
	if err != nil {
		t.Fatal(err)
	}
	other, err := NewKey(bytes.Repeat([]byte{2}, 32))
	if err != nil {
		t.Fatal(err)
	}
	own := NewToken("").Reveal()
	hash := HashToken(own)
	pages := key.PagesToken(hash).Reveal()
	start, ok := PagesStart(pages)
	if !ok || !strings.HasPrefix(hash, start) || !key.IsPagesToken(pages, hash) || len(pages) != 38 {
		t.Fatalf("%q of %q", pages, hash)
	}
	if HashToken(pages) == hash || strings.Contains(pages, own) {
		t.Error("the pages token is as good as the device's own")
	}
	for what, bad := range map[string]bool{
		"another installation's": other.IsPagesToken(pages, hash),
		"another device's":       key.IsPagesToken(pages, HashToken(NewToken("").Reveal())),
		"cut":                    key.IsPagesToken(pages[:37], hash),
		"empty":                  key.IsPagesToken("", ""),
	} {
		if bad {
			t.Errorf("a token that is %s was taken", what)
		}
	}
	for _, s := range []string{"", pages[1:], pages + "a", strings.ToUpper(pages), "x" + pages[1:]} {
		if start, ok := PagesStart(s); ok {
			t.Errorf("%q begins with %q", s, start)
		}
	}
}
