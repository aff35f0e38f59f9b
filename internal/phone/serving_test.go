package phone

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

// brokenPipe is a connection that ends in mid-file, at the write or only when
// the buffer is flushed.
type brokenPipe struct {
	*httptest.ResponseRecorder
	atWrite bool
}

func (b brokenPipe) Write(p []byte) (int, error) {
	if b.atWrite {
		return len(p) / 2, errors.New("broken pipe")
	}
	return len(p), nil
}

func (b brokenPipe) FlushError() error { return errors.New("broken pipe") }

func TestP10_FetchedOnlyWhenWhole(t *testing.T) {
	st := newStage(t, newFake("yealink", yealinkMAC))
	config := own(yealinkMAC + ".cfg")
	for _, atWrite := range []bool{true, false} {
		a := config
		a.w = brokenPipe{httptest.NewRecorder(), atWrite}
		st.do(a)
	}
	head := config
	head.method = "HEAD"
	st.want(200, head)
	st.want(200, own(yealinkMAC+".boot"))
	if len(st.fake.fetches) != 0 {
		t.Fatalf("a file that was not sent whole counts: %+v", st.fake.fetches)
	}
	st.want(200, config)
	if len(st.fake.fetches) != 1 {
		t.Fatalf("%d fetches, want 1", len(st.fake.fetches))
	}
	want := Fetch{Device: st.fake.device, Revision: "r1", From: netip.MustParseAddr(site), UserAgent: yealinkUA,
		Firmware: "108.86.0.20", Model: "T46U", At: st.clock}
	if got := st.fake.fetches[0]; got != want {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// A phone that asks again and again is noted now and then, but always after a
// change or a push, and when it says something else of itself.
func TestP10_RepeatedFetchesAreNotedNowAndThen(t *testing.T) {
	st := newStage(t, newFake("yealink", yealinkMAC))
	config := own(yealinkMAC + ".cfg")
	fetch := func(want int, when string) {
		t.Helper()
		st.want(200, config)
		if got := len(st.fake.fetches); got != want {
			t.Fatalf("%s: %d fetches noted, want %d", when, got, want)
		}
	}
	fetch(1, "first")
	fetch(1, "at once again")
	st.clock = st.clock.Add(fetchPause - time.Second)
	fetch(1, "soon again")
	st.clock = st.clock.Add(time.Second)
	fetch(2, "after the pause")
	st.Changed(st.fake.device.ID)
	fetch(3, "after a push")
	config.ua = "Yealink SIP-T46U 108.86.0.99 80:5e:c0:12:34:56"
	fetch(4, "with another firmware")
}

func TestP10_NotModifiedIsAFetch(t *testing.T) {
	st := newStage(t, newFake("yealink", yealinkMAC))
	rec := st.do(own(yealinkMAC + ".cfg"))
	tag := rec.Header().Get("Etag")
	if tag == "" || rec.Header().Get("Content-Length") != fmt.Sprint(rec.Body.Len()) {
		t.Fatalf("headers: %v", rec.Header())
	}
	// The revision rises, the bytes stay: the phone would else never converge.
	st.fake.revision = "r2"
	st.Changed("cpe1")
	a := own(yealinkMAC + ".cfg")
	a.header = http.Header{"If-None-Match": {`"x", W/` + tag}}
	if body := st.want(304, a); body != "" {
		t.Errorf("304 with a body: %q", body)
	}
	if n := len(st.fake.fetches); n != 2 || st.fake.fetches[1].Revision != "r2" {
		t.Errorf("fetches: %+v", st.fake.fetches)
	}
	a.header = http.Header{"If-None-Match": {"*"}}
	st.want(200, a)
	a.header = http.Header{"If-None-Match": {tag}}
	st.fake.name = "Jan de Vries"
	st.Changed("cpe1")
	if !strings.Contains(st.want(200, a), "Jan de Vries") {
		t.Error("the old file is taken for the new one")
	}
}

func TestP10_ChainOfTwoRevisionsIsNotWhole(t *testing.T) {
	chain := []string{"boot", "config"}
	var s sent
	whole := func(kind, revision string) bool {
		var c []fileKind
		for _, k := range chain {
			c = append(c, fileKind(k))
		}
		return s.whole(c, fileKind(kind), revision)
	}
	if whole("boot", "r1") || whole("config", "r2") {
		t.Error("a chain that changed in its middle counts")
	}
	if whole("boot", "r2") || !whole("config", "r2") {
		t.Error("a whole chain does not count")
	}
}

func TestP02_LogHoldsNoToken(t *testing.T) {
	f := newFake("yealink", yealinkMAC)
	st := newStage(t, f)
	wrong := strings.Repeat("w", 32)
	st.want(404, ask{path: "/d/" + wrong + "/x.cfg"})
	st.want(404, ask{path: "/f/" + wrong + "/x.cfg"})
	st.want(404, own(otherMAC+".cfg"))
	st.want(404, first(otherMAC+".cfg"))
	st.want(200, own(yealinkMAC+".cfg"))
	f.done = 0
	st.Changed("cpe1")
	f.device.Driver = "nobody"
	st.want(503, own(yealinkMAC+".cfg"))
	st.want(503, first(yealinkMAC+".cfg"))
	log := st.log.String()
	for _, s := range []string{wrong, ownToken, firstToken, auth.HashToken(ownToken), sipSecret, adminWord} {
		if strings.Contains(log, s) {
			t.Errorf("the log holds %q:\n%s", s, log)
		}
	}
	if !strings.Contains(log, "token="+auth.HashToken(ownToken)[:8]) {
		t.Errorf("the log does not name the token by its hash:\n%s", log)
	}
}

func TestP13_OnlyReadsAndNeverHTML(t *testing.T) {
	st := newStage(t, newFake("yealink", yealinkMAC))
	for _, m := range []string{"PUT", "POST", "DELETE", "OPTIONS", "PROPFIND"} {
		a := own(yealinkMAC + ".cfg")
		a.method = m
		rec := st.do(a)
		if rec.Code != 405 || rec.Body.Len() > 0 || rec.Header().Get("Connection") != "close" {
			t.Errorf("%s: %d %v %q", m, rec.Code, rec.Header(), rec.Body)
		}
	}
	if st.fake.lookups > 0 {
		t.Error("an upload was looked at")
	}
}

func TestD16_AddressIsTheTrustedProxysWord(t *testing.T) {
	proxy := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	for _, c := range []struct{ peer, forwarded, want string }{
		{"203.0.113.5", "198.51.100.1", "203.0.113.5"},
		{"10.0.0.1", "192.0.2.66, 198.51.100.1", "198.51.100.1"},
	} {
		f := newFake("yealink", yealinkMAC)
		st := newStage(t, f, func(cfg *Config) { cfg.TrustedProxies = proxy })
		a := own(yealinkMAC + ".cfg")
		a.from, a.header = c.peer, http.Header{"X-Forwarded-For": {c.forwarded}}
		st.want(200, a)
		if got := f.contacts[0].String(); got != c.want {
			t.Errorf("%s, %q: %s, want %s", c.peer, c.forwarded, got, c.want)
		}
	}
}

func TestErrorsOfTheDatabaseAre503(t *testing.T) {
	f := newFake("yealink", yealinkMAC)
	st := newStage(t, f, func(c *Config) { c.Devices = failing{f} })
	rec := st.do(own(yealinkMAC + ".cfg"))
	if rec.Code != 503 || rec.Header().Get("Retry-After") == "" || rec.Body.Len() > 0 {
		t.Errorf("%d %v %q", rec.Code, rec.Header(), rec.Body)
	}
}

type failing struct{ *fake }

func (failing) Contacted(ctx, Device, netip.Addr) error {
	return &telephony.Error{Code: telephony.Unavailable, Message: "the database is away"}
}

func TestP10_AModelNobodyHasSaidIsTakenFromTheRequest(t *testing.T) {
	for known, said := range map[string]string{"": "T46U", "T41S": ""} {
		f := newFake("yealink", yealinkMAC)
		f.device.Model = known
		st := newStage(t, f)
		st.want(200, own(yealinkMAC+".cfg"))
		if len(f.said) != 1 || f.said[0] != said {
			t.Errorf("known %q: %q", known, f.said)
		}
	}
}
