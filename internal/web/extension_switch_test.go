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

func TestD25_SwitchingMultiLoginOnOffersTheSecondChannelAtOnce(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	customer, x, ch := h.floor(false, "Empfang", "Küche")
	page := "/customers/" + customer + "/extensions/" + x
	b.get(page).says(h, `data-most="1"`).hides(h, "bis zu zwei")
	form := "?number=&name=Er&channel=" + ch[1]
	a := b.get(page+"/effects"+form+"&multi_login=on&switched=on").says(h, `data-most="2"`, "bis zu zwei", "#extension-effects-box", "noch kein Gerät")
	if !strings.Contains(a.text, `value="`+ch[1]+`" selected`) {
		t.Errorf("what was chosen is lost: %s", a.text)
	}
	b.get(page+"/effects"+form+"&switched=on").says(h, `data-most="1"`)
	b.get(page+"/effects"+form+"&multi_login=on").hides(h, "data-most")
	b.get(page+"/effects?channel="+ch[0]+"&channel="+ch[1]+"&switched=on").says(h, `data-most="2"`) // both stay to be seen
}

func TestD02_TheTakeOverIsAskedInABoxThatIsReadAnewWithItsAnswer(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	customer, x, ch := h.floor(false, "Empfang", "Küche")
	page := "/customers/" + customer + "/extensions/" + x
	b.addsPhone(customer, "80:5e:c0:11:22:33")
	ctx := context.Background()
	l, err := h.app.CPEs.List(ctx, h.system, customer, app.Query{})
	if err != nil || len(l.Items) != 1 {
		t.Fatal(len(l.Items), err)
	}
	if _, err := h.app.CPEs.Attach(ctx, h.system, customer, l.Items[0].CPE.ID, ch[0], 0, false); err != nil {
		t.Fatal(err)
	}
	if _, err := h.app.Logins.Login(ctx, h.system, app.LoginRequest{CustomerID: customer, ChannelID: ch[0], Number: "101", PIN: "8273"}); err != nil {
		t.Fatal(err)
	}
	b.get(page+"/effects?channel="+ch[1]).says(h, `name="take_over"`, "data-live-source").hides(h, "checked")
	b.get(page+"/effects?take_over=on&channel="+ch[1]).says(h, "checked", "take_over=on")
	b.post(page, "number", "101", "name", "Erika Weber", "channel", ch[1]).wants(h, http.StatusConflict).says(h, `name="take_over"`)
	b.post(page, "number", "101", "name", "Erika Weber", "channel", ch[1], "take_over", "on").wants(h, http.StatusSeeOther)
}

func TestD25_ALinkedExtensionTakesASecondChannelInTheSameSaving(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	customer, x, ch := h.floor(false, "Empfang", "Küche")
	page := "/customers/" + customer + "/extensions/" + x
	b.post(page, "number", "101", "name", "Erika Weber", "channel", ch[0]).wants(h, http.StatusSeeOther)
	b.get(page).says(h, "erst Empfang trennen")
	form := "?seen=" + ch[0] + "&channel=" + ch[0] + "&switched=on"
	b.get(page+"/effects"+form+"&multi_login=on").says(h, "Küche").hides(h, "erst Empfang trennen")
	b.get(page+"/effects"+form).says(h, "erst Empfang trennen")
	b.get(page+"/choices?multi_login=on").says(h, "Küche").hides(h, "erst Empfang trennen")
	b.post(page, "number", "101", "name", "Erika Weber", "multi_login", "on", "seen", ch[0], "channel", ch[0], "channel", ch[1]).wants(h, http.StatusSeeOther)
	b.get(page).says(h, "Empfang", "Küche", `data-most="2"`)
}

// Support reads everything, and finds no button that would be refused.
func TestU09_SupportSeesNoButtonsThatWouldBeRefused(t *testing.T) {
	h := newHouse(t)
	customer, x, ch := h.floor(false, "Empfang")
	cpe := h.administrator().addsPhone(customer, "80:5e:c0:11:22:33")
	b := h.signedIn(app.UserSpec{Login: "sam", Role: auth.OperatorSupport})
	base := "/customers/" + customer
	b.get(base+"/extensions").says(h, "Erika Weber").hides(h, "/extensions/new", "bearbeiten")
	b.get(base+"/extensions/"+x).says(h, "Erika Weber").hides(h, `method="post" action="`+base, "/delete", `name="pin"`)
	b.get(base+"/cpes").says(h, "Telefon Empfang").hides(h, "/cpes/new")
	b.get(cpe).says(h, "Telefon Empfang").hides(h, cpe+"/arm", cpe+"/first-access", cpe+"/reveal", cpe+"/attach", cpe+"/edit", cpe+"/rotate", cpe+"/lost", cpe+"/delete")
	b.get(cpe+"/ask?action=reboot").wants(h, http.StatusOK)
	b.get(cpe+"/ask?action=delete").wants(h, http.StatusForbidden)
	b.get(cpe+"/preview").hides(h, "Geheimnisse zeigen")
	b.get(base+"/log").hides(h, "/undo")
	for _, path := range []string{"/arm", "/first-access", "/reveal", "/attach", "/delete"} {
		b.post(cpe+path, "channel", ch[0]).wants(h, http.StatusForbidden)
	}
	if _, err := h.app.CPEs.Get(context.Background(), h.system, customer, cpe[len(cpe)-26:]); telephony.CodeOf(err) == telephony.NotFound && err != nil {
		t.Error("support deleted it")
	}
}
