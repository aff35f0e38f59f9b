package phone

import (
	"context"
	"fmt"
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"tischlein/internal/phonesim"
	"tischlein/internal/telephony"
)

var linkIn = regexp.MustCompile(`https://[^<"]+`)

// The PIN comes in the query, because phones send forms no other way. From there
// it goes to the check and nowhere else: not into a log whatever goes wrong, not
// into a page, not into the address of the next one.
func TestX01_APINIsInNoLogPageOrFurtherURL(t *testing.T) {
	const pin, fresh = "471147", "852085"
	d := newDesk(t, phonesim.Yealink, yealinkMAC)
	failures := map[string]error{
		"wrong": telephony.Forbiddenf("pin_wrong", "wrong"), "change": telephony.Conflictf("pin_must_change", "change"),
		"weak": telephony.Invalidf("new_pin", "pin_weak", "weak"), "taken": telephony.Conflictf("desk_taken", "taken").With("holder", "Jan"),
		"maximum": telephony.Conflictf("maximum_devices", "maximum").With("devices", []string{"Lager"}),
		"busy":    &telephony.Error{Code: telephony.Unavailable, Reason: "busy", Message: "too much to do"},
		"fault":   fmt.Errorf("the database is away"), "none": nil,
	}
	seen := 0
	for what, err := range failures {
		d.login = func(Attempt) (telephony.Party, error) { return erika, err }
		next := []string{"1/login?number=101&pin=" + pin}
		for steps := 0; len(next) > 0 && steps < 8; steps++ {
			rec := d.st.do(d.ask(next[0]))
			next = next[1:]
			body := rec.Body.String()
			if rec.Code != 200 || rec.Header().Get("Location") != "" || rec.Header().Get("Cache-Control") != "no-store" {
				t.Fatalf("%s: %d %v", what, rec.Code, rec.Header())
			}
			if strings.Contains(body, pin) || strings.Contains(body, fresh) {
				t.Fatalf("%s: the page repeats the PIN:\n%s", what, body)
			}
			for _, link := range linkIn.FindAllString(html.UnescapeString(body), -1) {
				seen++
				path, ok := strings.CutPrefix(link, d.url+"k/"+pagesToken+"/")
				if !ok {
					t.Fatalf("%s: a page leads to %s", what, link)
				}
				if strings.Contains(path, "login/") { // the new PIN, as a phone asks that has one field at a time
					path += "?new=" + fresh
				} else if path == "1/login" {
					continue
				}
				next = append(next, path)
			}
		}
	}
	if seen < 8 {
		t.Fatalf("only %d links were followed", seen)
	}
	// A fault in the middle, and addresses that are none.
	d.login = func(Attempt) (telephony.Party, error) { panic("a fault") }
	d.ok(d.Press(t.Context(), "Anmelden"))
	d.ok(d.Type("101"))
	d.ok(d.Type(pin))
	if err := d.Submit(t.Context()); err == nil || strings.Contains(err.Error(), pin) {
		t.Errorf("%v", err)
	}
	for _, path := range []string{"/k/" + pagesToken + "/9/login?pin=" + pin, "/k/nobody/1/login?pin=" + pin, "/k/" + strings.Repeat("x", 38) + "/1/login?pin=" + pin,
		"/d/" + ownToken + "/1/login?pin=" + pin, "/login?pin=" + pin, "/k/" + pagesToken + "/1/login/%zz?pin=" + pin} {
		req, err := http.NewRequest("GET", d.url, nil)
		d.ok(err)
		req.URL.Opaque = path
		d.st.Handler().ServeHTTP(nowhere{}, req)
	}
	d.st.want(404, ask{path: "/k/" + pagesToken + "/1/login?pin=" + pin, plain: true})
	log := d.st.log.String()
	for _, secret := range []string{pin, fresh, pagesToken, "number=101", ownToken} {
		if strings.Contains(log, secret) {
			t.Errorf("the log holds %q:\n%s", secret, log)
		}
	}
	if !strings.Contains(log, "database is away") || !strings.Contains(log, "a fault") {
		t.Errorf("the faults are not in the log:\n%s", log)
	}
}

type nowhere struct{}

func (nowhere) Header() http.Header         { return http.Header{} }
func (nowhere) Write(b []byte) (int, error) { return len(b), nil }
func (nowhere) WriteHeader(int)             {}

func TestX01_ATicketIsForOneLineAndAWhile(t *testing.T) {
	st := newStage(t, newFake("yealink", yealinkMAC))
	at := Spot{Device: Device{ID: "cpe1"}, ChannelID: "ch1"}
	a := Attempt{Number: "101", PIN: "4713", NewPIN: "8520", End: "ch9"}
	ticket := st.seal(at, a)
	if got, ok := st.unseal(at, ticket); !ok || got != a {
		t.Fatalf("%+v %v", got, ok)
	}
	if len(st.origin+"/k/"+pagesToken+"/1/login/"+ticket) > longestPath {
		t.Errorf("a ticket of %d characters makes the path too long", len(ticket))
	}
	elsewhere, another := at, at
	elsewhere.ChannelID, another.Device.ID = "ch2", "cpe2"
	for what, ok := range map[string]bool{
		"another line":         opens(st, elsewhere, ticket),
		"another device":       opens(st, another, ticket),
		"changed":              opens(st, at, ticket[:20]+"A"+ticket[21:]) && ticket[20] != 'A',
		"cut":                  opens(st, at, ticket[:len(ticket)-2]),
		"no ticket":            opens(st, at, "x"),
		"another installation": opens(newStage(t, newFake("yealink", yealinkMAC)), at, ticket),
	} {
		if ok {
			t.Errorf("a ticket was taken: %s", what)
		}
	}
	st.clock = st.clock.Add(ticketLife)
	if opens(st, at, ticket) {
		t.Error("a ticket lives on")
	}
}

func opens(st *stage, at Spot, ticket string) bool { _, ok := st.unseal(at, ticket); return ok }

// A ticket that is too old begins anew, and nothing is tried.
func TestH02_AnOldTicketBeginsAnew(t *testing.T) {
	d := newDesk(t, phonesim.Snom, "000413123456")
	for _, path := range []string{"1/login/abc?new=8520&again=8520", "1/take/abc"} {
		if body := d.st.want(200, d.ask(path)); !strings.Contains(body, "<DisplayName>Nebenstelle</DisplayName>") || len(d.attempts) > 0 {
			t.Errorf("%s: %s", path, body)
		}
	}
}

func TestP02_PagesNeedTheirOwnTokenAndTLS(t *testing.T) {
	st := newStage(t, newFake("yealink", yealinkMAC))
	o := &office{device: st.fake.device, language: "de", login: welcome}
	st.cfg.Keys = o
	path := "/k/" + pagesToken + "/1/login"
	st.want(200, ask{path: path, ua: yealinkUA})
	for _, p := range []string{"/k", "/k/", "/k/" + pagesToken, "/k/" + pagesToken + "/", "/k/" + pagesToken + "/login", "/k/" + pagesToken + "/0/login",
		"/k/" + pagesToken + "/01/login", "/k/" + pagesToken + "/251/login", "/k/" + pagesToken + "/1/", "/k/" + pagesToken + "/1/take",
		"/k/" + pagesToken + "/1/logout/there", "/k/" + pagesToken + "/1/login/a/b", "/k/" + pagesToken + "/2/login",
		"/k/" + ownToken + "/1/login", "/k/" + pagesToken + "/" + yealinkMAC + ".cfg", "/d/" + pagesToken + "/" + yealinkMAC + ".cfg"} {
		st.want(404, ask{path: p, ua: yealinkUA})
	}
	st.want(404, ask{path: path, plain: true})
	st.want(404, ask{method: "HEAD", path: path})
	st.want(405, ask{method: "POST", path: path})
	if len(o.attempts) > 0 {
		t.Errorf("%+v", o.attempts)
	}
}

// P04: the key's device is the token's, and a browser that says it is another one
// is refused; a MAC alone opens nothing.
func TestH02_AuthenticatedAsTheDeviceNeverByMAC(t *testing.T) {
	st := newStage(t, newFake("yealink", yealinkMAC))
	o := &office{device: st.fake.device, language: "de", login: welcome}
	st.cfg.Keys = o
	path := "/k/" + pagesToken + "/1/login"
	st.want(200, ask{path: path, ua: yealinkUA + " " + telephony.MAC(yealinkMAC).Colon()})
	st.want(404, ask{path: path, ua: yealinkUA + " " + telephony.MAC(otherMAC).Colon()})
	st.want(404, ask{path: path + "?mac=" + otherMAC, ua: yealinkUA})
	if len(st.fake.refused) != 1 || !strings.Contains(st.fake.refused[0], "80:5e:c0:65:43:21") {
		t.Errorf("%q", st.fake.refused)
	}
	for _, p := range []string{"/1/login?mac=" + yealinkMAC, "/" + yealinkMAC + "/1/login", "/k/" + yealinkMAC + "/1/login", "/p/1/login"} {
		st.want(404, ask{path: p, ua: yealinkUA + " " + telephony.MAC(yealinkMAC).Colon()})
	}
	// A device whose trust is pending is served at its own address only (P03 c).
	o.device.Only = st.cfg.TrustedProxies.Source(&http.Request{RemoteAddr: "198.51.100.9:1"})
	st.want(404, ask{path: path, ua: yealinkUA})
	st.want(200, ask{path: path, ua: yealinkUA, from: "198.51.100.9"})
}

func TestX03_GuessedPagesTokensAreCountedAndHeldBack(t *testing.T) {
	st := newStage(t, newFake("yealink", yealinkMAC), func(c *Config) { c.UnknownPerAddr = 5 })
	o := &office{device: st.fake.device, language: "de", login: welcome}
	st.cfg.Keys = o
	for n := range 5 {
		st.want(404, ask{path: fmt.Sprintf("/k/%038d/1/login?pin=4713", n)})
	}
	from := st.cfg.TrustedProxies.Source(&http.Request{RemoteAddr: site + ":1"})
	if !st.guesses.spent(from, st.clock) {
		t.Error("five invented tokens are not counted")
	}
	// From now on one at a time: while another look-up runs, this one waits, here
	// with no patience at all.
	st.slow <- struct{}{}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r, err := http.NewRequestWithContext(ctx, "GET", "https://prov.example.net/", nil)
	if err != nil {
		t.Fatal(err)
	}
	if d, err := st.findByPages(r, keyOf(pagesToken), pagesToken, from); err == nil {
		t.Errorf("a source that guesses was served at once: %+v", d)
	}
	<-st.slow
	st.want(200, ask{path: "/k/" + pagesToken + "/1/login"}) // a phone behind the same address still gets its form
	if o.asked != 6 {
		t.Errorf("%d look-ups", o.asked)
	}
}

// Whatever is asked for, the answer is a page or nothing.
func FuzzPagesPath(f *testing.F) {
	for _, s := range []string{"1/login", "1/login/abc", "2/take/x", "1/logout/all", "", "1", "-1/login", "1//", "login"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, rest string) {
		port, what, ok := splitPage(rest)
		if !ok {
			return
		}
		if port < 1 || port > 250 || fmt.Sprint(port)+"/"+what != rest || strings.Count(what, "/") > 1 {
			t.Errorf("%q is port %d, %q", rest, port, what)
		}
	})
}
