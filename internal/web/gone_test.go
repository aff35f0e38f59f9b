package web

import (
	"context"
	"net/http"
	"testing"

	"tischlein/internal/telephony"
)

// What was chosen and deleted meanwhile is said beside the choice, and the form
// stays.
func TestU08_AChoiceThatIsGoneIsSaidBesideIt(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	e := h.estate("1111", "Nah")
	ctx := context.Background()
	free, err := h.app.Channels.Create(ctx, h.system, telephony.Channel{CustomerID: e["customer"], Name: "Bar"})
	if err != nil {
		t.Fatal(err)
	}
	own := "/customers/" + e["customer"]
	b.post(own+"/channels/"+free.Channel.ID+"/attach", "cpe", "06h0ppe19p1hv1y59m82fxrh04").
		wants(t, http.StatusUnprocessableEntity).says(t, `id="cpe-error"`, "Das Gerät gibt es nicht mehr.")
	for _, read := range []string{"", "on"} {
		b.post(own+"/cpes/"+e["cpe"]+"/attach", "channel", "06h0ppe19p1hv1y59m82fxrh04", "read", read).
			wants(t, http.StatusUnprocessableEntity).says(t, `id="channel-error"`, "Den Kanal gibt es nicht mehr.")
	}
	x, err := h.app.Customers.Get(ctx, h.system, e["customer"])
	if err != nil {
		t.Fatal(err)
	}
	b.post(own+"/edit", "number", x.Number, "name", "Anders", "language", "de", "time_zone", x.TimeZone, "partner_id", "06h0ppe19p1hv1y59m82fxrh04").
		wants(t, http.StatusUnprocessableEntity).says(t, `id="partner_id-error"`, "Diesen Partner gibt es nicht.", `value="Anders"`)
	b.post("/firmware/rollouts", "firmware_id", "06h0ppe19p1hv1y59m82fxrh04", "model", "T46U", "percent", "10").
		wants(t, http.StatusUnprocessableEntity).says(t, `role="alert"`, "Laden Sie zuerst eine Datei hoch.")
}
