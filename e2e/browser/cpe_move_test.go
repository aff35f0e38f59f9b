package browser_test

import (
	"testing"

	"tischlein/e2e/browser"
)

// Moving a device says before what it ends, and the choice stays while the page follows what happens meanwhile.
func TestU06_MoveOfADeviceIsToldBeforeAndSurvivesLiveState(t *testing.T) {
	w := browser.NewWorld(t)
	here, there := w.Channel("Empfang"), w.Channel("Küche")
	ada, bruno := w.Extension("101", "Ada Wirt"), w.Extension("102", "Bruno Koch")
	d := w.Phone(here)
	w.Link(there, bruno)
	b := w.Admin(browser.As{})
	b.Go(w.Portal + "/customers/" + w.Customer.ID + "/cpes/" + d.CPE.ID)
	b.Mark()
	b.Click(browser.Link("An einen anderen Kanal umziehen"))
	b.Click(browser.Drop("An einen anderen Kanal"))
	b.Click(browser.Option(there.Name).Part())
	b.Reads("wird von Empfang getrennt", "Bruno Koch (102) wird an Küche angemeldet")
	w.Link(here, ada)
	d.Shows(ada.Name)
	b.Tells(browser.Picture("Telefon").Part().First(), ada.Name)
	b.Reads("Ada Wirt (101) wird an Empfang abgemeldet")
	if e := b.Find(browser.Drop("An einen anderen Kanal")); e.Value != there.Name {
		t.Errorf("the choice became %q", e.Value)
	}
	b.Marked()
	b.Accessible()
	b.Click(browser.Button("Umziehen"))
	b.Reads("Das CPE ist angeschlossen")
	d.Shows(bruno.Name)
	if got := w.Linked(here); got != ada.ID {
		t.Errorf("the link stays at the channel, it is now %q", got)
	}
}
