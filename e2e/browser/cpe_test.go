package browser_test

import (
	"testing"

	"tischlein/e2e/browser"
)

// The page of a CPE draws the phone, and the picture changes with the phone, without the page being loaded anew (U06).
func TestU06_PageDrawsThePhoneLive(t *testing.T) {
	w := browser.NewWorld(t)
	c, ada := w.Channel("Empfang"), w.Extension("101", "Ada Wirt")
	d := w.Phone(c)
	b := w.Admin(browser.As{})
	b.Go(w.Portal + "/customers/" + w.Customer.ID + "/cpes/" + d.CPE.ID)
	picture := browser.Picture("Telefon").Part().First()
	b.Sees(picture)
	b.Tells(picture, "Empfang")
	b.Mark()
	w.Link(c, ada)
	d.Shows(ada.Name)
	b.Tells(picture, ada.Name)
	b.Marked()
	b.Accessible()
}

// A MAC is taken in any notation, and kept as it was typed when it is refused.
func TestU03_CPEByMACInAnyNotation(t *testing.T) {
	w := browser.NewWorld(t)
	b := w.Admin(browser.As{})
	b.Expect(422, "/customers/")
	page := w.Portal + "/customers/" + w.Customer.ID + "/cpes/new"
	for typed, shown := range map[string]string{
		"0015.65AA.0001": "00:15:65:aa:00:01", "00-15-65-AA-00-02": "00:15:65:aa:00:02", "001565aa0003": "00:15:65:aa:00:03",
	} {
		b.Go(page)
		b.Fill(browser.Field("MAC-Adresse").Part(), "00:15:65:zz")
		b.Click(browser.Button("CPE hinzufügen"))
		b.Reads("Das ist keine MAC-Adresse")
		if e := b.Focused(); e.Value != "00:15:65:zz" || !e.Is("invalid") {
			t.Errorf("the focus is on %s %q with %q", e.Role, e.Name, e.Value)
		}
		b.Fill(browser.Field("MAC-Adresse").Part(), typed)
		b.Click(browser.Button("CPE hinzufügen"))
		b.Reads(shown)
	}
}
