package web

import (
	"context"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

// seat is a linked desk whose device was seen at an address.
func (h *house) seat(customer, channel, number, mac, from string) app.Device {
	h.Helper()
	ctx := context.Background()
	ok := func(err error) {
		h.Helper()
		if err != nil {
			h.Fatal(err)
		}
	}
	ch, err := h.app.Channels.Create(ctx, h.system, telephony.Channel{CustomerID: customer, Name: channel})
	ok(err)
	x, err := h.app.Extensions.Create(ctx, h.system, telephony.Extension{CustomerID: customer, Number: number, Name: "Person " + number}, "")
	ok(err)
	d, err := h.app.CPEs.Create(ctx, h.system, telephony.CPE{CustomerID: customer, Driver: "yealink", Model: "T46U", MAC: telephony.MAC(mac), Name: "Gerät " + channel})
	ok(err)
	_, err = h.app.CPEs.Attach(ctx, h.system, customer, d.CPE.ID, ch.Channel.ID, 0, false)
	ok(err)
	_, err = h.app.Links.Link(ctx, h.system, app.LinkRequest{CustomerID: customer, ChannelID: ch.Channel.ID, ExtensionID: x.Extension.ID, Side: telephony.FromChannel})
	ok(err)
	dev := app.Device{ID: d.CPE.ID, CustomerID: customer, MAC: telephony.MAC(mac), Driver: "yealink", Model: "T46U"}
	ok(h.app.Devices.Contacted(ctx, dev, netip.MustParseAddr(from)))
	return dev
}

func (h *house) read(customer string) telephony.Customer {
	h.Helper()
	x, err := h.app.Customers.Get(context.Background(), h.system, customer)
	if err != nil {
		h.Fatal(err)
	}
	return x
}

var errorBeside = regexp.MustCompile(`(?s)<p class="error" id="(\w+)-error">.*?<span>(.*?)</span>`)

func TestU03_KundendatenSaysWhoItIsHowManyThereAreAndWhereTheyStand(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	c := h.customer("1001")
	h.seat(c.ID, "Empfang", "101", "00156500aa01", "203.0.113.7")
	h.seat(c.ID, "Küche", "102", "00156500aa02", "203.0.113.7")
	base := "/customers/" + c.ID
	a := b.get(base).wants(h, http.StatusOK)
	a.says(h, "Kundendaten", "Gasthaus 1001", "Europe/Berlin", "Deutsch", "Konto", "IP-Listing", "ausgeschaltet",
		base+"/channels?filter=offline", base+"/cpes?filter=", base+"/channels?filter=linked", base+"/edit", base+"/delete", "Enreach Contact")
	for _, w := range []string{"Kanäle", "verknüpfte Kanäle", "CPEs"} {
		if !strings.Contains(a.text, "<b>2</b><span>"+w+"</span>") {
			t.Errorf("it does not count two %s", w)
		}
	}

	support := h.signedIn(app.UserSpec{Login: "sina", Role: auth.OperatorSupport})
	support.get(base).wants(h, http.StatusOK).says(h, "Kundendaten").hides(h, base+"/edit", base+"/delete", base+"/ip-listing")
	support.get("/customers").wants(h, http.StatusOK).says(h, "Gasthaus 1001").hides(h, "/customers/new", base+"/edit")
	support.get(base+"/detail").wants(h, http.StatusOK).says(h, "901", "110").hides(h, "Speichern", "<input type=\"hidden\" name=\"version\"")
	own := h.signedIn(app.UserSpec{Login: "karl", Role: auth.CustomerAdmin, CustomerID: c.ID})
	own.get(base).wants(h, http.StatusOK).says(h, base+"/edit", base+"/ip-listing").hides(h, base+"/delete")
	own.get("/customers/new").wants(h, http.StatusForbidden)
	own.get(base+"/delete").wants(h, http.StatusForbidden)
}

func TestU04_CustomersAreSearchedSortedAndNarrowedInTheAddress(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	good, bad := h.customer("1001"), h.customer("1002")
	dev := h.seat(bad.ID, "Empfang", "101", "00156500aa01", "203.0.113.7")
	if _, err := h.app.CPEs.Lost(context.Background(), h.system, bad.ID, dev.ID, true); err != nil {
		t.Fatal(err)
	}
	b.get("/customers").wants(h, http.StatusOK).says(h, good.Name, bad.Name, "1 Gerät gestört", "keine Störung", "2 Kunden")
	b.get("/customers?filter=failing").says(h, bad.Name, `href="/customers?filter=failing&amp;sort=name"`).hides(h, good.Name)
	b.get("/customers?q=1001").says(h, good.Name).hides(h, bad.Name)
	if a := b.get("/customers?sort=-number"); strings.Index(a.text, bad.Name) > strings.Index(a.text, good.Name) {
		t.Error("descending by number is not")
	}
	b.get("/customers?q=nobody").wants(h, http.StatusOK).says(h, "Kein Kunde passt dazu", "Alle Kunden zeigen")
	b.headers["HX-Request"] = "true"
	b.get("/customers?q=1001").says(h, `id="customers"`, good.Name).hides(h, "<html")
	delete(b.headers, "HX-Request")
	b.get("/customers?sort=colour").wants(h, http.StatusUnprocessableEntity)

	partner, err := h.app.Partners.Create(context.Background(), h.system, telephony.Partner{Name: "Telefonhaus"})
	if err != nil {
		t.Fatal(err)
	}
	theirs := h.signedIn(app.UserSpec{Login: "paul", Role: auth.PartnerAdmin, PartnerID: partner.ID})
	theirs.get("/customers").wants(h, http.StatusOK).says(h, "Noch kein Kunde", "/customers/new").hides(h, good.Name, bad.Name)
}

func TestU03_CustomersAreMadeChangedAndDeletedWhenEmpty(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	partner, err := h.app.Partners.Create(context.Background(), h.system, telephony.Partner{Name: "Telefonhaus"})
	if err != nil {
		t.Fatal(err)
	}
	taken := h.customer("1001")
	a := b.post("/customers/new", "name", "Hotel Krone", "number", "1001", "language", "nl", "time_zone", "Europe/Berlin", "partner_id", partner.ID)
	a.wants(h, http.StatusConflict).says(h, "Hotel Krone", `value="nl" selected`, `aria-invalid="true"`, "Diese Nummer ist vergeben.")
	a = b.post("/customers/new", "name", "", "number", "1002", "language", "de", "time_zone", "Europe/Nowhere").wants(h, http.StatusUnprocessableEntity)
	if m := errorBeside.FindStringSubmatch(a.text); m == nil || m[1] != "name" || !strings.Contains(a.text, "Europe/Nowhere") {
		t.Errorf("the missing name is not marked, or what was typed is gone: %v", m)
	}
	b.post("/customers/new", "name", "Hotel Krone", "number", "1002", "language", "de", "time_zone", "Europe/Nowhere").
		wants(h, http.StatusUnprocessableEntity).says(h, `id="time_zone-error"`)
	a = b.post("/customers/new", "name", "Hotel Krone", "number", "1002", "language", "nl", "time_zone", "Europe/Amsterdam", "partner_id", partner.ID).wants(h, http.StatusSeeOther)
	base := a.header.Get("Location")
	b.get(base).wants(h, http.StatusOK).says(h, "Hotel Krone", "Nederlands", "Telefonhaus", "ist angelegt")

	stale := strconv.FormatInt(h.read(strings.TrimPrefix(base, "/customers/")).Version, 10)
	edit := func(name string) answer {
		return b.post(base+"/edit", "name", name, "number", "1003", "language", "de", "time_zone", "Europe/Vienna", "partner_id", "", "version", stale)
	}
	edit("Hotel Post").leads(h, base)
	if x := h.read(strings.TrimPrefix(base, "/customers/")); x.Name != "Hotel Post" || x.Number != "1003" || x.PartnerID != "" || x.TimeZone != "Europe/Vienna" {
		t.Errorf("saved as %+v", x)
	}
	edit("Hotel Zwei").wants(h, http.StatusConflict).says(h, "Hotel Zwei", "Jemand hat diese Daten inzwischen geändert")

	h.seat(taken.ID, "Empfang", "101", "00156500aa01", "203.0.113.7")
	b.get("/customers/"+taken.ID+"/delete").says(h, "lässt sich noch nicht löschen", "Nebenstellen").hides(h, `method="post" action="/customers/`+taken.ID+`/delete"`)
	b.post("/customers/"+taken.ID+"/delete").wants(h, http.StatusConflict).says(h, "lässt sich noch nicht löschen")
	b.get(base+"/delete").says(h, "Hotel Post löschen?")
	b.post(base+"/delete").leads(h, "/customers")
	b.get("/customers").says(h, "Hotel Post ist gelöscht.")
	b.get(base).wants(h, http.StatusNotFound).says(h, "vielleicht hat es jemand inzwischen gelöscht")
}

func TestD18_SwitchingIPListingNamesTheDevicesBeforeAndCanAllowThem(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	ctx := context.Background()
	c := h.customer("1001")
	h.seat(c.ID, "Empfang", "101", "00156500aa01", "203.0.113.7")
	far := h.seat(c.ID, "Lager", "102", "00156500aa02", "198.51.100.9")
	page := "/customers/" + c.ID + "/ip-listing"
	b.get(page).wants(h, http.StatusOK).says(h, "2 Geräte werden ihren Benutzer verlieren", "Empfang (101 Person 101)", "198.51.100.9", "Die Liste ist noch leer.")
	if h.read(c.ID).IPListing {
		t.Fatal("asking switched it on")
	}
	b.post(page, "on", "on", "allow", "203.0.113.7", "version", strconv.FormatInt(h.read(c.ID).Version, 10)).leads(h, "/customers/"+c.ID+"#account")
	if !h.read(c.ID).IPListing {
		t.Fatal("it is not on")
	}
	l, err := h.app.Customers.Allowlist(ctx, h.system, c.ID)
	if err != nil || len(l) != 1 || l[0].Entry.String() != "203.0.113.7" {
		t.Fatalf("the list is %v, %v", l, err)
	}
	b.post(page, "on", "on").leads(h, "/customers/"+c.ID)
	b.get("/customers/"+c.ID).says(h, "eingeschaltet", "1 Eintrag steht auf der Liste.", "Das war schon geschehen")

	if err := h.app.Devices.Contacted(ctx, far, netip.MustParseAddr("198.51.100.9")); err != nil {
		t.Fatal(err)
	}
	detail := "/customers/" + c.ID + "/detail"
	b.get(detail).wants(h, http.StatusOK).says(h, "IP-Zulassungsliste", "Hier wurden eben Geräte abgewiesen", "198.51.100.9", "an Lager", "198.51.100.9 zulassen")
	b.get(page).says(h, "1 Gerät, das jetzt abgewiesen wird, bekommt seinen Benutzer", "Lager (102 Person 102)")
	b.post(detail+"/allow", "entry", "198.51.100.9").leads(h, detail+"#allowlist")
	b.get(detail).hides(h, "Hier wurden eben Geräte abgewiesen").says(h, "198.51.100.9 ist zugelassen")

	b.post(page, "version", "0").leads(h, "/customers/"+c.ID+"#account")
	if h.read(c.ID).IPListing {
		t.Error("it is still on")
	}
	b.get(detail).says(h, "IP-Listing ist ausgeschaltet").hides(h, "198.51.100.9")
}

func TestD18_RemovingAnEntryNamesTheDevicesBefore(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	ctx := context.Background()
	c := h.customer("1001")
	h.seat(c.ID, "Empfang", "101", "00156500aa01", "203.0.113.7")
	for _, e := range []string{"203.0.113.0-203.0.113.15", "192.0.2.9"} {
		if _, err := h.app.Customers.Allow(ctx, h.system, c.ID, e, "Notiz <b>"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := h.app.Customers.Update(ctx, h.system, c.ID, 0, func(x *telephony.Customer) error { x.IPListing = true; return nil }); err != nil {
		t.Fatal(err)
	}
	detail := "/customers/" + c.ID + "/detail"
	ask := func(e string) answer { return b.get(detail + "/disallow?entry=" + url.QueryEscape(e)) }
	ask("203.0.113.0-203.0.113.15").wants(h, http.StatusOK).says(h, "1 Gerät wird seinen Benutzer verlieren", "Empfang (101 Person 101)")
	ask("192.0.2.9").says(h, "Kein Gerät mit verknüpftem Benutzer").hides(h, "verlieren")
	ask("192.0.2.10").leads(h, detail+"#allowlist")
	b.headers["HX-Request"] = "true"
	ask("192.0.2.9").says(h, `<dialog class="dialog" id="disallow"`).hides(h, "<html")
	delete(b.headers, "HX-Request")
	b.get(detail).says(h, "Notiz &lt;b&gt;", "Bereich", "192.0.2.9")
	b.post(detail+"/disallow", "entry", "203.0.113.0-203.0.113.15").leads(h, detail+"#allowlist")
	b.post(detail+"/disallow", "entry", "203.0.113.0-203.0.113.15").leads(h, detail+"#allowlist")
	b.get(detail).says(h, "Vielleicht war jemand schneller").hides(h, `<span class="code">203.0.113.0-203.0.113.15`)
}

func TestD16_WrongEntriesAreNamedBesideTheFieldAndStayTyped(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	c := h.customer("1001")
	if _, err := h.app.Customers.Update(context.Background(), h.system, c.ID, 0, func(x *telephony.Customer) error { x.IPListing = true; return nil }); err != nil {
		t.Fatal(err)
	}
	detail := "/customers/" + c.ID + "/detail"
	for entry, says := range map[string]string{
		"":                           "Diese Angabe fehlt.",
		"Büro":                       "Das ist keine IP-Adresse",
		"203.0.113.20-203.0.113.7":   "beginnt hinter seinem Ende",
		"203.0.113.1-2001:db8::1":    "nicht von derselben Art",
		"203.0.113.0-203.0.114.1":    "höchstens 256",
		"2001:db8::1-2001:db8::9":    "als Präfix",
		"2001:db8:1::5/48":           "nur das Präfix",
		"0.0.0.0":                    "kann kein Gerät haben",
		"203.0.113.7-203.0.113.abcd": "Das ist keine IP-Adresse",
	} {
		a := b.post(detail+"/allow", "entry", entry, "note", "Werk 2").wants(h, http.StatusUnprocessableEntity)
		m := errorBeside.FindStringSubmatch(a.text)
		if m == nil || m[1] != "entry" || !strings.Contains(m[2], says) {
			t.Errorf("%q: %v, want %q", entry, m, says)
		}
		a.says(h, `value="Werk 2"`, `value="`+entry+`"`, "autofocus")
	}
	for _, entry := range []string{"203.0.113.7", "203.0.113.10 - 203.0.113.20", "2001:db8:1::/48"} {
		b.post(detail+"/allow", "entry", entry).leads(h, detail+"#allowlist")
	}
	b.get(detail).says(h, "einzelne Adresse", "203.0.113.10-203.0.113.20", "Präfix")
}

func TestU03_CodesEmergencyNumbersAndDigitsAreKeptAndRefusedBesideTheirField(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	c := h.customer("1001")
	detail := "/customers/" + c.ID + "/detail"
	b.get(detail).says(h, `value="901"`, `value="902"`, `value="110, 112"`, "legt die erste Nebenstelle fest")
	b.post(detail, "login_code", "801", "logout_code", "802", "emergency_numbers", "110; 112 19222", "extension_digits", "4").leads(h, detail)
	if x := h.read(c.ID); x.LoginCode != "801" || x.LogoutCode != "802" || strings.Join(x.EmergencyNumbers, "+") != "110+112+19222" || x.ExtensionDigits != 4 {
		t.Errorf("saved as %+v", x)
	}
	for field, bad := range map[string][]string{
		"login_code":        {"8x", "802", "110, 112", ""},
		"logout_code":       {"801", "801", "110", ""},
		"emergency_numbers": {"801", "802", "110, 11a", ""},
		"extension_digits":  {"801", "802", "110", "9"},
	} {
		a := b.post(detail, "login_code", bad[0], "logout_code", bad[1], "emergency_numbers", bad[2], "extension_digits", bad[3]).wants(h, http.StatusUnprocessableEntity)
		if m := errorBeside.FindStringSubmatch(a.text); m == nil || m[1] != field {
			t.Errorf("%v: the error is at %v, want %s", bad, m, field)
		}
	}
	b.post(detail, "login_code", "801", "logout_code", "802", "emergency_numbers", "").wants(h, http.StatusUnprocessableEntity).says(h, `id="emergency_numbers-error"`)
	if _, err := h.app.Extensions.Create(context.Background(), h.system, telephony.Extension{CustomerID: c.ID, Number: "1010", Name: "Ada"}, ""); err != nil {
		t.Fatal(err)
	}
	b.get(detail).says(h, "Steht fest").hides(h, `name="extension_digits"`)
	b.post(detail, "login_code", "803", "logout_code", "802", "emergency_numbers", "110").leads(h, detail)
	if x := h.read(c.ID); x.ExtensionDigits != 4 || x.LoginCode != "803" {
		t.Errorf("saved as %+v", x)
	}
	b.post(detail, "login_code", "803", "logout_code", "802", "pickup_code", "*55", "emergency_numbers", "110").leads(h, detail)
	if x := h.read(c.ID); x.PickupCode != "*55" { // C12
		t.Errorf("saved as %+v", x)
	}
	b.post(detail, "login_code", "803", "logout_code", "802", "pickup_code", "55", "emergency_numbers", "110").
		wants(h, http.StatusUnprocessableEntity).says(h, `id="pickup_code-error"`, "Ein Stern und 1 bis 7 Ziffern")
	b.post(detail, "login_code", "803", "logout_code", "802", "emergency_numbers", "110", "extension_digits", "3").
		wants(h, http.StatusConflict).says(h, "Deren Länge lässt sich nicht mehr ändern")
}

func TestU03_TheCustomersPageSaysWhomToAsk(t *testing.T) {
	i := newInn(t)
	page := "/customers/" + i.customer.ID
	i.get(page).hides(t, "Ansprechpartner")
	save := []string{"name", "Gasthaus Adler", "number", "1001", "language", "de", "time_zone", "Europe/Berlin", "contact_person", "Erna Adler", "contact_phone", "0911 / 55 50-10"}
	i.post(page+"/edit", append(save, "contact_email", "erna")...).wants(t, http.StatusUnprocessableEntity).says(t, `id="contact_email-error"`, `value="erna"`, `value="Erna Adler"`)
	i.post(page+"/edit", append(save, "contact_email", "erna@adler.example")...).leads(t, page)
	i.get(page).says(t, "Ansprechpartner", "Erna Adler", `href="tel:0911555010"`, "erna@adler.example", "mailto:")
	i.get(page+"/edit").says(t, `value="Erna Adler"`)
	i.get(page+"/log").says(t, "Ansprechpartner", "Erna Adler")
}
