package web

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"tischlein/internal/app"
	"tischlein/internal/telephony"
)

// option is what a page offers for an extension.
func option(a answer, x telephony.Extension) string {
	return regexp.MustCompile(`(?s)<option[^>]*value="` + x.ID + `".*?</option>`).FindString(a.text)
}

func TestS10_TheListHoldsWhatCanBeChosenAndSaysWhyTheRestCannot(t *testing.T) {
	i := newInn(t)
	reception, second, terrace := i.place("Empfang"), i.place("Empfang 2"), i.place("Terrasse")
	free, busy, linked := i.person("101", "Ada Wirt"), i.person("104", "Dirk Adler"), i.person("105", "Eva Lindt")
	i.yealink(second, "02")
	i.guest(second, busy)
	i.link(terrace, linked)
	for _, source := range []string{i.at("channels", reception.ID), i.at("channels", reception.ID, "choices")} {
		page := i.get(source).wants(t, http.StatusOK)
		if o := option(page, free); o == "" || strings.Contains(o, "disabled") {
			t.Errorf("%s: who is free is not offered: %s", source, o)
		}
		if o := option(page, busy); !strings.Contains(o, "disabled") || !strings.Contains(o, "in Gebrauch an Empfang 2") {
			t.Errorf("%s: who is in use is shown so: %s", source, o)
		}
		if o := option(page, linked); !strings.Contains(o, "disabled") || !strings.Contains(o, "verknüpft mit Terrasse") {
			t.Errorf("%s: who is linked is shown so: %s", source, o)
		}
	}
	found := i.get(i.at("channels", reception.ID, "choices?q=adler"))
	if option(found, busy) == "" || option(found, free) != "" {
		t.Error("typing does not narrow the choices")
	}
}

func TestD02_AStaleChoiceIsRefusedNamingTheDevice(t *testing.T) {
	i := newInn(t)
	reception, second, dirk := i.place("Empfang"), i.place("Empfang 2"), i.person("104", "Dirk Adler")
	i.yealink(second, "02")
	i.guest(second, dirk)
	a := i.post(i.at("channels", reception.ID), "name", "Portal", "location", "am Tor", "version", "1", "extension", dirk.ID).wants(t, http.StatusConflict)
	a.says(t, "Empfang 2", `value="Portal"`, `value="am Tor"`, `aria-invalid="true"`)
	if o := option(a, dirk); !strings.Contains(o, "selected") {
		t.Errorf("the choice was lost: %s", o)
	}
	i.linked(reception, "")
	if n := i.view(reception).Channel.Name; n != "Empfang" {
		t.Errorf("half of it was saved: %q", n)
	}
}

func TestD23_WhoLosesReadsWhoWon(t *testing.T) {
	i := newInn(t)
	reception, ada, ben := i.place("Empfang"), i.person("101", "Ada Wirt"), i.person("102", "Ben Koch")
	page := i.at("channels", reception.ID)
	i.get(page) // both have the page with an empty field
	i.link(reception, ben)
	a := i.post(page, "name", "Empfang am Tor", "location", "", "version", "1", "extension", ada.ID).wants(t, http.StatusConflict)
	a.says(t, "Der Kanal Empfang ist schon mit Ben Koch (102) verknüpft.", "Ihre Auswahl wurde nicht gespeichert.", `value="Empfang am Tor"`, "Trennen")
	i.linked(reception, "Ben Koch")
	if n := i.view(reception).Channel.Name; n != "Empfang" {
		t.Errorf("half of it was saved: %q", n)
	}
}

func TestD23_TwoWhoRenameReadOfEachOther(t *testing.T) {
	i := newInn(t)
	reception := i.place("Empfang")
	page := i.at("channels", reception.ID)
	i.post(page, "name", "Empfang Nord", "location", "", "version", "1").leads(t, page)
	a := i.post(page, "name", "Empfang Süd", "location", "", "version", "1").wants(t, http.StatusConflict)
	a.says(t, "Jemand anderes", "Empfang Nord", `value="Empfang Süd"`, `name="version" value="2"`)
	i.post(page, "name", "Empfang Süd", "location", "", "version", "2").leads(t, page)
	if n := i.view(reception).Channel.Name; n != "Empfang Süd" {
		t.Errorf("the name is %q", n)
	}
}

func TestU05_BeforeSavingItIsSaidWhatWillHappen(t *testing.T) {
	i := newInn(t)
	reception, cellar := i.place("Empfang"), i.place("Keller")
	ada, guest := i.person("101", "Ada Wirt"), i.person("123", "Weber")
	i.yealink(reception, "01")
	i.guest(reception, guest)
	effects := func(ch telephony.Channel, x string) answer {
		return i.get(i.at("channels", ch.ID, "effects?extension="+x)).wants(t, http.StatusOK)
	}
	effects(reception, ada.ID).says(t, "Gast Weber (123) wird abgemeldet.", "Ada Wirt (101) wird an Empfang angemeldet.", `id="channel-effects"`, "data-live-source=")
	effects(cellar, ada.ID).says(t, "noch kein Gerät angeschlossen")
	effects(cellar, guest.ID).says(t, "in Benutzung an Empfang")
	effects(cellar, "").hides(t, "Das wird geschehen", "data-live-source")
	i.get(i.at("channels", reception.ID)).says(t, "Gerade ist hier Gast Weber (123) angemeldet.") // without scripts too (D03)
	i.linked(reception, "")
	i.listing(true)
	i.seen(reception, "203.0.113.7")
	effects(reception, ada.ID).says(t, "203.0.113.7", "nicht zugelassen")
}

func TestS08_OneClickAllowsTheRefusedAddress(t *testing.T) {
	i := newInn(t)
	reception, ada := i.place("Empfang"), i.person("101", "Ada Wirt")
	cpe := i.phone(reception, telephony.CPE{Driver: "generic", Name: "Türsprechstelle"})
	i.listing(true)
	i.seen(reception, "203.0.113.7")
	i.link(reception, ada)
	page := i.at("channels", reception.ID)
	i.get(page).says(t, "fehlgeschlagen: Adresse 203.0.113.7", "Die Adresse 203.0.113.7 steht nicht auf der IP-Zulassungsliste.", `action="`+page+`/allow-address"`)
	i.post(page+"/allow-address", "address", "198.51.100.9", "next", page).leads(t, page)
	i.get(page).says(t, "wird hier nicht mehr abgewiesen", "steht nicht auf der IP-Zulassungsliste")
	i.post(page+"/allow-address", "address", "203.0.113.7", "next", i.at("cpes", cpe.ID)).leads(t, i.at("cpes", cpe.ID))
	i.seen(reception, "203.0.113.7")
	i.get(page).hides(t, "steht nicht auf der IP-Zulassungsliste")
	if i.view(reception).Login == nil {
		t.Fatal("the address is allowed, and yet she is not logged in (D17)")
	}
}

func TestU05_TheTrackNamesWhatIsMissingFirstAndWhatMendsIt(t *testing.T) {
	i := newInn(t)
	reception, office, door := i.place("Empfang"), i.place("Büro"), i.place("Tür")
	ada, ben, cleo := i.person("101", "Ada Wirt"), i.person("102", "Ben Koch"), i.person("103", "Cleo Braun")
	i.link(office, ada)
	yealink := i.yealink(reception, "01")
	i.link(reception, ben)
	i.phone(door, telephony.CPE{Driver: "generic", Name: "Türsprechstelle"})
	i.link(door, cleo)
	progress := func(ch telephony.Channel) answer {
		return i.get(i.at("channels", ch.ID, "progress?next=/customers")).wants(t, http.StatusOK)
	}
	progress(office).says(t, "Es fehlt nur noch ein Gerät.", `id="progress-`+office.ID)
	progress(reception).says(t, "hat sich noch nicht ausgewiesen", `action="`+i.at("cpes", yealink.ID, "arm")+`"`, `name="next" value="/customers"`)
	progress(door).says(t, "ist nicht angemeldet", "nicht nötig", i.at("channels", door.ID, "credentials"))
	s := i.signedIn(app.UserSpec{Login: "vera", Role: "operator_support"})
	s.get(i.at("channels", reception.ID, "progress")).says(t, "hat sich noch nicht ausgewiesen").hides(t, "<form")
	empty := i.place("Leer")
	progress(empty).says(t, `id="progress-`+empty.ID, "hidden").hides(t, "gespeichert")
}

func TestD27_CredentialsAreShownOnRequestAndAudited(t *testing.T) {
	i := newInn(t)
	door := i.place("Tür")
	i.phone(door, telephony.CPE{Driver: "generic", Name: "Türsprechstelle"})
	page := i.at("channels", door.ID)
	i.get(page).says(t, "SIP-Zugangsdaten zeigen").hides(t, door.SIPUser)
	i.headers["Accept-Encoding"] = "gzip"
	a := i.post(page+"/credentials").wants(t, http.StatusOK)
	if a.header.Get("Content-Encoding") != "" {
		t.Error("an answer with a secret is compressed")
	}
	a.says(t, door.SIPUser, "test.example")
	delete(i.headers, "Accept-Encoding")
	log, err := i.app.Audit.List(t.Context(), i.system, i.customer.ID, app.AuditQuery{Action: "reveal_secret"})
	i.ok(err)
	if len(log.Items) != 1 || log.Items[0].ActorName != "Frida Kahl" {
		t.Errorf("the log has %+v", log.Items)
	}
	i.signedIn(app.UserSpec{Login: "vera", Role: "operator_support"}).post(page+"/credentials").wants(t, http.StatusForbidden)
}

func TestD14_DevicesAreAttachedAndDetachedOnTheChannelsPage(t *testing.T) {
	i := newInn(t)
	reception, office, ada := i.place("Empfang"), i.place("Büro"), i.person("101", "Ada Wirt")
	cpe := i.yealink(reception, "01")
	i.link(office, ada)
	page := i.at("channels", office.ID)
	i.get(page).says(t, "Telefon Empfang", "jetzt an Empfang, zieht hierher um", i.at("cpes", "new")+"?channel="+office.ID)
	i.get(page+"/effects?cpe="+cpe.ID).says(t, "wird an Büro angeschlossen", "Ada Wirt (101) wird an Büro angemeldet.")
	i.post(page+"/attach", "cpe", "").wants(t, http.StatusUnprocessableEntity).says(t, "Diese Angabe fehlt.")
	i.post(page+"/attach", "cpe", cpe.ID, "port", "0").leads(t, page)
	if v := i.view(office); v.CPE == nil || v.Login == nil {
		t.Fatal("the waiting link took no effect (S02)")
	}
	i.get(page+"/detach").says(t, "Ada Wirt (101) wird an Büro abgemeldet.")
	i.post(page+"/detach", "cpe", "another").leads(t, page)
	if i.view(office).CPE == nil {
		t.Fatal("a device that was not asked about was taken off")
	}
	i.post(page+"/detach", "cpe", cpe.ID).leads(t, page)
	if v := i.view(office); v.CPE != nil || v.Link == nil || v.Login != nil {
		t.Fatal("the login ends and the link stays (D14)")
	}
}

func TestU05_ANewChannelKeepsWhatWasTyped(t *testing.T) {
	i := newInn(t)
	a := i.post(i.at("channels", "new"), "name", "", "location", "1. Stock", "kind", "client").wants(t, http.StatusUnprocessableEntity)
	a.says(t, `value="1. Stock"`, "Diese Angabe fehlt.", `aria-invalid="true"`)
	a = i.post(i.at("channels", "new"), "name", "Softphone", "location", "", "kind", "client").wants(t, http.StatusSeeOther)
	i.get(a.header.Get("Location")).says(t, "Softphone", "Ein Client ist kein Platz mit Gerät")
	i.post(i.at("channels", "new"), "name", "X", "kind", "lamp").wants(t, http.StatusUnprocessableEntity)
}
