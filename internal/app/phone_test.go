package app_test

import (
	"slices"
	"testing"

	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

// atThePhone are the use cases that a phone may ask, at its own channel.
var atThePhone = []string{"Logins.Login", "Logins.Logout", "Desks.Here", "Desks.LogIn", "Desks.LogOut"}

// closed says that the actor has no way there: it may not, or sees nothing.
func closed(err error) bool {
	return err != nil && (telephony.CodeOf(err) == telephony.Forbidden || telephony.CodeOf(err) == telephony.NotFound)
}

func TestX02_APhoneActsAtItsOwnChannelOnly(t *testing.T) {
	both(t, func(h *house) {
		own := h.objects("01", "21")
		next := own
		ch, x := h.desk("Nebenan", "02")
		next.channel, next.cpe, next.number = ch.ID, x.ID, "22"
		next.extension = h.extension("22", false).ID
		mine := h.cust
		h.cust = h.customer("2000")
		far := h.objects("03", "31")
		h.cust = mine
		place, err := h.app.Channels.Get(bg, h.admin, own.customer, own.channel)
		h.ok(err)
		phone := h.phone(place.Channel)
		for _, u := range slices.Concat(account, useCases) {
			for name, x := range map[string]ids{"its neighbour's": next, "another customer's": far} {
				if err := u.run(h.app, phone, x); !closed(err) {
					h.Errorf("%s by a phone at %s: %v", u.name, name, err)
				}
			}
			if err := u.run(h.app, phone, own); closed(err) == slices.Contains(atThePhone, u.name) {
				h.Errorf("%s by a phone at its own: %v", u.name, err)
			}
		}
		// What it may name beside its channel is judged as it is for others: numbers
		// and desks of the customer it belongs to.
		crossed := own
		crossed.channel = next.channel
		for _, u := range useCases {
			if slices.Contains(atThePhone, u.name) {
				h.refused(u.run(h.app, phone, crossed), telephony.NotFound, "")
			}
		}
		for _, x := range []ids{next, far} {
			v, err := h.app.Channels.Get(bg, h.admin, x.customer, x.channel)
			h.ok(err)
			_, err = h.app.Desks.ByNumber(bg, phone, x.customer, v.Channel.Desk)
			h.refused(err, telephony.NotFound, "")
			_, err = h.app.Desks.ByNumber(bg, h.user(telephony.Extension{ID: own.extension, CustomerID: own.customer}), far.customer, v.Channel.Desk)
			h.refused(err, telephony.NotFound, "")
		}
		if _, err := h.app.Desks.ByNumber(bg, phone, own.customer, place.Channel.Desk); err != nil {
			h.Errorf("its own desk: %v", err)
		}
		stolen := auth.PhoneActor(own.customer, "", "", phone.From)
		for _, u := range useCases {
			if err := u.run(h.app, stolen, own); !closed(err) {
				h.Errorf("%s by a phone without a channel: %v", u.name, err)
			}
		}
	})
}
