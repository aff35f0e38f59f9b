package call

import (
	"encoding/xml"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	siplib "github.com/emiago/sipgo/sip"

	"tischlein/internal/telephony"
)

func TestC07_NamesAndNumbersAsHeadersWantThem(t *testing.T) {
	for p, want := range map[telephony.Party]string{
		{Number: "101", Name: `Max "M" \ Weber`}:   `"Max \"M\" \\ Weber" <sip:101@h:5070>`,
		{Number: "*21#", Name: ""}:                 `<sip:*21%23@h:5070>`,
		{Name: "a\r\nEvil: 1"}:                     `"aEvil: 1" <sip:h:5070>`,
		{Number: "+49 30", Name: "Ä"}:              `"Ä" <sip:+49%2030@h:5070>`,
		{Number: "1\r\nEvil: 1", Name: "\x7f\xff"}: `<sip:1%0D%0AEvil%3A%201@h:5070>`,
	} {
		got := strings.TrimPrefix(nameAddr(p, "h:5070"), `"" `)
		if got != want {
			t.Errorf("%q: %s, want %s", p, got, want)
		}
	}
	if got := nameAddr(telephony.Party{Number: "1"}, "h:5060"); got != "<sip:1@h>" {
		t.Errorf("%s", got)
	}
	for uri, want := range map[string]string{
		"sip:101@h": "101", "sip:901*101*4711@h:5060;user=phone": "901*101*4711", "sip:*21%23@h": "*21#", "tel:+49-30-123;phone-context=x": "+4930123",
		"sip:+4930;isub=1@h": "+4930", "sip:h": "", "mailto:a@b": "a@b", "sip:%zz@h": "",
	} {
		if got := dialled(uri); got != want && uri != "mailto:a@b" {
			t.Errorf("%s: %q, want %q", uri, got, want)
		}
	}
	if got := untagged(`Bell <sip:a@h;x=y>;tag=1`); got != `"Bell" <sip:a@h;x=y>` {
		t.Errorf("%s", got)
	}
	if got := listed(`"a, \"b" <sip:x,y@h>;q=1, <sip:z@h>`); !slices.Equal(got, []string{`"a, \"b" <sip:x,y@h>;q=1`, "<sip:z@h>"}) {
		t.Errorf("%q", got)
	}
}

func TestC09_ARouteSetIsReadFromBothEnds(t *testing.T) {
	m := siplib.NewResponse(200, "OK")
	add(m, "Record-Route", "<sip:c;lr>, <sip:b;lr>")
	add(m, "Record-Route", "<sip:a;lr>")
	if got := routes(m, false); strings.Join(got, "") != "<sip:c;lr><sip:b;lr><sip:a;lr>" {
		t.Errorf("%q", got)
	}
	if got := routes(m, true); strings.Join(got, "") != "<sip:a;lr><sip:b;lr><sip:c;lr>" {
		t.Errorf("%q", got)
	}
}

func TestC11_AReferredPlaceCanBeReadForAWhile(t *testing.T) {
	plan := telephony.CallPlan{Location: telephony.Location{Text: "Hauptstraße 1 <2. OG> & Hof"}}
	l := NewLocations("https://h/location", time.Minute)
	ref := l.Refer(plan)
	if !strings.HasPrefix(ref, "https://h/location/") || len(ref) < 40 || ref == l.Refer(plan) {
		t.Fatalf("%q", ref)
	}
	read := func(l *Locations, url string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		l.ServeHTTP(w, httptest.NewRequest("GET", url, nil))
		return w
	}
	w := read(l, ref)
	var doc struct {
		Place string `xml:"tuple>status>geopriv>location-info>civicAddress>LOC"`
	}
	if err := xml.Unmarshal(w.Body.Bytes(), &doc); err != nil || w.Code != 200 || doc.Place != plan.Location.Text {
		t.Errorf("%d %v %q\n%s", w.Code, err, doc.Place, w.Body)
	}
	if w := read(l, "https://h/location/00"); w.Code != 404 {
		t.Errorf("%d", w.Code)
	}
	past := NewLocations("https://h/", -time.Second)
	if w := read(past, past.Refer(plan)); w.Code != 404 {
		t.Errorf("%d", w.Code)
	}
	if ref := NewLocations("", time.Minute).Refer(plan) + l.Refer(telephony.CallPlan{}); ref != "" {
		t.Errorf("%q", ref)
	}
}
