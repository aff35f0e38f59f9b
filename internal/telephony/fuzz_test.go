package telephony_test

import (
	"testing"

	"tischlein/internal/telephony"
)

func FuzzMAC(f *testing.F) {
	for _, s := range []string{"805ec0123456", "80:5E:C0:12:34:56", "80-5e-c0-12-34-56", "805e.c012.3456", "000000000000", "ffffffffffff", "80:5e-c0:12:34:56", "", " 805ec0123456 "} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		m, err := telephony.ParseMAC(s)
		if err != nil {
			if m != "" || telephony.CodeOf(err) != telephony.Invalid {
				t.Fatalf("%q: %q, %v", s, m, err)
			}
			return
		}
		if len(m) != 12 {
			t.Fatalf("%q gave %q", s, m)
		}
		for _, again := range []string{string(m), m.Upper(), m.Colon()} {
			if n, err := telephony.ParseMAC(again); err != nil || n != m {
				t.Fatalf("%q gave %q, whose form %q gave %q, %v", s, m, again, n, err)
			}
		}
	})
}

func FuzzEntry(f *testing.F) {
	for _, s := range []string{"203.0.113.7", "203.0.113.10-203.0.113.20", "203.0.113.0/24", "2001:db8::7", "2001:db8:1::/48", "::ffff:203.0.113.7", "203.0.113.9-203.0.113.1", "203.0.113.1-2001:db8::1", "0.0.0.0/32", "fe80::1%eth0", "ff00::/16", "255.255.255.0/24"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		e, err := telephony.ParseEntry("entry", s)
		if err != nil {
			if telephony.CodeOf(err) != telephony.Invalid {
				t.Fatalf("%q: %v", s, err)
			}
			return
		}
		if e.First.Is4() != e.Last.Is4() || e.Last.Less(e.First) || !e.Contains(e.First) || !e.Contains(e.Last) && !e.Last.Is4In6() {
			t.Fatalf("%q gave %v to %v", s, e.First, e.Last)
		}
		again, err := telephony.ParseEntry("entry", e.String())
		if err != nil || again != e {
			t.Fatalf("%q gave %s, which gives %s, %v", s, e, again, err)
		}
		if n := e.Last.Next(); n.IsValid() && e.Contains(n) {
			t.Fatalf("%s contains %s beyond its end", e, n)
		}
	})
}

func FuzzPIN(f *testing.F) {
	for _, s := range []string{"0000", "1111", "1234", "9876", "7890", "4711", "21", "123456789", "12a4", "00000000"} {
		f.Add(s, "4711", true)
		f.Add(s, "21", false)
	}
	f.Fuzz(func(t *testing.T, pin, number string, administrator bool) {
		must, err := telephony.CheckPIN("pin", pin, number, administrator)
		if must && (pin != telephony.AdministratorPIN || !administrator) {
			t.Fatalf("%q must be changed", pin)
		}
		if err != nil {
			if telephony.CodeOf(err) != telephony.Invalid {
				t.Fatal(err)
			}
			return
		}
		if len(pin) < 4 || len(pin) > 8 || pin == number && !must {
			t.Fatalf("%q was accepted for %q", pin, number)
		}
		equal, up, down := true, true, true
		for i := range len(pin) {
			if pin[i] < '0' || pin[i] > '9' {
				t.Fatalf("%q was accepted", pin)
			}
			if i > 0 {
				step := int(pin[i]) - int(pin[i-1])
				equal, up, down = equal && step == 0, up && step == 1, down && step == -1
			}
		}
		if (equal && !must) || up || down {
			t.Fatalf("%q was accepted, which is easy to guess", pin)
		}
	})
}
