package web

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

func TestU06_ADeviceMovesOnlyAfterItWasSaidWhatThatEnds(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	customer, _, ch := h.floor(false, "Empfang", "Küche")
	page := b.addsPhone(customer, "80:5e:c0:11:22:33")
	b.post(page+"/attach", "channel", ch[0]).leads(h, page)
	b.get(page).says(h, "Abziehen", "An einen anderen Kanal umziehen", page+"/attach").hides(h, "Küche") // the choice is read when somebody comes for it
	b.get(page+"/attach").says(h, "Umziehen", "Küche")
	b.get(page+"/effects?channel="+ch[1]).says(h, "Empfang", "Küche", `name="read"`)
	b.post(page+"/attach", "channel", ch[1]).wants(h, http.StatusOK).says(h, "Telefon Empfang umziehen?", "Empfang", `value="`+ch[1]+`"`)
	at := func() string {
		v, err := h.app.CPEs.Get(context.Background(), h.system, customer, page[len(page)-26:])
		if err != nil || len(v.Attachments) != 1 {
			t.Fatal(v.Attachments, err)
		}
		return v.Attachments[0].ChannelID
	}
	if at() != ch[0] {
		t.Fatal("it moved before it was confirmed")
	}
	b.post(page+"/attach", "channel", ch[1], "port", "", "read", "on").leads(h, page)
	if at() != ch[1] {
		t.Error("it did not move")
	}
}

func TestU06_EveryPortOfADeviceHasItsLine(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	customer, _, ch := h.floor(false, "Empfang", "Küche")
	page := b.post("/customers/"+customer+"/cpes/new", "mac", "80:5e:c0:11:22:33", "driver", "yealink", "model", "W60B", "name", "Basis", "ports", "3").wants(t, http.StatusSeeOther).header.Get("Location")
	b.post(page+"/attach", "channel", ch[0], "port", "2").leads(h, page)
	a := b.get(page+"/attach").says(h, "Empfang", "nächster freier")
	if n := len(regexp.MustCompile(`class="port"`).FindAllString(a.text, -1)); n != 3 {
		t.Errorf("%d lines for 3 ports", n)
	}
	if n := len(regexp.MustCompile(`<option value="[123]"`).FindAllString(a.text, -1)); n != 2 {
		t.Errorf("%d ports to choose from, 2 are free", n)
	}
	b.post(page+"/attach", "channel", ch[1], "port", "7").wants(h, http.StatusUnprocessableEntity).says(h, "port-error")
	b.post(page+"/attach", "channel", ch[1], "port", "x").wants(h, http.StatusUnprocessableEntity).says(h, "port-error")
	b.post(page+"/attach", "channel", ch[1], "port", "").leads(h, page)
	if v, err := h.app.CPEs.Get(context.Background(), h.system, customer, page[len(page)-26:]); err != nil || len(v.Attachments) != 2 {
		t.Error(telephony.CodeOf(err), v.Attachments)
	}
}

func TestU06_TheWayToAttachComesAndGoesWithAFreePort(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	customer, _, ch := h.floor(false, "Empfang", "Küche")
	page := b.post("/customers/"+customer+"/cpes/new", "mac", "80:5e:c0:11:22:33", "driver", "yealink", "model", "W60B", "name", "Basis", "ports", "2").wants(t, http.StatusSeeOther).header.Get("Location")
	way := func() string {
		return regexp.MustCompile(`(?s)<div id="cpe-attach".*?</div>`).FindString(b.get(page).text)
	}
	if w := way(); !strings.Contains(w, "An einen Kanal anschließen") || !strings.Contains(w, `data-live="cpe-`) {
		t.Errorf("two ports are free: %s", w)
	}
	b.post(page+"/attach", "channel", ch[0]).leads(h, page)
	b.post(page+"/attach", "channel", ch[1]).leads(h, page)
	if w := way(); strings.Contains(w, "anschließen") || !strings.Contains(w, "channel-"+ch[1]) {
		t.Errorf("no port is free, and the place for the way must listen: %s", w)
	}
	b.get(page+"/attach").hides(h, `name="channel"`)
	b.headers["HX-Request"] = "true"
	if _, err := h.app.CPEs.Detach(context.Background(), h.system, customer, ch[0], false); err != nil {
		t.Fatal(err)
	}
	if w := way(); !strings.Contains(w, "An einen Kanal anschließen") {
		t.Errorf("a port is free again: %s", w)
	}
	s := h.signedIn(app.UserSpec{Login: "vera", Role: auth.OperatorSupport})
	s.get(page).hides(h, "anschließen")
	s.get(page+"/attach").wants(h, http.StatusForbidden)
}
