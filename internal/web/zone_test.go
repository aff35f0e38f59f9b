package web

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestClockIsTheBrowsersOrTheCustomers(t *testing.T) {
	for cookie, want := range map[string]string{
		"America/New_York": "America/New_York", "Europe/Berlin": "Europe/Berlin",
		"": time.Local.String(), "Nowhere/None": time.Local.String(), "../../etc/passwd": time.Local.String(), strings.Repeat("x", 100): time.Local.String(),
	} {
		r, err := http.NewRequest(http.MethodGet, "/", nil)
		if err != nil {
			t.Fatal(err)
		}
		if cookie != "" {
			r.AddCookie(&http.Cookie{Name: zoneCookie, Value: cookie})
		}
		if got := ownZone(r).String(); got != want {
			t.Errorf("%q gives %s, want %s", cookie, got, want)
		}
	}
	if _, ok := readZones.Load("Nowhere/None"); ok {
		t.Error("what is no zone is remembered")
	}
}
