package clients_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"tischlein/e2e/clients"
)

type desk struct {
	*clients.Linphone
	*registrar
	*provisioning
}

// startDesk starts a Linphone that is provisioned over HTTPS for the channel "chan" as Alice.
func startDesk(t *testing.T, transport string) desk {
	t.Helper()
	authority := newAuthority(t)
	certificate := authority.certificate(t)
	r := startRegistrar(t, certificate, map[string]string{"chan": "s3cret", "other": "changed"})
	p := startProvisioning(t, &certificate)
	p.serve(http.StatusOK, deskFile("Alice & Co", "chan", "s3cret", byName(r.address(transport)), transport))
	l, err := clients.StartLinphone(t.TempDir(), p.url, authority.file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Stop)
	return desk{l, r, p}
}

func (d desk) registers(t *testing.T, identity string) {
	t.Helper()
	if got, err := d.WaitRegistered(within(t)); err != nil || got != identity {
		t.Fatalf("registered as %q, want %q: %v\n%s", got, identity, err, d.Log())
	}
}

func (d desk) restarts(t *testing.T) {
	t.Helper()
	if err := d.Restart(); err != nil {
		t.Fatal(err)
	}
}

func TestLinphone_FetchesOverHTTPSAndRegistersOverEachTransport(t *testing.T) {
	t.Parallel()
	for _, transport := range []string{"udp", "tcp", "tls"} {
		t.Run(transport, func(t *testing.T) {
			t.Parallel()
			d := startDesk(t, transport)
			d.registers(t, `"Alice & Co" <sip:chan@test.example>`)
			reg := d.next("chan")
			if reg.transport != transport || !strings.Contains(reg.contact, "+sip.instance=") {
				t.Errorf("registered over %s with the contact %s", reg.transport, reg.contact)
			}
			if status := d.notify(reg, "check-sync"); status != http.StatusOK {
				t.Errorf("check-sync answered with %d", status)
			}
			fetches := d.seen()
			if len(fetches) != 1 || fetches[0].Get("User-Agent") != "Unknown" || fetches[0].Get("From") != "" {
				t.Errorf("before the restart it fetched %d times: %v", len(fetches), fetches)
			}

			d.serve(http.StatusOK, deskFile("Bob", "other", "changed", byName(d.address(transport)), transport))
			d.restarts(t)
			d.registers(t, `"Bob" <sip:other@test.example>`)
			if from := d.seen()[1].Get("From"); from != "sip:chan@test.example" {
				t.Errorf("the second fetch came from %q", from)
			}
		})
	}
}

func TestLinphone_TakesANewPasswordAndKeepsItWhenThereIsNoFile(t *testing.T) {
	t.Parallel()
	d := startDesk(t, "tcp")
	d.registers(t, `"Alice & Co" <sip:chan@test.example>`)
	d.setPassword("chan", "new")
	d.serve(http.StatusOK, deskFile("Alice", "chan", "new", byName(d.tcp), "tcp"))
	d.restarts(t)
	d.registers(t, `"Alice" <sip:chan@test.example>`)
	d.serve(http.StatusNotFound, "")
	d.restarts(t)
	d.registers(t, `"Alice" <sip:chan@test.example>`)
}

func TestLinphone_LosesItsAccountByEmptyEntriesOnly(t *testing.T) {
	t.Parallel()
	d := startDesk(t, "udp")
	d.registers(t, `"Alice & Co" <sip:chan@test.example>`)
	d.serve(http.StatusOK, file(`<section name="proxy_0" overwrite="true"></section>`, section("sip", "default_proxy", "-1")))
	d.restarts(t)
	d.registers(t, `"Alice & Co" <sip:chan@test.example>`)

	d.serve(http.StatusOK, file(section("proxy_0", "reg_proxy", "", "reg_route", "", "reg_identity", ""),
		section("auth_info_0", "username", "", "userid", "", "passwd", "", "ha1", "", "realm", "", "domain", "")))
	d.restarts(t)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second) // nothing is to happen: a long look is a better one
	defer cancel()
	if got, err := d.WaitRegistered(ctx); got != "" || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("still there: %q, %v", got, err)
	}
	d.Stop()
	if identity, err := d.Setting("proxy_0", "reg_identity"); err != nil || identity != "" {
		t.Errorf("still configured: %q, %v", identity, err)
	}
}

func TestLinphone_BelievesOnlyTheGivenAuthority(t *testing.T) {
	t.Parallel()
	certificate := newAuthority(t).certificate(t)
	p := startProvisioning(t, &certificate)
	l, err := clients.StartLinphone(t.TempDir(), p.url, newAuthority(t).file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Kill)
	eventually(t, "the handshake has failed", func() bool { return strings.Contains(l.Log(), "SSL handshake failed") })
	if n := len(p.seen()); n != 0 {
		t.Errorf("it fetched %d times from a server that it cannot know", n)
	}
}

func TestLinphone_SaysThatItFailed(t *testing.T) {
	t.Parallel()
	d := startDesk(t, "udp")
	d.registers(t, `"Alice & Co" <sip:chan@test.example>`)
	d.setPassword("chan", "another")
	d.restarts(t)
	if _, err := d.WaitRegistered(within(t)); err == nil || errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}
