package app_test

import (
	"testing"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

// furnish is what the page of the channel saves.
func (h *house) furnish(who auth.Actor, ch telephony.Channel, version int64, name, extension string) (app.ChannelView, []app.Effect, error) {
	return h.app.Channels.Arrange(bg, who, app.Furnishing{CustomerID: h.cust.ID, ChannelID: ch.ID, Version: version, ExtensionID: extension,
		Change: func(x *telephony.Channel) error { x.Name = name; return nil }})
}

func TestS09_FieldsAndLinkOfAChannelAreSavedAsOneOrNotAtAll(t *testing.T) {
	both(t, func(h *house) {
		desk, _ := h.desk("Empfang", "01")
		other, taken := h.channel("Lager"), h.channel("Küche")
		e, busy := h.extension("21", false), h.extension("22", false)
		h.link(other, busy)
		untouched := func() {
			h.Helper()
			if v := h.view(desk); v.Channel.Name != "Empfang" || v.Channel.Version != 1 || v.Link != nil {
				h.Fatalf("half of it was saved: %+v %+v", v.Channel, v.Link)
			}
		}
		_, _, err := h.furnish(h.admin, desk, 1, "Portal", busy.ID) // the name would do, the link does not
		h.refused(err, telephony.Conflict, "extension_linked")
		untouched()
		_, _, err = h.furnish(h.admin, desk, 1, taken.Name, e.ID) // the link would do, the name does not
		h.refused(err, telephony.Conflict, "")
		untouched()
		_, _, err = h.furnish(h.admin, desk, 7, "Portal", e.ID)
		h.refused(err, telephony.Conflict, "version_changed")
		untouched()
		_, _, err = h.furnish(h.admin, desk, 1, "Portal", taken.ID)
		h.refused(err, telephony.NotFound, "")
		untouched()
		refused := map[string]string{}
		for _, a := range h.audits(app.AuditQuery{ObjectID: desk.ID, Outcome: "refused"}) {
			refused[a.Action] += a.Reason + " "
		}
		if refused["link"] != "extension_linked " || refused["update"] == "" {
			h.Fatalf("the log has the refusals as %v", refused)
		}

		v, done, err := h.furnish(h.admin, desk, 1, "Portal", e.ID)
		h.ok(err)
		if v.Channel.Name != "Portal" || v.Link == nil || v.Login == nil || !has(done, "linked", "Empfang") || !has(done, "logged_in", "Empfang") {
			h.Fatalf("%+v %+v", v, done)
		}
		for _, action := range []string{"update", "link"} {
			if n := len(h.audits(app.AuditQuery{ObjectID: desk.ID, Action: action, Outcome: "done"})); n != 1 {
				h.Fatalf("%d entries of %s", n, action)
			}
		}
		// Who saves without changing anything changes nothing, whatever they have read.
		v, done, err = h.furnish(h.admin, desk, 1, "Portal", e.ID)
		h.ok(err)
		if v.Channel.Version != 2 || len(done) != 0 {
			h.Fatalf("%+v %+v", v.Channel, done)
		}
	})
}

func TestS03_OnlyAdministratorsLinkFromTheChannelsPage(t *testing.T) {
	both(t, func(h *house) {
		desk, e, writer := h.channel("Empfang"), h.extension("21", false), h.admin
		writer.Scopes = []auth.Scope{auth.ScopeRead, auth.ScopeWrite}
		_, _, err := h.furnish(writer, desk, 0, "Portal", e.ID)
		h.refused(err, telephony.Forbidden, "administrators_only")
		if v, _, err := h.furnish(writer, desk, 0, "Portal", ""); err != nil || v.Channel.Name != "Portal" {
			h.Fatalf("%+v %v", v.Channel, err)
		}
		support := h.admin
		support.Role = auth.OperatorSupport
		_, _, err = h.furnish(support, desk, 0, "Tor", "")
		h.refused(err, telephony.Forbidden, "")
	})
}
