package redirect

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"tischlein/internal/discovery/redirect/redirecttest"
	"tischlein/internal/telephony"
)

var all = []string{YealinkRPS, SnomSRAPS, GrandstreamGDMS, PolyLens, GigasetRedirect}

func open(t *testing.T, service string, change func(*Account)) (Redirector, *redirecttest.Service) {
	t.Helper()
	s := redirecttest.Start(t, service)
	a := Account{
		URL: s.URL, TokenURL: s.URL + "/oauth/token", ID: redirecttest.ID, Secret: redirecttest.Secret, User: redirecttest.User,
		Password: redirecttest.Password, Account: redirecttest.Account, Site: redirecttest.Site, Profile: redirecttest.Profile, Setting: redirecttest.Setting,
	}
	if change != nil {
		change(&a)
	}
	got, err := Accounts{service: a}.Services(300 * time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	return got[service], s
}

var device = Device{MAC: "001565123456", Serial: "A1B2"}

const link = "https://phones.example:8443/f/abcdefghijklmnopqrstuvwx/"

func TestP11_EachServiceTakesKeepsAndGivesFree(t *testing.T) {
	for _, name := range all {
		t.Run(name, func(t *testing.T) {
			c, s := open(t, name, nil)
			ctx := t.Context()
			if _, err := c.Get(ctx, device); !errors.Is(err, ErrAbsent) {
				t.Fatalf("before: %v", err)
			}
			if err := c.Delete(ctx, device); err != nil {
				t.Errorf("deleting what is not there: %v", err)
			}
			for _, u := range []telephony.Secret{link, "https://phones.example:8443/"} {
				if err := c.Put(ctx, device, u); err != nil {
					t.Fatal(err)
				}
				if got, ok := s.Entry("001565123456"); !ok || got != u.Reveal() {
					t.Errorf("the service has %q", got)
				}
				if got, err := c.Get(ctx, device); err != nil || got != u && got != "" {
					t.Errorf("read back: %q, %v", got.Reveal(), err)
				}
			}
			if err := c.Delete(ctx, device); err != nil {
				t.Fatal(err)
			}
			if _, ok := s.Entry("001565123456"); ok {
				t.Error("it is still there")
			}
		})
	}
}

func TestP11_EachServiceSaysWhyNot(t *testing.T) {
	for _, name := range all {
		t.Run(name, func(t *testing.T) {
			c, s := open(t, name, nil)
			s.Own("001565123456", true)
			if err := c.Put(t.Context(), device, link); !errors.Is(err, ErrOwned) {
				t.Errorf("another's: %v", err)
			}
			if err := c.Delete(t.Context(), device); err != nil {
				t.Errorf("another's is not ours to delete, and that is no error: %v", err)
			}
			s.Own("001565123456", false)
			s.Be(redirecttest.Refusing)
			if err := c.Put(t.Context(), device, link); !errors.Is(err, ErrRefused) {
				t.Errorf("refused: %v", err)
			}
			for _, m := range []redirecttest.Mood{redirecttest.Hanging, redirecttest.Broken} {
				s.Be(m)
				if err := c.Put(t.Context(), device, link); !errors.Is(err, ErrUnavailable) {
					t.Errorf("mood %d: %v", m, err)
				}
			}
			spoils := map[string]func(*Account){
				"secret": func(a *Account) { a.Secret = "wrong" }, "id": func(a *Account) { a.ID = "wrong" },
				"user": func(a *Account) { a.User = "wrong" }, "password": func(a *Account) { a.Password = "wrong" },
			}
			for _, what := range kinds[name].needs {
				if spoils[what] == nil {
					continue
				}
				c, _ := open(t, name, spoils[what])
				err := c.Put(t.Context(), device, link)
				if !errors.Is(err, ErrRefused) || strings.Contains(err.Error(), "wrong") {
					t.Errorf("a wrong %s: %v", what, err)
				}
			}
		})
	}
}

func TestP11_GDMSNeedsASerialNumberForWhatIsNew(t *testing.T) {
	c, s := open(t, GrandstreamGDMS, nil)
	bare := Device{MAC: device.MAC}
	if err := c.Put(t.Context(), bare, link); !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), "serial") {
		t.Error(err)
	}
	s.Set("001565123456", "")
	if err := c.Put(t.Context(), bare, link); err != nil {
		t.Errorf("already in the account: %v", err)
	}
}

// What a device is called at Gigaset: its MAC and the four characters beside it on the label.
func TestP11_GigasetKnowsDevicesByTheirMACID(t *testing.T) {
	c, s := open(t, GigasetRedirect, nil)
	for _, serial := range []string{"A1B2", "a1b2 ", "-A1B2", "001565123456-A1B2", "001565123456A1B2", "00:15:65:12:34:56-a1b2"} {
		if err := c.Put(t.Context(), Device{MAC: device.MAC, Serial: serial}, link); err != nil {
			t.Errorf("%q: %v", serial, err)
		}
		if err := c.Delete(t.Context(), device); err != nil {
			t.Error(err)
		}
	}
	for _, serial := range []string{"", "A1B", "<&>"} {
		bad := Device{MAC: device.MAC, Serial: serial}
		if err := c.Put(t.Context(), bad, link); !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), "MAC-ID") {
			t.Errorf("%q: %v", serial, err)
		}
		if err := c.Delete(t.Context(), bad); err != nil {
			t.Errorf("what is no MAC-ID has no entry: %v", err)
		}
	}
	s.Set("001565123456", "https://elsewhere.example/")
	w := Worker{Services: map[string]Redirector{GigasetRedirect: c}}
	if o := w.settle(t.Context(), Job{Device: device, Service: GigasetRedirect, Want: true, URL: link}); o.State != telephony.RedirectSet {
		t.Errorf("%+v", o)
	}
	if got, _ := s.Entry("001565123456"); got != link {
		t.Errorf("drift was not mended: %q", got)
	}
}

// The forms that XML-RPC leaves open, and what is none.
func TestP11_GigasetsAnswersAreReadAsXMLRPCAllows(t *testing.T) {
	const before, after = `<?xml version="1.0"?><methodResponse><params><param><value><array><data>`, `</data></array></value></param></params></methodResponse>`
	for answer, want := range map[string]error{
		before + `<value><boolean>1</boolean></value><value>OK</value>` + after:                              nil,
		before + `<value><boolean>true</boolean></value><value><string>OK</string></value>` + after:          nil,
		before + `<value><boolean>0</boolean></value><value><string>001565123456</string></value>` + after:   nil,
		before + "<value><boolean>0</boolean></value>\n<value> MAC_NOT_FOUND:001565123456 </value>" + after:  ErrAbsent,
		before + `<value><boolean>0</boolean></value><value>mac_already_in_use:001565123456</value>` + after: ErrOwned,
		before + `<value><boolean>0</boolean></value><value>something else</value>` + after:                  ErrRefused,
		before + `<value><boolean>1</boolean></value>` + after:                                               ErrRefused,
		`<methodResponse><fault><value><struct></struct></value></fault></methodResponse>`:                   ErrRefused,
		`<html>login</html>`: ErrRefused,
		`not XML`:            ErrRefused,
	} {
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, answer) }))
		c := newGigaset(conn{client: srv.Client()}, Account{URL: srv.URL})
		got, err := c.Get(t.Context(), device)
		if !errors.Is(err, want) || got != "" {
			t.Errorf("%s: %v", answer, err)
		}
		if err := c.Put(t.Context(), device, link); errors.Is(want, ErrAbsent) && !errors.Is(err, ErrRefused) {
			t.Errorf("a device that the maker does not know: %v", err)
		}
		srv.Close()
	}
}

// queue is a Queue in memory.
type queue struct {
	mu   sync.Mutex
	jobs []Job
	done map[telephony.MAC]Outcome
}

func (q *queue) Claim(context.Context, int) ([]Job, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.jobs, nil
}

func (q *queue) Done(_ context.Context, j Job, o Outcome) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.done[j.Device.MAC] = o
	return nil
}

func TestP11_WorkerBringsTheServiceToWhatIsWanted(t *testing.T) {
	c, s := open(t, SnomSRAPS, nil)
	q := &queue{done: map[telephony.MAC]Outcome{}}
	w := Worker{Queue: q, Services: map[string]Redirector{SnomSRAPS: c}, Log: slog.New(slog.DiscardHandler)}
	run := func(want telephony.RedirectState, j Job) Outcome {
		t.Helper()
		q.jobs = []Job{j}
		if _, err := w.RunOnce(t.Context()); err != nil {
			t.Fatal(err)
		}
		if o := q.done[j.Device.MAC]; o.State != want {
			t.Errorf("%+v, want %s", o, want)
		}
		return q.done[j.Device.MAC]
	}
	put := Job{Device: device, Service: SnomSRAPS, Want: true, URL: link}
	run(telephony.RedirectSet, put)
	before := s.Calls()
	run(telephony.RedirectSet, put)
	if n := s.Calls() - before; n != 1 {
		t.Errorf("an entry that is right cost %d requests", n)
	}
	s.Set("001565123456", "https://elsewhere.example/")
	run(telephony.RedirectSet, put)
	if got, _ := s.Entry("001565123456"); got != link {
		t.Errorf("drift was not mended: %q", got)
	}
	run(telephony.RedirectRemoved, Job{Device: device, Service: SnomSRAPS})
	s.Own("001565123456", true)
	run(telephony.RedirectOwned, put)
	s.Own("001565123456", false)
	s.Be(redirecttest.Broken)
	run(telephony.RedirectUnavailable, put)
	run(telephony.RedirectRefused, Job{Device: device, Service: "gone", Want: true, URL: link})
}

// P02: a first-access URL is a secret, also where a service repeats it.
func TestP02_ServicesWordsDoNotShowTheURL(t *testing.T) {
	for _, name := range []string{YealinkRPS, PolyLens, GigasetRedirect} {
		c, s := open(t, name, nil)
		s.Be(redirecttest.Refusing)
		o := outcome(c.Put(t.Context(), device, link), "", link)
		if o.State != telephony.RedirectRefused || strings.Contains(o.Detail, "abcdefghij") || o.Detail == "" {
			t.Errorf("%s: %+v", name, o)
		}
	}
	if got := clean(errors.New("a\r\nb "+strings.Repeat("ü", 300)), ""); strings.ContainsAny(got, "\r\n") || len(got) > longest+3 {
		t.Errorf("%q", got)
	}
}

func TestP11_AccountsFileIsReadStrictly(t *testing.T) {
	file := filepath.Join(t.TempDir(), "accounts.yaml")
	put := func(text string, mode os.FileMode) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(file, mode); err != nil {
			t.Fatal(err)
		}
	}
	put("yealink_rps:\n  id: a\n  secret: hush\n", 0o600)
	a, err := ReadAccounts(file)
	if err != nil || a[YealinkRPS].ID != "a" || a[YealinkRPS].Secret.Reveal() != "hush" {
		t.Errorf("%v, %v", a, err)
	}
	for text, want := range map[string]string{
		"acme: {id: hush}":                                              "acme",
		"yealink_rps: {id: a}":                                          "secret",
		"snom_sraps: {id: a, secret: hush}":                             "account",
		"yealink_rps: {id: a, secret: hush, secrt: x}":                  "YAML",
		"yealink_rps: [hush":                                            "YAML",
		"yealink_rps: {id: a, secret: hush, url: 'http://x.example/y'}": "https",
	} {
		put(text, 0o600)
		if _, err := ReadAccounts(file); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hush") {
			t.Errorf("%s: %v", text, err)
		}
	}
	put("yealink_rps: {id: a, secret: hush}", 0o640)
	if _, err := ReadAccounts(file); err == nil || !strings.Contains(err.Error(), "chmod") {
		t.Error(err)
	}
}
