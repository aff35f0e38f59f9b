package server

import (
	"net/netip"
	"testing"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/phonesim"
	"tischlein/internal/telephony"
)

// Neither the phone's restart nor the server's ends a login by number and PIN; the
// phone shows it each time.
func TestH07_RestartsEndNoLogin(t *testing.T) {
	cfg := testConfigAt("127.7.0.2", t.TempDir())
	s, stop := start(t, cfg)
	d := newDesk(t, s, "yealink", "001565123411")
	d.ok(s.App().Extensions.SetPIN(t.Context(), d.actor, d.customer.ID, d.extension.ID, "4711"))
	p := d.phone(phonesim.Yealink)
	d.shows(p, "Empfang")
	atPhone := auth.PhoneActor(d.customer.ID, d.channel.ID, d.channel.Name, netip.MustParseAddr("127.0.0.1"))
	here, _, err := s.App().Desks.LogIn(t.Context(), atPhone, app.LoginRequest{CustomerID: d.customer.ID, ChannelID: d.channel.ID, Number: "101", PIN: "4711", Path: "key"})
	d.ok(err)
	d.shows(p, "Ada Wirt")
	p.PowerOff()
	p.PowerOn(t.Context())
	d.shows(p, "Ada Wirt")

	addrs := s.Addrs()
	p.PowerOff()
	stop()
	// The phone knows the old ports.
	cfg.APIListen, cfg.PhoneListen, cfg.SIPUDPListen = addrs.API, addrs.Phone, addrs.SIP["udp"][0]
	cfg.SIPTCPListen, cfg.SIPTLSListen = addrs.SIP["tcp"][0], addrs.SIP["tls"][0]
	s, _ = start(t, cfg)
	d.s = s
	p.PowerOn(t.Context())
	d.shows(p, "Ada Wirt")
	d.state(telephony.StateLoggedIn)
	v, err := s.App().Channels.Get(t.Context(), d.actor, d.customer.ID, d.channel.ID)
	d.ok(err)
	if v.Login == nil || v.Login.Kind != telephony.LoginHotdesk || !v.Login.Since.Equal(here.Since) {
		t.Fatalf("it is not the same login: %+v, was of %s", v.Login, here.Since)
	}
	_, err = s.App().Desks.LogOut(t.Context(), atPhone, app.LogoutRequest{CustomerID: d.customer.ID, ChannelID: d.channel.ID, Path: "key"})
	d.ok(err)
	d.shows(p, "Empfang")
}
