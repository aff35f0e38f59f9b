package e2e_test

import (
	"testing"

	"tischlein/e2e/clients"
	"tischlein/internal/telephony"
)

// A device into which a person types its account needs nothing more: registered
// means converged.
func TestD27_BaresipRegisters(t *testing.T) {
	for _, transport := range []string{"udp", "tcp", "tls"} {
		t.Run(transport, func(t *testing.T) {
			i := install(t, transport)
			d := i.desk("Empfang", "generic", "")
			user, password := d.credentials()
			b, err := clients.StartBaresip(t.TempDir(), clients.BaresipAccount{
				User: user, Domain: i.App().Realm(), Server: i.Addrs().SIP[transport][0], Transport: transport, Password: password, CAFile: i.caFile,
			})
			i.ok(err)
			t.Cleanup(b.Kill)
			if err := b.WaitRegistered(i.within()); err != nil {
				t.Fatalf("%v\n%s", err, b.Output())
			}
			d.state(telephony.StateLoggedOut)
			d.link(i.extension("101", "Ada Wirt", false))
			d.state(telephony.StateLoggedIn)
			b.Stop()
			d.state(telephony.StateOffline)
		})
	}
}
