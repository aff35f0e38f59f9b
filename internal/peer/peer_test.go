package peer

import (
	"net/http"
	"net/netip"
	"strings"
	"testing"
)

func request(from string, forwarded ...string) *http.Request {
	r := &http.Request{RemoteAddr: from, Header: http.Header{}}
	for _, f := range forwarded {
		r.Header.Add("X-Forwarded-For", f)
	}
	return r
}

func TestD16_AddressIsTheTrustedProxysWord(t *testing.T) {
	trusted := Proxies{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("2001:db8:1::/48")}
	for _, c := range []struct {
		peer      string
		forwarded []string
		want      string
	}{
		{"203.0.113.5:40000", []string{"198.51.100.1"}, "203.0.113.5"}, // nobody asked it
		{"10.0.0.1:40000", []string{"198.51.100.1"}, "198.51.100.1"},
		{"10.0.0.1:40000", []string{"192.0.2.66, 198.51.100.1, 10.0.0.2"}, "198.51.100.1"}, // the left is the client's own claim
		{"10.0.0.1:40000", []string{"192.0.2.66", "198.51.100.1", "10.0.0.2"}, "198.51.100.1"},
		{"10.0.0.1:40000", []string{"198.51.100.1, garbage"}, "10.0.0.1"},
		{"10.0.0.1:40000", []string{""}, "10.0.0.1"},
		{"10.0.0.1:40000", nil, "10.0.0.1"},
		{"10.0.0.1:40000", []string{"10.0.0.3, 10.0.0.2"}, "10.0.0.3"},
		{"10.0.0.1:40000", []string{"[2001:db8::1]:5060"}, "2001:db8::1"},
		{"[2001:db8:1::1]:40000", []string{"fe80::1%eth0"}, "fe80::1"},
		{"[::ffff:10.0.0.1]:40000", []string{"::ffff:198.51.100.1"}, "198.51.100.1"},
		{"10.0.0.1", []string{"198.51.100.1:80"}, "198.51.100.1"},
	} {
		if got := trusted.Source(request(c.peer, c.forwarded...)); got.String() != c.want {
			t.Errorf("%s, %q: %s, want %s", c.peer, c.forwarded, got, c.want)
		}
		if got := Proxies(nil).Source(request(c.peer, c.forwarded...)); got != parse(c.peer) {
			t.Errorf("%s, %q without proxies: %s", c.peer, c.forwarded, got)
		}
	}
	if got := trusted.Source(request("@", "198.51.100.1")); got.IsValid() {
		t.Errorf("a peer without an address comes from %s", got)
	}
}

func FuzzSource(f *testing.F) {
	f.Add("10.0.0.1:1", "198.51.100.1, 10.0.0.2")
	f.Add("[::1]:1", "[2001:db8::1]:5060,,")
	trusted := Proxies{netip.MustParsePrefix("10.0.0.0/8")}
	f.Fuzz(func(t *testing.T, from, forwarded string) {
		got := trusted.Source(request(from, forwarded))
		if own := parse(from); got != own && (!trusted.Has(own) || !strings.Contains(forwarded, ",") && got != parse(strings.TrimSpace(forwarded))) {
			t.Errorf("%q, %q: %s", from, forwarded, got)
		}
		if got.Is4In6() || got.Zone() != "" {
			t.Errorf("%s is one of several forms of its address", got)
		}
	})
}
