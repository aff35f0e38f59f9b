package browser_test

import (
	"testing"

	"tischlein/e2e/browser"
	"tischlein/internal/telephony"
)

// The page moves by itself from saved to registered, and is not loaded anew for it.
func TestU05_LiveTrackTurnsGreen(t *testing.T) {
	w := browser.NewWorld(t)
	c, ada := w.Channel("Empfang"), w.Extension("101", "Ada Wirt")
	d := w.Phone(c)
	k := walk(t, w, german, browser.As{}, false)
	k.openChannel(c)
	k.choose(german.channelField, ada.Name)
	k.submit()
	k.Mark()
	for _, station := range []string{german.saved, german.pushed, german.fetched, german.registered} {
		k.reaches(station)
	}
	k.Marked()
	d.Shows(ada.Name)
	k.Accessible()
}

// S02, as the page shows it: only a device is missing; plugged in, it turns green without a look elsewhere.
func TestS02_PageTurnsGreenWhenTheDeviceComes(t *testing.T) {
	w := browser.NewWorld(t)
	c, ada := w.Channel("Empfang"), w.Extension("101", "Ada Wirt")
	k := walk(t, w, german, browser.As{}, false)
	k.openChannel(c)
	k.choose(german.channelField, ada.Name)
	k.Reads("noch kein Gerät angeschlossen")
	k.submit()
	k.Reads("Es fehlt nur noch ein Gerät", german.waiting)
	k.Mark()
	d := w.PhoneFrom(c, "127.0.0.1")
	k.reaches(german.registered)
	k.Marked()
	d.Shows(ada.Name)
}

func TestS08_FailedAddressWithOneClickToAllow(t *testing.T) {
	w := browser.NewWorld(t)
	w.ListAddresses("127.0.0.9")
	c, ada := w.Channel("Empfang"), w.Extension("101", "Ada Wirt")
	d := w.PhoneFrom(c, "127.0.0.2")
	d.Shows(c.Name)
	k := walk(t, w, german, browser.As{}, false)
	k.openChannel(c)
	k.choose(german.channelField, ada.Name)
	k.Reads("127.0.0.2") // said before saving
	k.submit()
	w.State(c, telephony.StateFailed)
	k.Reads("fehlgeschlagen: Adresse 127.0.0.2 nicht zugelassen")
	k.Accessible()
	d.ShowsNot(ada.Name)
	k.Click(browser.Button("127.0.0.2 zulassen"))
	k.reaches(german.registered)
	d.Shows(ada.Name)
	d.Untouched()
}

func TestU05_LostConnectionShowsStaleAndRecovers(t *testing.T) {
	w := browser.NewWorld(t)
	c, ada := w.Channel("Empfang"), w.Extension("101", "Ada Wirt")
	w.Phone(c)
	k := walk(t, w, german, browser.As{}, false)
	k.ExpectOutage()
	k.openChannel(c)
	k.Reads(german.free)
	k.Mark()
	const stale = "Verbindung unterbrochen"
	k.ReadsNot(stale)
	w.Cut()
	k.Reads(stale)
	w.Link(c, ada) // what is missed meanwhile
	w.State(c, telephony.StateLoggedIn)
	w.Mend()
	k.ReadsNot(stale)
	k.reaches(german.registered)
	k.Reads(ada.Name)
	k.Marked()
}

// State that arrives must not take away what somebody is doing.
func TestU05_TypedTextAndFocusStayWhenStateArrives(t *testing.T) {
	w := browser.NewWorld(t)
	c := w.Channel("Empfang")
	x := w.Extension("101", "Ada Wirt")
	w.Phone(c)
	k := walk(t, w, german, browser.As{}, false)
	k.openChannel(c)
	k.Fill(browser.Field("Name"), "Empfang Nord")
	k.Mark()
	w.LogIn(c, x)
	k.Reads(german.loggedIn)
	k.Marked()
	if e := k.Focused(); e.Name != "Name" || e.Value != "Empfang Nord" {
		t.Errorf("the focus is on %s %q with %q", e.Role, e.Name, e.Value)
	}
}
