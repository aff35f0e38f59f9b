package app_test

import (
	"testing"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

func TestS01_AdministratorLogsUserInRemotely(t *testing.T) {
	both(t, func(h *house) {
		ch, x := h.desk("Empfang", "01")
		before := h.view(ch).CPE.Wanted
		e := h.extension("21", false)
		if done := h.link(ch, e); !has(done, "linked", "Empfang") || !has(done, "logged_in", "Empfang") {
			h.Fatalf("effects %+v", done)
		}
		h.at(ch, e, telephony.LoginLinked)
		v := h.view(ch)
		if v.CPE.Wanted == before || v.CPE.NextPush.IsZero() || !h.dev.has(x.ID) {
			h.Fatalf("the device is not brought to its new configuration: %+v", v.CPE)
		}
	})
}

func TestS02_LinkTakesEffectWhenTheDeviceComes(t *testing.T) {
	both(t, func(h *house) {
		ch, e := h.channel("Lager"), h.extension("21", false)
		h.link(ch, e)
		h.nobody(ch)
		if done := h.attach(h.cpe("805ec0000001"), ch); !has(done, "logged_in", "Lager") {
			h.Fatalf("effects %+v", done)
		}
		h.at(ch, e, telephony.LoginLinked)
	})
}

func TestS03_OnlyAdministratorsRemoveALinkedUser(t *testing.T) {
	both(t, func(h *house) {
		ch, _ := h.desk("Empfang", "01")
		e := h.extension("21", false)
		h.link(ch, e)
		_, err := h.app.Logins.Logout(bg, h.user(e), h.cust.ID, ch.ID, false)
		h.refused(err, telephony.Forbidden, "linked_by_administrator")
		h.says(err, "Person 21", "Empfang", "administrator")
		_, err = h.app.Logins.LogoutAll(bg, h.user(e), h.cust.ID, e.ID, false)
		h.refused(err, telephony.Forbidden, "linked_by_administrator")
		for _, a := range []auth.Actor{h.user(e), h.support()} {
			_, err = h.app.Links.Unlink(bg, a, h.cust.ID, ch.ID, false)
			h.refused(err, telephony.Forbidden, "")
			_, err = h.app.CPEs.Detach(bg, a, h.cust.ID, ch.ID, false)
			h.refused(err, telephony.Forbidden, "")
			h.at(ch, e, telephony.LoginLinked)
			tried := 0
			for _, l := range h.audits(app.AuditQuery{ObjectID: ch.ID}) {
				if l.ActorName == a.Name && l.Outcome == "refused" && (l.Action == "unlink" || l.Action == "detach") {
					tried++
				}
			}
			if tried != 2 {
				h.Fatalf("%s: %d refused attempts in the audit log, want 2", a.Role, tried)
			}
		}
		_, err = h.app.Links.Unlink(bg, h.customerAdmin(), h.cust.ID, ch.ID, false)
		h.ok(err)
		h.nobody(ch)
	})
}

func TestS04_HotdeskingIsOffWhileLinked(t *testing.T) {
	both(t, func(h *house) {
		ch, x := h.desk("Empfang", "01")
		e, guest := h.extension("21", false), h.extension("22", false)
		h.link(ch, e)
		for _, takeOver := range []bool{false, true} {
			_, err := h.tryLogin(ch, guest, pin, takeOver)
			h.refused(err, telephony.Forbidden, "hotdesking_off")
		}
		h.at(ch, e, telephony.LoginLinked)
		d, _, err := h.app.Devices.Desired(bg, app.Device{ID: x.ID, CustomerID: h.cust.ID})
		h.ok(err)
		if d.Hotdesking {
			h.Fatal("the phone still offers hotdesking")
		}
	})
}

func TestS05_UnlinkingLogsOffAndOpensTheDesk(t *testing.T) {
	both(t, func(h *house) {
		ch, x := h.desk("Empfang", "01")
		e, guest := h.extension("21", false), h.extension("22", false)
		h.link(ch, e)
		h.unlink(ch)
		h.nobody(ch)
		d, _, err := h.app.Devices.Desired(bg, app.Device{ID: x.ID, CustomerID: h.cust.ID})
		h.ok(err)
		if !d.Hotdesking || d.Lines[0].State != telephony.LineFree {
			h.Fatalf("the desk is not free: %+v", d.Lines)
		}
		h.login(ch, guest)
		h.at(ch, guest, telephony.LoginHotdesk)
	})
}

func TestS06_OneLinkOrTwoWithMultiLogin(t *testing.T) {
	both(t, func(h *house) {
		a, _ := h.desk("A", "01")
		b, _ := h.desk("B", "02")
		c, _ := h.desk("C", "03")
		multi := h.extension("21", true)
		h.link(a, multi)
		h.link(b, multi)
		h.at(a, multi, telephony.LoginLinked)
		h.at(b, multi, telephony.LoginLinked)
		_, err := h.tryLink(c, multi, telephony.FromChannel, false)
		h.refused(err, telephony.Conflict, "extension_linked")
		h.says(err, "A", "B")
		h.unlink(a)
		single := h.extension("22", false)
		h.link(a, single)
		_, err = h.tryLink(c, single, telephony.FromExtension, true)
		h.refused(err, telephony.Conflict, "extension_linked")
	})
}

func TestS07_MultiLoginWithOneLinkLeavesASecondDevice(t *testing.T) {
	both(t, func(h *house) {
		a, _ := h.desk("A", "01")
		b, _ := h.desk("B", "02")
		e := h.extension("21", true)
		h.link(a, e)
		h.nobody(b)
		if n := len(h.extView(e).Logins); n != 1 {
			h.Fatalf("%d logins, want 1", n)
		}
		h.login(b, e)
		h.at(a, e, telephony.LoginLinked)
		h.at(b, e, telephony.LoginHotdesk)
	})
}

func TestS08_UnlistedAddressRefusedUntilAllowed(t *testing.T) {
	both(t, func(h *house) {
		ch, _ := h.desk("Empfang", "01")
		e := h.extension("21", false)
		h.registers(ch, home) // listing is off: the empty list is not consulted
		h.link(ch, e)
		h.at(ch, e, telephony.LoginLinked)
		h.listing(true)
		h.registers(ch, home)
		s := h.state(ch, telephony.StateFailed)
		if s.Reason != telephony.FailedAddress || s.Address != home {
			h.Fatalf("state %+v does not name the address", s)
		}
		h.allow(s.Address.String())
		h.sweep()
		h.at(ch, e, telephony.LoginLinked)
	})
}

func TestS09_BothSidesMakeAndShowTheSameLink(t *testing.T) {
	both(t, func(h *house) {
		for _, side := range []telephony.Side{telephony.FromChannel, telephony.FromExtension} {
			ch := h.channel("von " + string(side))
			e := h.extension(map[telephony.Side]string{telephony.FromChannel: "21", telephony.FromExtension: "22"}[side], false)
			_, err := h.tryLink(ch, e, side, false)
			h.ok(err)
			if l := h.view(ch).Link; l == nil || l.ExtensionID != e.ID {
				h.Fatalf("from %s: the channel shows %+v", side, l)
			}
			if l := h.extView(e).Links; len(l) != 1 || l[0].ChannelID != ch.ID {
				h.Fatalf("from %s: the extension shows %+v", side, l)
			}
		}
	})
}

func TestS11_WithoutAChoiceThereIsNoLink(t *testing.T) {
	both(t, func(h *house) {
		ch, e := h.channel("Empfang"), h.extension("21", false)
		_, err := h.app.Links.Unlink(bg, h.admin, h.cust.ID, ch.ID, false)
		h.refused(err, telephony.Conflict, "not_linked")
		h.link(ch, e)
		h.unlink(ch)
		if v := h.view(ch); v.Link != nil || len(h.extView(e).Links) != 0 {
			h.Fatalf("a link is left: %+v", v.Link)
		}
		h.state(ch, telephony.StateNoDevice)
	})
}

func TestS12_NothingHappensBeforeTheConfirmation(t *testing.T) {
	both(t, func(h *house) {
		ch, _ := h.desk("Empfang", "01")
		e := h.extension("21", false)
		h.link(ch, e)
		count := len(h.audits(app.AuditQuery{}))
		done, err := h.app.Links.Unlink(bg, h.admin, h.cust.ID, ch.ID, true)
		h.ok(err)
		if !has(done, "unlinked", "Empfang") || !has(done, "logged_off", "Empfang") {
			h.Fatalf("the page would say %+v", done)
		}
		h.at(ch, e, telephony.LoginLinked)
		if n := len(h.audits(app.AuditQuery{})); n != count {
			h.Fatalf("asking wrote %d audit entries", n-count)
		}
		h.unlink(ch)
		h.nobody(ch)
	})
}

func TestS13_TheChannelShowsWithWhomItIsLinked(t *testing.T) {
	both(t, func(h *house) {
		ch, e := h.channel("Empfang"), h.extension("21", false)
		if v := h.view(ch); v.LinkedTo != nil {
			h.Fatalf("linked with %+v", v.LinkedTo)
		}
		h.link(ch, e)
		if v := h.view(ch); v.LinkedTo == nil || v.LinkedTo.Number != "21" || v.LinkedTo.Name != "Person 21" {
			h.Fatalf("linked with %+v", v.LinkedTo)
		}
	})
}
