package app_test

import (
	"slices"
	"testing"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// overheard is what the part that carries calls has been told.
type overheard struct {
	desks    []string
	messages map[string]telephony.Messages
}

func (c *overheard) TrunksChanged()             {}
func (c *overheard) DesksChanged(ids ...string) { c.desks = append(c.desks, ids...) }
func (c *overheard) MessagesChanged(id string, m telephony.Messages) {
	c.messages[id] = m
}

func TestC12_WhoIsLoggedInWatchesWithinTheCustomer(t *testing.T) {
	both(t, func(h *house) {
		told := &overheard{messages: map[string]telephony.Messages{}}
		h.app.Wire(app.Ports{Wake: func() {}, Devices: h.dev, Registrar: h.sip, Calls: told})
		ch, me, other := h.channel("Empfang"), h.extension("101", false), h.extension("102", false)
		watch := func(number string, messages bool) (app.Watched, error) {
			return h.app.Calls.Watch(bg, ch.ID, number, messages)
		}
		h.refused(second(watch("102", false)), telephony.Forbidden, "desk_free")
		x := h.cpe("000413aa0001")
		h.attach(x, ch)
		h.link(ch, me)
		if !slices.Contains(told.desks, ch.ID) {
			h.Errorf("told of %v, not of the desk where somebody is logged in now", told.desks)
		}
		w, err := watch("102", false)
		h.ok(err)
		if w.CustomerID != h.cust.ID || w.Watcher != me.ID || w.Party != (telephony.Party{ExtensionID: other.ID, Number: "102", Name: other.Name}) {
			h.Errorf("watches %+v", w)
		}
		h.refused(second(watch("199", false)), telephony.NotFound, "")
		h.refused(second(h.app.Calls.Watch(bg, "nowhere", "102", false)), telephony.NotFound, "")

		h.ok(h.app.Extensions.SetMessages(bg, h.admin, h.cust.ID, me.ID, telephony.Messages{New: 2, Old: 7}))
		w, err = watch("anything", true)
		h.ok(err)
		if w.Party.ExtensionID != me.ID || w.Messages != (telephony.Messages{New: 2, Old: 7}) || told.messages[me.ID] != w.Messages {
			h.Errorf("messages: %+v, told %v", w, told.messages)
		}
		m, err := h.app.Extensions.Messages(bg, h.admin, h.cust.ID, me.ID)
		h.ok(err)
		if m != w.Messages {
			h.Errorf("read as %v", m)
		}
		for _, wrong := range []telephony.Messages{{New: -1}, {Old: -1}, {New: 10000}, {Old: 10000}} {
			h.refused(h.app.Extensions.SetMessages(bg, h.admin, h.cust.ID, me.ID, wrong), telephony.Invalid, "out_of_range")
		}
	})
}

func TestC12_SubscriptionsAreKept(t *testing.T) {
	both(t, func(h *house) {
		row := func(id string, state []byte) storage.Subscription {
			return storage.Subscription{ID: id, CustomerID: "cu", ChannelID: "ch", State: state}
		}
		kept := func() (ids []string) {
			h.ok(h.app.Subscriptions.Load(bg, func(n storage.Subscription) error {
				ids = append(ids, n.ID+" "+n.ChannelID+" "+string(n.State))
				return nil
			}))
			return ids
		}
		h.ok(h.app.Subscriptions.Save(bg, []storage.Subscription{row("a", []byte("1")), row("b", []byte("1"))}))
		h.ok(h.app.Subscriptions.Save(bg, []storage.Subscription{row("a", []byte("2")), row("b", nil)}))
		if got := kept(); !slices.Equal(got, []string{"a ch 2"}) {
			h.Errorf("kept %q", got)
		}
		h.pass(25 * time.Hour)
		h.ok(second(h.app.Jobs.Prune(bg)))
		if got := kept(); len(got) != 0 {
			h.Errorf("still kept after a day: %q", got)
		}
	})
}
