package provision

import (
	"fmt"
	"strings"
	"testing"

	"tischlein/internal/telephony"
)

// laid is a layout in words.
func laid(keys []PlacedKey, left []LeftKey) string {
	var b strings.Builder
	for _, k := range keys {
		fmt.Fprintf(&b, "%s%d", k.Kind, k.Port)
		if k.Kind == KeyWatch || k.Kind == KeyDial {
			fmt.Fprintf(&b, "=%s", k.Value)
		}
		b.WriteByte(' ')
	}
	for _, l := range left {
		fmt.Fprintf(&b, "left%d=%s ", l.Port, l.Key.Value)
	}
	return strings.TrimSpace(b.String())
}

func TestP08_KeysFollowTheUserAndWhatDoesNotFitIsSaid(t *testing.T) {
	watch := func(n string) telephony.Key { return telephony.Key{Kind: telephony.KeyWatch, Value: n} }
	hotdesk := telephony.Key{Kind: telephony.KeyHotdesk}
	line := func(port int, s telephony.LineState, keys ...telephony.Key) telephony.Line {
		return telephony.Line{Port: port, State: s, Number: "101", Name: "Anna", Keys: keys}
	}
	const linked, guest, free = telephony.LineLinked, telephony.LineHotdesk, telephony.LineFree
	for name, c := range map[string]struct {
		room  int
		fixed bool
		lines []telephony.Line
		want  string
	}{
		"behind line and logout key":                {4, false, []telephony.Line{line(1, guest, watch("1"), watch("2"))}, "line1 logout1 blf1=1 blf1=2"},
		"no logout key while linked (H06)":          {4, false, []telephony.Line{line(1, linked, watch("1"), hotdesk, watch("2"))}, "line1 blf1=1 blf1=2"},
		"logout where the person wants it":          {4, false, []telephony.Line{line(1, guest, watch("1"), hotdesk, watch("2"))}, "line1 blf1=1 logout1 blf1=2"},
		"logout never falls off":                    {3, false, []telephony.Line{line(1, guest, watch("1"), watch("2"), hotdesk)}, "line1 blf1=1 logout1 left1=2"},
		"lines that have keys of their own":         {2, true, []telephony.Line{line(1, guest, watch("1"), watch("2"))}, "logout1 blf1=1 left1=2"},
		"no keys at all":                            {0, false, []telephony.Line{line(1, linked, watch("1"))}, "left1=1"},
		"a free desk":                               {2, false, []telephony.Line{line(1, free)}, "line1 login1"},
		"first what each line needs, then people's": {4, false, []telephony.Line{line(1, linked, watch("1"), watch("2")), line(2, guest, watch("3"))}, "line1 line2 logout2 blf1=1 left1=2 left2=3"},
		"a later line's logout is not crowded out":  {4, false, []telephony.Line{line(1, linked, watch("1"), watch("2")), line(2, guest, hotdesk)}, "line1 line2 blf1=1 logout2 left1=2"},
		"more lines than keys":                      {1, false, []telephony.Line{line(1, guest, hotdesk), line(2, guest, watch("3"))}, "line1 left2=3"},
	} {
		i := Info{Models: []Model{{Name: "X", Ports: 2, Lines: 2, Keys: c.room}}, FixedLineKeys: c.fixed}
		d := telephony.Desired{Model: "X", Hotdesking: true, LoginCode: "901", LogoutCode: "902", Lines: c.lines}
		if got := laid(LayKeys(i, d)); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestH02_KeyDialsWhereItsPageIsTooLong(t *testing.T) {
	d := telephony.Desired{Hotdesking: true, LoginCode: "901", PagesURL: "https://example.net/k/x/",
		Lines: []telephony.Line{{Port: 1, State: telephony.LineFree}}}
	for most, page := range map[int]telephony.Secret{0: d.PagesURL + "1/login", 31: d.PagesURL + "1/login", 30: ""} {
		keys, _ := LayKeys(Info{Models: []Model{{Keys: 2}}, XMLBrowser: true, PageURLMax: most}, d)
		if len(keys) != 2 || keys[1].Page != page || keys[1].Value != "901" {
			t.Errorf("at most %d: %+v", most, keys)
		}
	}
}
