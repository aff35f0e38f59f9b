package browser_test

import (
	"testing"

	"tischlein/e2e/browser"
)

// inTheHand is somebody with a telephone of their own in the hand.
var inTheHand = browser.As{Width: browser.Phone, Touch: true}

// Somebody walks in, types the number that stands on the phone's screen into their own telephone, and the phone bears
// their name; the QR code on another leads straight to the question; at last they leave everywhere (H02 c, H03, H05).
func TestH02_SelfServiceLogsInAtAPhoneAndOutEverywhere(t *testing.T) {
	w := browser.NewWorld(t)
	reception, bar, ada := w.Channel("Empfang"), w.Channel("Bar"), w.MultiLogin("101", "Ada Wirt")
	first, second := w.Phone(reception), w.Phone(bar)
	first.Shows(reception.Desk)
	b := browser.Open(t, inTheHand)
	b.Expect(401, "/sign-in/extension")
	b.Expect(422, "/sign-in/extension")
	b.Go(w.Portal + "/sign-in")
	b.Click(browser.Link("Mit Nebenstelle und PIN zum eigenen Telefon"))
	b.Accessible()
	b.Fill(browser.Field("Kundennummer"), w.Customer.Number)
	b.Fill(browser.Field("Nebenstelle"), ada.Number)
	b.Fill(browser.Field("PIN"), "9999")
	b.Click(browser.Button("Anmelden"))
	b.Reads("Kundennummer, Nebenstelle oder PIN stimmt nicht.")
	b.Shoot("self-sign-in-wrong")
	b.Fill(browser.Field("PIN"), browser.PIN)
	b.Click(browser.Button("Anmelden"))
	b.Reads("Ada Wirt", "Sie sind an keinem Telefon angemeldet.")
	b.Accessible()
	b.Shoot("self-nowhere")
	b.Fill(browser.Field("Platznummer"), reception.Desk)
	b.Click(browser.Button("Weiter"))
	b.Sees(browser.Heading("An Empfang anmelden?"))
	b.Accessible()
	b.Shoot("self-ask")
	first.ShowsNot(ada.Name)
	b.Click(browser.Button("Hier anmelden"))
	first.Shows(ada.Name, ada.Number)
	b.Sees(browser.Button("Abmelden: Empfang"))
	b.Shoot("self-here")

	b.Go(w.Desk(bar))
	b.Sees(browser.Heading("An Bar anmelden?"))
	b.Click(browser.Button("Hier anmelden"))
	second.Shows(ada.Name)
	b.Sees(browser.Button("Überall abmelden"))
	b.Accessible()
	b.Shoot("self-two")
	b.Click(browser.Button("Überall abmelden"))
	first.ShowsNot(ada.Name)
	second.ShowsNot(ada.Name)
	b.Reads("Sie sind überall abgemeldet", "Sie sind an keinem Telefon angemeldet.")
	first.Untouched()

	// The portal shows what to stick onto the phone.
	admin := w.Admin(browser.As{})
	admin.Go(w.Portal + "/customers/" + w.Customer.ID + "/channels/" + reception.ID)
	admin.Sees(browser.Picture("QR-Code zur Anmeldung an Empfang"))
	admin.Reads(reception.Desk)
	admin.Accessible()
	admin.Shoot("self-code-channel")
	admin.Go(w.Portal + "/customers/" + w.Customer.ID + "/cpes/" + first.CPE.ID)
	admin.Sees(browser.Picture("QR-Code zur Anmeldung an Empfang"))
	admin.Accessible()
	admin.Shoot("self-code-cpe")
	admin.Go(w.Portal + "/users/new")
	admin.Click(browser.Radio("Benutzer einer Nebenstelle"))
	admin.Sees(browser.Field("Nebenstelle"))
	admin.Accessible()
	admin.Shoot("self-invite")
}

// What happens at the phone is on the page at once, and without scripts the pages do the same.
func TestH02_SelfServiceIsLiveAndNeedsNoScripts(t *testing.T) {
	w := browser.NewWorld(t)
	reception, ada, bruno := w.Channel("Empfang"), w.Extension("101", "Ada Wirt"), w.Extension("102", "Bruno Koch")
	d := w.Phone(reception)
	b := w.Enter(inTheHand, w.Self(ada))
	b.Go(w.Portal + "/me")
	b.Mark()
	w.LogIn(reception, ada)
	b.Sees(browser.Button("Abmelden: Empfang"))
	w.Link(reception, bruno) // the link wins (D03)
	b.Reads("Sie sind an keinem Telefon angemeldet.")
	b.Marked()
	d.Shows(bruno.Name)

	bar := w.Channel("Bar")
	second := w.Phone(bar)
	plain := browser.As{Width: browser.Phone, NoScript: true}
	b = w.Enter(plain, w.Self(ada))
	b.Go(w.Portal + "/me")
	b.TabTo(browser.Field("Platznummer")) // by keyboard alone
	b.Write(bar.Desk)
	b.Press("Enter")
	b.TabTo(browser.Button("Hier anmelden"))
	b.Press("Enter")
	second.Shows(ada.Name)
	b.TabTo(browser.Button("Abmelden: Bar"))
	b.Press("Enter")
	second.ShowsNot(ada.Name)
	b.Reads("Sie sind abgemeldet: Bar.")
}

// Nobody leaves unasked: the question names who would, and the PIN of the first day goes first (H03, D20).
func TestH03_SelfServiceAsksBeforeAnotherLeaves(t *testing.T) {
	w := browser.NewWorld(t)
	reception, ada, bruno := w.Channel("Empfang"), w.Extension("101", "Ada Wirt"), w.Extension("102", "Bruno Koch")
	d := w.Phone(reception)
	w.LogIn(reception, bruno)
	d.Shows(bruno.Name)
	w.GivePIN(ada, "0000")
	b := browser.Open(t, inTheHand)
	b.Expect(422, "/me/pin")
	b.Go(w.Desk(reception))
	b.Fill(browser.Field("Nebenstelle"), ada.Number)
	b.Fill(browser.Field("PIN"), "0000")
	b.Click(browser.Button("Anmelden"))
	b.Sees(browser.Heading("Wählen Sie Ihre PIN"))
	b.Accessible()
	b.Shoot("self-pin-first")
	b.Fill(browser.Field("Neue PIN"), "1234")
	b.Fill(browser.Field("Wiederholen"), "1234")
	b.Click(browser.Button("PIN setzen"))
	b.Reads("zu leicht zu erraten")
	b.Accessible()
	b.Fill(browser.Field("Neue PIN"), "8264")
	b.Fill(browser.Field("Wiederholen"), "8264")
	b.Click(browser.Button("PIN setzen"))
	b.Sees(browser.Heading("An Empfang anmelden?"))
	b.Reads("Bruno Koch (102) ist hier angemeldet und wird dabei abgemeldet.")
	b.Accessible()
	b.Shoot("self-take-over")
	b.Click(browser.Button("Platz übernehmen"))
	d.Shows(ada.Name)
	d.ShowsNot(bruno.Name)
}

// At the limit the page asks where to leave, and the phone that is left shows it (H03).
func TestH03_SelfServiceLetsChooseWhereToLeave(t *testing.T) {
	w := browser.NewWorld(t)
	reception, bar, kitchen, ada := w.Channel("Empfang"), w.Channel("Bar"), w.Channel("Küche"), w.MultiLogin("101", "Ada Wirt")
	first, second, third := w.Phone(reception), w.Phone(bar), w.Phone(kitchen)
	w.LogIn(reception, ada)
	w.LogIn(bar, ada)
	first.Shows(ada.Name)
	second.Shows(ada.Name)
	dark := inTheHand
	dark.Dark = true
	b := w.Enter(dark, w.Self(ada))
	b.Go(w.Desk(kitchen))
	b.Reads("Wo melden wir Sie dafür ab?")
	b.Accessible()
	b.Shoot("self-choose")
	b.Click(browser.Radio("Bar").Part())
	b.Click(browser.Button("Dort abmelden, hier anmelden"))
	third.Shows(ada.Name)
	second.ShowsNot(ada.Name)
	first.Shows(ada.Name)
}
