package web

import (
	"net/http"
	"testing"

	"tischlein/internal/telephony"
)

// redirected says how the service answered what is due.
func (h *house) redirected(s telephony.RedirectState, detail string) {
	h.Helper()
	due, err := h.app.Redirects.Claim(h.Context(), 16)
	if err != nil || len(due) != 1 {
		h.Fatalf("%d entries are due, %v", len(due), err)
	}
	if err := h.app.Redirects.Done(h.Context(), due[0], s, detail); err != nil {
		h.Fatal(err)
	}
}

func TestP11_TheDevicesPageShowsItsRedirectEntryAndTriesAgain(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	customer, _, _ := h.floor(false, "Empfang")
	page := b.addsPhone(customer, "80:5e:c0:11:22:33")
	b.get(page).says(h, "Redirect-Dienst: Yealink RPS", "schickt dieses Telefon noch nicht zu uns", "Eintragen").hides(h, "Eintrag aufgeben")
	b.post(page+"/redirect-retry").wants(h, http.StatusNotFound)
	b.post(page+"/redirect").leads(h, page)
	b.get(page).says(h, "Wird eingetragen", "Eintrag aufgeben")
	h.redirected(telephony.RedirectOwned, "")
	b.get(page).says(h, "Bei einem anderen Betreiber", "Verkäufer oder Vorbesitzer", "Jetzt versuchen", "Nächster Versuch", "Redirect-Dienst")
	b.post(page+"/redirect-retry").leads(h, page)
	h.redirected(telephony.RedirectRefused, "the service refuses: <b>no</b>")
	b.get(page).says(h, "Abgelehnt", "&lt;b&gt;no&lt;/b&gt;")
	b.post(page+"/redirect-retry").leads(h, page)
	h.redirected(telephony.RedirectSet, "")
	b.get(page).says(h, "Eingetragen", "solange das Telefon im Karton liegt").hides(h, "Jetzt versuchen", "/f/")
	b.post(page+"/redirect-remove").leads(h, page)
	b.get(page).says(h, "Der Eintrag wird entfernt")
	h.redirected(telephony.RedirectRemoved, "")
	b.get(page).says(h, "schickt dieses Telefon noch nicht zu uns")
}
