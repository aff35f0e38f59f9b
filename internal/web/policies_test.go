package web

import (
	"net/http"
	"testing"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

// now is the customer as it is saved.
func (i inn) now() telephony.Customer {
	i.Helper()
	x, err := i.app.Customers.Get(i.Context(), i.system, i.customer.ID)
	i.ok(err)
	return x
}

func (i inn) detail() string { return "/customers/" + i.customer.ID + "/detail" }

func TestH02_LoginInOneGoIsOffAndSaysWhatItCosts(t *testing.T) {
	i := newInn(t)
	i.get(i.detail()).says(t, "901*Nebenstelle*PIN", "Wahlwiederholung", `role="switch"`)
	if i.now().OneGoCode {
		t.Fatal("it is on without anybody's doing")
	}
	save := []string{"login_code", "901", "logout_code", "902", "emergency_numbers", "112"}
	i.post(i.detail(), append(save, "one_go_code", "on")...).leads(t, i.detail())
	if !i.now().OneGoCode {
		t.Error("it was not switched on")
	}
	i.post(i.detail(), save...).leads(t, i.detail())
	if i.now().OneGoCode {
		t.Error("it was not switched off")
	}
	i.post(i.detail()+"?part=nothing", save...).wants(t, http.StatusNotFound)
}

func TestH07_TheCustomerSaysWhenLoginsEnd(t *testing.T) {
	i := newInn(t)
	at := i.detail() + "?part=hotdesk"
	i.post(at, "hotdesk_hours", "800", "hotdesk_end", "").wants(t, http.StatusUnprocessableEntity).says(t, `id="hotdesk_hours-error"`, `value="800"`, "744")
	i.post(at, "hotdesk_hours", "acht").wants(t, http.StatusUnprocessableEntity).says(t, `id="hotdesk_hours-error"`, `value="acht"`)
	i.post(at, "hotdesk_hours", "8", "hotdesk_end", "25:00").wants(t, http.StatusUnprocessableEntity).says(t, `id="hotdesk_end-error"`)
	i.post(at, "hotdesk_hours", "8", "hotdesk_end", "18:30", "version", "1").leads(t, i.detail()+"#hotdesk")
	if x := i.now(); x.HotdeskHours != 8 || x.HotdeskEnd != "18:30" {
		t.Errorf("%+v", x)
	}
	i.post(at, "hotdesk_hours", "", "hotdesk_end", "", "version", "1").wants(t, http.StatusConflict).says(t, "Jemand hat diese Daten inzwischen geändert")
	s := i.signedIn(app.UserSpec{Login: "vera", Role: auth.OperatorSupport})
	s.get(i.detail()).says(t, "nach 8 Stunden, spätestens um 18:30 Uhr").hides(t, "Speichern", "<textarea")
	s.post(at, "hotdesk_hours", "1").wants(t, http.StatusForbidden)
}

func TestC10_CallsOfACustomerHaveTheirRules(t *testing.T) {
	i := newInn(t)
	at := i.detail() + "?part=calls"
	fields := []string{"country", "AT", "area_code", "1", "decline_all", "on", "most_calls", "20", "most_per_minute", "0"}
	i.post(at, append(fields, "outbound_number", "+4315550100")...).wants(t, http.StatusUnprocessableEntity).says(t, `id="outbound_number-error"`, `value="AT"`, "+4315550100")
	_, err := i.app.Numbers.Create(t.Context(), i.system, telephony.Number{CustomerID: i.customer.ID, E164: "+4315550100"})
	i.ok(err)
	i.post(at, append(fields, "outbound_number", "+4315550100")...).leads(t, i.detail()+"#calls")
	x := i.now()
	if x.Country != "AT" || x.AreaCode != "1" || x.OutboundNumber != "+4315550100" || !x.DeclineAll || x.ForwardOutside || x.MostCalls != 20 || x.MostPerMinute != 0 {
		t.Errorf("%+v", x)
	}
	i.post(at, "country", "AT", "most_calls", "viele").wants(t, http.StatusUnprocessableEntity).says(t, `id="most_calls-error"`, "viele")
	// Limits are for those who serve the customer.
	k := i.signedIn(app.UserSpec{Login: "karl", Role: auth.CustomerAdmin, CustomerID: i.customer.ID})
	k.get(i.detail()).says(t, "Gespräche gleichzeitig", "forward_outside").hides(t, `name="most_calls"`)
	k.post(at, "country", "AT", "area_code", "1", "forward_outside", "on").leads(t, i.detail()+"#calls")
	if x := i.now(); x.MostCalls != 20 || !x.ForwardOutside {
		t.Errorf("%+v", x)
	}
	k.post(at, "country", "AT", "most_calls", "0", "most_per_minute", "0").wants(t, http.StatusUnprocessableEntity)
}

func TestC11_WithoutALocationAPlaceSaysSoAndHowToMendIt(t *testing.T) {
	i := newInn(t)
	reception := i.place("Empfang")
	page := i.at("channels", reception.ID)
	i.get(page).says(t, "Für Notrufe von hier ist kein Standort hinterlegt", i.detail()+"#emergency", `href="#location"`)
	i.get("/customers/"+i.customer.ID).says(t, "1 Kanal hat keinen Standort", i.detail()+"#emergency")
	i.get(i.detail()).says(t, "Es ist kein Standort hinterlegt")
	s := i.signedIn(app.UserSpec{Login: "vera", Role: auth.OperatorSupport})
	s.get(page).says(t, "Für Notrufe von hier ist kein Standort hinterlegt").hides(t, "#emergency")
	i.post(page, "name", "Empfang", "location", "", "elin", "0911").wants(t, http.StatusUnprocessableEntity).says(t, `id="elin-error"`)
	i.post(i.detail()+"?part=emergency", "site_address", "Hauptmarkt 1, 90403 Nürnberg", "site_elin", "").leads(t, i.detail()+"#emergency")
	i.get(page).hides(t, "kein Standort hinterlegt")
	i.get("/customers/"+i.customer.ID).hides(t, "keinen Standort")
	i.post(i.detail()+"?part=emergency", "site_address", "").leads(t, i.detail()+"#emergency")
	i.post(page, "name", "Empfang", "location", "", "elin", "+49 911 123450").leads(t, page)
	i.get(page).hides(t, "kein Standort hinterlegt").says(t, "+49911123450")
}

func TestC13_WithoutARelayTheLimitIsSaid(t *testing.T) {
	i := newInn(t)
	for _, page := range []string{"/customers/" + i.customer.ID, i.detail()} {
		i.get(page).says(t, "Für Sprache ist kein Relais eingerichtet")
	}
	i.portal.cfg.Relay = true
	for _, page := range []string{"/customers/" + i.customer.ID, i.detail()} {
		i.get(page).hides(t, "Relais")
	}
}
