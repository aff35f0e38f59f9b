package browser_test

import (
	"testing"

	"tischlein/e2e/browser"
)

// Before IP listing is switched on, the page says how many devices will fail; those whose address is allowed at the same
// time do not (D18).
func TestD18_SwitchingIPListingOnSaysWhatWillFail(t *testing.T) {
	w := browser.NewWorld(t)
	c, ada := w.Channel("Empfang"), w.Extension("101", "Ada Wirt")
	d := w.Phone(c)
	w.Link(c, ada)
	d.Shows(ada.Name)
	b := w.Admin(browser.As{})
	b.Go(w.Portal + "/customers/" + w.Customer.ID)
	b.Click(browser.Action("Einschalten").First())
	b.Reads("1 Gerät wird seinen Benutzer verlieren")
	b.Accessible()
	b.Click(browser.Checkbox("127.0.0.1").Part())
	b.Click(browser.Button("Einschalten"))
	b.Reads("IP-Listing ist eingeschaltet")
	d.Shows(ada.Name)
}

// An entry of a link in the log offers to undo it (U12).
func TestU12_UndoOfALink(t *testing.T) {
	w := browser.NewWorld(t)
	c, ada := w.Channel("Empfang"), w.Extension("101", "Ada Wirt")
	d := w.Phone(c)
	w.Link(c, ada)
	d.Shows(ada.Name)
	b := w.Admin(browser.As{})
	b.Go(w.Portal + "/customers/" + w.Customer.ID + "/log")
	b.Click(browser.Action("Rückgängig").Part().First())
	b.Reads("Diesen Vorgang rückgängig machen?", ada.Name)
	if w.Linked(c) != ada.ID {
		t.Fatal("undone before the confirmation")
	}
	b.Click(browser.Button("Rückgängig"))
	d.ShowsNot(ada.Name)
	if got := w.Linked(c); got != "" {
		t.Errorf("still linked with %q", got)
	}
}
