package app_test

import (
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/telephony"
)

func (h *house) trunk(x telephony.Trunk) telephony.Trunk {
	h.Helper()
	if x.Host == "" {
		x.Host = "sip.example.net"
	}
	v, err := h.app.Trunks.Create(bg, h.admin, x)
	h.ok(err)
	return v.Trunk
}

func (h *house) direct(e164 string, e telephony.Extension) telephony.Number {
	h.Helper()
	v, err := h.app.Numbers.Create(bg, h.admin, telephony.Number{CustomerID: h.cust.ID, E164: e164, ExtensionID: e.ID})
	h.ok(err)
	return v.Number
}

func (h *house) settle(f func(*telephony.Customer)) {
	h.Helper()
	var err error
	h.cust, err = h.app.Customers.Update(bg, h.admin, h.cust.ID, 0, func(c *telephony.Customer) error { f(c); return nil })
	h.ok(err)
}

func (h *house) dial(ch telephony.Channel, text string) telephony.CallPlan {
	h.Helper()
	p, err := h.app.Calls.Plan(bg, ch.ID, text)
	h.ok(err)
	return p
}

func (h *house) dialRefused(ch telephony.Channel, text string, code telephony.Code, reason string) {
	h.Helper()
	_, err := h.app.Calls.Plan(bg, ch.ID, text)
	h.refused(err, code, reason)
}

func rings(p telephony.CallPlan, at ...telephony.Channel) bool {
	var want []telephony.Ring
	for _, c := range at {
		want = append(want, telephony.Ring{ChannelID: c.ID, SIPUser: c.SIPUser})
	}
	return slices.Equal(p.Rings, want)
}

func TestH05_ACallRingsEveryDeviceAndBearsThePerson(t *testing.T) {
	both(t, func(h *house) {
		a, _ := h.desk("A", "01")
		b, _ := h.desk("B", "02")
		c, _ := h.desk("C", "03")
		anna, bert := h.extension("21", true), h.extension("22", false)
		h.login(a, anna)
		h.link(b, anna)
		h.login(c, bert)
		p := h.dial(c, "21")
		if !rings(p, a, b) || p.Kind != telephony.CallExtension || p.CustomerID != h.cust.ID || p.ChannelID != c.ID {
			h.Errorf("%+v", p)
		}
		if p.Caller != (telephony.Party{ExtensionID: bert.ID, Number: "22", Name: "Person 22"}) || p.Callee != (telephony.Party{ExtensionID: anna.ID, Number: "21", Name: "Person 21"}) {
			h.Errorf("%+v calls %+v", p.Caller, p.Callee)
		}
		if p.MostCalls != 100 || p.MostPerMinute != 300 || p.DeclineAll || p.ForwardOutside {
			h.Errorf("a customer that nobody has thought about is bounded: %+v", p)
		}
		if p := h.dial(a, "22"); !rings(p, c) || p.Caller.Number != "21" {
			h.Errorf("%+v", p)
		}
		if p := h.dial(a, "21"); !rings(p, b) {
			h.Errorf("calling oneself rings %v", p.Rings)
		}
		h.unlink(b)
		if p := h.dial(a, "21"); len(p.Rings) != 0 {
			h.Errorf("calling oneself rings %v", p.Rings)
		}
		h.dialRefused(a, "99", telephony.NotFound, "dial_unknown")
		_, err := h.app.Calls.Plan(bg, "nobody", "21")
		h.refused(err, telephony.NotFound, "")
	})
}

func TestD24_AnExtensionIsCalledInsideItsCustomerOnly(t *testing.T) {
	both(t, func(h *house) {
		mine := h.cust
		a, _ := h.desk("A", "01")
		h.login(a, h.extension("21", false))
		h.cust = h.customer("2000")
		b, _ := h.desk("B", "02")
		theirs := h.extension("22", false)
		h.login(b, theirs)
		h.direct("+4930901822", theirs)
		h.cust = mine
		h.dialRefused(a, "22", telephony.NotFound, "dial_unknown")
		own := h.trunk(telephony.Trunk{CustomerID: mine.ID, Name: "Eigener"})
		public := h.trunk(telephony.Trunk{Name: "Netz"})
		_, err := h.app.Calls.PlanInbound(bg, own.ID, "+4930901822", "+491701234567")
		h.refused(err, telephony.NotFound, "dial_unknown")
		p, err := h.app.Calls.PlanInbound(bg, public.ID, "+4930901822", "+491701234567")
		h.ok(err)
		if !rings(p, b) {
			h.Errorf("%+v", p)
		}
	})
}

func TestH04_AFreeDeskDialsCodesAndEmergencyOnly(t *testing.T) {
	both(t, func(h *house) {
		h.trunk(telephony.Trunk{Name: "Netz"})
		a, _ := h.desk("A", "01")
		h.extension("21", false)
		for text, kind := range map[string]telephony.CallKind{"901": telephony.CallLogin, "902": telephony.CallLogout, "112": telephony.CallEmergency} {
			if p := h.dial(a, text); p.Kind != kind || p.Caller.ExtensionID != "" || p.MostCalls != 0 {
				h.Errorf("%s: %+v", text, p)
			}
		}
		h.dialRefused(a, "21", telephony.Forbidden, "desk_free")
		h.dialRefused(a, "030901820", telephony.Forbidden, "desk_free")
		h.dialRefused(a, "anna", telephony.Invalid, "dial_malformed")
		h.dialRefused(a, "901*21*4711", telephony.Forbidden, "one_go_off")
		h.settle(func(c *telephony.Customer) { c.OneGoCode = true })
		if p := h.dial(a, "901*21*4711"); p.Argument != "21*4711" {
			h.Errorf("%+v", p)
		}
	})
}

func TestD16_D22_WhereTheAddressIsRefusedEmergencyCallsStillLeave(t *testing.T) {
	both(t, func(h *house) {
		h.trunk(telephony.Trunk{Name: "Netz"})
		a, _ := h.desk("A", "01")
		e := h.extension("21", false)
		h.registers(a, abroad)
		h.link(a, e)
		h.listing(true)
		h.registers(a, abroad)
		h.nobody(a)
		h.dialRefused(a, "22", telephony.Forbidden, "address_refused")
		if p := h.dial(a, "901"); p.Kind != telephony.CallLogin { // whose answer is the refusal of H06
			h.Errorf("%+v", p)
		}
		if p := h.dial(a, "112"); p.Kind != telephony.CallEmergency || p.Trunk == nil {
			h.Errorf("%+v", p)
		}
	})
}

func TestH08_AClientHasNobodyAndReachesEmergencyOnly(t *testing.T) {
	both(t, func(h *house) {
		h.trunk(telephony.Trunk{Name: "Netz"})
		h.extension("21", false)
		v, err := h.app.Channels.Create(bg, h.admin, telephony.Channel{CustomerID: h.cust.ID, Name: "Handy", Kind: telephony.KindClient})
		h.ok(err)
		for _, text := range []string{"21", "901", "902", "+4930901820"} {
			h.dialRefused(v.Channel, text, telephony.Forbidden, "client_without_user")
		}
		if p := h.dial(v.Channel, "112"); p.Kind != telephony.CallEmergency {
			h.Errorf("%+v", p)
		}
	})
}

func TestC10_OutsideNumbersAreThoseOfTheCountry(t *testing.T) {
	both(t, func(h *house) {
		public := h.trunk(telephony.Trunk{Name: "Netz", User: "4930", Secret: "geheim"})
		a, _ := h.desk("A", "01")
		anna := h.extension("21", false)
		h.login(a, anna)
		h.dialRefused(a, "+49301234567", telephony.Forbidden, "no_outbound_number")
		h.direct("+4930901820", telephony.Extension{})
		h.settle(func(c *telephony.Customer) { c.OutboundNumber = "+49 30 901820" })
		for text, want := range map[string]string{
			"+49 30 1234567": "+49301234567", "0301234567": "+49301234567", "0049301234567": "+49301234567", "0031201234567": "+31201234567",
			"01711234567": "+491711234567", "115": "115", "116117": "116117", "08001234567": "+498001234567",
		} {
			p := h.dial(a, text)
			if p.Kind != telephony.CallOutside || p.Number != want || p.Caller.Number != "+4930901820" || p.Caller.Name != "Person 21" || p.Trunk == nil || p.Trunk.ID != public.ID || p.Trunk.Secret.Reveal() != "geheim" {
				h.Errorf("%s: %+v", text, p)
			}
		}
		for _, text := range []string{"1234567", "00", "0049", "+4930999999999999999", "011", "0301"} {
			if _, err := h.app.Calls.Plan(bg, a.ID, text); telephony.CodeOf(err) != telephony.NotFound && telephony.CodeOf(err) != telephony.Invalid {
				h.Errorf("%s: %v", text, err)
			}
		}
		h.settle(func(c *telephony.Customer) { c.AreaCode = "030" })
		if p := h.dial(a, "1234567"); p.Number != "+49301234567" {
			h.Errorf("%+v", p)
		}
		h.settle(func(c *telephony.Customer) { c.Country, c.AreaCode = "nl", "20" })
		if p := h.dial(a, "0201234567"); p.Number != "+31201234567" {
			h.Errorf("%+v", p)
		}
		// The country's emergency number, whatever the customer has listed.
		h.settle(func(c *telephony.Customer) { c.EmergencyNumbers = []string{"110"} })
		if p := h.dial(a, "112"); p.Kind != telephony.CallEmergency {
			h.Errorf("%+v", p)
		}
		own := h.direct("+4930901821", anna)
		if p := h.dial(a, "0201234567"); p.Caller.Number != own.E164 {
			h.Errorf("shows %s", p.Caller.Number)
		}
		_, _, err := h.app.Extensions.Update(bg, h.admin, h.cust.ID, anna.ID, 0, false, false, func(e *telephony.Extension) error { e.OutboundNumber = "+4930901820"; return nil })
		h.ok(err)
		if p := h.dial(a, "0201234567"); p.Caller.Number != "+4930901820" {
			h.Errorf("shows %s", p.Caller.Number)
		}
	})
}

func TestC10_ANumberLeadsToItsExtension(t *testing.T) {
	both(t, func(h *house) {
		public := h.trunk(telephony.Trunk{Name: "Netz"})
		a, _ := h.desk("A", "01")
		anna := h.extension("21", false)
		n := h.direct("+4930901821", anna)
		for _, text := range []string{"+4930901821", "4930901821", "004930901821", "030901821", "+49 30 901821"} {
			p, err := h.app.Calls.PlanInbound(bg, public.ID, text, "0201234567")
			h.ok(err)
			if len(p.Rings) != 0 || p.Callee.ExtensionID != anna.ID || p.Trunk != nil || p.Caller.ExtensionID != "" {
				h.Errorf("%s: %+v", text, p)
			}
		}
		h.login(a, anna)
		p, err := h.app.Calls.PlanInbound(bg, public.ID, n.E164, "0171 1234567")
		h.ok(err)
		if !rings(p, a) || p.Caller.Number != "+491711234567" || p.MostCalls != 100 {
			h.Errorf("%+v", p)
		}
		p, err = h.app.Calls.PlanInbound(bg, public.ID, n.E164, "anonymous")
		h.ok(err)
		if p.Caller.Number != "" {
			h.Errorf("%+v", p.Caller)
		}
		for from, want := range map[string]string{"21": "anonymous", "2 1": "anonymous", "112": "112", "29": "29"} { // nobody outside is a colleague (C07)
			p, err = h.app.Calls.PlanInbound(bg, public.ID, n.E164, from)
			h.ok(err)
			if p.Caller.Number != want || p.Caller.ExtensionID != "" {
				h.Errorf("%s: %+v", from, p.Caller)
			}
		}
		for _, text := range []string{"+4930901899", "21", "", "anna", "112", strings.Repeat("9", 400)} {
			_, err := h.app.Calls.PlanInbound(bg, public.ID, text, "")
			h.refused(err, telephony.NotFound, "dial_unknown")
		}
		_, err = h.app.Calls.PlanInbound(bg, "nobody", n.E164, "")
		h.refused(err, telephony.NotFound, "")
		_, err = h.app.Numbers.Update(bg, h.admin, h.cust.ID, n.ID, 0, func(x *telephony.Number) error { x.ExtensionID = ""; return nil })
		h.ok(err)
		_, err = h.app.Calls.PlanInbound(bg, public.ID, n.E164, "")
		h.refused(err, telephony.NotFound, "dial_unknown")
	})
}

func TestC10_ASwitchCarriesItsCustomersCalls(t *testing.T) {
	both(t, func(h *house) {
		h.trunk(telephony.Trunk{Name: "Netz"})
		pbx := h.trunk(telephony.Trunk{CustomerID: h.cust.ID, Name: "Anlage", Switch: true, Host: "192.0.2.9:5060"})
		a, _ := h.desk("A", "01")
		anna, bert := h.extension("21", false), h.extension("22", false)
		h.login(a, anna)
		for _, text := range []string{"22", "*21*5", "0301234567"} {
			p := h.dial(a, text)
			if p.Trunk == nil || p.Trunk.ID != pbx.ID || p.Number != text || p.Caller.Number != "21" || len(p.Rings) != 0 {
				h.Errorf("%s: %+v", text, p)
			}
		}
		if p := h.dial(a, "901"); p.Kind != telephony.CallLogin || p.Trunk != nil {
			h.Errorf("%+v", p)
		}
		p, err := h.app.Calls.PlanInbound(bg, pbx.ID, "21", "22")
		h.ok(err)
		if !rings(p, a) || p.Caller != (telephony.Party{ExtensionID: bert.ID, Number: "22", Name: "Person 22"}) {
			h.Errorf("%+v", p)
		}
		if p, err = h.app.Calls.PlanInbound(bg, pbx.ID, "22", "+491711234567"); err != nil || len(p.Rings) != 0 {
			h.Errorf("%+v, %v", p, err)
		}
		_, err = h.app.Calls.PlanInbound(bg, pbx.ID, "99", "22")
		h.refused(err, telephony.NotFound, "dial_unknown")
	})
}

// Somebody waits for a ringing tone: what is decided on is read in few statements,
// however large the customer is.
func TestH05_APlanIsReadInFewStatements(t *testing.T) {
	both(t, func(h *house) {
		public := h.trunk(telephony.Trunk{Name: "Netz"})
		a, _ := h.desk("A", "01")
		b, _ := h.desk("B", "02")
		anna := h.extension("21", true)
		h.login(a, anna)
		h.login(b, anna)
		h.direct("+4930901821", anna)
		for what, f := range map[string]struct {
			most int64
			run  func() error
		}{
			"an extension": {4, func() error { return second(h.app.Calls.Plan(bg, a.ID, "21")) }},
			"a code":       {3, func() error { return second(h.app.Calls.Plan(bg, a.ID, "901")) }},
			"outside":      {4, func() error { return second(h.app.Calls.Plan(bg, a.ID, "0301234567")) }},
			"inbound":      {5, func() error { return second(h.app.Calls.PlanInbound(bg, public.ID, "+4930901821", "030")) }},
		} {
			before := h.db.Statements()
			h.ok(f.run())
			if n := h.db.Statements() - before; n > f.most {
				h.Errorf("%s: %d statements, %d are enough", what, n, f.most)
			}
		}
	})
}

func TestC09_CallsOutliveARestart(t *testing.T) {
	both(t, func(h *house) {
		loaded := func() (list []app.CallRecord) {
			h.ok(h.app.Calls.Load(bg, func(r app.CallRecord) error { list = append(list, r); return nil }))
			return list
		}
		one := app.CallRecord{ID: "a", CustomerID: h.cust.ID, ChannelIDs: []string{"h1", "h2"}, State: []byte(`{"x":1}`)}
		two := app.CallRecord{ID: "b", CustomerID: h.cust.ID, ChannelIDs: []string{}, State: []byte(`{}`)}
		h.ok(h.app.Calls.Save(bg, []app.CallRecord{one, two}))
		one.State = []byte(`{"x":2}`)
		h.ok(h.app.Calls.Save(bg, []app.CallRecord{one}))
		if got := loaded(); len(got) != 2 || !reflect.DeepEqual(got[0], one) || string(got[1].State) != "{}" {
			h.Errorf("%+v", got)
		}
		two.State = nil
		h.ok(h.app.Calls.Save(bg, []app.CallRecord{two, two, {ID: "never", CustomerID: h.cust.ID}}))
		if got := loaded(); len(got) != 1 {
			h.Errorf("%+v", got)
		}
		h.pass(25 * time.Hour)
		h.ok(second(h.app.Jobs.Prune(bg)))
		if got := loaded(); len(got) != 0 {
			h.Errorf("no call is up for a day: %+v", got)
		}
	})
}

func TestC10_TrunksOfAllAreKnownToWhoCarriesCalls(t *testing.T) {
	both(t, func(h *house) {
		h.trunk(telephony.Trunk{Name: "Netz", User: "u", Secret: "geheim", Sources: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}})
		h.trunk(telephony.Trunk{CustomerID: h.cust.ID, Name: "Eigener", Emergency: telephony.EmergencyELIN})
		list, err := h.app.Calls.Trunks(bg)
		h.ok(err)
		slices.SortFunc(list, func(a, b telephony.Trunk) int { return strings.Compare(b.Name, a.Name) })
		if len(list) != 2 || list[0].Secret.Reveal() != "geheim" || len(list[0].Sources) != 1 || list[1].CustomerID != h.cust.ID || list[1].Emergency != telephony.EmergencyELIN {
			h.Errorf("%+v", list)
		}
	})
}
