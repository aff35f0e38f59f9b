package browser_test

import (
	"testing"

	"tischlein/e2e/browser"
)

// A page of something that was deleted meanwhile says so: by itself, when it is saved, and when it is opened.
func TestU05_PageOfADeletedChannelSaysSo(t *testing.T) {
	const gone = "gelöscht"
	w := browser.NewWorld(t)
	c := w.Channel("Empfang")
	k := walk(t, w, german, browser.As{}, false)
	for _, status := range []int{404, 409, 410} {
		k.Expect(status, "/customers/")
	}
	k.openChannel(c)
	plain := walk(t, w, german, browser.As{NoScript: true}, false)
	plain.Expect(404, "/customers/")
	plain.openChannel(c)
	w.Delete(c)
	k.Reads(gone)
	plain.submit()
	plain.Reads(gone)
	plain.Sees(browser.Heading("Nicht gefunden"))
	k.Reload()
	k.Sees(browser.Heading("Nicht gefunden"))
	k.Accessible()
}

// Another customer's object does not exist (D24).
func TestD24_ForeignObjectIsNotFound(t *testing.T) {
	w := browser.NewWorld(t)
	c := w.Channel("Empfang")
	other := w.NewCustomer("1002", "Hotel Bären")
	k := walk(t, w, german, browser.As{}, false)
	k.Expect(404, "/customers/")
	k.Go(w.Portal + "/customers/" + other.ID + "/channels/" + c.ID)
	k.Sees(browser.Heading("Nicht gefunden"))
	k.ReadsNot(c.Name)
}

// A refused form keeps what was typed, marks the field, says what is wrong, and puts the focus there.
func TestU08_RefusedFormKeepsWhatWasTyped(t *testing.T) {
	w := browser.NewWorld(t)
	w.Channel("Empfang")
	k := walk(t, w, german, browser.As{}, false)
	k.Expect(422, "/customers/")
	k.Expect(409, "/customers/")
	k.Go(w.Portal + "/customers/" + w.Customer.ID + "/channels/new")
	k.Fill(browser.Field("Name"), "Empfang")
	k.Click(browser.Button("Kanal anlegen"))
	k.Reads("Diesen Namen gibt es schon")
	e := k.Focused()
	if e.Name != "Name" || e.Value != "Empfang" || !e.Is("invalid") {
		t.Errorf("the focus is on %s %q with %q, %v", e.Role, e.Name, e.Value, e.State)
	}
	k.Accessible()
}
