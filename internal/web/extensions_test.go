package web

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"tischlein/internal/telephony"
)

// floor is a customer with places and one extension.
func (h *house) floor(multi bool, places ...string) (customer, extension string, channels []string) {
	h.Helper()
	ctx := context.Background()
	c, err := h.app.Customers.Create(ctx, h.system, telephony.Customer{Number: "1001", Name: "Gasthaus Adler"})
	if err != nil {
		h.Fatal(err)
	}
	for _, n := range places {
		v, err := h.app.Channels.Create(ctx, h.system, telephony.Channel{CustomerID: c.ID, Name: n})
		if err != nil {
			h.Fatal(err)
		}
		channels = append(channels, v.Channel.ID)
	}
	x, err := h.app.Extensions.Create(ctx, h.system, telephony.Extension{CustomerID: c.ID, Number: "101", Name: "Erika Weber", MultiLogin: multi}, "8273")
	if err != nil {
		h.Fatal(err)
	}
	return c.ID, x.Extension.ID, channels
}

func TestS09_AnExtensionIsLinkedFromItsPageAndTheListSaysWhere(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	customer, x, ch := h.floor(true, "Empfang", "Küche", "Büro")
	page := "/customers/" + customer + "/extensions/" + x
	b.get(page).says(h, "Benutzer-Nebenstelle bearbeiten", "Benutzer mit CPE/Kanal verbinden", "- Bitte auswählen -", "noch ohne Gerät")
	b.get(page+"/effects?number=101&name=Erika+Weber&multi_login=on&channel="+ch[0]).says(h, "Empfang", "noch kein Gerät")
	b.post(page, "number", "101", "name", "Erika Weber", "multi_login", "on", "channel", "", "channel", ch[0], "channel", ch[1]).wants(h, http.StatusSeeOther)
	b.get(page).says(h, "Empfang", "Küche", "verknüpft, wartet")
	b.get("/customers/"+customer+"/extensions").says(h, "Erika Weber", "Empfang", "Küche", "Multi-Login")
	a := b.post(page, "number", "101", "name", "Erika", "multi_login", "on", "seen", ch[0], "seen", ch[1], "channel", ch[0], "channel", ch[1], "channel", ch[2])
	a.wants(h, http.StatusUnprocessableEntity).says(h, "Höchstens zwei", `value="Erika"`)
}

func TestD11_TakingAChoiceAwayAsksFirst(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	customer, x, ch := h.floor(false, "Empfang")
	page := "/customers/" + customer + "/extensions/" + x
	b.post(page, "number", "101", "name", "Erika Weber", "channel", ch[0]).wants(h, http.StatusSeeOther)
	form := []string{"number", "101", "name", "Erika Weber", "seen", ch[0], "channel", ""}
	b.post(page, form...).wants(h, http.StatusOK).says(h, "Bestätigen", "Empfang")
	if v, err := h.app.Channels.Get(context.Background(), h.system, customer, ch[0]); err != nil || v.Link == nil {
		t.Fatalf("the link went before it was confirmed: %v", err)
	}
	b.post(page, append(form, "confirmed", "on")...).wants(h, http.StatusSeeOther)
	if v, err := h.app.Channels.Get(context.Background(), h.system, customer, ch[0]); err != nil || v.Link != nil {
		t.Fatalf("it is still linked: %v", err)
	}
}

func TestD07_SwitchingMultiLoginOffNamesBothChannels(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	customer, x, ch := h.floor(true, "Empfang", "Küche")
	page := "/customers/" + customer + "/extensions/" + x
	b.post(page, "number", "101", "name", "Erika Weber", "multi_login", "on", "channel", ch[0], "channel", ch[1]).wants(h, http.StatusSeeOther)
	b.post(page, "number", "101", "name", "Erika Weber", "seen", ch[0], "seen", ch[1], "channel", ch[0], "channel", ch[1]).
		wants(h, http.StatusConflict).says(h, "Empfang und Küche")
}

func TestD23_WhoSavesOnAnOldPageOfTheExtensionReadsWhatStandsNow(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	customer, x, ch := h.floor(false, "Empfang")
	page := "/customers/" + customer + "/extensions/" + x
	b.post(page, "number", "101", "name", "Erika Weber", "channel", ch[0]).wants(h, http.StatusSeeOther)
	b.post(page, "number", "101", "name", "Erika W.", "channel", "").wants(h, http.StatusConflict).says(h, "inzwischen geändert", "Empfang", `value="Erika W."`)
}

func TestD20_AWeakPINIsRefusedBesideItsField(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	customer, x, _ := h.floor(false)
	page := "/customers/" + customer + "/extensions/" + x
	a := b.post(page+"/pin", "pin", "1234").wants(h, http.StatusUnprocessableEntity).says(h, "pin-error")
	if strings.Contains(a.text, `value="1234"`) {
		t.Error("the PIN is shown again")
	}
	b.post(page+"/pin", "pin", "4711").wants(h, http.StatusSeeOther)
}
