package telephony_test

import (
	"errors"
	"net/netip"
	"strings"
	"testing"

	. "tischlein/internal/telephony"
)

// at demands that an error names the field and the reason.
func at(t *testing.T, what string, err error, field, reason string) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || e.Field != field || e.Reason != reason || e.Code != Invalid {
		t.Errorf("%s: got %v (%s), want %s in %s", what, err, ReasonOf(err), reason, field)
	}
}

func TestC10_NumbersInInternationalForm(t *testing.T) {
	for s, want := range map[string]string{"+4930901820": "+4930901820", "+49 (30) 901-820": "+4930901820", "": ""} {
		if got, err := E164("n", s, true); err != nil || got != want {
			t.Errorf("%q: %q, %v", s, got, err)
		}
	}
	for _, s := range []string{"030901820", "4930901820", "+", "+49", "+0301234567", "+49x30901820", "+1234567890123456", "++4930901820", "+4930\n901820"} {
		_, err := E164("n", s, true)
		at(t, s, err, "n", "e164_malformed")
	}
	_, err := E164("n", "", false)
	at(t, "none", err, "n", "e164_malformed")
	for s, want := range map[string]string{"030": "30", " 30 ": "30", "": ""} {
		if got, err := AreaCode("a", s); err != nil || got != want {
			t.Errorf("%q: %q, %v", s, got, err)
		}
	}
	for _, s := range []string{"3O", "1234567", "+49"} {
		_, err := AreaCode("a", s)
		at(t, s, err, "a", "area_code_malformed")
	}
}

func TestC10_WhereATrunkIs(t *testing.T) {
	for _, s := range []string{"sip.example.net", "sip.example.net:5061", "192.0.2.1", "192.0.2.1:5060", "2001:db8::1", "[2001:db8::1]:5060", "pbx", "a_b.example.net."} {
		if got, err := TrunkHost("host", " "+s+" "); err != nil || got != s {
			t.Errorf("%q: %q, %v", s, got, err)
		}
	}
	for _, s := range []string{"", "sip:x", "x:0", "x:65536", "x:", "x y", "-x", "x..y", "0.0.0.0", "224.0.0.1", "999.1.1.1", "http://x/", "x\r\nVia: y", "fe80::1%eth0", strings.Repeat("a", 64), "[::1]"} {
		_, err := TrunkHost("host", s)
		at(t, s, err, "host", "host_malformed")
	}
}

func TestC10_WhereATrunkComesFrom(t *testing.T) {
	for s, want := range map[string]string{"192.0.2.1": "192.0.2.1/32", "192.0.2.0/24": "192.0.2.0/24", "2001:db8::1": "2001:db8::1/128", "::ffff:192.0.2.1": "192.0.2.1/32"} {
		p, err := ParseSource("sources", s)
		if err != nil || p.String() != want {
			t.Errorf("%q: %s, %v", s, p, err)
		}
		if _, err := TrunkSources("sources", []netip.Prefix{p}); err != nil {
			t.Errorf("%q: %v", s, err)
		}
	}
	_, err := ParseSource("sources", "example.net")
	at(t, "a name", err, "sources", "source_malformed")
	for s, reason := range map[string]string{
		"0.0.0.0/0": "source_malformed", "10.0.0.0/8": "prefix_too_short", "192.0.2.1/24": "prefix_host_bits", "2001:db8::/32": "prefix_too_short",
		"224.0.0.0/24": "source_malformed", "::ffff:192.0.2.0/120": "source_malformed",
	} {
		_, err := TrunkSources("sources", []netip.Prefix{netip.MustParsePrefix(s)})
		at(t, s, err, "sources", reason)
	}
	_, err = TrunkSources("sources", make([]netip.Prefix, 101))
	at(t, "too many", err, "sources", "sources_many")
}

func TestC10_ATrunkIsCheckedFieldByField(t *testing.T) {
	good := Trunk{CustomerID: "k", Name: " Netz ", Host: "sip.example.net", User: "4930901820", Secret: "geheim", Emergency: EmergencyELIN, Switch: true}
	if got, err := CheckTrunk(good); err != nil || got.Name != "Netz" {
		t.Errorf("%+v, %v", got, err)
	}
	for _, c := range []struct {
		field, reason string
		change        func(*Trunk)
	}{
		{"name", "name_empty", func(t *Trunk) { t.Name = " " }},
		{"host", "host_malformed", func(t *Trunk) { t.Host = "" }},
		{"user", "sip_user_malformed", func(t *Trunk) { t.User = `a"b` }},
		{"user", "sip_user_missing", func(t *Trunk) { t.User = "" }},
		{"secret", "secret_malformed", func(t *Trunk) { t.Secret = "a\r\nb" }},
		{"switch", "switch_needs_customer", func(t *Trunk) { t.CustomerID = "" }},
		{"emergency", "emergency_unknown", func(t *Trunk) { t.Emergency = "pigeon" }},
	} {
		x := good
		c.change(&x)
		_, err := CheckTrunk(x)
		at(t, c.reason, err, c.field, c.reason)
		if err != nil && strings.Contains(err.Error(), "geheim") {
			t.Errorf("the secret stands in %v", err)
		}
	}
}
