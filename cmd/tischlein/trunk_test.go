package main

import (
	"bytes"
	"context"
	"io"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"

	"tischlein/internal/api"
	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/provision/drivers"
	"tischlein/internal/storagetest"
	"tischlein/internal/telephony"
)

// keeping is the real API behind the commands that ask a running server.
type keeping struct {
	*testing.T
	app        *app.App
	customer   telephony.Customer
	url, token string
}

func newKeeping(t *testing.T) *keeping {
	t.Helper()
	k := &keeping{T: t}
	key, err := auth.NewKey(bytes.Repeat([]byte{7}, 32))
	k.ok(err)
	a, setup, err := app.Open(t.Context(), app.Config{DB: storagetest.Open(t, storagetest.SQLite(t), nil), Key: key, Drivers: drivers.All(), Now: time.Now, Settings: app.Settings{
		Realm: "test.example", Node: "n1", BaseURL: "https://prov.test.example", Transport: "udp", FirmwareDir: t.TempDir(),
		SIP: map[string]telephony.SIPServer{"udp": {Host: "sip.test.example", Port: 5060, Transport: "udp"}},
	}})
	k.ok(err)
	_, token, err := a.Tokens.Setup(t.Context(), setup.Reveal(), "Ada", netip.Addr{})
	k.ok(err)
	k.customer, err = a.Customers.Create(t.Context(), administrator, telephony.Customer{Number: "1001", Name: "Gasthaus Adler"})
	k.ok(err)
	_, err = a.Extensions.Create(t.Context(), administrator, telephony.Extension{CustomerID: k.customer.ID, Number: "101", Name: "Ada Wirt"}, "")
	k.ok(err)
	s := httptest.NewServer(api.New(a, api.Options{}))
	t.Cleanup(s.Close)
	k.app, k.url, k.token = a, s.URL, token.Reveal()
	return k
}

func (k *keeping) ok(err error) {
	k.Helper()
	if err != nil {
		k.Fatal(err)
	}
}

// run types a command and gives what it prints.
func (k *keeping) run(words ...string) (string, error) {
	k.Helper()
	var c cli
	parser, err := kong.New(&c, kong.BindTo(k.Context(), (*context.Context)(nil)))
	k.ok(err)
	parsed, err := parser.Parse(append(words, "--url", k.url, "--token", k.token))
	if err != nil {
		return "", err
	}
	r, w, err := os.Pipe()
	k.ok(err)
	old := os.Stdout
	os.Stdout = w
	done := make(chan string)
	go func() {
		text, _ := io.ReadAll(r) // the pipe ends below
		done <- string(text)
	}()
	err = parsed.Run()
	os.Stdout = old
	k.ok(w.Close())
	return <-done, err
}

func (k *keeping) says(want string, words ...string) {
	k.Helper()
	got, err := k.run(words...)
	if err != nil || !strings.Contains(got, want) {
		k.Errorf("%v: %q, %v; want %q", words, got, err, want)
	}
}

func (k *keeping) refuses(want string, words ...string) {
	k.Helper()
	if got, err := k.run(words...); err == nil || !strings.Contains(err.Error(), want) {
		k.Errorf("%v: %q, %v; want a refusal that says %q", words, got, err, want)
	}
}

func TestC10_TrunksFromTheCommandLine(t *testing.T) {
	k := newKeeping(t)
	secret := filepath.Join(t.TempDir(), "secret")
	k.ok(os.WriteFile(secret, []byte("streng-geheim\n"), 0o600))
	k.says("Netz", "trunk", "add", "Netz", "sip.example.net", "--source", "192.0.2.0/24", "--source", "198.51.100.7", "--user", "4930", "--secret-file", secret, "--emergency", "elin")
	k.says("switch", "trunk", "add", "Anlage", "192.0.2.9:5060", "--customer", "1001", "--switch")
	k.says("as 4930 from 192.0.2.0/24 198.51.100.7/32 emergency: elin", "trunk", "list")
	k.says("Anlage", "trunk", "list", "--customer", "1001")
	list, err := k.app.Calls.Trunks(t.Context())
	k.ok(err)
	if len(list) != 2 || list[0].Secret.Reveal()+list[1].Secret.Reveal() != "streng-geheim" {
		t.Errorf("%+v", list)
	}
	k.says("other.example.net", "trunk", "change", "netz", "--host", "other.example.net", "--user", "")
	if got, err := k.run("trunk", "list", "--json"); err != nil || !strings.Contains(got, `"has_secret":false`) || strings.Contains(got, "geheim") {
		t.Errorf("%s, %v", got, err)
	}
	k.refuses("body.host", "trunk", "add", "X", "sip:x")
	k.refuses("no trunk Nirgends", "trunk", "remove", "Nirgends")
	k.refuses("no customer 9", "trunk", "list", "--customer", "9")
	k.says("", "trunk", "remove", "Netz")
	if got, err := k.run("trunk", "list"); err != nil || got != "" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestC10_NumbersFromTheCommandLine(t *testing.T) {
	k := newKeeping(t)
	k.says("+4930901822", "number", "add", "1001", "+4930901820", "--count", "3", "--note", "Block")
	k.says("101 Ada Wirt", "number", "assign", "1001", "+49 30 901821", "101")
	k.says("+4930901821       101 Ada Wirt", "number", "list", "1001")
	k.says("nobody", "number", "assign", "1001", "+4930901821", "-")
	k.says("101 Ada Wirt", "number", "add", "1001", "+4930901840", "--extension", "101")
	k.says("", "number", "remove", "1001", "+4930901822")
	if got, err := k.run("number", "list", "1001", "Block"); err != nil || strings.Count(got, "\n") != 2 {
		t.Errorf("%q, %v", got, err)
	}
	k.refuses("number_taken", "number", "add", "1001", "+4930901820")
	k.refuses("e164_malformed", "number", "add", "1001", "030901820")
	k.refuses("+4930901820", "number", "add", "1001", "030901820", "--count", "2")
	k.refuses("only 1 numbers", "number", "add", "1001", "+9999999999", "--count", "2")
	k.refuses("1 to 1000", "number", "add", "1001", "+4930901820", "--count", "1001")
	k.refuses("no number +4930901899", "number", "remove", "1001", "+4930901899")
	k.refuses("no extension 999", "number", "assign", "1001", "+4930901820", "999")
}

func TestC11_ExplainSaysWhereHelpWouldComeTo(t *testing.T) {
	k := newKeeping(t)
	_, err := k.app.Channels.Create(t.Context(), administrator, telephony.Channel{CustomerID: k.customer.ID, Name: "Keller"})
	k.ok(err)
	k.says("✗ emergency", "explain", "1001", "Keller")
	_, err = k.app.Customers.Update(t.Context(), administrator, k.customer.ID, 0, func(c *telephony.Customer) error { c.SiteAddress = "Hauptstraße 1"; return nil })
	k.ok(err)
	k.says("no trunk", "explain", "1001", "Keller")
	k.says("Netz", "trunk", "add", "Netz", "sip.example.net")
	k.says("help would come to: Hauptstraße 1", "explain", "1001", "Keller")
}
