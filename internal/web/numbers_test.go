package web

import (
	"net/http"
	"testing"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

func TestC10_NumbersAreAddedAndRingExtensions(t *testing.T) {
	i := newInn(t)
	ada, list := i.person("101", "Ada Wirt"), i.at("numbers")
	i.get(list).says(t, "Noch keine Rufnummer", list+"/new")
	i.post(list+"/new", "e164", "").wants(t, http.StatusUnprocessableEntity).says(t, `id="e164-error"`)
	i.post(list+"/new", "e164", "0911 1", "note", "Zentrale").wants(t, http.StatusUnprocessableEntity).says(t, `id="e164-error"`, `value="Zentrale"`, `value="0911 1"`)
	i.post(list+"/new", "e164", "+49 911 555010", "extension", "nobody").wants(t, http.StatusUnprocessableEntity).says(t, `id="extension-error"`)
	i.post(list+"/new", "e164", "+49 911 555010", "note", "Zentrale").leads(t, list)
	i.post(list+"/new", "e164", "+49911555010").wants(t, http.StatusConflict)
	i.get(list).says(t, "+49911555010", "Zentrale", "noch niemandem zugeteilt")
	l, err := i.app.Numbers.List(t.Context(), i.system, i.customer.ID, app.Query{})
	i.ok(err)
	page := list + "/" + l.Items[0].Number.ID
	i.get(page).says(t, "101 Ada Wirt", `name="version" value="1"`)
	i.get(list+"/extensions?q=ada").says(t, "101 Ada Wirt").hides(t, "<html")

	// Whom a number rings is the customer's own administrator's to say as well.
	k := i.signedIn(app.UserSpec{Login: "karl", Role: auth.CustomerAdmin, CustomerID: i.customer.ID})
	k.get(list).hides(t, list+"/new")
	k.get(list+"/new").wants(t, http.StatusForbidden)
	k.post(list+"/new", "e164", "+49911555011").wants(t, http.StatusForbidden)
	k.get(page+"/delete").wants(t, http.StatusForbidden)
	k.post(page, "extension", ada.ID, "note", "", "version", "1").leads(t, list)
	i.post(page, "extension", "", "version", "1").wants(t, http.StatusConflict).says(t, `name="version" value="2"`)
	extension := i.at("extensions", ada.ID)
	i.get(extension).says(t, "+49911555010", page)
	i.get(list).says(t, "101 Ada Wirt")

	// The number is shown outside: it cannot go before another one is.
	i.get(extension).says(t, `name="outbound_number"`)
	i.post(extension, "number", "101", "name", "Ada Wirt", "outbound_number", "+49911555010").leads(t, extension)
	i.get(page+"/delete").says(t, "+49911555010 löschen?", "Ada Wirt")
	i.post(page+"/delete").wants(t, http.StatusConflict)
	i.post(extension, "number", "101", "name", "Ada Wirt", "outbound_number", "").leads(t, extension)
	s := i.signedIn(app.UserSpec{Login: "vera", Role: auth.OperatorSupport})
	s.get(page).says(t, "Ada Wirt").hides(t, "Speichern", "Rufnummer löschen")
	i.post(page+"/delete", "version", "2").leads(t, list)
	i.get(page).wants(t, http.StatusNotFound)
	i.get(i.at("log")).says(t, "Rufnummer", "+49911555010")
}

func TestC10_TrunksKeepTheirSecret(t *testing.T) {
	i := newInn(t)
	for _, list := range []string{"/trunks", i.at("trunks")} {
		i.get(list).says(t, "Noch kein Trunk")
		form := []string{"name", "Netz " + list, "host", "sip.netz.example:5061", "user", "tischlein", "secret", "geheim-4711", "emergency", "geolocation"}
		i.post(list+"/new", append(form, "sources", "hier")...).wants(t, http.StatusUnprocessableEntity).says(t, `id="sources-error"`, "hier", "sip.netz.example:5061").hides(t, "geheim-4711")
		i.post(list+"/new", "name", "", "host", "").wants(t, http.StatusUnprocessableEntity).says(t, `id="name-error"`, `id="host-error"`)
		source := map[string]string{"/trunks": "192.0.2.0/28"}[list]
		if source == "" {
			source = "198.51.100.4"
		}
		i.post(list+"/new", append(form, "sources", source)...).leads(t, list)
		of := ""
		if list != "/trunks" {
			of = i.customer.ID
		}
		l, err := i.app.Trunks.List(t.Context(), i.system, of, app.Query{})
		i.ok(err)
		if len(l.Items) != 1 || !l.Items[0].HasSecret || l.Items[0].Trunk.Emergency != telephony.EmergencyGeolocation {
			t.Fatalf("%s: %+v", list, l.Items)
		}
		page := list + "/" + l.Items[0].Trunk.ID
		i.get(page).says(t, source, "sip.netz.example:5061", "Das gespeicherte Passwort bleibt").hides(t, "geheim-4711")
		i.post(page, "name", "Netz neu "+list, "host", "sip.netz.example", "user", "tischlein", "secret", "", "version", "1").leads(t, list)
		i.post(page, "name", "Netz alt", "host", "sip.netz.example", "version", "1").wants(t, http.StatusConflict).says(t, `name="version" value="2"`)
		v, err := i.app.Trunks.Get(t.Context(), i.system, of, l.Items[0].Trunk.ID)
		i.ok(err)
		if !v.HasSecret || v.Trunk.Name != "Netz neu "+list {
			t.Errorf("%+v", v)
		}
		s := i.signedIn(app.UserSpec{Login: "vera" + of, Role: auth.OperatorSupport})
		s.get(page).says(t, "sip.netz.example").hides(t, "Speichern", "Trunk löschen")
		s.post(page, "name", "x").wants(t, http.StatusForbidden)
		k := i.signedIn(app.UserSpec{Login: "karl" + of, Role: auth.CustomerAdmin, CustomerID: i.customer.ID})
		if of == "" {
			k.get(list).wants(t, http.StatusNotFound)
			k.get(page).wants(t, http.StatusNotFound)
			k.get("/customers").hides(t, `href="/trunks"`)
		} else {
			k.get(page).says(t, "sip.netz.example").hides(t, "Speichern")
			k.post(page, "name", "x", "host", "y").wants(t, http.StatusForbidden)
		}
		i.get(page+"/delete").says(t, "löschen?")
		i.post(page+"/delete", "version", "2").leads(t, list)
		i.get(page).wants(t, http.StatusNotFound)
	}
	i.get("/log?kind=trunk").says(t, "Netz /trunks").hides(t, "geheim-4711")
}
