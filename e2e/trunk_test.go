package e2e_test

import (
	"net/netip"
	"strings"
	"testing"

	"tischlein/e2e/clients"
	"tischlein/internal/phonesim"
	"tischlein/internal/telephony"
)

// trunk is a peer of the customer that SIPp plays.
type trunk struct {
	*installation
	at string // its host and port
}

func (i *installation) trunk(address string, change ...func(*telephony.Trunk)) *trunk {
	i.t.Helper()
	at := freeUDP(i, address)
	x := telephony.Trunk{CustomerID: i.customer.ID, Name: "Amt", Host: at, Sources: []netip.Prefix{netip.PrefixFrom(netip.MustParseAddr(address), 32)}}
	for _, f := range change {
		f(&x)
	}
	_, err := i.App().Trunks.Create(i.t.Context(), operator, x)
	i.ok(err)
	return &trunk{i, at}
}

func (k *trunk) plays(scenario string, keys map[string]string) *clients.Sipp {
	k.t.Helper()
	p := clients.SippParty{Scenario: scenario, Local: k.at, Keys: keys}
	if scenario == "trunk_calls" {
		p.Server = k.Addrs().SIP["udp"][0]
	}
	s, err := clients.StartSippParty(k.t.TempDir(), p)
	k.ok(err)
	k.t.Cleanup(s.Kill)
	if scenario == "trunk_answers" {
		k.ok(s.WaitReady(k.within(), k.at))
	}
	return s
}

// invite is the INVITE that SIPp got, whole, when it has the ACK, too: by UDP what the
// phone does next might overtake that.
func (k *trunk) invite(s *clients.Sipp) string {
	k.t.Helper()
	m, err := s.WaitSeen(k.within(), `(?s)(INVITE sip:.*?)\n\n`)
	k.ok(err)
	_, err = s.WaitSeen(k.within(), `\nACK sip:`)
	k.ok(err)
	return m[1]
}

func (i *installation) number(e164 string, x telephony.Extension) {
	i.t.Helper()
	_, err := i.App().Numbers.Create(i.t.Context(), operator, telephony.Number{CustomerID: i.customer.ID, E164: e164, ExtensionID: x.ID})
	i.ok(err)
}

func has(t *testing.T, text string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(text, w) {
			t.Errorf("%q is not in\n%s", w, text)
		}
	}
}

func TestC10_OutboundHasTheE164NumberAndTheIdentity(t *testing.T) {
	t.Parallel()
	i := office(t)
	k := i.trunk("127.0.3.1")
	d, b := i.baresip("Empfang", "tls")
	ada := i.colleague("101", "Ada Wirt", false)
	i.number("+4930901820", ada)
	d.sit(ada)
	s := k.plays("trunk_answers", nil)
	do(i, b, "dial", "0305550100") // as people here dial it
	event(i, b, "CALL_ESTABLISHED")
	m := k.invite(s)
	has(t, m, "INVITE sip:+49305550100@", "<sip:+4930901820@")
	for _, inner := range []string{d.channel.SIPUser, "sip:101@", "Proxy-Authorization"} {
		if strings.Contains(m, inner) {
			t.Errorf("%q leaves the house:\n%s", inner, m)
		}
	}
	do(i, b, "hangup", "")
	i.ok(s.Wait(i.within()))
}

func TestC10_AnInboundNumberRingsItsExtension(t *testing.T) {
	t.Parallel()
	i := office(t)
	k := i.trunk("127.0.3.2")
	ada := i.colleague("101", "Ada Wirt", false)
	i.number("+4930901821", ada)
	d, p := i.place("Empfang", "tcp", phonesim.Rings)
	d.sit(ada)
	s := k.plays("trunk_calls", map[string]string{"number": "+4930901821", "from": "+49305550199"})
	c := i.rings(p)
	if st := c.State(); st.Number != "+49305550199" {
		t.Errorf("the phone shows %+v", st)
	}
	i.ok(c.Answer())
	i.ok(s.Wait(i.within()))
	i.becomes(c, phonesim.Ended)
	if st := c.State(); st.Status != 200 {
		t.Errorf("%+v", st)
	}
}

// A customer whose calls live in a switch: everything but the codes is handed to it,
// and what it calls rings the devices.
func TestC10_ASwitchGetsTheCallsWithTheIdentity(t *testing.T) {
	t.Parallel()
	i := office(t)
	k := i.trunk("127.0.3.3", func(x *telephony.Trunk) { x.Switch = true })
	i.colleague("101", "Ada Wirt", false)
	d, p := i.place("Empfang", "udp", phonesim.Rings)
	code := i.dials(p, "901*101*"+pin)
	i.becomes(code, phonesim.Ended)
	d.has("101")

	s := k.plays("trunk_answers", nil)
	c := i.dials(p, "777")
	i.becomes(c, phonesim.Up)
	has(t, k.invite(s), "INVITE sip:777@", `P-Asserted-Identity: "Ada Wirt" <sip:101@`)
	c.HangUp()
	i.ok(s.Wait(i.within()))

	s = k.plays("trunk_calls", map[string]string{"number": "101", "from": "888"})
	c = i.rings(p)
	if st := c.State(); st.Number != "888" {
		t.Errorf("the phone shows %+v", st)
	}
	i.ok(c.Answer())
	i.ok(s.Wait(i.within()))
}

func TestC11_EmergencyFromPlacesThatMayNothingElse(t *testing.T) {
	t.Parallel()
	i := office(t)
	k := i.trunk("127.0.3.4", func(x *telephony.Trunk) { x.Emergency = telephony.EmergencyGeolocation })
	i.number("+4930901829", telephony.Extension{})
	i.change(func(c *telephony.Customer) { c.OutboundNumber = "+4930901829" })
	helps := func(p *phonesim.Phone, as string) {
		t.Helper()
		s := k.plays("trunk_answers", nil)
		c := i.dials(p, "112")
		i.becomes(c, phonesim.Up)
		m := k.invite(s)
		has(t, m, "INVITE sip:112@", "Geolocation: <https://127.0.0.1/places/", "Geolocation-Routing: yes", "<sip:+4930901829@")
		if strings.Contains(m, as) {
			t.Errorf("the channel's name leaves the house:\n%s", m)
		}
		c.HangUp()
		i.ok(s.Wait(i.within()))
	}
	free, p := i.place("Empfang", "udp", phonesim.Rings) // nobody is logged in
	i.fails(i.dials(p, "0305550100"), 403)
	helps(p, free.channel.SIPUser)
	s := k.plays("trunk_calls", map[string]string{"number": "+4930901829", "from": "112"}) // they call back
	back := i.rings(p)
	i.ok(back.Answer())
	i.ok(s.Wait(i.within()))
	i.becomes(back, phonesim.Ended)

	old := i.desk("Küche", "generic", "")
	user, before := old.credentials()
	_, err := i.App().CPEs.Rotate(t.Context(), operator, i.customer.ID, old.cpe.ID, nil, false)
	i.ok(err)
	if _, now := old.credentials(); now == before {
		t.Fatal("the secret is the same")
	}
	p = old.typedAs("tcp", "127.0.0.1", phonesim.Rings, user, before) // the previous secret
	registers(i, p)
	helps(p, user)

	refused := i.desk("Lager", "generic", "")
	refused.link(i.colleague("101", "Ada Wirt", false))
	_, err = i.App().Customers.Allow(t.Context(), operator, i.customer.ID, "127.0.0.1", "")
	i.ok(err)
	i.change(func(c *telephony.Customer) { c.IPListing = true })
	p = refused.typed("udp", "127.0.0.2", phonesim.Rings) // an address that is not on the list
	registers(i, p)
	refused.state(telephony.StateFailed)
	i.fails(i.dials(p, "0305550100"), 403)
	helps(p, refused.channel.SIPUser)

	eventually(i, "the calls are not in the log", func() bool { return i.audited("emergency_call", "done", "") == 3 })
}
