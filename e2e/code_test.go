package e2e_test

import (
	"fmt"
	"strings"
	"testing"

	"tischlein/e2e/clients"
	"tischlein/internal/telephony"
)

const byeReason = `Reason: SIP;cause=`

// said waits until baresip's trace has so many BYEs with this in their Reason: the
// trace comes a little after what it traces.
func (i *installation) said(b *clients.Baresip, reason string, times int) {
	i.t.Helper()
	eventually(i, fmt.Sprintf("no %d BYEs say %s", times, reason), func() bool { return strings.Count(b.Output(), byeReason+reason) == times })
}

// dials has baresip dial, waits until the call has ended and returns what was heard in it.
func dials(i *installation, b *clients.Baresip, number string) []int16 {
	i.t.Helper()
	_, err := b.Do(i.within(), "dial", number)
	i.ok(err)
	_, err = b.Next(i.within(), "CALL_ESTABLISHED")
	i.ok(err)
	_, err = b.Next(i.within(), "CALL_CLOSED")
	i.ok(err)
	speech, err := b.Heard(i.within())
	i.ok(err)
	return speech
}

// A softphone that cannot be told shows who has it when it is started the next time.
func TestH02_LinphoneLogsInByTheCodeAndShowsIt(t *testing.T) {
	t.Parallel()
	i := install(t, "tls") // fetching anew it wants the server's name
	i.change(func(c *telephony.Customer) { c.OneGoCode = true })
	i.colleague("101", "Ada Wirt", false)
	d, l := i.softphone("Empfang")
	_, err := l.Call(i.within(), "sip:901*101*"+pin+"@"+i.App().Realm())
	i.ok(err)
	state(i, l, "StreamsRunning")
	state(i, l, "End")
	if !strings.Contains(l.Log(), byeReason+`200;text="Logged in: 101 Ada Wirt"`) {
		t.Errorf("the BYE does not say it:\n%s", l.Log())
	}
	d.has("101")
	i.ok(l.Restart())
	d.registers(l, "Ada Wirt")
	d.state(telephony.StateLoggedIn)
}

func TestH02_BaresipLogsInAndOutInOneGo(t *testing.T) {
	t.Parallel()
	for _, transport := range []string{"udp", "tcp", "tls"} {
		t.Run(transport, func(t *testing.T) {
			t.Parallel()
			i := office(t)
			i.colleague("101", "Ada Wirt", false)
			d, b := i.baresip("Empfang", transport)
			i.says(dials(i, b, "901*101*"+pin), "logged_in")
			d.has("101")
			i.said(b, `200;text="Logged in: 101 Ada Wirt"`, 1)
			i.says(dials(i, b, "902"), "logged_out")
			d.has("")
			for _, action := range []string{"login", "logout"} {
				if n := i.audited(action, "done", ""); n != 1 {
					t.Errorf("%d entries %q", n, action)
				}
			}
			if log := shared.log.since(0); strings.Contains(log, "*"+pin) {
				t.Error("the PIN is in the log")
			}
		})
	}
}
