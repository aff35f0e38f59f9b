package main

import (
	"bytes"
	"net/netip"
	"strings"
	"testing"
	"unicode/utf8"

	"tischlein/internal/app"
	"tischlein/internal/phonesim"
	"tischlein/internal/server"
)

func TestScreensAreDrawnInOneWidth(t *testing.T) {
	a := drawScreen("Küche · D785", []string{"Ada Wirt", "eine Zeile, die viel zu lang ist"}, 3)
	b := drawScreen("ein sehr langer Name eines Platzes", nil, 3)
	if len(a) != 5 || len(b) != 5 {
		t.Fatalf("%d and %d rows", len(a), len(b))
	}
	for _, row := range append(a, b...) {
		if n := utf8.RuneCountInString(row); n != screenWidth {
			t.Errorf("%q is %d wide, want %d", row, n, screenWidth)
		}
	}
	if both := beside(a, b); strings.Count(both, "\n") != 5 || !strings.Contains(both, "Ada Wirt") || !strings.Contains(both, "…") {
		t.Errorf("%s", both)
	}
}

func TestS13_EffectsInWords(t *testing.T) {
	var b bytes.Buffer
	o := outcome{DryRun: true, Effects: []effect{
		{Kind: "linked", Channel: "Empfang", Extension: "101", Name: "Ada"},
		{Kind: "address_refused", Channel: "Empfang", Address: "192.0.2.1"},
		{Kind: "of_tomorrow", Channel: "Empfang"},
	}}
	if err := o.show(&b, false); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"nothing was changed", "Empfang is linked with 101 Ada", "192.0.2.1", "of_tomorrow Empfang"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is missing in\n%s", want, b.String())
		}
	}
	if strings.Contains(b.String(), "{") {
		t.Errorf("a place was left open:\n%s", b.String())
	}
}

func TestP10_ExplainAdvisesOnTheFirstThingMissingOnly(t *testing.T) {
	var b bytes.Buffer
	e := explanation{Steps: []step{
		{Name: "link", Done: true, Detail: "linked with 101"},
		{Name: "device", Detail: "none", Advice: "attach one"},
		{Name: "trust", Detail: "not proven", Advice: "give it its first-access URL"},
	}}
	e.State.Code = "waiting_for_device"
	if err := e.show(&b, "Keller"); err != nil {
		t.Fatal(err)
	}
	got := b.String()
	if !strings.Contains(got, "Keller: waiting_for_device") || !strings.Contains(got, "→ attach one") || strings.Contains(got, "first-access URL") {
		t.Errorf("%s", got)
	}
}

func TestListOfPhones(t *testing.T) {
	from := netip.MustParseAddr("127.0.0.1")
	got, err := readPhones(strings.NewReader("# mine\nyealink 00:15:65:00:00:01 https://h/f/x/\n\nlinphone - https://h/f/y/\ngrandstream c074ad0b63ee https://h/f/z/\n"), from)
	if err != nil || len(got) != 3 || got[2].Vendor != phonesim.Grandstream || got[0].MAC != "001565000001" || got[1].Vendor != phonesim.Linphone || got[1].Address != from {
		t.Errorf("%+v, %v", got, err)
	}
	for text, want := range map[string]string{
		"":                                  "no phone",
		"yealink 001565000001":              "line 1",
		"acme 001565000001 u":               "acme",
		"# x\nsnom - u":                     "line 2",
		"yealink 0015 u":                    "line 1",
		"generic - sip:x":                   "generic",
		"yealink 001565000001 u and more":   "line 1",
		"linphone - u\nyealink zz5651234 u": "line 2",
	} {
		if _, err := readPhones(strings.NewReader(text), from); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestDoctorFailsWhenSomethingIsWrong(t *testing.T) {
	for _, asJSON := range []bool{false, true} {
		var b bytes.Buffer
		d := doctorCmd{JSON: asJSON}
		if err := d.show(&b, []server.Finding{{What: "key", OK: true}}); err != nil {
			t.Error(err)
		}
		if err := d.show(&b, []server.Finding{{What: "key"}, {What: "clock", OK: true}}); err == nil {
			t.Error("something wrong is no error")
		}
	}
}

func TestTokenIsAllThatScriptsGet(t *testing.T) {
	var b bytes.Buffer
	if err := (tokenCreateCmd{}).show(&b, app.TokenView{Name: "x"}, "tsl-abc"); err != nil || b.String() != "tsl-abc\n" {
		t.Errorf("%q, %v", b.String(), err)
	}
}
