package app_test

import (
	"testing"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

// arrange is what the page of the extension saves.
func (h *house) arrange(e telephony.Extension, seen, want []string, f func(*app.Arrangement)) (app.ExtensionView, []app.Effect, error) {
	a := app.Arrangement{CustomerID: h.cust.ID, ExtensionID: e.ID, Seen: seen, Channels: want, Change: func(*telephony.Extension) error { return nil }}
	if f != nil {
		f(&a)
	}
	return h.app.Extensions.Arrange(bg, h.admin, a)
}

func TestS09_FieldsAndLinksOfAnExtensionAreSavedAsOneOrNotAtAll(t *testing.T) {
	both(t, func(h *house) {
		a, b, c := h.channel("A"), h.channel("B"), h.channel("C")
		e, other := h.extension("21", false), h.extension("22", false)
		_, _, err := h.arrange(other, nil, []string{c.ID}, nil)
		h.ok(err)
		both := func(x *app.Arrangement) {
			x.Change = func(e *telephony.Extension) error { e.Name, e.MultiLogin = "Twin", true; return nil }
		}
		_, _, err = h.arrange(e, nil, []string{a.ID, c.ID}, both)
		h.refused(err, telephony.Conflict, "channel_linked")
		if v, err := h.app.Extensions.Get(bg, h.admin, h.cust.ID, e.ID); err != nil || v.Extension.Name == "Twin" || len(v.Links) != 0 {
			h.Fatalf("half of it was saved: %+v %v", v, err)
		}
		_, done, err := h.arrange(e, nil, []string{a.ID, b.ID}, func(x *app.Arrangement) { both(x); x.DryRun = true })
		h.ok(err)
		if v, err := h.app.Extensions.Get(bg, h.admin, h.cust.ID, e.ID); err != nil || v.Extension.MultiLogin || len(v.Links) != 0 || len(done) == 0 {
			h.Fatalf("a dry run changed something or said nothing: %+v %v %v", v, done, err)
		}
		v, _, err := h.arrange(e, nil, []string{a.ID, b.ID}, both)
		h.ok(err)
		if len(v.Links) != 2 || v.Extension.Name != "Twin" {
			h.Fatalf("%+v", v)
		}
		// D07: off with two links is refused, with one of them taken away it is not.
		off := func(x *app.Arrangement) {
			x.Change = func(e *telephony.Extension) error { e.MultiLogin = false; return nil }
		}
		_, _, err = h.arrange(e, []string{a.ID, b.ID}, []string{a.ID, b.ID}, off)
		h.refused(err, telephony.Conflict, "")
		v, _, err = h.arrange(e, []string{b.ID, a.ID}, []string{b.ID}, off)
		h.ok(err)
		if len(v.Links) != 1 || v.Links[0].ChannelID != b.ID || v.Extension.MultiLogin {
			h.Fatalf("%+v", v)
		}
		// D12: another channel is chosen only once the link is away.
		_, _, err = h.arrange(e, []string{b.ID}, []string{a.ID}, nil)
		h.refused(err, telephony.Conflict, "extension_linked")
	})
}

func TestD23_LinksThatSomebodyElseChangedAreNotTakenAway(t *testing.T) {
	both(t, func(h *house) {
		a, e := h.channel("A"), h.extension("21", false)
		_, _, err := h.arrange(e, nil, []string{a.ID}, nil)
		h.ok(err)
		_, _, err = h.arrange(e, nil, nil, nil) // read before that link was made
		h.refused(err, telephony.Conflict, "links_changed")
		h.says(err, e.Name)
		support := h.admin
		support.Role = auth.OperatorSupport
		_, _, err = h.app.Extensions.Arrange(bg, support, app.Arrangement{CustomerID: h.cust.ID, ExtensionID: e.ID, Change: func(*telephony.Extension) error { return nil }})
		h.refused(err, telephony.Forbidden, "")
	})
}
