package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"tischlein/internal/config"
	"tischlein/internal/server"
)

// serving runs the demo's server on free ports.
func serving(t *testing.T) *server.Server {
	t.Helper()
	cfg := demoConfig(filepath.Join(t.TempDir(), "data"))
	for _, addr := range []*string{&cfg.APIListen, &cfg.PortalListen, &cfg.PhoneListen, &cfg.PhonePlainListen, &cfg.SIPUDPListen, &cfg.SIPTCPListen, &cfg.SIPTLSListen} {
		*addr = "127.0.0.1:0"
	}
	log, err := logger("error", io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	s, err := server.Open(t.Context(), cfg, log)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestS01_DemoShowsThePhoneLoggingIn(t *testing.T) {
	var b bytes.Buffer
	if err := perform(t.Context(), serving(t), &b, true); err != nil {
		t.Fatalf("%v\n%s", err, b.String())
	}
	before, after, ok := strings.Cut(b.String(), "is linked with Empfang")
	if !ok || strings.Contains(before, "│ Ada Wirt") || !strings.Contains(after, "│ Ada Wirt") || !strings.Contains(after, "ms from the link") {
		t.Errorf("%s", b.String())
	}
	if _, guest, _ := strings.Cut(after, "sits down"); !strings.Contains(guest, "│ Ben Koch") || !strings.Contains(guest, "shows: 102 Ben Koch") {
		t.Errorf("no guest, or no call (H02, H05):\n%s", after)
	}
}

func TestDemoKeepsOffADirectoryThatExists(t *testing.T) {
	if _, _, err := (demoCmd{Data: t.TempDir()}).directory(); err == nil {
		t.Error("it would write into somebody's directory")
	}
}

// run is the program with these arguments; it returns what it printed.
func run(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var c cli
	k, err := kong.New(&c, kong.Configuration(config.Read), kong.BindTo(t.Context(), (*context.Context)(nil)))
	if err != nil {
		t.Fatal(err)
	}
	p, err := k.Parse(args)
	if err != nil {
		return "", err
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	out := os.Stdout
	os.Stdout = w
	text := make(chan string, 1)
	go func() {
		b, _ := io.ReadAll(r)
		text <- string(b)
	}()
	err = p.Run()
	os.Stdout = out
	w.Close()
	return <-text, err
}

// setUp turns the one-time token into an administrator's, as the printed curl
// line does.
func setUp(t *testing.T, s *server.Server) string {
	t.Helper()
	var b bytes.Buffer
	announce(&b, s)
	_, body, ok := strings.Cut(b.String(), "-d '")
	body, _, _ = strings.Cut(body, "'")
	if !ok {
		t.Fatalf("no setup line in\n%s", b.String())
	}
	a, err := http.Post(s.APIURL()+"/v1/setup", "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	var got map[string]any
	if err := json.NewDecoder(a.Body).Decode(&got); err != nil || a.StatusCode >= 300 {
		t.Fatalf("setup: %s %v %v", a.Status, got, err)
	}
	token, _ := got["token"].(string)
	return token
}

func TestS01_S05_CommandsLinkExplainAndUnlink(t *testing.T) {
	s := serving(t)
	c, err := newCast(t.Context(), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.fleet.Close()
	if err := c.wake(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TISCHLEIN_URL", s.APIURL())
	t.Setenv("TISCHLEIN_TOKEN", setUp(t, s))
	for _, x := range []struct {
		args []string
		want string
		fail bool
	}{
		{[]string{"link", "1001", "Empfang", "101", "--dry-run"}, "nothing was changed", false},
		{[]string{"link", "1001", "empfang", "101"}, "Empfang is linked with 101 Ada Wirt", false},
		{[]string{"link", "1001", "Küche", "101"}, "linked", true},
		{[]string{"link", "1001", "Nirgends", "101"}, "there is no channel Nirgends", true},
		{[]string{"link", "4711", "Empfang", "101"}, "there is no customer 4711", true},
		{[]string{"link", "1001", "Empfang", "999"}, "there is no extension 999", true},
		{[]string{"explain", "1001", "Empfang"}, "Empfang: ", false},
		{[]string{"explain", "1001", "Empfang", "--json"}, `"steps"`, false},
		{[]string{"explain", "1001", "Keller"}, "no_device", false},
		{[]string{"unlink", "1001", "Empfang"}, "no longer linked", false},
		{[]string{"unlink", "1001", "Empfang", "--token", "tsl-wrong"}, "token", true},
	} {
		text, err := run(t, x.args...)
		if err != nil {
			text += err.Error()
		}
		if (err != nil) != x.fail || !strings.Contains(text, x.want) {
			t.Errorf("%v: %q, error %v", x.args, text, err)
		}
	}
}
