package e2e_test

import (
	"strings"
	"testing"

	"tischlein/e2e/clients"
	"tischlein/internal/telephony"
)

// A real phone asks for its messages, answers our question for its password, and
// shows what voice mail says.
func TestC12_BaresipShowsHowManyMessagesWait(t *testing.T) {
	for _, transport := range []string{"udp", "tls"} {
		t.Run(transport, func(t *testing.T) {
			t.Parallel()
			i := install(t, transport)
			d := i.desk("Empfang", "generic", "")
			x := i.extension("101", "Ada Wirt", false)
			d.link(x)
			user, password := d.credentials()
			b, err := clients.StartBaresip(t.TempDir(), clients.BaresipAccount{
				User: user, Domain: i.App().Realm(), Server: i.Addrs().SIP[transport][0], Transport: transport, Password: password, CAFile: i.caFile, Mailbox: true,
			})
			i.ok(err)
			t.Cleanup(b.Kill)
			shows := func(want string) {
				t.Helper()
				for {
					e := event(i, b, "MWI_NOTIFY")
					if strings.Contains(e.Param, want) {
						return
					}
				}
			}
			shows("Messages-Waiting: no")
			i.ok(i.App().Extensions.SetMessages(t.Context(), operator, i.customer.ID, x.ID, telephony.Messages{New: 3, Old: 1}))
			shows("Voice-Message: 3/1")
			d.unlink()
			eventually(i, "baresip is not told that it is over", func() bool { return strings.Contains(b.Output(), "terminated;reason=rejected") })
		})
	}
}
