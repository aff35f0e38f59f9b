package e2e_test

import (
	"fmt"
	"strings"
	"testing"

	"tischlein/e2e/clients"
	"tischlein/internal/phonesim"
	"tischlein/internal/telephony"
)

// sipp registers a phone of the desk that waits for its check-sync. A device that
// has yet to fetch is told so when it registers, so the desk's own phone fetches
// first and goes, and SIPp is it from then on (same instance, C03; by MD5: SIPp knows no other, and who used SHA-256 once keeps to
// it): what comes to SIPp then comes because of a link. SIPp computes
// its digest for the server's address, which hence is the domain too.
func (d *desk) sipp(transport string) *clients.Sipp {
	d.t.Helper()
	p := d.phone(phonesim.Config{Vendor: phonesim.Yealink, MD5Only: true})
	d.shows(p, d.channel.Name)
	d.state(telephony.StateLoggedOut)
	p.PowerOff()
	user, password := d.credentials()
	s, err := clients.StartSipp(d.t.TempDir(), clients.SippPhone{
		Scenario: "register_notify", Server: d.Addrs().SIP[transport][0], Transport: transport, Domain: d.Addrs().SIP[transport][0],
		User: user, Password: password, Instance: "00000000-0000-1000-8000-" + string(d.cpe.MAC), Agent: "Yealink SIP-T46U 108.86.0.20",
	})
	d.ok(err)
	d.t.Cleanup(s.Kill)
	d.ok(s.WaitRegistered(d.within()))
	return s
}

func (d *desk) notified(s *clients.Sipp) {
	d.t.Helper()
	event, err := s.WaitNotified(d.within())
	if err != nil || !strings.HasPrefix(event, "check-sync") {
		d.t.Fatalf("notified of %q: %v\nexplain: %+v", event, err, d.explain())
	}
	d.ok(s.Wait(d.within()))
}

func TestC05_SippPhoneGetsItsCheckSync(t *testing.T) {
	for _, transport := range []string{"udp", "tcp"} {
		t.Run(transport, func(t *testing.T) {
			i := install(t, transport)
			d := i.desk("Empfang", "yealink", "001565124101")
			s := d.sipp(transport)
			if strings.Contains(s.Output(), "NOTIFY sip:") {
				t.Fatalf("told before its link:\n%s", s.Output())
			}
			d.link(i.extension("101", "Ada Wirt", false))
			d.notified(s)
		})
	}
}

func TestP09_ThreePhonesBehindOneAddress(t *testing.T) {
	for _, transport := range []string{"udp", "tcp"} {
		t.Run(transport, func(t *testing.T) {
			i := install(t, transport)
			var desks []*desk
			var phones []*clients.Sipp
			for n := range 3 {
				d := i.desk(fmt.Sprintf("Platz %d", n), "yealink", telephony.MAC(fmt.Sprintf("00156512420%d", n)))
				desks, phones = append(desks, d), append(phones, d.sipp(transport))
			}
			for n, d := range desks {
				for _, other := range phones[n:] {
					if strings.Contains(other.Output(), "NOTIFY sip:") {
						t.Fatalf("told before its link:\n%s", other.Output())
					}
				}
				d.link(i.extension(fmt.Sprintf("10%d", n), fmt.Sprintf("Gast %d", n), false))
				d.notified(phones[n])
			}
		})
	}
}
