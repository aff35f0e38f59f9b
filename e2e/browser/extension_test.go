package browser_test

import (
	"testing"

	"tischlein/e2e/browser"
)

// Somebody who works elsewhere as a guest is never logged off silently: the extension's page names the place, asks, and
// does nothing without the answer (D02).
func TestD02_TakeOverOnlyWhenConfirmed(t *testing.T) {
	w := browser.NewWorld(t)
	here, there, ada := w.Channel("Empfang"), w.Channel("Bar"), w.Extension("101", "Ada Wirt")
	d, guest := w.Phone(here), w.Phone(there)
	w.LogIn(there, ada)
	guest.Shows(ada.Name)
	k := walk(t, w, german, browser.As{}, false)
	k.Expect(409, "/customers/")
	k.Expect(422, "/customers/")
	k.openExtension(ada)
	k.choose(german.extensionField, here.Name)
	k.Reads(there.Name)
	k.submit()
	if got := w.Linked(here); got != "" {
		t.Fatalf("linked with %q without having asked", got)
	}
	guest.Shows(ada.Name)
	k.Accessible()
	k.Click(browser.Checkbox("Ja, dort abmelden und dann verknüpfen"))
	k.submit()
	d.Shows(ada.Name)
	guest.ShowsNot(ada.Name)
	if got := w.Linked(here); got != ada.ID {
		t.Errorf("linked with %q", got)
	}
}

// A link made on the channel's page is to be seen at once on the extension's page that somebody else looks at.
func TestS09_BothPagesShowTheSameTruthAtOnce(t *testing.T) {
	w := browser.NewWorld(t)
	c, ada := w.Channel("Empfang"), w.Extension("101", "Ada Wirt")
	d := w.Phone(c)
	watcher := walk(t, w, german, browser.As{}, false)
	watcher.openExtension(ada)
	watcher.Reads("Zurzeit nirgends")
	watcher.Mark()
	k := walk(t, w, german, browser.As{}, false)
	k.openChannel(c)
	k.choose(german.channelField, ada.Name)
	k.submit()
	d.Shows(ada.Name)
	watcher.ReadsNot("Zurzeit nirgends")
	watcher.Reads(c.Name)
	watcher.Marked()
}

// On the extension's page a removed choice asks the same confirmation on saving (D11).
func TestD11_RemovedChoiceAsksOnSaving(t *testing.T) {
	w := browser.NewWorld(t)
	c, ada := w.Channel("Empfang"), w.Extension("101", "Ada Wirt")
	d := w.Phone(c)
	w.Link(c, ada)
	d.Shows(ada.Name)
	k := walk(t, w, german, browser.As{}, false)
	k.Expect(409, "/customers/")
	k.Expect(422, "/customers/")
	k.openExtension(ada)
	k.choose(german.extensionField, "Bitte auswählen")
	k.submit()
	k.Sees(browser.Button(german.confirm))
	if w.Linked(c) != ada.ID {
		t.Fatal("unlinked before the confirmation")
	}
	k.Accessible()
	k.Click(browser.Button(german.confirm))
	d.ShowsNot(ada.Name)
	if got := w.Linked(c); got != "" {
		t.Errorf("still linked with %q", got)
	}
}
