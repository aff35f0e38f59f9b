package web

import (
	"context"
	"net/http"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"tischlein/internal/app"
	"tischlein/internal/telephony"
)

// inn is a customer with channels, people and phones, seen by an administrator.
type inn struct {
	*browser
	customer telephony.Customer
}

func newInn(t *testing.T) inn {
	t.Helper()
	h := newHouse(t)
	b := h.administrator()
	c, err := h.app.Customers.Create(context.Background(), h.system, telephony.Customer{Number: "1001", Name: "Gasthaus Adler", Language: "de", TimeZone: "Europe/Berlin"})
	i := inn{b, c}
	i.ok(err)
	return i
}

func (i inn) ok(err error) {
	i.Helper()
	if err != nil {
		i.Fatal(err)
	}
}

func (i inn) place(name string) telephony.Channel {
	i.Helper()
	v, err := i.app.Channels.Create(context.Background(), i.system, telephony.Channel{CustomerID: i.customer.ID, Name: name})
	i.ok(err)
	return v.Channel
}

func (i inn) person(number, name string) telephony.Extension {
	i.Helper()
	v, err := i.app.Extensions.Create(context.Background(), i.system, telephony.Extension{CustomerID: i.customer.ID, Number: number, Name: name}, "8273")
	i.ok(err)
	return v.Extension
}

// phone adds a device and connects it with the channel.
func (i inn) phone(ch telephony.Channel, x telephony.CPE) telephony.CPE {
	i.Helper()
	x.CustomerID = i.customer.ID
	v, err := i.app.CPEs.Create(context.Background(), i.system, x)
	i.ok(err)
	_, err = i.app.CPEs.Attach(context.Background(), i.system, i.customer.ID, v.CPE.ID, ch.ID, 0, false)
	i.ok(err)
	return v.CPE
}

func (i inn) yealink(ch telephony.Channel, last string) telephony.CPE {
	i.Helper()
	return i.phone(ch, telephony.CPE{Driver: "yealink", Model: "T46U", MAC: telephony.MAC("805ec00000" + last), Name: "Telefon " + ch.Name})
}

func (i inn) link(ch telephony.Channel, x telephony.Extension) {
	i.Helper()
	_, err := i.app.Links.Link(context.Background(), i.system, app.LinkRequest{CustomerID: i.customer.ID, ChannelID: ch.ID, ExtensionID: x.ID, Side: telephony.FromChannel})
	i.ok(err)
}

// guest logs a person in at a phone by hotdesking.
func (i inn) guest(ch telephony.Channel, x telephony.Extension) {
	i.Helper()
	_, err := i.app.Logins.Login(context.Background(), i.system, app.LoginRequest{CustomerID: i.customer.ID, ChannelID: ch.ID, Number: x.Number, PIN: "8273", Path: "api"})
	i.ok(err)
}

func (i inn) view(ch telephony.Channel) app.ChannelView {
	i.Helper()
	v, err := i.app.Channels.Get(context.Background(), i.system, i.customer.ID, ch.ID)
	i.ok(err)
	return v
}

// linked checks who is linked with the channel; "" is nobody.
func (i inn) linked(ch telephony.Channel, name string) {
	i.Helper()
	got := ""
	if v := i.view(ch); v.LinkedTo != nil {
		got = v.LinkedTo.Name
	}
	if got != name {
		i.Fatalf("%s is linked with %q, want %q", ch.Name, got, name)
	}
}

// at is a path below the customer.
func (i inn) at(parts ...string) string {
	return "/customers/" + i.customer.ID + "/" + strings.Join(parts, "/")
}

// seen lets the device of a channel show itself at an address.
func (i inn) seen(ch telephony.Channel, from string) {
	i.Helper()
	i.ok(i.app.Registrar.Contacted(context.Background(), i.customer.ID, ch.ID, netip.MustParseAddr(from)))
}

func (i inn) listing(on bool) {
	i.Helper()
	_, err := i.app.Customers.Update(context.Background(), i.system, i.customer.ID, 0, func(c *telephony.Customer) error { c.IPListing = on; return nil })
	i.ok(err)
}

// row is the table row of a channel.
func row(a answer, ch telephony.Channel) string {
	m := regexp.MustCompile(`(?s)<tr[^>]* id="channel-` + ch.ID + `".*?</tr>`).FindString(a.text)
	return m
}

func TestU04_TheListSaysWhereEveryPlaceStands(t *testing.T) {
	i := newInn(t)
	reception, kitchen, cellar := i.place("Empfang"), i.place("Küche"), i.place("Keller")
	ada, guest := i.person("101", "Ada Wirt"), i.person("106", "Jörg Weber")
	i.yealink(reception, "01")
	i.link(cellar, ada)
	i.guest(reception, guest)
	list := i.get(i.at("channels")).wants(t, http.StatusOK)
	for _, want := range []struct {
		ch    telephony.Channel
		words []string
	}{
		{reception, []string{"offline", "Jörg Weber", "Gast", "Telefon Empfang", `aria-label="Empfang bearbeiten"`}},
		{kitchen, []string{"kein Gerät"}},
		{cellar, []string{"wartet auf Gerät", "Ada Wirt", "verknüpft"}},
	} {
		for _, w := range want.words {
			if !strings.Contains(row(list, want.ch), w) {
				t.Errorf("the row of %s does not say %q: %s", want.ch.Name, w, row(list, want.ch))
			}
		}
	}
	found := i.get(i.at("channels?filter=linked&sort=-name&q=kell"))
	if row(found, cellar) == "" || row(found, kitchen) != "" {
		t.Error("search and filter do not narrow the list")
	}
	found.says(t, `name="filter" value="linked"`, `name="sort" value="-name"`, "1 Treffer")
	i.get(i.at("channels?q=nirgends")).says(t, "Kein Kanal passt")
	newInn(t).administratorless(t)
}

// administratorless: a customer without channels is told what to do.
func (i inn) administratorless(t *testing.T) {
	i.get(i.at("channels")).says(t, "Noch kein Kanal", i.at("channels", "new"))
}

func TestU01_WalkA_EditIconChooseSave(t *testing.T) {
	i := newInn(t)
	reception, ada := i.place("Empfang"), i.person("101", "Ada Wirt")
	i.yealink(reception, "01")
	page := i.at("channels", reception.ID)
	i.get(i.at("channels")).says(t, `href="`+page+`"`)
	i.get(page).says(t, "<h1>Kanal bearbeiten</h1>", "Benutzer mit Kanal/CPE verbinden", "- Bitte auswählen -", "101 Ada Wirt")
	i.post(page, "name", "Empfang", "location", "", "version", "1", "extension", ada.ID).leads(t, page)
	i.linked(reception, "Ada Wirt")
	if v := i.view(reception); v.Login == nil || v.Login.Kind != telephony.LoginLinked {
		t.Fatal("the phone is connected, and yet she is not logged in there (S01)")
	}
	i.get(page).says(t, "101 Ada Wirt", "Trennen", "gespeichert", "gesendet", "abgeholt", "angemeldet").hides(t, "- Bitte auswählen -")
}

func TestS12_NothingHappensBeforeTheConfirmation(t *testing.T) {
	i := newInn(t)
	reception, ada := i.place("Empfang"), i.person("101", "Ada Wirt")
	i.yealink(reception, "01")
	i.link(reception, ada)
	page := i.at("channels", reception.ID)
	i.get(page+"/unlink").wants(t, http.StatusOK).says(t, "Bestätigen", "Ada Wirt (101) wird an Empfang abgemeldet.")
	i.linked(reception, "Ada Wirt")
	i.post(page+"/unlink", "extension", ada.ID).leads(t, page)
	i.linked(reception, "")
	if i.view(reception).Login != nil {
		t.Fatal("she is still logged in (S05)")
	}
	i.get(page).says(t, "- Bitte auswählen -", "Hotdesking ist dort wieder möglich.")
	i.post(page+"/unlink", "extension", ada.ID).leads(t, page)
	i.get(page).says(t, "war schon nicht mehr verknüpft")
}

func TestS12_ConfirmingEndsOnlyTheLinkThatWasRead(t *testing.T) {
	i := newInn(t)
	reception, ada, ben := i.place("Empfang"), i.person("101", "Ada Wirt"), i.person("102", "Ben Koch")
	i.link(reception, ben)
	i.post(i.at("channels", reception.ID, "unlink"), "extension", ada.ID).wants(t, http.StatusConflict).says(t, "Inzwischen ist hier Ben Koch (102) verknüpft.")
	i.linked(reception, "Ben Koch")
}

func TestS11_PleaseChooseMeansNoLink(t *testing.T) {
	i := newInn(t)
	reception, ada := i.place("Empfang"), i.person("101", "Ada Wirt")
	page := i.at("channels", reception.ID)
	i.post(page, "name", "Empfang", "location", "", "version", "1", "extension", "").leads(t, page)
	i.linked(reception, "")
	i.link(reception, ada)
	i.post(page, "name", "Empfang am Tor", "location", "", "version", "1", "extension", "").leads(t, page)
	i.linked(reception, "Ada Wirt") // Trennen alone ends a link (D11)
	if n := i.view(reception).Channel.Name; n != "Empfang am Tor" {
		t.Fatalf("the name is %q", n)
	}
}

func TestU09_SupportSeesNoButtonThatWouldBeRefused(t *testing.T) {
	i := newInn(t)
	reception, ada := i.place("Empfang"), i.person("101", "Ada Wirt")
	i.link(reception, ada)
	s := i.signedIn(app.UserSpec{Login: "vera", Role: "operator_support"})
	s.get(i.at("channels")).wants(t, http.StatusOK).hides(t, "Kanal anlegen", "Empfang bearbeiten")
	s.get(i.at("channels", reception.ID)).wants(t, http.StatusOK).
		says(t, "Benutzer mit Kanal/CPE verbinden", "101 Ada Wirt").hides(t, "Trennen", "Speichern", "Kanal löschen", "Anschließen")
	s.get(i.at("channels", reception.ID, "unlink")).wants(t, http.StatusForbidden)
}

func TestU04_ADeletedChannelSaysSo(t *testing.T) {
	i := newInn(t)
	reception, ada := i.place("Empfang"), i.person("101", "Ada Wirt")
	i.link(reception, ada)
	page := i.at("channels", reception.ID)
	i.get(page+"/delete").says(t, "Ada Wirt (101) wird getrennt und abgemeldet.")
	i.post(page+"/delete", "version", "7").wants(t, http.StatusConflict)
	i.post(page+"/delete", "version", "1").leads(t, i.at("channels"))
	i.get(page).wants(t, http.StatusNotFound).says(t, "gelöscht")
	i.get(page+"/progress").wants(t, http.StatusNotFound)
	i.headers["Tischlein-Live"] = "1"
	i.get(page+"/progress").wants(t, http.StatusOK).says(t, `id="progress-`+reception.ID, "hidden")
}

func TestQ10_TheNumbersOfALargeCustomerComeAfterTheList(t *testing.T) {
	i := newInn(t)
	i.place("Empfang")
	i.get(i.at("channels")).says(t, "<b>1</b>").hides(t, "channels/counts")
	i.get(i.at("channels", "counts?filter=no_device&sort=-name")).wants(t, http.StatusOK).
		says(t, `id="channel-counts"`, "kein Gerät", "<b>1</b>", `aria-current="true"`, "sort=-name").hides(t, "<main")
	for n := range 1000 {
		i.place("Zimmer " + strconv.Itoa(n))
	}
	i.get(i.at("channels")).says(t, `hx-get="`+i.at("channels", "counts")+`"`, "kein Gerät").hides(t, "<b>")
}
