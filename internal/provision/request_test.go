package provision

import (
	"slices"
	"strings"
	"testing"

	"tischlein/internal/telephony"
)

func TestP04_FindMACsIsAnchored(t *testing.T) {
	cases := map[string][]telephony.MAC{
		"805ec0123456.cfg":          {"805ec0123456"},
		"/d/x/805EC0123456.CFG":     {"805ec0123456"},
		"80:5e:c0:12:34:56":         {"805ec0123456"},
		"80-5E-C0-12-34-56":         {"805ec0123456"},
		"snomD785-000413AABBCC.htm": {"000413aabbcc"},
		"cfg805ec0123456.xml":       {"805ec0123456"}, // "g" is no digit
		"000000000000.cfg":          nil,
		"y000000000028.cfg":         nil,
		"ffffffffffff.cfg":          nil,
		"805ec01234567":             nil, // thirteen digits
		"a805ec0123456":             nil,
		"80:5e:c0:12:34":            nil,
		"80:5e:c0:12:34:56:78":      nil,
		"80:5e-c0:12-34:56":         nil,
		"805e.c012.3456":            nil, // too much like a version
		"2010.12-00004-g9ba52f5":    nil,
		"28.1.0.128.0.0.0":          nil,
		"805ec0123456 000413aabbcc": {"805ec0123456", "000413aabbcc"},
		"MAC:00-08-5D-23-74-29":     {"00085d237429"},
		"mac:00:08:5D:23:74:29":     {"00085d237429"},
		"xac:00:08:5D:23:74:29":     nil,
		"m":                         nil, "mac:": nil, "80:": nil,
		"(00:15:65:4a:a9:37)":                   {"0015654aa937"},
		strings.Repeat("0", 100):                nil,
		strings.Repeat("80:5e:", 20) + "c0":     nil,
		"/ATA000E08AABBCC.cnf.xml":              {"000e08aabbcc"},
		"ata000e08aabbcc":                       {"000e08aabbcc"},
		"ATA000E08AABBCCD":                      nil,
		"TA000E08AABBCC":                        nil,
		"q7Zt0kXn3vB5sYw2mLr9Aa/805ec0123456.c": {"805ec0123456"},
	}
	for in, want := range cases {
		if got := FindMACs(in); !slices.Equal(got, want) {
			t.Errorf("FindMACs(%q) = %v, want %v", in, got, want)
		}
	}
}

func TestP04_CandidatesInOrderOfWeight(t *testing.T) {
	got := Candidates(Request{
		CertCN: "000413000001", Path: "/000413000002.xml", Query: "x=000413000009&mac=00:04:13:00:00:03&address=0004.1300.0004",
		UserAgent: "Mozilla/4.0 (compatible; snomD785-SIP 10.1.33.33 x 000413000005 000413000005)",
	})
	want := []Candidate{
		{"000413000001", FromCertificate}, {"000413000002", FromPath}, {"000413000003", FromQuery},
		{"000413000004", FromQuery}, {"000413000005", FromUserAgent},
	}
	if !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
	if got := Candidates(Request{Query: "mac=%zz&mac=000413000001"}); got != nil {
		t.Errorf("a broken query names %v", got)
	}
}

func FuzzMAC(f *testing.F) {
	for _, s := range []string{"805ec0123456", "80:5e:c0:12:34:56", "y000000000028.cfg", "80-5e-c0-12-34-56-78", "::::", "80:"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, m := range FindMACs(s) {
			again, err := telephony.ParseMAC(string(m))
			if err != nil || again != m {
				t.Fatalf("%q gives %q: %v", s, m, err)
			}
			// What is found stands in the text, in one of the two notations.
			bare := strings.ToLower(strings.NewReplacer(":", "", "-", "").Replace(s))
			if !strings.Contains(bare, string(m)) {
				t.Fatalf("%q is not in %q", m, s)
			}
		}
	})
}
