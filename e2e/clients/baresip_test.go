package clients_test

import (
	"strings"
	"testing"

	"tischlein/e2e/clients"
)

func startBaresip(t *testing.T, account clients.BaresipAccount) *clients.Baresip {
	t.Helper()
	account.User, account.Domain = "chan", realm
	b, err := clients.StartBaresip(t.TempDir(), account)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Stop)
	return b
}

func TestBaresip_RegistersOverEachTransportAndLeaves(t *testing.T) {
	t.Parallel()
	for _, transport := range []string{"udp", "tcp", "tls"} {
		t.Run(transport, func(t *testing.T) {
			t.Parallel()
			authority := newAuthority(t)
			r := startRegistrar(t, authority.certificate(t), map[string]string{"chan": "s3cret"})
			b := startBaresip(t, clients.BaresipAccount{
				DisplayName: "Desk", Server: r.address(transport), Transport: transport, Password: "s3cret", CAFile: authority.file,
			})
			if err := b.WaitRegistered(within(t)); err != nil {
				t.Fatal(err)
			}
			reg := r.next("chan")
			if reg.transport != transport {
				t.Errorf("registered over %s", reg.transport)
			}
			if status := r.notify(reg, "check-sync"); status != 481 {
				t.Errorf("check-sync answered with %d, want 481 as ever", status)
			}
			b.Stop()
			if reg := <-r.registrations; !reg.removed {
				t.Errorf("registered again instead of leaving: %s", reg.contact)
			}
		})
	}
}

func TestBaresip_UsesTheAddressItIsGiven(t *testing.T) {
	t.Parallel()
	r := startRegistrar(t, newAuthority(t).certificate(t), map[string]string{"desk": "s3cret"})
	b := startBaresip(t, clients.BaresipAccount{Local: "127.0.0.9", AuthUser: "desk", Server: r.udp, Transport: "udp", Password: "s3cret"})
	if err := b.WaitRegistered(within(t)); err != nil {
		t.Fatal(err)
	}
	if reg := r.next("desk"); !strings.HasPrefix(reg.source, "127.0.0.9:") {
		t.Errorf("came from %s", reg.source)
	}
}

// Whoever wants to prove that a certificate is checked needs another client.
func TestBaresip_BelievesAnyCertificate(t *testing.T) {
	t.Parallel()
	r := startRegistrar(t, newAuthority(t).certificate(t), map[string]string{"chan": "s3cret"})
	b := startBaresip(t, clients.BaresipAccount{Server: r.tls, Transport: "tls", Password: "s3cret", CAFile: newAuthority(t).file})
	if err := b.WaitRegistered(within(t)); err != nil {
		t.Fatal(err)
	}
}

func TestBaresip_SaysWhyItIsNotRegistered(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		password   string
		challenges []string
		want       string
	}{
		"wrong password":   {"wrong", nil, "403 Forbidden"},
		"SHA-256 alone":    {"s3cret", []string{challengeSHA256}, "Function not implemented"},
		"SHA-256 then MD5": {"s3cret", []string{challengeSHA256, challengeMD5}, "Function not implemented"},
		"MD5 then SHA-256": {"s3cret", []string{challengeMD5, challengeSHA256}, "Function not implemented"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := startRegistrar(t, newAuthority(t).certificate(t), map[string]string{"chan": "s3cret"}, c.challenges...)
			b := startBaresip(t, clients.BaresipAccount{Server: r.udp, Transport: "udp", Password: c.password})
			if err := b.WaitRegistered(within(t)); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}
