package app_test

import (
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

// Of many tries at once no more than three are judged, however they come.
func TestD20_ManyTriesAtOnceAreThree(t *testing.T) {
	both(t, func(h *house) {
		e := h.extension("21", false)
		var phones []telephony.Channel
		for i := range 12 {
			ch, _ := h.desk(fmt.Sprint("Platz ", i), fmt.Sprintf("%02x", i+1))
			phones = append(phones, ch)
		}
		var wrong, locked, other atomic.Int32
		var all sync.WaitGroup
		start := make(chan struct{})
		for i, ch := range phones {
			all.Go(func() {
				<-start
				_, _, err := h.tryAt(ch, "21", fmt.Sprint(9000+i), nil)
				switch telephony.ReasonOf(err) {
				case "pin_wrong":
					wrong.Add(1)
				case "pin_locked":
					locked.Add(1)
				default:
					other.Add(1)
				}
			})
		}
		close(start)
		all.Wait()
		if wrong.Load() != telephony.PINTries || locked.Load() != 9 {
			h.Fatalf("%d were judged, %d refused, %d something else", wrong.Load(), locked.Load(), other.Load())
		}
		_, _, err := h.tryAt(phones[0], "21", pin, nil)
		h.refused(err, telephony.Forbidden, "pin_locked") // and the right one does not help
		if h.extView(e).LockedUntil.IsZero() {
			h.Fatal("not locked")
		}
	})
}

// A number that nobody has is told from a wrong PIN by nothing: answer, counting,
// lock and log.
func TestX03_NobodysNumberIsAWrongPIN(t *testing.T) {
	both(t, func(h *house) {
		ch, _ := h.desk("A", "01")
		h.extension("21", false)
		texts := map[string][]string{}
		for _, number := range []string{"21", "77"} {
			for range 4 {
				_, _, err := h.tryAt(ch, number, "9317", nil)
				if err == nil || telephony.CodeOf(err) != telephony.Forbidden {
					h.Fatalf("%s: %v", number, err)
				}
				texts[number] = append(texts[number], telephony.ReasonOf(err)+" "+err.Error())
			}
			h.pass(20 * time.Minute) // the phone's own limit is not what is looked at here
		}
		if strings.Join(texts["21"], "\n") != strings.Join(texts["77"], "\n") {
			h.Fatalf("they differ:\n%v\n%v", texts["21"], texts["77"])
		}
		for _, number := range []string{"", "abc", "1234567890123", strings.Repeat("9", 4000), "2\x001", "21\xff"} {
			_, _, err := h.tryAt(ch, number, pin, nil)
			h.refused(err, telephony.Forbidden, "pin_wrong")
			h.pass(20 * time.Minute)
		}
		for _, a := range h.audits(app.AuditQuery{Action: "login", Limit: 200}) {
			if a.Outcome != "refused" || h.facts(a.After)["path"] != "key" || a.ActorKind != "phone" {
				h.Errorf("%+v", a)
			}
			for _, secret := range []string{"9317", "77", pin, "abc"} {
				if strings.Contains(a.Before+a.After+a.Reason, `"`+secret) { // ids hold any two digits
					h.Errorf("what was typed is in the log: %+v", a)
				}
			}
		}
	})
}

func TestX03_APhoneCannotTryManyNumbers(t *testing.T) {
	both(t, func(h *house) {
		ch, _ := h.desk("A", "01")
		other, _ := h.desk("B", "02")
		h.extension("21", false)
		judged := 0
		var err error
		for n := 30; n < 60; n++ {
			if _, _, err = h.tryAt(ch, fmt.Sprint(n), "9317", nil); telephony.ReasonOf(err) != "pin_wrong" {
				break
			}
			judged++
		}
		h.refused(err, telephony.TooMany, "too_many_failures")
		if judged > 10 {
			h.Fatalf("%d numbers were tried", judged)
		}
		_, _, err = h.tryAt(ch, "21", pin, nil)
		h.refused(err, telephony.TooMany, "too_many_failures")
		refused := 0
		for _, a := range h.audits(app.AuditQuery{ObjectID: ch.ID, Action: "login", Limit: 200}) {
			if a.Reason == "too_many_failures" {
				refused++
			}
		}
		if refused != 1 {
			h.Fatalf("the log tells of it %d times, want once", refused)
		}
		_, _, err = h.tryAt(other, "21", pin, nil)
		h.ok(err) // nobody else pays for it
		_, err = h.tryOut(other, telephony.WhereAsk)
		h.ok(err)
		h.pass(15 * time.Minute)
		_, _, err = h.tryAt(ch, "21", pin, nil)
		h.ok(err)
	})
}

func TestX03_ASourceCannotUseManyPhones(t *testing.T) {
	both(t, func(h *house) {
		h.extension("21", false)
		far := netip.MustParseAddr("198.51.100.77")
		judged := 0
		var err error
		var last telephony.Channel
		for i := range 40 {
			last, _ = h.desk(fmt.Sprint("Platz ", i), fmt.Sprintf("%02x", i+1))
			actor := auth.PhoneActor(h.cust.ID, last.ID, last.Name, far)
			_, _, err = h.app.Desks.LogIn(bg, actor, app.LoginRequest{CustomerID: h.cust.ID, ChannelID: last.ID, Number: fmt.Sprint(30 + i), PIN: "9317", Path: "code"})
			if telephony.ReasonOf(err) != "pin_wrong" {
				break
			}
			judged++
		}
		h.refused(err, telephony.TooMany, "too_many_failures")
		if judged > 25 {
			h.Fatalf("%d were judged", judged)
		}
		_, _, err = h.tryAt(last, "21", pin, nil) // the same phone, from where nobody guesses
		h.ok(err)
		h.person(app.UserSpec{Login: "ada", Role: auth.OperatorAdmin})
		_, err = h.signIn("ada", phrase, far) // who guesses at phones keeps nobody from the portal
		h.ok(err)
	})
}

func TestD20_APersonChangesTheirPIN(t *testing.T) {
	both(t, func(h *house) {
		ch, _ := h.desk("A", "01")
		e, other := h.extension("21", false), h.extension("22", false)
		change := func(old, fresh telephony.Secret) error {
			return h.app.Desks.ChangePIN(bg, h.signedIn(e), app.PINChange{CustomerID: h.cust.ID, Old: old, New: fresh})
		}
		h.refused(change("9999", "9317"), telephony.Forbidden, "pin_wrong")
		h.refused(change(pin, "0000"), telephony.Invalid, "pin_weak")
		h.refused(change(pin, "12"), telephony.Invalid, "pin_malformed")
		h.ok(change(pin, "9317"))
		_, err := h.tryLogin(ch, e, pin, false)
		h.refused(err, telephony.Forbidden, "pin_wrong")
		_, err = h.tryLogin(ch, e, "9317", false)
		h.ok(err)

		// At a phone, by number; and never another's without their PIN.
		h.ok(h.app.Desks.ChangePIN(bg, h.phone(ch), app.PINChange{CustomerID: h.cust.ID, ChannelID: ch.ID, Number: "22", Old: pin, New: "8264", Path: "key"}))
		h.refused(h.app.Desks.ChangePIN(bg, h.signedIn(e), app.PINChange{CustomerID: h.cust.ID, ExtensionID: other.ID, Old: "8264", New: "9317"}), telephony.NotFound, "")
		h.refused(h.app.Desks.ChangePIN(bg, h.signedIn(e), app.PINChange{CustomerID: h.cust.ID, Number: "22", Old: "8264", New: "9317"}), telephony.Forbidden, "own_only")
		for range 3 {
			h.refused(change("1111", "5831"), telephony.Forbidden, "pin_wrong")
		}
		h.refused(change("9317", "5831"), telephony.Forbidden, "pin_locked")
		h.ok(h.app.Extensions.Unlock(bg, h.customerAdmin(), h.cust.ID, e.ID))
		h.ok(change("9317", "5831"))
		a := h.audited(h.cust.ID, "set_pin", "done", e.ID)
		if f := h.facts(a.After); f["path"] != "self_service" || strings.Contains(a.Before+a.After, "5831") {
			h.Fatalf("%+v", a)
		}
	})
}

func TestD20_TheAdministratorsPINIsChangedAtThePhone(t *testing.T) {
	both(t, func(h *house) {
		ch, _ := h.desk("A", "01")
		e := h.extension("21", false)
		h.ok(h.app.Extensions.SetPIN(bg, h.admin, h.cust.ID, e.ID, telephony.AdministratorPIN))
		_, _, err := h.tryAt(ch, "21", "0000", nil)
		h.refused(err, telephony.Conflict, "pin_must_change")
		_, _, err = h.app.Desks.LogIn(bg, h.signedIn(e), app.LoginRequest{CustomerID: h.cust.ID, ChannelID: ch.ID})
		h.refused(err, telephony.Conflict, "pin_must_change")
		_, _, err = h.tryAt(ch, "21", "0000", func(r *app.LoginRequest) { r.NewPIN = "4567" })
		h.refused(err, telephony.Invalid, "pin_weak")
		_, _, err = h.tryAt(ch, "21", "0000", func(r *app.LoginRequest) { r.NewPIN = "9317" })
		h.ok(err)
		h.at(ch, e, telephony.LoginHotdesk)
	})
}

// An API token of a user's is no session: it proves nothing about who stands there.
func TestD20_OnlyASessionSparesThePIN(t *testing.T) {
	both(t, func(h *house) {
		ch, _ := h.desk("A", "01")
		e := h.extension("21", false)
		for _, a := range []auth.Actor{h.user(e), h.phone(ch), h.admin} {
			_, _, err := h.app.Desks.LogIn(bg, a, app.LoginRequest{CustomerID: h.cust.ID, ChannelID: ch.ID})
			if err == nil || telephony.CodeOf(err) != telephony.Forbidden {
				h.Errorf("%s logged in without a PIN: %v", a.Kind, err)
			}
		}
		h.nobody(ch)
		_, _, err := h.app.Desks.LogIn(bg, h.signedIn(e), app.LoginRequest{CustomerID: h.cust.ID, ChannelID: ch.ID})
		h.ok(err)
		m, err := h.app.Desks.Mine(bg, h.signedIn(e), h.cust.ID, "")
		h.ok(err)
		if len(m.Places) != 1 || m.Places[0].Desk != ch.Desk || m.Extension.ID != e.ID {
			h.Fatalf("%+v", m)
		}
	})
}
