package web

import (
	"net/http"
	"strings"
	"testing"

	"tischlein/internal/app"
	"tischlein/internal/auth"
)

func TestP10_FleetPageNamesWhoLags(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	own, other := h.estate("1111", "Nah"), h.estate("2222", "Fern")
	b.get("/fleet").wants(t, 200).says(t, "Flotte", "Geheim 1111", "Geheim 2222", "Yealink T46U", "noch nicht gesehen", "Ausweis des Geräts",
		"/customers/"+own["customer"]+"/cpes?filter=never_contacted", "/customers/"+other["customer"]+"/cpes/"+other["cpe"])
	c := h.signedIn(app.UserSpec{Login: "carla", Role: auth.CustomerAdmin, CustomerID: own["customer"]})
	c.get("/fleet").wants(t, 200).says(t, "Geheim 1111").hides(t, "Geheim 2222", other["cpe"])
	c.get("/firmware").wants(t, http.StatusNotFound)
}

func TestP12_FirmwarePageRollsOutAndStops(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	h.estate("1111", "Nah")
	form := "--b\r\nContent-Disposition: form-data; name=\"driver\"\r\n\r\nyealink\r\n--b\r\nContent-Disposition: form-data; name=\"version\"\r\n\r\n108.87.0.1\r\n" +
		"--b\r\nContent-Disposition: form-data; name=\"models\"\r\n\r\nT46U\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"T46U.rom\"\r\n\r\n" +
		strings.Repeat("x", 2<<20) + "\r\n--b--\r\n"
	b.headers["Content-Type"] = "multipart/form-data; boundary=b"
	b.do("POST", "/firmware/files", strings.NewReader(form)).leads(t, "/firmware")
	b.do("POST", "/firmware/files", strings.NewReader(form)).wants(t, http.StatusConflict).says(t, "Diese Version gibt es")
	delete(b.headers, "Content-Type")
	files, err := h.app.Firmware.List(t.Context(), h.system)
	if err != nil || len(files) != 1 || files[0].Size != 2<<20 {
		t.Fatalf("%+v %v", files, err)
	}
	b.post("/firmware/rollouts", "firmware_id", files[0].ID, "model", "T46U", "percent", "200").wants(t, 422).says(t, "zwischen 0 und 100")
	b.post("/firmware/rollouts", "firmware_id", files[0].ID, "model", "T46U", "percent", "100").leads(t, "/firmware")
	if _, err := h.app.Jobs.Roll(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.get("/firmware").wants(t, 200).says(t, "T46U → 108.87.0.1", "1 unterwegs", "Geheimes Telefon 1111", "hat die Konfiguration noch nicht geholt")
	list, err := h.app.Rollouts.List(t.Context(), h.system)
	if err != nil {
		t.Fatal(err)
	}
	one := "/firmware/rollouts/" + list[0].Rollout.ID
	b.post(one+"/pause").leads(t, "/firmware")
	b.get("/firmware").wants(t, 200).says(t, "angehalten", "Fortsetzen")
	b.post("/firmware/files/"+files[0].ID+"/delete").wants(t, http.StatusConflict).says(t, "Ein Rollout benutzt diese Datei")
	b.post(one+"/dance").wants(t, http.StatusNotFound)
	b.post(one+"/end").leads(t, "/firmware")
	support := h.signedIn(app.UserSpec{Login: "sven", Role: auth.OperatorSupport})
	support.get("/firmware").wants(t, 200).hides(t, "Rollout beginnen", "Datei hinzufügen")
	support.post(one+"/pause").wants(t, http.StatusForbidden)
}
