package web

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/telephony"
	"tischlein/internal/web/view"
)

func TestH02_SelfServiceLogsInByTheNumberOnThePhone(t *testing.T) {
	o := newOffice(t)
	reception, ada := o.place("Empfang"), o.person("101", "Ada Wirt", false)
	b := o.self(ada)
	b.get("/me").wants(t, http.StatusOK).says(t, "Ada Wirt", "101", "Gasthaus Adler", "Sie sind an keinem Telefon angemeldet.").hides(t, "Empfang", "Überall abmelden")
	b.get("/me/desk?desk=12").wants(t, http.StatusUnprocessableEntity).says(t, "Eine Platznummer hat mindestens vier Ziffern.", `value="12"`)
	unknown := "1000"
	if unknown == reception.Desk {
		unknown = "1001"
	}
	b.get("/me/desk?desk="+unknown).wants(t, http.StatusUnprocessableEntity).says(t, "Diesen Platz gibt es nicht.")
	b.get("/me/desk?desk="+reception.Desk).leads(t, o.desk(reception))
	b.get(o.desk(reception)).wants(t, http.StatusOK).says(t, "An Empfang anmelden?", "Hier anmelden", reception.Desk).hides(t, "take_over")
	if o.here(reception) != "" {
		t.Fatal("logged in by looking")
	}
	b.post(o.desk(reception)).leads(t, "/me")
	if o.here(reception) != ada.ID {
		t.Fatal("not logged in")
	}
	b.get("/me").says(t, "Sie sind angemeldet an Empfang.", "Abmelden: Empfang", "seit ").hides(t, "an keinem Telefon")
	b.get(o.desk(reception)).says(t, "Sie sind hier angemeldet.").hides(t, "Hier anmelden")
	v, err := o.app.Channels.Get(t.Context(), o.system, o.customer.ID, reception.ID)
	if err != nil || v.Login.Path != "self_service" {
		t.Errorf("%+v, %v", v.Login, err)
	}
	b.post("/me/places/"+reception.ID+"/logout").leads(t, "/me")
	b.get("/me").says(t, "Sie sind abgemeldet: Empfang.")
	if o.here(reception) != "" {
		t.Error("still logged in")
	}
	log, err := o.app.Audit.List(t.Context(), o.system, o.customer.ID, app.AuditQuery{ObjectID: reception.ID})
	if err != nil || len(log.Items) < 2 || !strings.Contains(log.Items[0].After, "logged_out") || log.Items[0].ActorName != "Ada Wirt" || !strings.Contains(log.Items[1].After, "self_service") {
		t.Errorf("the log says %+v, %v", log.Items, err)
	}
}

// The QR code on a phone leads whoever is not signed in through that, and then
// straight to the question. Nothing of the place is told before.
func TestH02_TheQRCodeLeadsToTheQuestion(t *testing.T) {
	o := newOffice(t)
	reception := o.place("Empfang")
	o.person("101", "Ada Wirt", false)
	b := o.browser()
	to := "/sign-in/extension?next=" + strings.ReplaceAll(o.desk(reception), "/", "%2F")
	b.get(o.desk(reception)).leads(t, to)
	b.get(to).wants(t, http.StatusOK).says(t, `value="1001"`, "am Platz "+reception.Desk, `value="`+o.desk(reception)+`"`).hides(t, "Empfang")
	b.post("/sign-in/extension", "customer", "1001", "number", "101", "pin", pin, "next", o.desk(reception)).leads(t, o.desk(reception))
	b.get(o.desk(reception)).says(t, "An Empfang anmelden?")
	b.post("/sign-out").leads(t, "/sign-in/extension?done=1")
	b.get("/sign-in/extension?done=1").says(t, "Sie sind abgemeldet.", `value="1001"`) // this browser knows the customer now
}

func TestH03_SelfServiceAsksBeforeAnotherLeaves(t *testing.T) {
	o := newOffice(t)
	reception, bar := o.place("Empfang"), o.place("Bar")
	ada, bruno, cleo := o.person("101", "Ada Wirt", false), o.person("102", "Bruno Koch", false), o.person("103", "Cleo Gast", false)
	o.logIn(reception, bruno)
	o.logIn(bar, ada)
	b := o.self(ada)
	a := b.get(o.desk(reception)).wants(t, http.StatusOK).says(t, "Bruno Koch (102) ist hier angemeldet und wird dabei abgemeldet.", "An Bar werden Sie dabei abgemeldet.", "Platz übernehmen")
	b.post(o.desk(reception)).wants(t, http.StatusConflict).says(t, "Bruno Koch (102)")
	seen := hidden(t, a.text, "seen")
	if _, err := o.app.Logins.Logout(t.Context(), o.system, o.customer.ID, reception.ID, false); err != nil {
		t.Fatal(err)
	}
	o.logIn(reception, cleo)
	// Who agreed that Bruno leaves has not agreed that Cleo does.
	a = b.post(o.desk(reception), "take_over", "on", "seen", seen).wants(t, http.StatusConflict).says(t, "Inzwischen hat sich hier etwas geändert", "Cleo Gast (103)")
	if o.here(reception) != cleo.ID || o.here(bar) != ada.ID {
		t.Fatal("somebody was logged off silently")
	}
	b.post(o.desk(reception), "take_over", "on", "seen", hidden(t, a.text, "seen")).leads(t, "/me")
	if o.here(reception) != ada.ID || o.here(bar) != "" {
		t.Errorf("at the reception %q, at the bar %q", o.here(reception), o.here(bar))
	}
}

func TestH03_SelfServiceOffersToMoveAndToChooseFromWhere(t *testing.T) {
	o := newOffice(t)
	reception, bar, kitchen := o.place("Empfang"), o.place("Bar"), o.place("Küche")
	ada := o.person("101", "Ada Wirt", true)
	o.logIn(reception, ada)
	b := o.self(ada)
	b.get(o.desk(bar)).says(t, "Hier anmelden").hides(t, "Dort abmelden")
	b.post(o.desk(bar)).leads(t, "/me")
	a := b.get(o.desk(kitchen)).says(t, "Wo melden wir Sie dafür ab?", "Empfang, seit", "Bar, seit", "Dort abmelden, hier anmelden")
	b.post(o.desk(kitchen), "take_over", "on", "seen", hidden(t, a.text, "seen"), "end", bar.ID).leads(t, "/me")
	if o.here(kitchen) != ada.ID || o.here(bar) != "" || o.here(reception) != ada.ID {
		t.Errorf("kitchen %q, bar %q, reception %q", o.here(kitchen), o.here(bar), o.here(reception))
	}
}

// Who chose at which of their own places they leave, for a desk that was free, has
// not agreed that somebody goes who sat down there meanwhile.
func TestH03_SelfServiceAsksAgainWhereADeskWasTakenMeanwhile(t *testing.T) {
	o := newOffice(t)
	reception, bar, kitchen := o.place("Empfang"), o.place("Bar"), o.place("Küche")
	ada, cleo := o.person("101", "Ada Wirt", true), o.person("103", "Cleo Gast", false)
	o.logIn(reception, ada)
	o.logIn(bar, ada)
	b := o.self(ada)
	a := b.get(o.desk(kitchen)).says(t, "Wo melden wir Sie dafür ab?")
	o.logIn(kitchen, cleo)
	a = b.post(o.desk(kitchen), "take_over", "on", "seen", hidden(t, a.text, "seen"), "end", bar.ID).wants(t, http.StatusConflict).says(t, "Cleo Gast (103)")
	if o.here(kitchen) != cleo.ID || o.here(bar) != ada.ID {
		t.Fatal("somebody was logged off silently")
	}
	b.post(o.desk(kitchen), "take_over", "on", "seen", hidden(t, a.text, "seen"), "end", bar.ID).leads(t, "/me")
	if o.here(kitchen) != ada.ID || o.here(bar) != "" || o.here(reception) != ada.ID {
		t.Errorf("kitchen %q, bar %q, reception %q", o.here(kitchen), o.here(bar), o.here(reception))
	}
}

// A customer with thousands of desks has numbers of five digits too.
func TestH02_SelfServiceTakesLongDeskNumbers(t *testing.T) {
	o := newOffice(t)
	b := o.self(o.person("101", "Ada Wirt", false))
	b.get("/me").says(t, `maxlength="7"`)
	b.get("/me/desk?desk=10001").wants(t, http.StatusUnprocessableEntity).says(t, "Diesen Platz gibt es nicht.")
}

// Here, or both: each place has its own way out, and there is one out of all (H03).
func TestH03_SelfServiceLogsOutHereOrEverywhere(t *testing.T) {
	o := newOffice(t)
	reception, bar := o.place("Empfang"), o.place("Bar")
	ada := o.person("101", "Ada Wirt", true)
	o.logIn(reception, ada)
	b := o.self(ada)
	b.get("/me").hides(t, "Überall abmelden")
	o.logIn(bar, ada)
	b.get("/me").says(t, "Abmelden: Empfang", "Abmelden: Bar", "Überall abmelden")
	b.post("/me/places/"+bar.ID+"/logout").leads(t, "/me")
	if o.here(bar) != "" || o.here(reception) != ada.ID {
		t.Fatal("the wrong place was left")
	}
	o.logIn(bar, ada)
	b.post("/me/logout").leads(t, "/me")
	b.get("/me").says(t, "Sie sind überall abgemeldet: ", "an keinem Telefon")
	b.post("/me/logout").wants(t, http.StatusConflict)
	b.post("/me/places/"+bar.ID+"/logout").wants(t, http.StatusNotFound).says(t, "Dort sind Sie nicht angemeldet")
}

func TestD10_LoggingOutEverywhereKeepsTheLinkAndSaysSo(t *testing.T) {
	o := newOffice(t)
	reception, bar := o.place("Empfang"), o.place("Bar")
	ada := o.person("101", "Ada Wirt", true)
	o.link(reception, ada)
	o.logIn(bar, ada)
	b := o.self(ada)
	b.get("/me").says(t, "Fest verknüpft. Nur ein Administrator kann Sie hier abmelden.", "Abmelden: Bar").hides(t, "Abmelden: Empfang")
	b.post("/me/logout").leads(t, "/me")
	b.get("/me").says(t, "Sie sind abgemeldet: Bar. Angemeldet bleiben Sie an Empfang")
	if o.here(reception) != ada.ID || o.here(bar) != "" {
		t.Errorf("reception %q, bar %q", o.here(reception), o.here(bar))
	}
}

func TestS03_SelfServiceCannotLeaveALink(t *testing.T) {
	o := newOffice(t)
	reception, kitchen := o.place("Empfang"), o.place("Küche")
	ada, bruno := o.person("101", "Ada Wirt", false), o.person("102", "Bruno Koch", false)
	o.link(reception, ada)
	b := o.self(ada)
	b.post("/me/places/"+reception.ID+"/logout").wants(t, http.StatusForbidden).says(t, "Die Administration hat das fest verknüpft")
	b.post("/me/logout").wants(t, http.StatusForbidden).says(t, "Die Administration hat das fest verknüpft")
	b.get(o.desk(reception)).says(t, "Sie sind hier angemeldet.", "Nur ein Administrator").hides(t, "/logout")
	// Nor can she log in elsewhere (D09), nor he at her phone (S04).
	b.get(o.desk(kitchen)).says(t, "hat Sie fest mit einem Telefon verknüpft").hides(t, `class="button primary"`)
	b.post(o.desk(kitchen)).wants(t, http.StatusForbidden)
	his := o.self(bruno)
	his.get(o.desk(reception)).says(t, "Dieser Platz ist fest vergeben.").hides(t, `class="button primary"`, "Ada")
	his.post(o.desk(reception), "take_over", "on").wants(t, http.StatusForbidden)
	if o.here(reception) != ada.ID || o.here(kitchen) != "" {
		t.Errorf("reception %q, kitchen %q", o.here(reception), o.here(kitchen))
	}
}

// A link that waits for its phone is shown as what it is (S02).
func TestS02_SelfServiceShowsAWaitingLink(t *testing.T) {
	o := newOffice(t)
	ada := o.person("101", "Ada Wirt", false)
	c, err := o.app.Channels.Create(t.Context(), o.system, channelOf(o, "Lager"))
	if err != nil {
		t.Fatal(err)
	}
	o.link(c.Channel, ada)
	o.self(ada).get("/me").says(t, "Lager", "wartet auf Gerät", "an keinem Telefon").hides(t, "Abmelden: Lager")
}

// An administrator finds what leads people to a free desk on the pages of its
// channel and its device: the number, and the QR code of exactly that address.
func TestH02_ThePortalShowsTheQRCodeOfAFreeDesk(t *testing.T) {
	h := newHouse(t)
	admin := h.administrator()
	o := h.office("1001")
	reception, ada := o.place("Empfang"), o.person("101", "Ada Wirt", false)
	page := view.CustomerPath(o.customer.ID, "channels", reception.ID)
	admin.get(page).wants(t, http.StatusOK).says(t, "QR-Code zur Anmeldung an Empfang", "Platznummer", reception.Desk)
	m, err := o.portal.deskCode("1001", reception)
	if err != nil || m.URL != "http://portal.test"+o.desk(reception) || m.Size < 21 {
		t.Errorf("%+v, %v", m, err)
	}
	v, err := o.app.Channels.Get(t.Context(), o.system, o.customer.ID, reception.ID)
	if err != nil {
		t.Fatal(err)
	}
	device := view.CustomerPath(o.customer.ID, "cpes", v.CPE.ID)
	admin.get(device).wants(t, http.StatusOK).says(t, "QR-Code zur Anmeldung an Empfang", reception.Desk)
	o.link(reception, ada)
	admin.get(page).hides(t, "QR-Code zur Anmeldung")
	admin.get(device).hides(t, "QR-Code zur Anmeldung")
}

// Where logins have a daily end or a longest time, the page says when (H07).
func TestH07_SelfServiceSaysUntilWhen(t *testing.T) {
	o := newOffice(t)
	reception, ada := o.place("Empfang"), o.person("101", "Ada Wirt", false)
	b := o.self(ada)
	o.logIn(reception, ada)
	b.get("/me").says(t, "seit ").hides(t, "dann werden Sie abgemeldet")
	b.post("/me/places/"+reception.ID+"/logout").leads(t, "/me")
	_, err := o.app.Customers.Update(t.Context(), o.system, o.customer.ID, 0, func(c *telephony.Customer) error { c.HotdeskHours = 72; return nil })
	o.fine(err)
	o.logIn(reception, ada)
	v, err := o.app.Channels.Get(t.Context(), o.system, o.customer.ID, reception.ID)
	o.fine(err)
	zone, err := time.LoadLocation("Europe/Berlin")
	o.fine(err)
	b.get("/me").says(t, "bis "+v.Login.Until.In(zone).Format("02.01.2006, 15:04")+", dann werden Sie abgemeldet")
}
