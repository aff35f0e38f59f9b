package web

import (
	"context"
	"net/http"
	"regexp"
	"testing"

	"tischlein/internal/telephony"
)

func (b *browser) addsPhone(customer, mac string) string {
	b.Helper()
	a := b.post("/customers/"+customer+"/cpes/new", "mac", mac, "driver", "yealink", "model", "T46U", "name", "Telefon Empfang").wants(b, http.StatusSeeOther)
	return a.header.Get("Location")
}

func TestU06_ADeviceIsAddedByItsMACInAnyNotationAndShown(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	customer, _, ch := h.floor(false, "Empfang")
	path := "/customers/" + customer + "/cpes/new"
	b.get(path+"?channel="+ch[0]).says(h, "Empfang", "Yealink", "T46U")
	b.post(path, "mac", "80:5e:c0", "driver", "yealink").wants(h, http.StatusUnprocessableEntity).says(h, "mac-error", `value="80:5e:c0"`)
	b.post(path, "mac", "805EC0112233").wants(h, http.StatusUnprocessableEntity).says(h, "driver-error")
	page := b.addsPhone(customer, "805E.C011.2233")
	b.get(page).says(h, "<svg", "80:5e:c0:11:22:33", "noch nie gemeldet", "Noch nicht anerkannt", "MAC-Adresse freigeben")
	b.get("/customers/"+customer+"/cpes?q=80-5E-C0-11-22-33").says(h, "Telefon Empfang")
	b.get("/customers/"+customer+"/cpes?filter=offline").hides(h, "Telefon Empfang")
}

func TestU06_ADeviceIsAttachedArmedAndItsURLsAreShownOnce(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	customer, _, ch := h.floor(false, "Empfang")
	page := b.addsPhone(customer, "80:5e:c0:11:22:33")
	b.post(page+"/attach", "channel", "").wants(h, http.StatusUnprocessableEntity).says(h, "channel-error")
	b.post(page+"/attach", "channel", ch[0]).leads(h, page)
	b.get(page).says(h, "Empfang")
	b.post(page+"/arm", "next", "/customers/"+customer+"/channels/"+ch[0]).leads(h, "/customers/"+customer+"/channels/"+ch[0])
	b.get(page).says(h, "Freigegeben bis", "Freigabe zurücknehmen")
	b.post(page+"/arm", "next", "https://evil.example/").leads(h, page)
	a := b.post(page+"/first-access").wants(h, http.StatusOK)
	url := regexp.MustCompile(`https://prov\.test\.example/f/[^"]+`).FindString(a.text)
	if url == "" || a.header.Get("Cache-Control") != "no-store" {
		t.Fatalf("no URL for the first access: %v", a.header)
	}
	b.get(page).hides(h, url)
	b.post(page+"/reveal").wants(h, http.StatusOK).says(h, "/d/")
	b.post(page+"/delete").wants(h, http.StatusConflict)
	b.post(page+"/lost").wants(h, http.StatusSeeOther)
	b.post(page+"/lost", "lost", "on").wants(h, http.StatusSeeOther)
	b.get(page).says(h, "Verlust aufheben")
}

func TestP08_ThePreviewMasksSecretsUntilTheyAreRevealed(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	customer, _, ch := h.floor(false, "Empfang")
	page := b.addsPhone(customer, "80:5e:c0:11:22:33")
	b.post(page+"/attach", "channel", ch[0]).leads(h, page)
	_, secret, err := h.app.CPEs.Credentials(context.Background(), h.system, customer, ch[0])
	if err != nil {
		t.Fatal(err)
	}
	b.get(page+"/preview").says(h, "account.1.password", "***").hides(h, secret.Reveal())
	b.get(page+"/diff").says(h, "noch nie geholt").hides(h, secret.Reveal())
	b.post(page+"/preview").wants(h, http.StatusOK).says(h, secret.Reveal())
	b.get("/customers/"+customer+"/log").says(h, "Datei mit Geheimnissen aufgedeckt")
}

func TestU06_EachQuestionIsAskedBeforeAnythingEnds(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	customer, _, _ := h.floor(false)
	page := b.addsPhone(customer, "80:5e:c0:11:22:33")
	for _, q := range []string{"delete", "lost", "reboot"} {
		b.get(page+"/ask?action="+q).wants(h, http.StatusOK).says(h, "Telefon Empfang", page+"/"+q)
	}
	b.get(page+"/ask?action=explode").wants(h, http.StatusNotFound)
	b.post(page+"/delete", "version", "1").wants(h, http.StatusSeeOther)
	b.get(page).wants(h, http.StatusNotFound)
	if _, err := h.app.CPEs.Get(context.Background(), h.system, customer, page[len(page)-26:]); telephony.CodeOf(err) != telephony.NotFound {
		t.Errorf("it is still there: %v", err)
	}
}

// P09: a restart is offered for phones that obey one, and only for those.
func TestP09_ARestartIsOfferedWhereThePhonesObeyOne(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	customer, _, _ := h.floor(false, "Empfang")
	for driver, mac := range map[string]string{"yealink": "80:5e:c0:11:22:33", "poly": "00:04:f2:11:22:33", "alcatel": "48:7a:55:11:22:33"} {
		at := b.post("/customers/"+customer+"/cpes/new", "mac", mac, "driver", driver, "name", driver).wants(h, http.StatusSeeOther).header.Get("Location")
		if page := b.get(at); driver == "yealink" {
			page.says(h, "/reboot")
		} else {
			page.says(h, "/resync").hides(h, "/reboot")
		}
	}
}
