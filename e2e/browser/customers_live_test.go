package browser_test

import (
	"testing"

	"tischlein/e2e/browser"
	"tischlein/internal/auth"
)

// The list of customers shows a failing device as it fails, in the row alone.
func TestU04_TheListOfCustomersFollowsWhatHappens(t *testing.T) {
	w := browser.NewWorld(t)
	d := w.Phone(w.Channel("Empfang"))
	b := w.Admin(browser.As{})
	b.Go(w.Portal + "/customers")
	b.Reads("keine Störung")
	b.Mark()
	if _, err := w.App().CPEs.Lost(t.Context(), auth.System, w.Customer.ID, d.CPE.ID, true); err != nil {
		t.Fatal(err)
	}
	b.Reads("1 Gerät gestört")
	b.Marked()
}

// The way to attach a channel comes with a port that becomes free, without anybody reloading.
func TestU06_TheWayToAttachComesWithAFreePort(t *testing.T) {
	w := browser.NewWorld(t)
	here, there := w.Channel("Empfang"), w.Channel("Küche")
	d := w.Phone(here)
	b := w.Admin(browser.As{})
	b.Go(w.Portal + "/customers/" + w.Customer.ID + "/cpes/" + d.CPE.ID)
	b.Reads("An einen anderen Kanal umziehen")
	b.Mark()
	if _, err := w.App().CPEs.Detach(t.Context(), auth.System, w.Customer.ID, here.ID, false); err != nil {
		t.Fatal(err)
	}
	b.Reads("An einen Kanal anschließen")
	b.Click(browser.Link("An einen Kanal anschließen"))
	b.Click(browser.Drop("Kanal"))
	b.Click(browser.Option(there.Name).Part())
	b.Reads("wird an Küche angeschlossen")
	b.Marked()
	b.Click(browser.Button("Anschließen"))
	b.Reads("Das CPE ist angeschlossen")
	b.Accessible()
}
