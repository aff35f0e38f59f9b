package app_test

import (
	"context"
	"testing"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

// heard collects what comes until the customer's own event of that kind does.
func heard(h *house, events <-chan app.Event, last string) (customers []string) {
	h.Helper()
	for e := range events {
		customers = append(customers, e.CustomerID)
		if e.What == last {
			return customers
		}
	}
	h.Fatalf("the events end without %q, after %v", last, customers)
	return nil
}

func TestD24_EventsStayWithinReach(t *testing.T) {
	both(t, func(h *house) {
		ctx, stop := context.WithTimeout(bg, time.Minute) // a broken test ends
		defer stop()
		nord, err := h.app.Partners.Create(bg, h.admin, telephony.Partner{Name: "Nord"})
		h.ok(err)
		paul := auth.Actor{Name: "Paul", Role: auth.PartnerAdmin, Scopes: auth.Scopes, PartnerID: nord.ID}
		theirs, err := h.app.Customers.Create(bg, h.admin, telephony.Customer{Number: "2000", Name: "Fern", PartnerID: nord.ID})
		h.ok(err)
		listen := func(who auth.Actor) <-chan app.Event {
			h.Helper()
			events, err := h.app.Events.Within(ctx, who, 0)
			h.ok(err)
			return events
		}
		partner, own, operator := listen(paul), listen(h.customerAdmin()), listen(h.admin)
		h.channel("Empfang")
		_, err = h.app.Channels.Create(bg, h.admin, telephony.Channel{CustomerID: theirs.ID, Name: "Fern"})
		h.ok(err)
		fresh, err := h.app.Customers.Create(bg, paul, telephony.Customer{Number: "2001", Name: "Neu"}) // is heard without listening anew
		h.ok(err)
		news := heard(h, partner, "created")
		h.ok(h.app.Customers.Delete(bg, paul, fresh.ID, 0))
		for _, id := range append(news, heard(h, partner, "deleted")...) {
			if id != theirs.ID && id != fresh.ID {
				h.Errorf("the partner hears of %s", id)
			}
		}
		seen := map[string]bool{}
		for _, id := range heard(h, operator, "deleted") {
			seen[id] = true
		}
		if len(seen) != 3 {
			h.Errorf("the operator hears of %v", seen)
		}
		// Moved to the operator: the partner hears no more of it.
		_, err = h.app.Customers.Update(bg, h.admin, theirs.ID, 0, func(c *telephony.Customer) error { c.PartnerID = ""; return nil })
		h.ok(err)
		_, err = h.app.Channels.Create(bg, h.admin, telephony.Channel{CustomerID: theirs.ID, Name: "Fern 2"})
		h.ok(err)
		last, err := h.app.Customers.Create(bg, paul, telephony.Customer{Number: "2002", Name: "Letzter"})
		h.ok(err)
		if got := heard(h, partner, "created"); len(got) != 1 || got[0] != last.ID {
			h.Errorf("the partner hears of %v", got)
		}
		_, err = h.app.Channels.Update(bg, h.admin, h.cust.ID, h.channel("Küche").ID, 0, func(c *telephony.Channel) error { return nil })
		h.ok(err)
		stop()
		for e := range own {
			if e.CustomerID != h.cust.ID {
				h.Errorf("the customer hears of %s", e.CustomerID)
			}
		}
		_, err = h.app.Events.Within(bg, auth.Actor{Role: auth.OperatorAdmin}, 0)
		h.refused(err, telephony.Forbidden, "")
	})
}
