package app_test

import (
	"slices"
	"testing"

	"tischlein/internal/app"
	"tischlein/internal/telephony"
)

func (h *house) channelChoices(e telephony.Extension, q app.Query) app.ChannelChoices {
	h.Helper()
	l, err := h.app.Extensions.Choices(bg, h.admin, h.cust.ID, e.ID, q)
	h.ok(err)
	return l
}

func (h *house) extensionChoices(ch telephony.Channel, q app.Query) app.ExtensionChoices {
	h.Helper()
	l, err := h.app.Channels.Choices(bg, h.admin, h.cust.ID, ch.ID, q)
	h.ok(err)
	return l
}

func choiceOf(t *testing.T, l app.ChannelChoices, ch telephony.Channel) app.ChannelChoice {
	t.Helper()
	i := slices.IndexFunc(l.Items, func(c app.ChannelChoice) bool { return c.Channel.ID == ch.ID })
	if i < 0 {
		t.Fatalf("%s is not in the list", ch.Name)
	}
	return l.Items[i]
}

// TestS10_ChoicesSayWhatLinkingWouldSay: each choice, on both sides, is what Link
// answers when it is tried.
func TestS10_ChoicesSayWhatLinkingWouldSay(t *testing.T) {
	both(t, func(h *house) {
		a, _ := h.desk("Empfang 1", "01")
		b, _ := h.desk("Empfang 2", "02")
		c := h.channel("Lager")
		client, err := h.app.Channels.Create(bg, h.admin, telephony.Channel{CustomerID: h.cust.ID, Name: "Softphone", Kind: telephony.KindClient})
		h.ok(err)
		one, two, guest, free := h.extension("21", false), h.extension("22", true), h.extension("23", false), h.extension("24", true)
		h.link(a, one)
		h.link(c, two)
		h.login(b, guest)
		channels := []telephony.Channel{a, b, c, client.Channel}
		for _, e := range []telephony.Extension{one, two, guest, free} {
			l := h.channelChoices(e, app.Query{Count: true})
			if l.Total != len(channels) || len(l.Items) != len(channels) {
				t.Fatalf("%d of %d channels", len(l.Items), l.Total)
			}
			var offered []string
			for _, x := range l.Items {
				r := app.LinkRequest{CustomerID: h.cust.ID, ChannelID: x.Channel.ID, ExtensionID: e.ID, Side: telephony.FromExtension, DryRun: true}
				_, err := h.app.Links.Link(bg, h.admin, r)
				r.TakeOver = true
				_, sure := h.app.Links.Link(bg, h.admin, r)
				if !x.Current && (x.Offered != (sure == nil) || x.TakeOver != (err != nil && sure == nil) || x.Reason != telephony.ReasonOf(err)) {
					t.Errorf("%s at %s: %+v, linking says %v, with take-over %v", e.Number, x.Channel.Name, x, err, sure)
				}
				if x.Offered {
					offered = append(offered, x.Channel.ID)
				}
			}
			var only []string
			for _, x := range h.channelChoices(e, app.Query{Filter: "offered"}).Items {
				only = append(only, x.Channel.ID)
			}
			if !slices.Equal(only, offered) {
				t.Errorf("%s: offered %v, the filter gives %v", e.Number, offered, only)
			}
		}
		for _, ch := range channels {
			for _, x := range h.extensionChoices(ch, app.Query{}).Items {
				_, err := h.app.Links.Link(bg, h.admin, app.LinkRequest{CustomerID: h.cust.ID, ChannelID: ch.ID, ExtensionID: x.Extension.ID, Side: telephony.FromChannel, DryRun: true})
				if !x.Current && (x.Offered != (err == nil) || x.Reason != telephony.ReasonOf(err)) {
					t.Errorf("%s at %s: %+v, linking says %v", x.Extension.Number, ch.Name, x, err)
				}
			}
		}
	})
}

// TestS10_WhatIsMissingSaysWhy names who is in the way.
func TestS10_WhatIsMissingSaysWhy(t *testing.T) {
	both(t, func(h *house) {
		a, _ := h.desk("Empfang 1", "01")
		b, _ := h.desk("Empfang 2", "02")
		c := h.channel("Lager")
		one, guest := h.extension("21", false), h.extension("23", false)
		h.link(a, one)
		h.login(b, guest)

		var seen []string
		for _, x := range h.extensionChoices(c, app.Query{Filter: "refused"}).Items {
			seen = append(seen, x.Extension.Number+" "+x.Reason+" "+x.Holders[0].Name)
		}
		if !slices.Equal(seen, []string{"21 extension_linked Empfang 1", "23 extension_in_use Empfang 2"}) {
			t.Error(seen)
		}
		l := h.channelChoices(guest, app.Query{})
		if l.Capacity != 1 || l.Free != 0 || l.TakeOver != 1 || len(l.Ends) != 1 || l.Ends[0].Name != "Empfang 2" {
			t.Errorf("%+v", l)
		}
		if x := choiceOf(t, l, c); !x.Offered || !x.TakeOver || x.HasCPE || x.Holders[0].Name != "Empfang 2" {
			t.Errorf("%+v", x)
		}
		if x := choiceOf(t, l, a); x.Offered || x.Reason != "channel_linked" || x.Holders[0].Number != "21" {
			t.Errorf("%+v", x)
		}
		other := h.extension("25", true)
		if x := choiceOf(t, h.channelChoices(other, app.Query{}), b); !x.Offered || x.Guest == nil || x.Guest.Number != "23" {
			t.Errorf("D03: the guest is not named: %+v", x)
		}
		if l := h.channelChoices(other, app.Query{Search: "empfang", Limit: 1, Count: true}); l.Total != 2 || l.Next == "" || l.Items[0].Channel.ID != a.ID {
			t.Errorf("%+v", l)
		}
	})
}
