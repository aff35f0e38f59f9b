package phonesim

import (
	"crypto/x509"
	"strings"
	"testing"
	"time"
)

// A phone checks certificates by its own clock and its own authorities, and goes
// on by itself when they are right; time brings it back where its files say so.
func TestClockAndAuthorities(t *testing.T) {
	web := newFileServer(t, true)
	web.put("/a.cfg", "#!version:1.0.0.1\naccount.1.label = in\n")
	p := yPhone(testFleet(t), web.URL+"/a.cfg", func(c *Config) {
		c.RootCAs, c.ClockOff = x509.NewCertPool(), -100*365*24*time.Hour
	})
	p.PowerOn(t.Context())
	await(t, p, "wrong clock", func(s State) bool { return strings.Contains(s.LastError, "not yet valid") })
	p.SetClock(0)
	await(t, p, "unknown CA", func(s State) bool { return strings.Contains(s.LastError, "unknown authority") })
	p.SetRootCAs(roots(web))
	await(t, p, "file", func(s State) bool { return s.Applied == 1 && s.Power == Running })
	if p.TimePasses() {
		t.Error("it looks by itself, which nobody told it")
	}
	web.put("/a.cfg", "#!version:1.0.0.1\nstatic.auto_provision.repeat.enable = 1\nstatic.auto_provision.repeat.minutes = 60\n")
	p.Reboot()
	await(t, p, "second file", func(s State) bool { return s.Applied == 2 && s.Power == Running })
	chains := p.State().Chains
	if !p.TimePasses() {
		t.Error("it does not look by itself")
	}
	await(t, p, "another chain", func(s State) bool { return s.Chains > chains })
}
