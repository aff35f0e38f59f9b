package browser_test

import (
	"strings"
	"testing"

	"tischlein/e2e/browser"
	"tischlein/internal/auth"
)

// Two administrators choose the same person for two places and save at the same moment: one wins, the other reads who
// has the person now, and finds the choice still there.
func TestS10_TwoBrowsersSaveAtTheSameMoment(t *testing.T) {
	w := browser.NewWorld(t)
	ada := w.Extension("101", "Ada Wirt")
	here, there := w.Channel("Empfang"), w.Channel("Küche")
	p, q := w.Phone(here), w.Phone(there)
	a := walk(t, w, german, browser.As{}, false)
	b := walk(t, w, german, browser.As{}, false)
	a.openChannel(here)
	b.openChannel(there)
	for _, k := range []*walker{a, b} {
		k.Expect(409, "/customers/")
		k.choose(german.channelField, ada.Name)
	}
	browser.Together(browser.Button(german.save), a.Tab, b.Tab)

	winner, loser, place, phone := a, b, here, p
	if w.Linked(here) == "" {
		winner, loser, place, phone = b, a, there, q
	}
	if w.Linked(here) == w.Linked(there) {
		t.Fatalf("linked with %q and %q", w.Linked(here), w.Linked(there))
	}
	phone.Shows(ada.Name)
	winner.reaches(german.registered)
	loser.Reads("Die Nebenstelle ist schon verknüpft mit " + place.Name)
	if e := loser.Focused(); e.Name != german.channelField || !strings.Contains(e.Value, ada.Name) {
		t.Errorf("the focus is on %s %q with %q", e.Role, e.Name, e.Value)
	}
	loser.Accessible()
}

// Two administrators choose different persons for one place.
func TestD23_TheLoserReadsWhoHoldsTheChannel(t *testing.T) {
	w := browser.NewWorld(t)
	c, ada, bea := w.Channel("Empfang"), w.Extension("101", "Ada Wirt"), w.Extension("102", "Bea Gast")
	d := w.Phone(c)
	a := walk(t, w, german, browser.As{}, false)
	b := walk(t, w, german, browser.As{}, false)
	for k, name := range map[*walker]string{a: ada.Name, b: bea.Name} {
		k.Expect(409, "/customers/")
		k.openChannel(c)
		k.choose(german.channelField, name)
	}
	browser.Together(browser.Button(german.save), a.Tab, b.Tab)
	loser, holder := b, ada
	if w.Linked(c) == bea.ID {
		loser, holder = a, bea
	}
	d.Shows(holder.Name)
	loser.Tells(browser.Alert(), "nicht gespeichert")
	loser.Reads(holder.Name)
}

// The list was read before somebody else took the person: the server refuses all the same (S10), and says who (D02).
func TestS10_StaleListIsRefusedByTheServer(t *testing.T) {
	w := browser.NewWorld(t)
	c, other, ada := w.Channel("Empfang"), w.Channel("Küche 2"), w.Extension("101", "Ada Wirt")
	w.Phone(other)
	k := walk(t, w, german, browser.As{NoScript: true}, false) // nothing tells this page of changes
	k.Expect(409, "/customers/")
	k.openChannel(c)
	k.choose(german.channelField, ada.Name)
	w.LogIn(other, ada)
	k.submit()
	k.Reads("Küche 2")
	if got := w.Linked(c); got != "" {
		t.Errorf("linked with %q", got)
	}
}

func TestS10_ListsHoldWhatMayBeChosenAndSayWhyNot(t *testing.T) {
	w := browser.NewWorld(t)
	here, other := w.Channel("Empfang"), w.Channel("Empfang 2")
	free, busy, linked := w.Extension("101", "Ada Frei"), w.Extension("102", "Bea Besetzt"), w.Extension("103", "Cem Fest")
	w.Phone(other)
	w.LogIn(other, busy)
	w.Link(w.Channel("Küche"), linked)
	k := walk(t, w, german, browser.As{}, false)
	k.openChannel(here)
	k.Click(browser.Drop(german.channelField))
	k.Sees(browser.Option(german.choose))
	for name, may := range map[string]bool{free.Name: true, busy.Name: false, linked.Name: false} {
		if e := k.Find(browser.Option(name).Part()); e.Is("disabled") == may {
			t.Errorf("%q: may be chosen %v, shown as %v", e.Name, may, e.State)
		}
	}
	k.Tells(browser.Option(busy.Name).Part(), "Empfang 2")
	k.Tells(browser.Option(linked.Name).Part(), "Küche")
	k.Accessible()
	k.Click(browser.Option(busy.Name).Part())
	k.Press("Escape")
	k.submit()
	if got := w.Linked(here); got != "" {
		t.Errorf("linked with %q", got)
	}
}

func TestS11_PleaseChooseClearsTheChoice(t *testing.T) {
	w := browser.NewWorld(t)
	c, ada := w.Channel("Empfang"), w.Extension("101", "Ada Wirt")
	k := walk(t, w, german, browser.As{}, false)
	k.openChannel(c)
	k.choose(german.channelField, ada.Name)
	k.Reads("noch kein Gerät angeschlossen")
	k.choose(german.channelField, strings.Trim(german.choose, "- "))
	k.ReadsNot("noch kein Gerät angeschlossen")
	k.submit()
	if got := w.Linked(c); got != "" {
		t.Errorf("linked with %q", got)
	}
}

// The guest is named before saving, and logged off by it (D03).
func TestD03_GuestIsNamedBeforeSaving(t *testing.T) {
	w := browser.NewWorld(t)
	c, weber, ada := w.Channel("Empfang"), w.Extension("23", "Weber"), w.Extension("24", "Ada Wirt")
	d := w.Phone(c)
	w.LogIn(c, weber)
	d.Shows(weber.Name)
	k := walk(t, w, german, browser.As{}, false)
	k.openChannel(c)
	k.choose(german.channelField, ada.Name)
	k.Reads("Gast Weber (23) wird abgemeldet")
	k.Accessible()
	if w.Linked(c) != "" {
		t.Fatal("linked before saving")
	}
	d.Shows(weber.Name)
	k.submit()
	d.Shows(ada.Name)
	d.ShowsNot(weber.Name)
}

// Support may look, and is offered nothing that would be refused.
func TestU09_SupportSeesNoButtonsThatWouldBeRefused(t *testing.T) {
	w := browser.NewWorld(t)
	c, ada := w.Channel("Empfang"), w.Extension("101", "Ada Wirt")
	w.Link(c, ada)
	b := w.Enter(browser.As{}, w.Person("Sina Hilfe", "sina", auth.OperatorSupport))
	b.Go(w.Portal + "/customers/" + w.Customer.ID + "/channels/" + c.ID)
	b.Reads(german.channelField, ada.Name)
	b.SeesNo(browser.Action(german.unlink), browser.Button(german.save), browser.Button("Kanal löschen"))
	b.Accessible()
}
