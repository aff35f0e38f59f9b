package app_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// asked are the use cases on a user.
var asked = map[string]func(h *house, w auth.Actor, id string) error{
	"Get": func(h *house, w auth.Actor, id string) error { return second(h.app.Users.Get(bg, w, id)) },
	"Update": func(h *house, w auth.Actor, id string) error {
		return second(h.app.Users.Update(bg, w, id, 0, func(s *app.UserSpec) error { s.Name += "!"; return nil }))
	},
	"ResetLink":   func(h *house, w auth.Actor, id string) error { return second(h.app.Users.ResetLink(bg, w, id)) },
	"Unlock":      func(h *house, w auth.Actor, id string) error { return h.app.Users.Unlock(bg, w, id) },
	"EndSessions": func(h *house, w auth.Actor, id string) error { return second(h.app.Users.EndSessions(bg, w, id)) },
	"RemoveSecondFactor": func(h *house, w auth.Actor, id string) error {
		return h.app.Users.RemoveSecondFactor(bg, w, id)
	},
	"Delete": func(h *house, w auth.Actor, id string) error { return h.app.Users.Delete(bg, w, id, 0) },
}

// cast is somebody of each role, here and elsewhere.
type cast map[string]app.UserView

func (h *house) cast() (c cast, here, there telephony.Partner, mine, theirs telephony.Customer) {
	h.Helper()
	here, _ = h.partner("Hier & Söhne")
	there, _ = h.partner("Drüben GmbH")
	make := func(number string, p telephony.Partner) telephony.Customer {
		x, err := h.app.Customers.Create(bg, h.admin, telephony.Customer{Number: number, Name: "Kunde " + number, PartnerID: p.ID})
		h.ok(err)
		return x
	}
	mine, theirs = make("3000", here), make("4000", there)
	c = cast{}
	for _, s := range []app.UserSpec{
		{Login: "operator", Role: auth.OperatorAdmin}, {Login: "support", Role: auth.OperatorSupport},
		{Login: "partner-here", Role: auth.PartnerAdmin, PartnerID: here.ID}, {Login: "partner-there", Role: auth.PartnerAdmin, PartnerID: there.ID},
		{Login: "customer-mine", Role: auth.CustomerAdmin, CustomerID: mine.ID}, {Login: "customer-theirs", Role: auth.CustomerAdmin, CustomerID: theirs.ID},
		{Login: "customer-direct", Role: auth.CustomerAdmin, CustomerID: h.cust.ID},
	} {
		c[s.Login], _ = h.invite(s)
	}
	return c, here, there, mine, theirs
}

// actor is who the user would be, signed in.
func (c cast) actor(login string, partnerOf string) auth.Actor {
	v := c[login]
	return auth.UserActor(v.ID, v.Name, v.Role, partnerOf, v.CustomerID, "", desk)
}

func TestD24_ForeignUsersAreNotFound(t *testing.T) {
	both(t, func(h *house) {
		c, here, _, mine, theirs := h.cast()
		within := map[string][]string{
			"operator":      {"operator", "support", "partner-here", "partner-there", "customer-mine", "customer-theirs", "customer-direct"},
			"partner-here":  {"partner-here", "customer-mine"},
			"customer-mine": {"customer-mine"},
		}
		for who, reach := range within {
			w := c.actor(who, here.ID)
			l, err := h.app.Users.List(bg, w, app.UserQuery{})
			h.ok(err)
			var got []string
			for _, v := range l.Items {
				got = append(got, v.Login)
			}
			slices.Sort(got)
			if want := slices.Sorted(slices.Values(reach)); !slices.Equal(got, want) {
				h.Errorf("%s lists %q, want %q", who, got, want)
			}
			for login, v := range c {
				if slices.Contains(reach, login) {
					if err := asked["Get"](h, w, v.ID); err != nil {
						h.Errorf("%s cannot read %s: %v", who, login, err)
					}
					continue
				}
				for name, ask := range asked {
					if err := ask(h, w, v.ID); telephony.CodeOf(err) != telephony.NotFound {
						h.Errorf("%s of %s by %s: %v", name, login, who, err)
					}
				}
			}
		}
		for _, q := range []app.UserQuery{{CustomerID: theirs.ID}, {PartnerID: "another"}} {
			_, err := h.app.Users.List(bg, c.actor("partner-here", here.ID), q)
			h.refused(err, telephony.NotFound, "")
			_, err = h.app.Users.List(bg, c.actor("customer-mine", here.ID), q)
			h.refused(err, telephony.NotFound, "")
		}
		if l, err := h.app.Users.List(bg, c.actor("operator", ""), app.UserQuery{CustomerID: mine.ID}); err != nil || len(l.Items) != 1 {
			h.Errorf("%+v, %v", l.Items, err)
		}
	})
}

func TestX02_SupportAndReadersManageNobody(t *testing.T) {
	both(t, func(h *house) {
		v, _ := h.invite(app.UserSpec{Login: "carla", Role: auth.CustomerAdmin, CustomerID: h.cust.ID})
		reader := h.admin
		reader.Scopes = []auth.Scope{auth.ScopeRead, auth.ScopeWrite}
		user := h.user(h.extension("21", false))
		for _, w := range []auth.Actor{h.support(), reader, user, {}} {
			for name, ask := range asked {
				if err := ask(h, w, v.ID); telephony.CodeOf(err) != telephony.Forbidden {
					h.Errorf("%s by %s: %v", name, w.Role, err)
				}
			}
			_, err := h.app.Users.List(bg, w, app.UserQuery{})
			h.refused(err, telephony.Forbidden, "")
			_, _, err = h.app.Users.Create(bg, w, app.UserSpec{Name: "X", Login: "xyz", Role: auth.CustomerAdmin, CustomerID: h.cust.ID})
			h.refused(err, telephony.Forbidden, "")
			if len(h.app.Users.Roles(w)) != 0 {
				h.Errorf("%s may give %q", w.Role, h.app.Users.Roles(w))
			}
		}
	})
}

func TestU09_NobodyGrantsMoreThanTheyHave(t *testing.T) {
	both(t, func(h *house) {
		c, here, there, mine, theirs := h.cast()
		op, partner, customer := c.actor("operator", ""), c.actor("partner-here", here.ID), c.actor("customer-mine", here.ID)
		narrow := op
		narrow.Scopes = []auth.Scope{auth.ScopeAdmin, auth.ScopeRead, auth.ScopePush}
		x := h.extension("21", false)
		for i, x := range []struct {
			who    auth.Actor
			spec   app.UserSpec
			reason string
		}{
			{op, app.UserSpec{Role: auth.OperatorAdmin}, ""},
			{op, app.UserSpec{Role: auth.PartnerAdmin, PartnerID: there.ID}, ""},
			{op, app.UserSpec{Role: auth.PartnerAdmin}, "partner_unknown"},
			{op, app.UserSpec{Role: auth.CustomerAdmin}, "customer_unknown"},
			{op, app.UserSpec{Role: "king"}, "role_unknown"},
			{op, app.UserSpec{Role: auth.User, CustomerID: mine.ID}, "extension_unknown"},
			{op, app.UserSpec{Role: auth.User}, "customer_unknown"},
			{op, app.UserSpec{Role: auth.User, CustomerID: mine.ID, ExtensionID: x.ID}, "extension_unknown"},
			{op, app.UserSpec{Role: auth.User, CustomerID: h.cust.ID, ExtensionID: x.ID}, ""},
			{customer, app.UserSpec{Role: auth.User, CustomerID: h.cust.ID, ExtensionID: x.ID}, "customer_unknown"},
			{partner, app.UserSpec{Role: auth.OperatorAdmin}, "beyond_reach"},
			{partner, app.UserSpec{Role: auth.OperatorSupport}, "beyond_reach"},
			{partner, app.UserSpec{Role: auth.PartnerAdmin}, ""},
			{partner, app.UserSpec{Role: auth.PartnerAdmin, PartnerID: there.ID}, "partner_unknown"},
			{partner, app.UserSpec{Role: auth.CustomerAdmin, CustomerID: mine.ID}, ""},
			{partner, app.UserSpec{Role: auth.CustomerAdmin, CustomerID: theirs.ID}, "customer_unknown"},
			{customer, app.UserSpec{Role: auth.PartnerAdmin, PartnerID: here.ID}, "beyond_reach"},
			{customer, app.UserSpec{Role: auth.CustomerAdmin}, ""},
			{customer, app.UserSpec{Role: auth.CustomerAdmin, CustomerID: theirs.ID}, "customer_unknown"},
			{narrow, app.UserSpec{Role: auth.OperatorSupport}, ""},
			{narrow, app.UserSpec{Role: auth.CustomerAdmin, CustomerID: mine.ID}, "beyond_reach"},
		} {
			x.spec.Name, x.spec.Login = "Neu", "neu-"+string(rune('a'+i))
			_, _, err := h.app.Users.Create(bg, x.who, x.spec)
			if telephony.ReasonOf(err) != x.reason || (err == nil) != (x.reason == "") {
				h.Errorf("%s makes %+v: %v, want %q", x.who.Name, x.spec, err, x.reason)
			}
		}
		raise := func(w auth.Actor, id string) error {
			return second(h.app.Users.Update(bg, w, id, 0, func(s *app.UserSpec) error { s.Role = auth.OperatorAdmin; return nil }))
		}
		h.refused(raise(partner, c["customer-mine"].ID), telephony.Forbidden, "beyond_reach")
		h.refused(second(h.app.Users.ResetLink(bg, narrow, c["operator"].ID)), telephony.Forbidden, "beyond_reach")
		if got := h.app.Users.Roles(partner); !slices.Equal(got, []auth.Role{auth.PartnerAdmin, auth.CustomerAdmin}) {
			h.Errorf("a partner may give %q", got)
		}
		h.audited(mine.ID, "update", "refused", c["customer-mine"].ID)
	})
}

func TestU09_LoginsAreUniqueInAnyCase(t *testing.T) {
	both(t, func(h *house) {
		v, _ := h.invite(app.UserSpec{Login: "Jürgen@Example.com", Role: auth.OperatorAdmin})
		_, _, err := h.app.Users.Create(bg, h.admin, app.UserSpec{Name: "J", Login: "JÜRGEN@example.COM", Role: auth.OperatorSupport})
		h.refused(err, telephony.Conflict, "login_taken")
		w, _ := h.invite(app.UserSpec{Login: "other", Role: auth.OperatorAdmin})
		rename := func(version int64, to string) error {
			return second(h.app.Users.Update(bg, h.admin, w.ID, version, func(s *app.UserSpec) error { s.Login = to; return nil }))
		}
		h.refused(rename(0, "jürgen@example.com"), telephony.Conflict, "login_taken")
		h.refused(rename(w.Version+1, "fine"), telephony.Conflict, "version_changed")
		h.refused(rename(0, "not fine"), telephony.Invalid, "login_malformed")
		h.ok(rename(w.Version, "fine"))
		h.refused(h.app.Users.Delete(bg, h.admin, v.ID, v.Version+1), telephony.Conflict, "version_changed")
	})
}

func TestU09_TheLastOperatorAdminStays(t *testing.T) {
	both(t, func(h *house) {
		a := h.person(app.UserSpec{Login: "ada", Role: auth.OperatorAdmin})
		h.invite(app.UserSpec{Login: "invited", Role: auth.OperatorAdmin}) // cannot sign in yet: does not count
		change := func(f func(s *app.UserSpec)) error {
			return second(h.app.Users.Update(bg, h.admin, a.UserID, 0, func(s *app.UserSpec) error { f(s); return nil }))
		}
		demote := func(s *app.UserSpec) { s.Role = auth.OperatorSupport }
		disable := func(s *app.UserSpec) { s.Disabled = true }
		h.refused(h.app.Users.Delete(bg, h.admin, a.UserID, 0), telephony.Conflict, "last_operator_admin")
		h.refused(change(demote), telephony.Conflict, "last_operator_admin")
		h.refused(change(disable), telephony.Conflict, "last_operator_admin")
		h.ok(change(func(s *app.UserSpec) { s.Name = "Ada anders" }))
		h.alive(a)
		b := h.person(app.UserSpec{Login: "bea", Role: auth.OperatorAdmin})
		h.ok(change(demote))
		h.ended(a) // another role: sign in again
		h.refused(h.app.Users.Delete(bg, h.admin, b.UserID, 0), telephony.Conflict, "last_operator_admin")
		h.ok(change(func(s *app.UserSpec) { s.Role = auth.OperatorAdmin }))

		// Two who remove each other at the same moment: one of them stays.
		var all sync.WaitGroup
		errs := make([]error, 2)
		for i, id := range []string{a.UserID, b.UserID} {
			all.Go(func() { errs[i] = h.app.Users.Delete(bg, h.admin, id, 0) })
		}
		all.Wait()
		if (errs[0] == nil) == (errs[1] == nil) {
			h.Errorf("%v, %v", errs[0], errs[1])
		}
	})
}

func TestU09_NobodyLocksThemselvesOut(t *testing.T) {
	both(t, func(h *house) {
		h.person(app.UserSpec{Login: "other", Role: auth.OperatorAdmin})
		made := h.person(app.UserSpec{Login: "ada", Role: auth.OperatorAdmin})
		x := h.alive(made)
		for _, name := range []string{"Delete", "ResetLink", "RemoveSecondFactor"} {
			h.refused(asked[name](h, x.Actor, x.UserID), telephony.Conflict, "own_account")
		}
		_, err := h.app.Users.Update(bg, x.Actor, x.UserID, 0, func(s *app.UserSpec) error { s.Role = auth.OperatorSupport; return nil })
		h.refused(err, telephony.Conflict, "own_account")
		h.ok(asked["Update"](h, x.Actor, x.UserID)) // one's name
		h.alive(made)
	})
}

func TestU09_StatesOfAUser(t *testing.T) {
	both(t, func(h *house) {
		v, l := h.invite(app.UserSpec{Login: "carla", Role: auth.CustomerAdmin, CustomerID: h.cust.ID})
		is := func(want app.UserState) app.UserView {
			h.Helper()
			v, err := h.app.Users.Get(bg, h.admin, v.ID)
			h.ok(err)
			if v.State != want {
				h.Fatalf("%s, want %s", v.State, want)
			}
			return v
		}
		if v := is(app.UserInvited); !v.LinkExpires.Equal(l.Expires) || v.Customer != h.cust.Name || !v.LastSignIn.IsZero() {
			h.Errorf("%+v", v)
		}
		x, err := h.accept(l, phrase)
		h.ok(err)
		if v := is(app.UserActive); !v.LinkExpires.IsZero() || !v.LastSignIn.Equal(h.clock()) {
			h.Errorf("%+v", v)
		}
		h.ok(h.db.Update(bg, func(tx *storage.Tx) error {
			return tx.SetGuard(storage.SecondSubject(v.ID), auth.Guard{Failures: 9, Last: tx.Now, LockedUntil: tx.Now.Add(time.Minute)})
		}))
		is(app.UserLocked)
		h.ok(h.app.Users.Unlock(bg, h.admin, v.ID))
		is(app.UserActive)
		_, err = h.app.Users.Update(bg, h.customerAdmin(), v.ID, 0, func(s *app.UserSpec) error { s.Disabled = true; return nil })
		h.ok(err)
		is(app.UserDisabled)
		h.ended(x)
		_, err = h.signIn("carla", phrase, desk)
		h.refused(err, telephony.Unauthenticated, "sign_in_failed")
		h.refused(second(h.app.Users.ResetLink(bg, h.admin, v.ID)), telephony.Conflict, "user_disabled")
	})
}

func TestU12_ChangesOfUsersAreInTheLogWithoutSecrets(t *testing.T) {
	both(t, func(h *house) {
		x := h.person(app.UserSpec{Login: "carla", Role: auth.CustomerAdmin, CustomerID: h.cust.ID})
		h.ok(second(h.app.Users.Update(bg, h.admin, x.UserID, 0, func(s *app.UserSpec) error { s.Name = "Carla Neu"; return nil })))
		l, err := h.app.Users.ResetLink(bg, h.admin, x.UserID)
		h.ok(err)
		h.refused(h.app.Users.Delete(bg, h.alive(x).Actor, x.UserID, 0), telephony.Conflict, "own_account")
		h.ok(h.app.Users.Delete(bg, h.admin, x.UserID, 0))
		for _, a := range []string{"create", "accept_invitation", "sign_in", "update", "reset_link", "delete"} {
			h.audited(h.cust.ID, a, "done", x.UserID)
		}
		h.audited(h.cust.ID, "delete", "refused", x.UserID)
		a := h.audited(h.cust.ID, "update", "done", x.UserID)
		if !strings.Contains(a.Before, "Person carla") || !strings.Contains(a.After, "Carla Neu") {
			h.Errorf("before %s, after %s", a.Before, a.After)
		}
		for _, a := range h.audits(app.AuditQuery{Limit: 200}) {
			for _, secret := range []telephony.Secret{phrase, l.Token, x.Token} {
				if strings.Contains(a.Before+a.After+a.Reason, secret.Reveal()) {
					h.Errorf("%s holds a secret", a.Action)
				}
			}
		}
	})
}
