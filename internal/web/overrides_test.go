package web

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"tischlein/internal/app"
	"tischlein/internal/auth"
)

func TestP08_OverridesAreSetOnTheirPages(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	customer, _, ch := h.floor(false, "Empfang")
	cpe := b.addsPhone(customer, "80:5e:c0:11:22:33")
	id := cpe[strings.LastIndexByte(cpe, '/')+1:]
	if _, err := h.app.CPEs.Attach(context.Background(), h.system, customer, id, ch[0], 0, false); err != nil {
		t.Fatal(err)
	}
	x, err := h.app.CPEs.Get(context.Background(), h.system, customer, id)
	if err != nil {
		t.Fatal(err)
	}
	vendor := "vendor=" + x.CPE.Driver
	const name = "phone_setting.lcd_logo.text"
	own := "/customers/" + customer + "/overrides"
	b.get("/customers").says(h, `href="/overrides"`)
	b.get("/customers/"+customer+"/detail").says(h, own)
	b.get(cpe).says(h, cpe+"/overrides")
	for n, c := range []struct{ list, query, says string }{
		{"/overrides", vendor, "Gilt für alle Geräte von"},
		{own, vendor, "bei diesem Kunden"},
		{"/overrides", vendor + "&model=" + x.CPE.Model, "Gilt für alle Geräte vom Modell"},
		{cpe + "/overrides", vendor, "Gilt nur für dieses Gerät"},
	} {
		value := "Adler" + string(rune('1'+n))
		b.get(c.list+"?"+c.query+"&q=LCD_LOGO").says(h, c.says, name, "Text, höchstens 15 Zeichen").hides(h, "account.1.password", "lang.gui")
		b.get(c.list+"/set?"+c.query+"&name="+name).says(h, `value="`+name+`"`)
		a := b.post(c.list+"?"+c.query, "name", name, "value", value).wants(h, http.StatusSeeOther)
		b.get(a.header.Get("Location")).says(h, value, name+" ist gesetzt.")
		b.get(cpe+"/preview").says(h, value)
	}
	b.post(cpe+"/overrides", "name", name, "value", "viel zu lang für dieses Telefon").wants(h, http.StatusUnprocessableEntity).says(h, "Dieser Wert ist hier nicht möglich.", `id="value-error"`)
	b.post(cpe+"/overrides", "name", "account.1.password", "value", "geheim").wants(h, http.StatusUnprocessableEntity).says(h, "Diesen Parameter setzt Tischlein selbst.", `id="name-error"`)
	b.get(cpe+"/overrides?q="+name).says(h, "Adler4", "vom Gerät")
	b.post(cpe+"/overrides", "clear", name).wants(h, http.StatusSeeOther)
	b.get(cpe+"/overrides?q="+name).says(h, "Adler3", "vom Modell")
	b.get(cpe+"/overrides?q=lang.gui").says(h, "German", "Vorgabe")
	b.get(cpe+"/overrides?q=nirgends").says(h, "Kein Parameter passt")
	b.get("/customers/"+customer+"/log?action=override").says(h, "Parameter gesetzt", "Adler4", name)
	b.get("/overrides?vendor=none").wants(h, http.StatusNotFound)
}

func TestX02_OnlyTheOperatorSeesParametersOfTheInstallation(t *testing.T) {
	h := newHouse(t)
	h.administrator()
	customer := h.customer("1001").ID
	b := h.signedIn(app.UserSpec{Login: "ada", Role: auth.CustomerAdmin, CustomerID: customer})
	for _, path := range []string{"/overrides", "/overrides/set?name=lang.gui"} {
		if a := b.get(path); a.status != http.StatusNotFound && a.status != http.StatusForbidden {
			t.Errorf("%s: %d", path, a.status)
		}
	}
	if a := b.post("/overrides?vendor=yealink", "name", "lang.gui", "value", "Dutch"); a.status != http.StatusNotFound && a.status != http.StatusForbidden {
		t.Errorf("%d", a.status)
	}
	own := "/customers/" + customer + "/overrides"
	b.post(own+"?vendor=yealink", "name", "lang.gui", "value", "Dutch").wants(h, http.StatusSeeOther)
	s := h.signedIn(app.UserSpec{Login: "sam", Role: auth.OperatorSupport})
	s.get(own+"?vendor=yealink").says(h, "Dutch", "vom Kunden").hides(h, own+"/set", `name="clear"`)
	s.get("/overrides").wants(h, http.StatusOK).hides(h, "/overrides/set")
}

// hidden is the value of the first hidden field of that name.
func (a answer) hidden(t testing.TB, name string) string {
	t.Helper()
	_, rest, ok := strings.Cut(a.text, `name="`+name+`" value="`)
	if !ok {
		t.Fatalf("no field %s in %s", name, a.text)
	}
	value, _, _ := strings.Cut(rest, `"`)
	return value
}

// Two administrators set parameters of one device: the second is told what the first
// has set, keeps what they typed, and decides anew.
func TestD23_OverridesOfTwoAdministratorsDoNotOverwriteEachOther(t *testing.T) {
	h := newHouse(t)
	ada := h.administrator()
	customer, _, _ := h.floor(false, "Empfang")
	cpe := ada.addsPhone(customer, "80:5e:c0:11:22:33")
	bea := h.signedIn(app.UserSpec{Login: "bea", Name: "Bea Beispiel", Role: auth.OperatorAdmin})
	const name = "phone_setting.lcd_logo.text"
	form, list := cpe+"/overrides/set?name="+name, cpe+"/overrides"
	hers := ada.get(form).hidden(h, "version")
	bea.post(list, "name", name, "value", "Beas", "version", bea.get(form).hidden(h, "version")).wants(h, http.StatusSeeOther)
	a := ada.post(list, "name", name, "value", "Adas", "version", hers).wants(h, http.StatusConflict)
	a.says(h, "Bea Beispiel hat das inzwischen geändert", "„Beas“", `value="Adas"`)
	ada.get(list+"?q="+name).says(h, "Beas").hides(h, "Adas")
	ada.post(list, "name", name, "value", "Adas", "version", a.hidden(h, "version")).wants(h, http.StatusSeeOther)
	ada.get(list+"?q="+name).says(h, "Adas")
	// Taking back is a change, too.
	seen := bea.get(list+"?q="+name).hidden(h, "version")
	ada.post(list, "name", name, "value", "Neu", "version", ada.get(form).hidden(h, "version")).wants(h, http.StatusSeeOther)
	back := bea.post(list, "clear", name, "version", seen).wants(h, http.StatusSeeOther)
	bea.get(back.header.Get("Location")+"&q="+name).says(h, "ist unverändert", "Neu")
	// Something else that was set meanwhile is no less a reason to look again.
	seen = ada.get(form).hidden(h, "version")
	bea.post(list, "name", "lang.gui", "value", "Dutch", "version", bea.get(form).hidden(h, "version")).wants(h, http.StatusSeeOther)
	ada.post(list, "name", "phone_setting.backlight_time", "value", "0", "version", seen).wants(h, http.StatusConflict).says(h, "Jemand anderes hat hier inzwischen etwas geändert")
}
