package app_test

import (
	"slices"
	"testing"

	"tischlein/internal/app"
	"tischlein/internal/telephony"
)

func TestD01_MultiLoginWithOneLoginIsOffered(t *testing.T) {
	both(t, func(h *house) {
		a, _ := h.desk("A", "01")
		b, _ := h.desk("B", "02")
		e := h.extension("21", true)
		h.login(a, e)
		l, err := h.app.Channels.Linkable(bg, h.admin, h.cust.ID, b.ID, app.Query{})
		h.ok(err)
		if len(l.Items) != 1 || l.Items[0].ID != e.ID {
			h.Fatalf("offered %+v", l.Items)
		}
		h.link(b, e)
		h.at(a, e, telephony.LoginHotdesk)
		h.at(b, e, telephony.LoginLinked)
	})
}

func TestD02_AWorkingUserIsNeverLoggedOffSilently(t *testing.T) {
	both(t, func(h *house) {
		a, _ := h.desk("Alt", "01")
		b, _ := h.desk("Neu", "02")
		e := h.extension("21", false)
		h.login(a, e)
		_, err := h.tryLink(b, e, telephony.FromChannel, true)
		h.refused(err, telephony.Conflict, "extension_in_use")
		h.says(err, "Alt")
		_, err = h.tryLink(b, e, telephony.FromExtension, false)
		h.refused(err, telephony.Conflict, "take_over_needed")
		h.says(err, "Alt")
		h.at(a, e, telephony.LoginHotdesk)
		done, err := h.tryLink(b, e, telephony.FromExtension, true)
		h.ok(err)
		if !has(done, "logged_off", "Alt") || !has(done, "logged_in", "Neu") {
			h.Fatalf("effects %+v", done)
		}
		h.nobody(a)
		h.at(b, e, telephony.LoginLinked)
		h.endedFor(a, telephony.EndTakeOver)
	})
}

func TestD03_TheLinkWinsOverAGuest(t *testing.T) {
	both(t, func(h *house) {
		ch, _ := h.desk("Empfang", "01")
		e, guest := h.extension("21", false), h.extension("22", false)
		h.login(ch, guest)
		done, err := h.app.Links.Link(bg, h.admin, app.LinkRequest{CustomerID: h.cust.ID, ChannelID: ch.ID, ExtensionID: e.ID, Side: telephony.FromChannel, DryRun: true})
		h.ok(err)
		if len(done) == 0 || done[0].Kind != "logged_off" || done[0].Extension != "22" || done[0].Name != "Person 22" {
			h.Fatalf("the page would not name the guest: %+v", done)
		}
		h.at(ch, guest, telephony.LoginHotdesk)
		h.link(ch, e)
		h.at(ch, e, telephony.LoginLinked)
		if n := len(h.extView(guest).Logins); n != 0 {
			h.Fatalf("the guest is still logged in %d times", n)
		}
		h.endedFor(ch, telephony.EndLinkMade)
	})
}

func TestD05_LinkWithoutDeviceWaits(t *testing.T) {
	both(t, func(h *house) {
		ch, e := h.channel("Lager"), h.extension("21", false)
		if done := h.link(ch, e); !has(done, "waiting_for_device", "Lager") {
			h.Fatalf("effects %+v", done)
		}
		h.state(ch, telephony.StateWaitingForDevice)
	})
}

func TestD06_TheArrivingPhoneEndsTheOldestHotdeskLogin(t *testing.T) {
	both(t, func(h *house) {
		place, e := h.channel("Platz"), h.extension("21", true)
		a, _ := h.desk("Älter", "01")
		b, _ := h.desk("Jünger", "02")
		h.link(place, e)
		h.login(a, e)
		h.login(b, e)
		h.attach(h.cpe("805ec0000003"), place)
		h.at(place, e, telephony.LoginLinked)
		h.nobody(a)
		h.at(b, e, telephony.LoginHotdesk)
		h.endedFor(a, telephony.EndDeviceArrived)
	})
}

func (h *house) multiOff(e telephony.Extension, confirmed bool) ([]app.Effect, error) {
	_, done, err := h.app.Extensions.Update(bg, h.admin, h.cust.ID, e.ID, 0, confirmed, false, func(x *telephony.Extension) error {
		x.MultiLogin = false
		return nil
	})
	return done, err
}

func TestD07_MultiLoginStaysWithTwoLinks(t *testing.T) {
	both(t, func(h *house) {
		a, b, e := h.channel("Kanal A"), h.channel("Kanal B"), h.extension("21", true)
		h.link(a, e)
		h.link(b, e)
		_, err := h.multiOff(e, true)
		h.refused(err, telephony.Conflict, "two_links")
		h.says(err, "Kanal A", "Kanal B")
		if !h.extView(e).Extension.MultiLogin {
			h.Fatal("it was switched off")
		}
	})
}

func TestD08_MultiLoginOffEndsOneHotdeskLoginAfterAWarning(t *testing.T) {
	both(t, func(h *house) {
		a, _ := h.desk("A", "01")
		b, _ := h.desk("B", "02")
		e := h.extension("21", true)
		h.login(a, e) // older, in slot 1: what stays must move there
		h.login(b, e)
		_, err := h.multiOff(e, false)
		h.refused(err, telephony.Conflict, "confirmation_needed")
		h.says(err, "A")
		h.at(a, e, telephony.LoginHotdesk)
		_, err = h.multiOff(e, true)
		h.ok(err)
		h.nobody(a)
		h.at(b, e, telephony.LoginHotdesk)
		h.endedFor(a, telephony.EndMultiLoginOff)

		f := h.extension("22", true)
		h.login(a, f)
		c, _ := h.desk("C", "03")
		h.link(c, f)
		_, err = h.multiOff(f, true)
		h.ok(err)
		h.nobody(a)
		h.at(c, f, telephony.LoginLinked)
	})
}

func TestD09_ALinkedUserCannotLogInElsewhere(t *testing.T) {
	both(t, func(h *house) {
		a, _ := h.desk("Empfang", "01")
		b, _ := h.desk("Lager", "02")
		e := h.extension("21", false)
		h.link(a, e)
		for _, takeOver := range []bool{false, true} {
			_, err := h.tryLogin(b, e, pin, takeOver)
			h.refused(err, telephony.Forbidden, "fixed_by_administrator")
			h.says(err, "administrator", "Empfang")
		}
		h.nobody(b)
	})
}

func TestD10_LoggingOffBothKeepsTheLinkedOne(t *testing.T) {
	both(t, func(h *house) {
		a, _ := h.desk("Fest", "01")
		b, _ := h.desk("Gast", "02")
		e := h.extension("21", true)
		h.link(a, e)
		h.login(b, e)
		done, err := h.app.Logins.LogoutAll(bg, h.user(e), h.cust.ID, e.ID, false)
		h.ok(err)
		if !has(done, "logged_off", "Gast") || !has(done, "kept", "Fest") {
			h.Fatalf("effects %+v", done)
		}
		h.at(a, e, telephony.LoginLinked)
		h.nobody(b)
	})
}

func TestD11_RemovingTheChoiceAsksFirst(t *testing.T) {
	both(t, func(h *house) {
		a, b, e := h.channel("A"), h.channel("B"), h.extension("21", true)
		h.link(a, e)
		h.link(b, e)
		done, err := h.app.Links.Unlink(bg, h.admin, h.cust.ID, a.ID, true)
		h.ok(err)
		if !has(done, "unlinked", "A") || len(h.extView(e).Links) != 2 {
			h.Fatalf("the question says %+v; links %+v", done, h.extView(e).Links)
		}
		h.unlink(a)
		if l := h.extView(e).Links; len(l) != 1 || l[0].ChannelID != b.ID {
			h.Fatalf("links %+v, want B alone", l)
		}
	})
}

func TestD12_ReplaceIsOneStep(t *testing.T) {
	both(t, func(h *house) {
		ch, _ := h.desk("Empfang", "01")
		elsewhere, _ := h.desk("Lager", "02")
		a, b, busy := h.extension("21", false), h.extension("22", false), h.extension("23", false)
		h.link(ch, a)
		h.login(elsewhere, busy)
		replace := func(e telephony.Extension) ([]app.Effect, error) {
			return h.app.Links.Link(bg, h.admin, app.LinkRequest{CustomerID: h.cust.ID, ChannelID: ch.ID, ExtensionID: e.ID, Side: telephony.FromChannel, Replace: true})
		}
		_, err := replace(busy)
		h.refused(err, telephony.Conflict, "extension_in_use")
		h.at(ch, a, telephony.LoginLinked) // nothing was undone by the half that could be done
		done, err := replace(b)
		h.ok(err)
		var kinds []string
		for _, e := range done {
			kinds = append(kinds, e.Kind)
		}
		if !slices.Equal(kinds, []string{"logged_off", "unlinked", "linked", "logged_in"}) {
			h.Fatalf("effects %v", kinds)
		}
		h.at(ch, b, telephony.LoginLinked)
		if v := h.extView(a); len(v.Links)+len(v.Logins) != 0 {
			h.Fatalf("A is still there: %+v", v)
		}
	})
}

func TestD13_UnlinkingLeavesTheOtherDeviceAlone(t *testing.T) {
	both(t, func(h *house) {
		a, _ := h.desk("A", "01")
		b, _ := h.desk("B", "02")
		e := h.extension("21", true)
		h.link(a, e)
		h.link(b, e)
		wanted := h.view(b).CPE.Wanted
		h.unlink(a)
		h.nobody(a)
		h.at(b, e, telephony.LoginLinked)
		if h.view(b).CPE.Wanted != wanted {
			h.Fatal("the other device got another configuration")
		}
		h.login(a, h.extension("22", false))
	})
}

func TestD25_ASecondChannelCanBeChosen(t *testing.T) {
	both(t, func(h *house) {
		a, b, e := h.channel("A"), h.channel("B"), h.extension("21", true)
		for _, ch := range []telephony.Channel{a, b} {
			_, err := h.tryLink(ch, e, telephony.FromExtension, false)
			h.ok(err)
		}
		if n := len(h.extView(e).Links); n != 2 {
			h.Fatalf("%d links, want 2", n)
		}
	})
}
