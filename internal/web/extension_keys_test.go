package web

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

// keysOf are an extension's keys as they are kept.
func (h *house) keysOf(customer, extension string) string {
	h.Helper()
	v, err := h.app.Extensions.Get(context.Background(), h.system, customer, extension)
	if err != nil {
		h.Fatal(err)
	}
	var words []string
	for _, k := range v.Extension.Keys {
		words = append(words, string(k.Kind)+" "+k.Label+" "+k.Value)
	}
	return strings.Join(words, ", ")
}

func TestP08_KeysAreEditedWithoutScripts(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	customer, x, _ := h.floor(false, "Empfang")
	if _, err := h.app.Extensions.Create(context.Background(), h.system, telephony.Extension{CustomerID: customer, Number: "102", Name: "Karl Otto"}, ""); err != nil {
		t.Fatal(err)
	}
	page := "/customers/" + customer + "/extensions/" + x
	b.get(page).says(h, "Tasten", "Noch keine Tasten.", `value="102">Karl Otto`)
	form := []string{"keys[0].kind", "blf", "keys[0].value", "102", "keys[0].label", "", "keys[1].kind", "speed_dial", "keys[1].value", "030 4433", "keys[1].label", "Taxi"}
	with := func(do string) []string { return append([]string{"do", do}, form...) }
	b.post(page+"/keys", "do", "add").wants(h, http.StatusOK).says(h, `name="keys[0].kind"`, "Noch nicht gespeichert.")
	a := b.post(page+"/keys", with("up-1")...).wants(h, http.StatusOK)
	if strings.Index(a.text, `value="Taxi"`) > strings.Index(a.text, `value="102" `) {
		t.Error("the key was not moved up")
	}
	b.post(page+"/keys", with("remove-0")...).wants(h, http.StatusOK).says(h, `value="Taxi"`).hides(h, `name="keys[1].kind"`)
	if got := h.keysOf(customer, x); got != "" {
		t.Fatalf("buttons save: %s", got)
	}
	b.post(page+"/keys", append(form, "keys[2].kind", "blf", "keys[2].value", "", "keys[3].kind", "hotdesk")...).leads(h, page+"#extension-keys")
	if got := h.keysOf(customer, x); got != "blf  102, speed_dial Taxi 0304433, hotdesk  " {
		t.Fatal(got)
	}
	b.get(page).says(h, "Die Tasten sind gespeichert.", `value="Taxi"`)
	b.post(page+"/keys", "keys[0].kind", "blf", "keys[0].value", "999").wants(h, http.StatusUnprocessableEntity).says(h, "Diese Nebenstelle gibt es nicht.", `value="999"`, `id="keys[0].value-error"`)
	b.post(page+"/keys", append(form, "version", "1")...).wants(h, http.StatusConflict)
	b.get("/customers/"+customer+"/log").says(h, "Zielwahl Taxi 0304433")
}

func TestP08_ThePageSaysWhichKeysDoNotFit(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	customer, x, ch := h.floor(false, "Empfang")
	ctx := context.Background()
	d, err := h.app.CPEs.Create(ctx, h.system, telephony.CPE{CustomerID: customer, Driver: "yealink", Model: "T31P", MAC: "805ec0000009", Name: "Küchentelefon"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.app.CPEs.Attach(ctx, h.system, customer, d.CPE.ID, ch[0], 0, false); err != nil {
		t.Fatal(err)
	}
	if _, err := h.app.Links.Link(ctx, h.system, app.LinkRequest{CustomerID: customer, ChannelID: ch[0], ExtensionID: x, Side: telephony.FromChannel}); err != nil {
		t.Fatal(err)
	}
	page := "/customers/" + customer + "/extensions/" + x
	b.post(page+"/keys", "keys[0].kind", "speed_dial", "keys[0].value", "110", "keys[0].label", "Polizei",
		"keys[1].kind", "speed_dial", "keys[1].value", "112", "keys[1].label", "Feuerwehr").leads(h, page+"#extension-keys")
	b.get(page).says(h, "„Feuerwehr“ passt nicht auf", "Küchentelefon (Yealink T31P)")
	b.get("/customers/"+customer+"/cpes/"+d.CPE.ID).says(h, "Polizei").hides(h, "Feuerwehr")
	b.get("/customers/"+customer+"/cpes/"+d.CPE.ID+"/preview").says(h, "linekey.2.label", "Polizei")
	s := h.signedIn(app.UserSpec{Login: "sam", Role: auth.OperatorSupport})
	s.get(page).says(h, "Feuerwehr", "passt nicht auf").hides(h, page+"/keys")
}
