package web

import (
	"context"
	"net/http"
	"testing"

	"tischlein/internal/app"
)

// What a phone has sent stands on its page, and is saved, never shown as a page.
func TestP13_UploadsAreListedAndOnlySaved(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	e := h.estate("1111", "Nah")
	page := "/customers/" + e["customer"] + "/cpes/" + e["cpe"]
	d := app.Device{ID: e["cpe"], CustomerID: e["customer"]}
	if _, err := h.app.Devices.Upload(context.Background(), d, app.Upload{Name: "boot.html", Body: []byte("<script>alert(1)</script>")}); err != nil {
		t.Fatal(err)
	}
	b.get(page).wants(t, 200).says(t, "Vom Telefon geschickt", "boot.html", "geheim.log", "25 B").hides(t, "alert(1)")
	list, err := h.app.CPEs.Uploads(context.Background(), h.system, e["customer"], e["cpe"])
	if err != nil {
		t.Fatal(err)
	}
	a := b.get(page+"/uploads/"+list[0].ID).wants(t, 200)
	for name, want := range map[string]string{
		"Content-Type": "text/plain; charset=utf-8", "Content-Disposition": `attachment; filename="boot.html"`,
		"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox", "Cache-Control": "no-store",
	} {
		if got := a.header.Get(name); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	if a.text != "<script>alert(1)</script>" {
		t.Errorf("got %q", a.text)
	}
	b.post(page+"/uploads/"+list[0].ID+"/delete").leads(t, page)
	b.get(page).wants(t, 200).says(t, "Die Datei ist gelöscht.", "geheim.log").hides(t, `download="boot.html"`)
	b.get(page+"/uploads/"+list[0].ID).wants(t, http.StatusNotFound)
}
