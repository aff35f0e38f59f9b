package e2e_test

import (
	"fmt"
	"testing"

	"tischlein/internal/phonesim"
	"tischlein/internal/telephony"
)

// R04: a tenth of all datagrams is lost, a tenth comes twice, a tenth is overtaken,
// each way. Phones register all the same, pushes arrive, and what a person does
// once is done once.
func TestR04_PhonesWorkOverABadLine(t *testing.T) {
	t.Parallel()
	const at, seed = "127.4.4.1", 4
	cfg := settings(t.TempDir(), "udp")
	cfg.PublicHost, cfg.PhoneListen = at, at+":0" // SIP goes to the same name and reaches the line
	i := installWith(t, cfg)
	line := layBadLine(t, at, i.Addrs().SIP["udp"][0], seed)
	t.Run("phones", func(t *testing.T) {
		for n := range 8 {
			driver, maker := "yealink", "001565124"
			if n%2 == 1 {
				driver, maker = "snom", "000413124"
			}
			t.Run(fmt.Sprint(driver, n), func(t *testing.T) {
				t.Parallel()
				i.apart(t, n).worksOverABadLine(driver, telephony.MAC(fmt.Sprint(maker, 410+n)))
			})
		}
	})
	if line.lost.Load() == 0 || line.doubled.Load() == 0 || line.late.Load() == 0 {
		t.Error("the line was good")
	}
	t.Logf("lost %d, doubled %d, late %d", line.lost.Load(), line.doubled.Load(), line.late.Load())
}

// apart is the same installation with a customer of the subtest's own.
func (i *installation) apart(t *testing.T, n int) *installation {
	t.Helper()
	own := &installation{Server: i.Server, t: t, caFile: i.caFile}
	c := guesthouse
	c.Number, c.OneGoCode = fmt.Sprint(3000+n), true
	var err error
	own.customer, err = i.App().Customers.Create(t.Context(), operator, c)
	own.ok(err)
	return own
}

// worksOverABadLine takes a phone through a link and a hot-desk login.
func (i *installation) worksOverABadLine(driver string, mac telephony.MAC) {
	ada := i.extension("102", "Ada Wirt", false)
	i.colleague("101", "Erika Weber", false)
	d := i.desk("Empfang", driver, mac)
	p := d.phone(phonesim.Config{Vendor: phonesim.Vendor(driver), OwnSocket: true})
	registers(i, p)
	d.shows(p, "Freier Platz")
	d.state(telephony.StateLoggedOut)

	told := p.State().Notifies
	d.link(ada)
	d.shows(p, "Ada Wirt")
	d.state(telephony.StateLoggedIn)
	if p.State().Notifies == told {
		i.t.Error("it was told by nobody")
	}
	d.unlink()
	d.shows(p, "Freier Platz")

	// The INVITE comes twice, and so does everything else of the call.
	i.ends(p, "901*101*1357", `SIP;cause=403;text="Wrong number or PIN"`)
	i.ends(p, "901*101*"+pin, `SIP;cause=200;text="Logged in: 101 Erika Weber"`)
	d.shows(p, "Erika Weber")
	d.state(telephony.StateLoggedIn)
	i.ends(p, "902", `SIP;cause=200;text="Logged out"`)
	d.shows(p, "Freier Platz")
	d.state(telephony.StateLoggedOut)
	for _, c := range []struct {
		action, outcome, reason string
		times                   int
	}{
		{"link", "done", "", 1}, {"unlink", "done", "", 1}, {"login", "refused", "pin_wrong", 1},
		{"login", "done", "", 2}, {"logout", "done", "", 2}, // with the link's own
	} {
		if n := i.audited(c.action, c.outcome, c.reason); n != c.times {
			i.t.Errorf("%d times %s %s: %q", n, c.action, c.outcome, i.log())
		}
	}
}

// ends dials and waits until the server has ended the call, for that reason.
func (i *installation) ends(p *phonesim.Phone, number, reason string) {
	i.t.Helper()
	if s := i.becomes(i.dials(p, number), phonesim.Ended); s.Reason != reason {
		i.t.Errorf("%s ended with %q", number, s.Reason)
	}
}
