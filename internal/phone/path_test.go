package phone

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"tischlein/internal/telephony"
)

var tricks = []string{
	"/d/" + ownToken + "/../x.cfg", "/d/../d/" + ownToken + "/x.cfg", "//d/" + ownToken + "/x.cfg", "/d//" + ownToken + "/x.cfg",
	"/d%2f" + ownToken + "/x.cfg", "/d/" + ownToken + "%2Fx.cfg", "/d/" + ownToken + "/%2e%2e/x.cfg", "/d/" + ownToken + "/x%00.cfg",
	"/d/" + ownToken + "/x%5c.cfg", "/d/" + ownToken + "/%252e%252e/x.cfg", "/d/" + ownToken + "/" + strings.Repeat("x", 256) + ".cfg",
	"/d/" + ownToken + "/./x.cfg", "/d/" + ownToken + "/..", "/d/" + ownToken + "/x.cfg%0d%0aSet-Cookie:a", "/d", "/d/", "/f/", "/d/short/x.cfg",
	"/d/" + ownToken + "/\xff.cfg",
}

func TestP05_PathTricksAre404(t *testing.T) {
	f := newFake("yealink", yealinkMAC)
	st := newStage(t, f)
	for _, p := range tricks {
		u, err := url.ParseRequestURI(p)
		if err != nil {
			continue // net/http refuses it
		}
		r := httptest.NewRequest("GET", "/", nil)
		r.URL = u
		rec := httptest.NewRecorder()
		st.Handler().ServeHTTP(rec, r)
		if rec.Code != 404 || rec.Body.Len() > 0 {
			t.Errorf("%q: %d", p, rec.Code)
		}
	}
	if f.lookups > 0 {
		t.Error("a trick was looked up")
	}
	// What phones do write in other ways is none.
	st.want(200, own("80%3A5e%3Ac0%3A12%3A34%3A56.cfg"))
}

func FuzzPath(f *testing.F) {
	for _, p := range append(tricks, "/d/"+ownToken+"/"+yealinkMAC+".cfg", "/"+yealinkMAC+".cfg", "/p/"+yealinkMAC+".cfg?mac="+otherMAC) {
		f.Add(p, yealinkUA)
	}
	f.Fuzz(func(t *testing.T, path, ua string) {
		u, err := url.ParseRequestURI(path)
		if err != nil {
			return // net/http refuses it
		}
		devices := newFake("yealink", yealinkMAC)
		devices.armed = []telephony.MAC{otherMAC}
		st := newStage(t, devices)
		for _, h := range []http.Handler{st.Handler(), st.PlainHandler()} {
			r := httptest.NewRequest("GET", "/", nil)
			r.URL = u
			r.Header.Set("User-Agent", ua)
			rec := httptest.NewRecorder()
			h.ServeHTTP(rec, r)
			switch {
			case rec.Code != 200 && rec.Code != 404:
				t.Errorf("%q: status %d", path, rec.Code)
			case rec.Code == 404 && rec.Body.Len() > 0:
				t.Errorf("%q: a refusal with a body", path)
			case rec.Code == 200 && secretIn(rec.Body.String()) != "" && !strings.Contains(u.Path, ownToken):
				t.Errorf("%q: a secret without the token", path)
			}
		}
	})
}
