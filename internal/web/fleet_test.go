package web

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
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
	b.get("/firmware/files/"+files[0].ID+"/delete").wants(t, 200).says(t, "Yealink 108.87.0.1 entfernen?", "T46U.rom")
	b.post("/firmware/files/"+files[0].ID+"/delete").wants(t, http.StatusConflict).says(t, "Ein Rollout benutzt diese Datei")
	b.post(one+"/dance").wants(t, http.StatusNotFound)
	b.get(one+"/end").wants(t, 200).says(t, "Yealink T46U → 108.87.0.1 beenden?", "lässt sich nicht fortsetzen")
	b.post(one+"/end").leads(t, "/firmware")
	b.get(one+"/end").wants(t, http.StatusNotFound)
	support := h.signedIn(app.UserSpec{Login: "sven", Role: auth.OperatorSupport})
	support.get("/firmware").wants(t, 200).hides(t, "Rollout beginnen", "Datei hinzufügen")
	support.post(one+"/pause").wants(t, http.StatusForbidden)
}

// Stage, window and limits change while a rollout goes on (P12, U10).
func TestP12_RolloutIsChangedInThePortal(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	x := h.customer("1001")
	f, err := h.app.Firmware.Add(t.Context(), h.system, telephony.FirmwareFile{Driver: "yealink", Version: "108.87.0.1", FileName: "T46U.rom"}, strings.NewReader("rom"))
	if err != nil {
		t.Fatal(err)
	}
	b.post("/firmware/rollouts", "firmware_id", f.ID, "model", "T46U", "percent", "10", "customers", "9999").wants(t, 422).says(t, "Die Kundennummer 9999 gibt es nicht.", `value="9999"`)
	b.post("/firmware/rollouts", "firmware_id", f.ID, "model", "T46U", "percent", "10", "customers", "1001").leads(t, "/firmware")
	b.get("/firmware").says(t, "10 % der Geräte von "+x.Name, "höchstens 50 zugleich", "stoppt nach 3 Fehlern")
	one := func() telephony.Rollout {
		list, err := h.app.Rollouts.List(t.Context(), h.system)
		if err != nil || len(list) != 1 {
			t.Fatal(list, err)
		}
		return list[0].Rollout
	}
	page := "/firmware/rollouts/" + one().ID
	b.get(page).wants(t, 200).says(t, `value="1001"`, "Wartezeit")
	change := []string{"percent", "40", "customers", "", "opens", "22:00", "closes", "05:00", "at_once", "5", "most_failures", "1", "patience", "60"}
	b.post(page, append([]string{"patience", "1", "version", "1"}, change...)...).wants(t, 422)
	b.post(page, append(change, "version", "1")...).leads(t, "/firmware")
	if r := one(); r.Percent != 40 || len(r.Customers) != 0 || r.Opens != "22:00" || r.Closes != "05:00" || r.AtOnce != 5 || r.MostFailures != 1 || r.Patience != time.Hour {
		t.Errorf("%+v", r)
	}
	b.post(page, append(change, "version", "1")...).wants(t, http.StatusConflict) // somebody was faster
	b.post(page+"/end").leads(t, "/firmware")
	b.get(page).wants(t, http.StatusNotFound)
}
