package app_test

import (
	"fmt"
	"testing"

	"tischlein/internal/app"
	"tischlein/internal/telephony"
)

// row is one line of the decision table of specification 2.
type row struct {
	name                     string
	multi                    bool
	linked, waiting, hotdesk int
	offered                  bool
	free, taken              bool   // selectable on the extension page without, with take-over
	further                  string // hot-desk login at a further phone
}

var rows = []row{
	{"single free", false, 0, 0, 0, true, true, true, "yes"},
	{"single hot-desk", false, 0, 0, 1, false, false, true, "take-over"},
	{"single linked", false, 1, 0, 0, false, false, false, "refused"},
	{"single waiting", false, 0, 1, 0, false, false, false, "yes"},
	{"single waiting and hot-desk", false, 0, 1, 1, false, false, false, "take-over"},
	{"multi free", true, 0, 0, 0, true, true, true, "yes"},
	{"multi linked", true, 1, 0, 0, true, true, true, "yes"},
	{"multi hot-desk", true, 0, 0, 1, true, true, true, "yes"},
	{"multi two hot-desk", true, 0, 0, 2, false, false, true, "take-over"},
	{"multi linked and hot-desk", true, 1, 0, 1, false, false, true, "take-over"},
	{"multi linked and waiting", true, 1, 1, 0, false, false, false, "yes"},
	{"multi two linked", true, 2, 0, 0, false, false, false, "refused"},
	{"multi two waiting", true, 0, 2, 0, false, false, false, "yes"},
}

func TestS10_DecisionTableThroughTheUseCases(t *testing.T) {
	both(t, func(h *house) {
		free, _ := h.desk("frei", "ff")
		for i, r := range rows {
			e := h.extension(fmt.Sprint(20+i), r.multi)
			for n := range r.linked + r.waiting {
				ch := h.channel(fmt.Sprintf("Platz %d.%d", i, n))
				if n < r.linked {
					h.attach(h.cpe(fmt.Sprintf("805ec0%02x%02x00", i+1, n)), ch)
				}
				h.link(ch, e)
			}
			for n := range r.hotdesk {
				ch := h.channel(fmt.Sprintf("Gast %d.%d", i, n))
				h.attach(h.cpe(fmt.Sprintf("805ec0%02x%02x01", i+1, n)), ch)
				h.login(ch, e)
			}
			h.row(r, free, e)
		}
	})
}

func (h *house) row(r row, free telephony.Channel, e telephony.Extension) {
	h.Helper()
	l, err := h.app.Channels.Linkable(bg, h.admin, h.cust.ID, free.ID, app.Query{Limit: 200})
	h.ok(err)
	offered := false
	for _, x := range l.Items {
		offered = offered || x.ID == e.ID
	}
	try := func(side telephony.Side, takeOver bool) bool {
		_, err := h.app.Links.Link(bg, h.admin, app.LinkRequest{CustomerID: h.cust.ID, ChannelID: free.ID, ExtensionID: e.ID, Side: side, TakeOver: takeOver, DryRun: true})
		if err != nil && telephony.CodeOf(err) != telephony.Conflict {
			h.Fatalf("%s: %v", r.name, err)
		}
		return err == nil
	}
	login := func(takeOver bool) error {
		_, err := h.app.Logins.Login(bg, h.user(e), app.LoginRequest{CustomerID: h.cust.ID, ChannelID: free.ID, Number: e.Number, PIN: pin, TakeOver: takeOver, DryRun: true})
		return err
	}
	further := "refused"
	if login(false) == nil {
		further = "yes"
	} else if login(true) == nil {
		further = "take-over"
	}
	got := row{r.name, r.multi, r.linked, r.waiting, r.hotdesk, offered, try(telephony.FromExtension, false), try(telephony.FromExtension, true), further}
	if got != r {
		h.Errorf("got %+v\nwant %+v", got, r)
	}
	// What is not offered is refused too when it is asked for all the same.
	if try(telephony.FromChannel, false) != r.offered || try(telephony.FromChannel, true) != r.offered {
		h.Errorf("%s: the channel's side does not obey its own list", r.name)
	}
}

func TestS10_LinkedChannelsCannotBeChosen(t *testing.T) {
	both(t, func(h *house) {
		a, b := h.channel("A"), h.channel("B")
		e, f := h.extension("21", false), h.extension("22", false)
		h.link(a, e)
		l, err := h.app.Extensions.Linkable(bg, h.admin, h.cust.ID, f.ID, app.Query{})
		h.ok(err)
		if len(l.Items) != 1 || l.Items[0].ID != b.ID {
			h.Fatalf("offered %+v, want B alone", l.Items)
		}
		_, err = h.tryLink(a, f, telephony.FromExtension, true)
		h.refused(err, telephony.Conflict, "channel_linked")
		h.says(err, "Person 21")
	})
}
