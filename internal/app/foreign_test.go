package app_test

import (
	"testing"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

// ids name objects in a use case.
type ids struct{ customer, channel, extension, cpe string }

// useCase is one thing an actor can ask of a customer's object.
type useCase struct {
	name  string
	needs auth.Scope
	run   func(a *app.App, who auth.Actor, x ids) error
}

func second[T any](_ T, err error) error { return err }

func same[T any](*T) error { return nil }

var useCases = []useCase{
	{"link", auth.ScopeLink, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.Links.Link(bg, w, app.LinkRequest{CustomerID: x.customer, ChannelID: x.channel, ExtensionID: x.extension, Side: telephony.FromChannel}))
	}},
	{"ask what a link would do", auth.ScopeLink, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.Links.Link(bg, w, app.LinkRequest{CustomerID: x.customer, ChannelID: x.channel, ExtensionID: x.extension, Side: telephony.FromExtension, DryRun: true}))
	}},
	{"unlink", auth.ScopeLink, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.Links.Unlink(bg, w, x.customer, x.channel, false))
	}},
	{"read channel", auth.ScopeRead, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.Channels.Get(bg, w, x.customer, x.channel))
	}},
	{"explain channel", auth.ScopeRead, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.Channels.Explain(bg, w, x.customer, x.channel))
	}},
	{"offer extensions", auth.ScopeRead, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.Channels.Linkable(bg, w, x.customer, x.channel, app.Query{}))
	}},
	{"change channel", auth.ScopeWrite, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.Channels.Update(bg, w, x.customer, x.channel, 0, same))
	}},
	{"read extension", auth.ScopeRead, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.Extensions.Get(bg, w, x.customer, x.extension))
	}},
	{"offer channels", auth.ScopeRead, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.Extensions.Linkable(bg, w, x.customer, x.extension, app.Query{}))
	}},
	{"change extension", auth.ScopeWrite, func(a *app.App, w auth.Actor, x ids) error {
		_, _, err := a.Extensions.Update(bg, w, x.customer, x.extension, 0, false, false, same)
		return err
	}},
	{"unlock", auth.ScopeWrite, func(a *app.App, w auth.Actor, x ids) error {
		return a.Extensions.Unlock(bg, w, x.customer, x.extension)
	}},
	{"read device", auth.ScopeRead, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.CPEs.Get(bg, w, x.customer, x.cpe))
	}},
	{"read history", auth.ScopeRead, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.CPEs.History(bg, w, x.customer, x.cpe, app.Query{}))
	}},
	{"change device", auth.ScopeWrite, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.CPEs.Update(bg, w, x.customer, x.cpe, 0, same))
	}},
	{"attach", auth.ScopeWrite, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.CPEs.Attach(bg, w, x.customer, x.cpe, x.channel, 0, false))
	}},
	{"resync", auth.ScopePush, func(a *app.App, w auth.Actor, x ids) error { return a.CPEs.Resync(bg, w, x.customer, x.cpe) }},
	{"reboot", auth.ScopePush, func(a *app.App, w auth.Actor, x ids) error { return a.CPEs.Reboot(bg, w, x.customer, x.cpe) }},
	{"arm", auth.ScopeWrite, func(a *app.App, w auth.Actor, x ids) error { return second(a.CPEs.Arm(bg, w, x.customer, x.cpe)) }},
	{"disarm", auth.ScopeWrite, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.CPEs.Disarm(bg, w, x.customer, x.cpe))
	}},
	{"first access", auth.ScopeReveal, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.CPEs.FirstAccess(bg, w, x.customer, x.cpe))
	}},
	{"reveal", auth.ScopeReveal, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.CPEs.Reveal(bg, w, x.customer, x.cpe))
	}},
	{"credentials", auth.ScopeReveal, func(a *app.App, w auth.Actor, x ids) error {
		_, _, err := a.CPEs.Credentials(bg, w, x.customer, x.channel)
		return err
	}},
	{"rotate", auth.ScopeWrite, func(a *app.App, w auth.Actor, x ids) error { return a.CPEs.Rotate(bg, w, x.customer, x.cpe) }},
	{"detach", auth.ScopeWrite, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.CPEs.Detach(bg, w, x.customer, x.channel, false))
	}},
	{"mark lost", auth.ScopeWrite, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.CPEs.Lost(bg, w, x.customer, x.cpe, true))
	}},
	{"delete device", auth.ScopeWrite, func(a *app.App, w auth.Actor, x ids) error { return a.CPEs.Delete(bg, w, x.customer, x.cpe, 0) }},
	{"delete extension", auth.ScopeWrite, func(a *app.App, w auth.Actor, x ids) error {
		return a.Extensions.Delete(bg, w, x.customer, x.extension, 0)
	}},
	{"delete channel", auth.ScopeWrite, func(a *app.App, w auth.Actor, x ids) error { return a.Channels.Delete(bg, w, x.customer, x.channel, 0) }},
}

// account are use cases on the customer itself: it alone can be foreign.
var account = []useCase{
	{"read customer", auth.ScopeRead, func(a *app.App, w auth.Actor, x ids) error { return second(a.Customers.Get(bg, w, x.customer)) }},
	{"change customer", auth.ScopeWrite, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.Customers.Update(bg, w, x.customer, 0, same))
	}},
	{"read allowlist", auth.ScopeRead, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.Customers.Allowlist(bg, w, x.customer))
	}},
	{"allow", auth.ScopeWrite, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.Customers.Allow(bg, w, x.customer, "192.0.2.99", ""))
	}},
	{"disallow", auth.ScopeWrite, func(a *app.App, w auth.Actor, x ids) error {
		return a.Customers.Disallow(bg, w, x.customer, "192.0.2.99")
	}},
	{"list channels", auth.ScopeRead, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.Channels.List(bg, w, x.customer, app.Query{}))
	}},
	{"list extensions", auth.ScopeRead, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.Extensions.List(bg, w, x.customer, app.Query{}))
	}},
	{"list devices", auth.ScopeRead, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.CPEs.List(bg, w, x.customer, app.Query{}))
	}},
	{"read audit log", auth.ScopeRead, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.Audit.List(bg, w, x.customer, app.AuditQuery{}))
	}},
	{"watch events", auth.ScopeRead, func(a *app.App, w auth.Actor, x ids) error {
		return second(a.Events.Subscribe(bg, w, x.customer, 0))
	}},
}

func (h *house) objects(last, number string) ids {
	h.Helper()
	ch, x := h.desk("Platz "+last, last)
	e := h.extension(number, false)
	return ids{h.cust.ID, ch.ID, e.ID, x.ID}
}

func TestD24_ForeignObjectsAreNotFound(t *testing.T) {
	both(t, func(h *house) {
		own := h.objects("01", "21")
		mine, carla := h.cust, h.customerAdmin()
		h.cust = h.customer("2000")
		theirs := h.objects("02", "31")
		h.cust = mine
		mixed := ids{own.customer, theirs.channel, theirs.extension, theirs.cpe}
		partner := auth.Actor{Name: "p", Role: auth.PartnerAdmin, Scopes: auth.Scopes, PartnerID: "another"}
		for _, u := range append(useCases, account...) {
			for _, w := range []auth.Actor{carla, partner} {
				if err := u.run(h.app, w, theirs); telephony.CodeOf(err) != telephony.NotFound {
					h.Errorf("%s by %s of another customer: %v", u.name, w.Role, err)
				}
			}
		}
		for _, u := range useCases {
			if err := u.run(h.app, h.admin, mixed); telephony.CodeOf(err) != telephony.NotFound {
				h.Errorf("%s on another customer's object: %v", u.name, err)
			}
		}
		for _, x := range []ids{{own.customer, own.channel, theirs.extension, theirs.cpe}, {own.customer, theirs.channel, own.extension, own.cpe}} {
			for _, u := range useCases {
				if u.name == "link" || u.name == "attach" {
					h.refused(u.run(h.app, h.admin, x), telephony.NotFound, "")
				}
			}
		}
	})
}

func TestX02_EveryRoleDoesWhatItMayAndNothingElse(t *testing.T) {
	both(t, func(h *house) {
		x := h.objects("01", "21")
		user := h.user(telephony.Extension{ID: x.extension, CustomerID: x.customer, Number: "21"})
		reader := h.admin
		reader.Scopes = []auth.Scope{auth.ScopeRead}
		for _, u := range append(account, useCases...) {
			for _, w := range []auth.Actor{user, h.support(), reader} {
				allowed := w.Can(u.needs)
				err := u.run(h.app, w, x)
				if forbidden := telephony.CodeOf(err) == telephony.Forbidden; err != nil && forbidden == allowed || err == nil && !allowed {
					h.Errorf("%s (needs %s) by %s with %v: %v", u.name, u.needs, w.Role, w.Scopes, err)
				}
			}
		}
	})
}
