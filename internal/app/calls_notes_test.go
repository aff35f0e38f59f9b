package app_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/telephony"
)

// told gives what the bus has said of a kind of event since the number.
func (h *house) told(after uint64, what string) (ids []string) {
	h.Helper()
	events, err := h.app.Events.Subscribe(bg, h.admin, "", after)
	h.ok(err)
	for len(events) > 0 {
		if e := <-events; e.What == what {
			ids = append(ids, e.Kind+" "+e.ID)
		}
	}
	return ids
}

func TestC11_AnEmergencyCallIsLoggedAndItsPlaceKnown(t *testing.T) {
	both(t, func(h *house) {
		since := h.app.Events.Last()
		h.trunk(telephony.Trunk{Name: "Netz", Emergency: telephony.EmergencyELIN})
		a, _ := h.desk("A", "01")
		e := h.extension("21", false)
		h.login(a, e)
		_, err := h.app.Channels.Update(bg, h.admin, h.cust.ID, a.ID, 0, func(c *telephony.Channel) error {
			c.Location, c.ELIN = "Lager, Hof 3", "+49 30 901828"
			return nil
		})
		h.ok(err)
		if p := h.dial(a, "112"); p.Location != (telephony.Location{Text: "Lager, Hof 3", ELIN: "+4930901828"}) || p.Trunk.Emergency != telephony.EmergencyELIN {
			h.Errorf("%+v", p)
		}
		h.flush()
		l := h.audits(app.AuditQuery{ObjectID: a.ID, Action: "emergency_call"})
		if len(l) != 1 || l[0].Outcome != "done" || l[0].ActorKind != "phone" || l[0].ActorName != "A" {
			h.Fatalf("%+v", l)
		}
		for _, word := range []string{`"112"`, "Lager, Hof 3", "+4930901828", "Netz", e.ID} {
			if !strings.Contains(l[0].After, word) {
				h.Errorf("%s is missing in %s", word, l[0].After)
			}
		}
		if got := h.told(since, "emergency_call"); len(got) != 1 || got[0] != "channel "+a.ID {
			h.Errorf("%v", got)
		}
	})
}

func TestC11_ACallBackRingsTheDeviceForHalfAnHour(t *testing.T) {
	both(t, func(h *house) {
		public := h.trunk(telephony.Trunk{Name: "Netz"})
		a, _ := h.desk("A", "01")
		b, _ := h.desk("B", "02")
		e := h.extension("21", false)
		h.login(b, e)
		n := h.direct("+4930901820", e)
		h.settle(func(c *telephony.Customer) { c.OutboundNumber, c.SiteELIN = n.E164, "+4930901829" })
		back := func(number string) telephony.CallPlan {
			h.Helper()
			p, err := h.app.Calls.PlanInbound(bg, public.ID, number, "+4930112")
			h.ok(err)
			return p
		}
		if p := back("+4930901820"); !rings(p, b) {
			h.Errorf("%+v", p)
		}
		plan := h.dial(a, "112") // from a free desk
		h.flush()
		if p := back("+4930901820"); !rings(p, b, a) {
			h.Errorf("%+v", p)
		}
		if p := back("030901829"); !rings(p, a) || p.CustomerID != h.cust.ID {
			h.Errorf("the ELIN leads to nobody else: %+v", p)
		}
		h.pass(20 * time.Minute)
		h.app.Calls.Ended(bg, app.CallEnded{Plan: plan, Status: 200, Emergency: true}) // they talked for long
		h.flush()
		h.pass(25 * time.Minute)
		if p := back("+4930901820"); !rings(p, b, a) {
			h.Errorf("%+v", p)
		}
		h.pass(6 * time.Minute)
		if p := back("+4930901820"); !rings(p, b) {
			h.Errorf("%+v", p)
		}
		_, err := h.app.Calls.PlanInbound(bg, public.ID, "+4930901829", "")
		h.refused(err, telephony.NotFound, "dial_unknown")
		h.pass(24 * time.Hour)
		h.ok(second(h.app.Jobs.Prune(bg)))
		h.ok(h.app.Channels.Delete(bg, h.admin, h.cust.ID, a.ID, 0))
	})
}

// A call-back by another customer's trunk reaches nobody.
func TestD24_C11_ACallBackStaysInsideTheCustomer(t *testing.T) {
	both(t, func(h *house) {
		h.trunk(telephony.Trunk{Name: "Netz"})
		a, _ := h.desk("A", "01")
		h.settle(func(c *telephony.Customer) { c.SiteELIN = "+4930901829" })
		h.dial(a, "112")
		h.flush()
		h.cust = h.customer("2000")
		theirs := h.trunk(telephony.Trunk{CustomerID: h.cust.ID, Name: "Fremder"})
		_, err := h.app.Calls.PlanInbound(bg, theirs.ID, "+4930901829", "")
		h.refused(err, telephony.NotFound, "dial_unknown")
	})
}

func TestC11_NeitherResyncNorRebootAfterAnEmergencyCall(t *testing.T) {
	both(t, func(h *house) {
		h.trunk(telephony.Trunk{Name: "Netz"})
		a, x := h.desk("A", "01")
		e := h.extension("21", false)
		h.registers(a, home)
		h.flush()
		due := func() int {
			h.Helper()
			list, err := h.app.Pushes.Claim(bg, false, 10, time.Second)
			h.ok(err)
			return len(list)
		}
		for due() > 0 {
			h.pass(time.Minute)
			_, err := h.app.Pushes.NextDue(bg)
			h.ok(err)
			h.fetchedNow(x)
		}
		h.dial(a, "112")
		h.flush()
		h.link(a, e) // wants a new configuration
		if n := due(); n != 0 {
			h.Errorf("%d devices are told", n)
		}
		h.refused(h.app.CPEs.Resync(bg, h.admin, h.cust.ID, x.ID), telephony.Conflict, "emergency_call")
		h.refused(h.app.CPEs.Reboot(bg, h.admin, h.cust.ID, x.ID), telephony.Conflict, "emergency_call")
		next, err := h.app.Pushes.NextDue(bg)
		h.ok(err)
		if want := h.clock().Add(30 * time.Minute); !next.Equal(want) {
			h.Errorf("looked at again at %s, want %s", next, want)
		}
		h.pass(30 * time.Minute)
		if n := due(); n != 1 {
			h.Errorf("%d devices are told afterwards", n)
		}
		h.ok(h.app.CPEs.Resync(bg, h.admin, h.cust.ID, x.ID))
	})
}

// A maker whose phones obey no order to restart is not sent an empty one.
func TestP09_NoRestartWhereThePhonesObeyNone(t *testing.T) {
	both(t, func(h *house) {
		x := h.device(telephony.CPE{Driver: "alcatel", Model: "M5", MAC: "487a55000001"})
		a := h.channel("A")
		h.attach(x, a)
		h.registers(a, home)
		h.flush()
		h.refused(h.app.CPEs.Reboot(bg, h.admin, h.cust.ID, x.ID), telephony.Conflict, "not_pushable")
		h.ok(h.app.CPEs.Resync(bg, h.admin, h.cust.ID, x.ID))
	})
}

// fetchedNow has the device take what it should have.
func (h *house) fetchedNow(x telephony.CPE) {
	h.Helper()
	_, revision, err := h.app.Devices.Desired(bg, app.Device{ID: x.ID, CustomerID: x.CustomerID, Driver: x.Driver})
	h.ok(err)
	h.app.Devices.Fetched(bg, app.Fetch{Device: app.Device{ID: x.ID, CustomerID: x.CustomerID, Driver: x.Driver}, Revision: revision, From: home, At: h.clock()})
	h.flush()
}

func TestC11_AnEmergencyCallThatCannotLeaveIsToldLoudly(t *testing.T) {
	both(t, func(h *house) {
		a, _ := h.desk("A", "01")
		for range 2 {
			h.dialRefused(a, "112", telephony.Unavailable, "no_trunk")
		}
		h.flush()
		if l := h.audits(app.AuditQuery{ObjectID: a.ID, Action: "call", Outcome: "refused"}); len(l) != 2 || l[0].Reason != "no_trunk" {
			h.Errorf("%+v", l)
		}
	})
}

func TestH02_RefusedCodesStandInTheLogOnceAndWithoutThePIN(t *testing.T) {
	both(t, func(h *house) {
		since := h.app.Events.Last()
		a, _ := h.desk("A", "01")
		h.extension("21", false)
		for range 50 {
			h.dialRefused(a, "901*21*4711", telephony.Forbidden, "one_go_off")
			h.dialRefused(a, "*55*4711", telephony.NotFound, "dial_code_unknown")
			h.dialRefused(a, "21", telephony.Forbidden, "desk_free")
		}
		h.flush()
		count := func() (reasons []string) {
			for _, e := range h.audits(app.AuditQuery{ObjectID: a.ID, Action: "call"}) {
				if e.Outcome != "refused" || strings.Contains(e.After+e.Before, "4711") {
					h.Errorf("%+v", e)
				}
				reasons = append(reasons, e.Reason)
			}
			return reasons
		}
		if got := count(); len(got) != 2 {
			h.Errorf("%v", got)
		}
		if got := h.told(since, "call_refused"); len(got) != 2 {
			h.Errorf("%v", got)
		}
		h.pass(time.Minute)
		h.dialRefused(a, "901*21*4711", telephony.Forbidden, "one_go_off")
		h.flush()
		if got := count(); len(got) != 3 {
			h.Errorf("%v", got)
		}
	})
}

func TestC10_ACallTooManyIsAnAlarm(t *testing.T) {
	both(t, func(h *house) {
		since := h.app.Events.Last()
		a, _ := h.desk("A", "01")
		plan := telephony.CallPlan{Kind: telephony.CallOutside, CustomerID: h.cust.ID, ChannelID: a.ID, Caller: telephony.Party{Name: "Person 21"}, MostCalls: 7}
		for range 20 {
			h.app.Calls.Ended(bg, app.CallEnded{Plan: plan, Status: 503, Reason: telephony.LimitAtOnce})
			h.app.Calls.Ended(bg, app.CallEnded{Plan: plan, Status: 503, Reason: telephony.LimitPerMinute})
			h.app.Calls.Ended(bg, app.CallEnded{Plan: plan, Status: 486, Reason: "busy"})
			h.app.Calls.Ended(bg, app.CallEnded{Plan: plan, Status: 200})
		}
		plan.ChannelID = "" // from a trunk
		h.app.Calls.Ended(bg, app.CallEnded{Plan: plan, Status: 503, Reason: telephony.LimitAtOnce})
		h.flush()
		reasons := map[string]bool{}
		for _, e := range h.audits(app.AuditQuery{Action: "call"}) {
			reasons[e.ObjectKind+" "+e.Reason] = true
			var kept struct{ Detail struct{ Most int } }
			if err := json.Unmarshal([]byte(e.After), &kept); err != nil || e.Reason == "too_many_calls" && kept.Detail.Most != 7 {
				h.Errorf("%s: %v", e.After, err)
			}
		}
		if len(reasons) != 3 || !reasons["channel too_many_calls"] || !reasons["channel too_many_per_minute"] || !reasons["customer too_many_calls"] {
			h.Errorf("%v", reasons)
		}
		if got := h.told(since, "calls_limited"); len(got) != 3 {
			h.Errorf("%v", got)
		}
	})
}

func TestD04_TheEndOfACallMakesDueWhatWaitedForIt(t *testing.T) {
	both(t, func(h *house) {
		a, x := h.desk("A", "01")
		h.registers(a, home)
		h.flush()
		h.fetchedNow(x)
		since := h.app.Events.Last()
		h.app.Calls.Busy(a.ID, true)
		if !h.view(a).InCall {
			h.Error("the channel's page does not say that somebody talks")
		}
		h.link(a, h.extension("21", false))
		list, err := h.app.Pushes.Claim(bg, false, 10, time.Hour)
		h.ok(err)
		if len(list) != 1 {
			h.Fatalf("%d pushes", len(list))
		}
		h.ok(h.app.Pushes.Done(bg, list[0], telephony.PushResult{Outcome: telephony.PushBusy}, h.clock().Add(time.Hour)))
		h.app.Calls.Busy(a.ID, false)
		h.app.Calls.Busy("a channel without a device", false)
		h.flush()
		list, err = h.app.Pushes.Claim(bg, false, 10, time.Hour)
		h.ok(err)
		if len(list) != 1 || h.view(a).InCall {
			h.Errorf("%d pushes are due", len(list))
		}
		for _, what := range []string{"call_began", "call_ended"} {
			if got := h.told(since, what); len(got) != 1 || got[0] != "channel "+a.ID {
				h.Errorf("%s: %v", what, got)
			}
		}
	})
}

// Emergency calls are noted also when more happens than can be written.
func TestC11_EmergencyCallsAreNotAmongWhatIsDropped(t *testing.T) {
	both(t, func(h *house) {
		h.trunk(telephony.Trunk{Name: "Netz"})
		a, _ := h.desk("A", "01")
		for n := range 5000 {
			h.app.Calls.Busy(fmt.Sprint("nobody ", n), true)
		}
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				if _, err := h.app.Calls.Plan(bg, a.ID, "112"); err != nil {
					h.Error(err)
				}
			})
		}
		all.Wait()
		h.flush()
		if l := h.audits(app.AuditQuery{ObjectID: a.ID, Action: "emergency_call"}); len(l) != 4 {
			h.Errorf("%d of 4 emergency calls stand in the log", len(l))
		}
	})
}
