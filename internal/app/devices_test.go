package app_test

import (
	"net/netip"
	"slices"
	"strings"
	"testing"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

// token is the hash of the device's present token.
func (h *house) token(x telephony.CPE) string {
	h.Helper()
	u, err := h.app.CPEs.Reveal(bg, h.admin, h.cust.ID, x.ID)
	h.ok(err)
	return auth.HashToken(strings.TrimSuffix(strings.TrimPrefix(u.Reveal(), "https://prov.test.example/d/"), "/"))
}

func (h *house) secrets(ch telephony.Channel) []telephony.Secret {
	h.Helper()
	c, err := h.app.Registrar.Credential(bg, ch.SIPUser)
	h.ok(err)
	return c.Secrets
}

func (h *house) bound(ch telephony.Channel) bool {
	h.Helper()
	found := false
	h.ok(h.app.Registrar.Load(bg, func(b telephony.Binding) error {
		found = found || b.ChannelID == ch.ID
		return nil
	}))
	return found
}

func (h *house) bind(ch telephony.Channel) {
	h.Helper()
	h.registers(ch, home)
	h.ok(h.app.Registrar.Apply(bg, []telephony.Binding{{
		ChannelID: ch.ID, CustomerID: h.cust.ID, SIPUser: ch.SIPUser, Contact: "sip:x@203.0.113.7", CallID: "c", CSeq: 1, Transport: "udp",
		Registered: h.clock(), Expires: h.clock().Add(600e9),
	}}, nil))
	if !h.bound(ch) {
		h.Fatal("the binding was not kept")
	}
}

func TestD14_DetachingEndsTheLoginAndVoidsWhatTheDeviceHolds(t *testing.T) {
	both(t, func(h *house) {
		ch, x := h.desk("Empfang", "01")
		e := h.extension("21", false)
		h.link(ch, e)
		h.bind(ch)
		token := h.token(x)
		old := h.secrets(ch)
		_, err := h.app.CPEs.Detach(bg, h.admin, h.cust.ID, ch.ID, false)
		h.ok(err)
		h.flush()
		h.nobody(ch)
		h.state(ch, telephony.StateWaitingForDevice)
		h.endedFor(ch, telephony.EndDetached)
		if h.bound(ch) || h.view(ch).Registered || !h.sip.hasForgotten(ch.SIPUser) {
			h.Fatal("the binding lives on")
		}
		_, err = h.app.Registrar.Credential(bg, ch.SIPUser)
		h.refused(err, telephony.NotFound, "")
		if h.token(x) == token || !h.dev.has(x.ID) {
			h.Fatal("the token was not rotated")
		}
		next := h.cpe("805ec0000002")
		h.attach(next, ch)
		h.at(ch, e, telephony.LoginLinked) // the next device there gets the link (S02)
		if s := h.secrets(ch); len(s) != 1 || s[0] == old[0] {
			h.Fatal("the old device's SIP secret is still accepted")
		}
	})
}

func TestD14_MovingTakesWhatTheNewChannelSays(t *testing.T) {
	both(t, func(h *house) {
		a, x := h.desk("A", "01")
		b := h.channel("B")
		e, f := h.extension("21", false), h.extension("22", false)
		h.link(a, e)
		h.link(b, f)
		h.bind(a)
		token, old := h.token(x), h.secrets(a)[0]
		if done := h.attach(x, b); !has(done, "detached", "A") || !has(done, "attached", "B") || !has(done, "logged_in", "B") {
			h.Fatalf("effects %+v", done)
		}
		h.nobody(a)
		h.state(a, telephony.StateWaitingForDevice)
		h.at(b, f, telephony.LoginLinked)
		if h.bound(a) || h.token(x) == token || h.secrets(b)[0] == old {
			h.Fatal("binding, token or SIP secret survived the move")
		}
	})
}

func TestD14_ADryRunSaysAllThatAMoveDoes(t *testing.T) {
	both(t, func(h *house) {
		from, x := h.desk("Empfang", "01")
		to, e, twin := h.channel("Küche"), h.extension("21", false), h.extension("22", true)
		h.link(from, twin)
		h.link(to, twin) // waits there; at capacity only until the device leaves
		try := func() []app.Effect {
			h.Helper()
			said, err := h.app.CPEs.Attach(bg, h.admin, h.cust.ID, x.ID, to.ID, 0, true)
			h.ok(err)
			if v := h.view(to); v.CPE != nil {
				h.Fatalf("a dry run moved it: %+v", v)
			}
			return said
		}
		said := try()
		if !has(said, "logged_off", "Empfang") || !has(said, "detached", "Empfang") || !has(said, "attached", "Küche") || !has(said, "logged_in", "Küche") {
			h.Fatalf("said %+v", said)
		}
		if done := h.attach(x, to); !slices.Equal(said, done) {
			h.Fatalf("said %+v, did %+v", said, done)
		}
		// A guest at the place that is left is named too.
		free, y := h.desk("Lager", "02")
		h.login(free, e)
		h.unlink(from)
		said, err := h.app.CPEs.Attach(bg, h.admin, h.cust.ID, y.ID, from.ID, 0, true)
		h.ok(err)
		if !has(said, "logged_off", "Lager") || said[0].Extension != "21" {
			h.Fatalf("said %+v", said)
		}
	})
}

func TestD14_ALostDeviceHasNoWayIn(t *testing.T) {
	both(t, func(h *house) {
		ch, x := h.desk("Empfang", "01")
		e := h.extension("21", false)
		h.link(ch, e)
		h.bind(ch)
		token := h.token(x)
		first, err := h.app.CPEs.FirstAccess(bg, h.admin, h.cust.ID, x.ID)
		h.ok(err)
		_, err = h.app.CPEs.Lost(bg, h.admin, h.cust.ID, x.ID, true)
		h.ok(err)
		h.nobody(ch)
		h.endedFor(ch, telephony.EndLost)
		if h.bound(ch) {
			h.Fatal("the binding lives on")
		}
		for _, hash := range []string{token, h.token(x)} {
			_, err = h.app.Devices.ByToken(bg, hash)
			h.refused(err, telephony.NotFound, "")
		}
		hash := auth.HashToken(strings.TrimSuffix(strings.TrimPrefix(first.Reveal(), "https://prov.test.example/f/"), "/"))
		_, err = h.app.Devices.ByFirstAccess(bg, hash, home)
		h.refused(err, telephony.NotFound, "")
		_, err = h.app.CPEs.Arm(bg, h.admin, h.cust.ID, x.ID)
		h.refused(err, telephony.Conflict, "device_lost")
		_, err = h.app.CPEs.Attach(bg, h.admin, h.cust.ID, x.ID, ch.ID, 0, false)
		h.refused(err, telephony.Conflict, "device_lost")
	})
}

func TestD15_DeletingUnlinksAndLogsOff(t *testing.T) {
	both(t, func(h *house) {
		a, x := h.desk("A", "01")
		b, _ := h.desk("B", "02")
		e := h.extension("21", true)
		h.link(a, e)
		h.login(b, e)
		h.ok(h.app.Channels.Delete(bg, h.admin, h.cust.ID, a.ID, 0))
		_, err := h.app.Channels.Get(bg, h.admin, h.cust.ID, a.ID)
		h.refused(err, telephony.NotFound, "")
		if v := h.extView(e); len(v.Links) != 0 || len(v.Logins) != 1 {
			h.Fatalf("links %+v, logins %+v", v.Links, v.Logins)
		}
		v, err := h.app.CPEs.Get(bg, h.admin, h.cust.ID, x.ID)
		h.ok(err)
		if len(v.Attachments) != 0 {
			h.Fatalf("the device is still attached: %+v", v.Attachments)
		}
		h.endedFor(a, telephony.EndDeleted)
		h.ok(h.app.Extensions.Delete(bg, h.admin, h.cust.ID, e.ID, 0))
		h.nobody(b)
		h.endedFor(b, telephony.EndDeleted)
	})
}

func TestD15_RenumberingKeepsLinksAndLogins(t *testing.T) {
	both(t, func(h *house) {
		ch, _ := h.desk("A", "01")
		e := h.extension("21", false)
		h.link(ch, e)
		wanted := h.view(ch).CPE.Wanted
		_, _, err := h.app.Extensions.Update(bg, h.admin, h.cust.ID, e.ID, 0, false, false, func(x *telephony.Extension) error { x.Number = "29"; return nil })
		h.ok(err)
		h.at(ch, e, telephony.LoginLinked)
		v := h.view(ch)
		if v.LinkedTo.Number != "29" || v.CPE.Wanted == wanted {
			h.Fatalf("the device is not provisioned anew for %s", v.LinkedTo.Number)
		}
		wanted = v.CPE.Wanted
		_, err = h.app.Channels.Update(bg, h.admin, h.cust.ID, ch.ID, 0, func(x *telephony.Channel) error { x.Name = "Neu"; return nil })
		h.ok(err)
		h.at(ch, e, telephony.LoginLinked)
		if h.view(ch).CPE.Wanted == wanted {
			h.Fatal("the channel's new name does not reach the device")
		}
	})
}

func TestD26_TheLoginExistsFromTheCommitThatMakesItPossible(t *testing.T) {
	both(t, func(h *house) {
		h.listing(true) // and no address of the device is known yet
		ch, _ := h.desk("A", "01")
		e := h.extension("21", false)
		h.link(ch, e)
		h.at(ch, e, telephony.LoginLinked)
		h.state(ch, telephony.StateOffline) // whether the phone has it stands beside
		h.allow(home.String())
		h.registers(ch, home)
		h.state(ch, telephony.StatePending)
	})
}

func TestD27_AGenericDeviceHasConvergedWhenRegistered(t *testing.T) {
	both(t, func(h *house) {
		ch, e := h.channel("Türsprechstelle"), h.extension("21", false)
		x := h.device(telephony.CPE{Driver: "generic", Name: "Tür"})
		h.attach(x, ch)
		h.link(ch, e)
		h.state(ch, telephony.StateOffline)
		user, secret, err := h.app.CPEs.Credentials(bg, h.admin, h.cust.ID, ch.ID)
		h.ok(err)
		if user != ch.SIPUser || secret != h.secrets(ch)[0] {
			h.Fatal("what is to be typed in is not what the registrar accepts")
		}
		h.registers(ch, home)
		h.state(ch, telephony.StateLoggedIn)
	})
}

// A device that somebody added by its MAC alone is drawn, written for and counted as
// what it says it is.
func TestP10_TheModelIsLearnedFromTheDevice(t *testing.T) {
	both(t, func(h *house) {
		d := h.device(telephony.CPE{Driver: "yealink", MAC: "805ec0a0b0c1"})
		dev := app.Device{ID: d.ID, CustomerID: h.cust.ID, Driver: "yealink"}
		from := netip.MustParseAddr("203.0.113.9")
		for _, c := range []struct {
			said, model string
			ports       int
		}{{"Z9", "", 1}, {"", "", 1}, {"W70B", "W70B", 10}, {"T46U", "W70B", 10}} {
			dev.Said = c.said
			h.ok(h.app.Devices.Contacted(bg, dev, from))
			v, err := h.app.CPEs.Get(bg, h.admin, h.cust.ID, d.ID)
			h.ok(err)
			if v.CPE.Model != c.model || v.CPE.Ports != c.ports {
				h.Errorf("it says %q: %q with %d ports, want %q with %d", c.said, v.CPE.Model, v.CPE.Ports, c.model, c.ports)
			}
		}
	})
}

// Who knows a SIP name can send REGISTERs with it from anywhere. The device that is
// registered has not failed for that; one that is not may well be the one, and so may
// who has the secret (C02, P10).
func TestC02_AStrangersGuessFailsNoRegisteredDevice(t *testing.T) {
	both(t, func(h *house) {
		const why = "a wrong SIP password"
		guess := func(ch telephony.Channel, proven bool) {
			h.app.Registrar.Refused(bg, ch.ID, why, netip.MustParseAddr("198.51.100.9"), proven)
			h.flush()
		}
		ch, x := h.desk("Empfang", "01")
		h.bind(ch)
		guess(ch, false)
		h.state(ch, telephony.StatePending)
		h.history(x, "refused", why)
		h.ok(h.app.Registrar.Apply(bg, nil, []string{ch.ID}))
		guess(ch, false)
		h.state(ch, telephony.StateFailed)

		other, _ := h.desk("Lager", "02")
		h.bind(other)
		guess(other, true)
		h.state(other, telephony.StateFailed)
	})
}
