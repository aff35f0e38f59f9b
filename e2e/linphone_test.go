package e2e_test

import (
	"slices"
	"strings"
	"testing"

	"tischlein/e2e/clients"
	"tischlein/internal/telephony"
)

// linphone is fresh from the factory but for its device's own address.
func (d *desk) linphone() *clients.Linphone {
	d.t.Helper()
	url, err := d.App().CPEs.Reveal(d.t.Context(), operator, d.customer.ID, d.cpe.ID)
	d.ok(err)
	l, err := clients.StartLinphone(d.t.TempDir(), strings.Replace(url.Reveal(), "//127.0.0.1:", "//localhost:", 1), d.caFile) // it knows no addresses in certificates
	d.ok(err)
	d.t.Cleanup(l.Stop)
	return l
}

// registers waits until Linphone is registered under its channel with that name.
func (d *desk) registers(l *clients.Linphone, name string) {
	d.t.Helper()
	want := `"` + name + `" <sip:` + d.channel.SIPUser + "@" + d.App().Realm() + ">"
	if got, err := l.WaitRegistered(d.within()); err != nil || got != want {
		d.t.Fatalf("registered as %q, want %q: %v\nexplain: %+v\n%s", got, want, err, d.explain(), l.Log())
	}
}

// freeName is what the window shows while nobody is logged in: there is no key, so
// it also says what to dial (H04).
func (d *desk) freeName() string {
	return "Freier Platz " + d.channel.Desk + " · " + d.channel.Name + " · Anmelden: 901"
}

// cannotBePushed: whoever asks why the phone still shows the old name is told.
func (d *desk) cannotBePushed() {
	d.t.Helper()
	e := d.explain()
	n := slices.IndexFunc(e.Steps, func(s telephony.Step) bool { return s.Name == "pushed" })
	if n < 0 || !strings.Contains(e.Steps[n].Detail, "cannot be told") || e.Missing == nil || e.Missing.Name != "fetched" {
		d.t.Errorf("explained as %+v", e)
	}
}

func TestS01_LinphoneLogsInWithTheLinkedName(t *testing.T) {
	for _, transport := range []string{"tls", "tcp", "udp"} {
		t.Run(transport, func(t *testing.T) {
			i := install(t, transport)
			d := i.desk("Empfang", "linphone", "")
			l := d.linphone()
			d.registers(l, d.freeName())
			d.state(telephony.StateLoggedOut)
			d.link(i.extension("101", "Ada Wirt", false))
			d.state(telephony.StatePending)
			d.cannotBePushed()
			i.ok(l.Restart())
			d.registers(l, "Ada Wirt")
			d.state(telephony.StateLoggedIn)
		})
	}
}

func TestS05_LinphoneIsAFreeDeskAfterTheUnlinkAndARestart(t *testing.T) {
	i := install(t, "tls")
	d := i.desk("Empfang", "linphone", "")
	d.link(i.extension("101", "Ada Wirt", false))
	l := d.linphone()
	d.registers(l, "Ada Wirt")
	d.state(telephony.StateLoggedIn)
	d.unlink()
	d.cannotBePushed()
	i.ok(l.Restart())
	d.registers(l, d.freeName())
	d.state(telephony.StateLoggedOut)
}
