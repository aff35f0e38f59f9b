package browser_test

import (
	"testing"

	"tischlein/e2e/browser"
)

// Switching multi-login on lets choose the second channel at once, with what was chosen and typed kept; what saving would
// do is told with each change.
func TestD25_SwitchingMultiLoginOnOffersASecondChannelAtOnce(t *testing.T) {
	w := browser.NewWorld(t)
	ada := w.Extension("101", "Ada Wirt")
	first, second := w.Channel("Empfang"), w.Channel("Küche")
	p, q := w.Phone(first), w.Phone(second)
	k := walk(t, w, german, browser.As{}, false)
	k.openExtension(ada)
	k.Mark()
	k.Fill(browser.Field("Name").Part(), "Ada Koch")
	k.choose(german.extensionField, first.Name)
	k.Reads("wird an Empfang angemeldet")
	k.Click(browser.Checkbox("Multi-Login"))
	k.Reads("1 von 2 gewählt")
	k.Accessible()
	k.choose(german.extensionField, second.Name)
	k.Press("Escape")
	k.Reads("2 von 2 gewählt", "wird an Küche angemeldet")
	k.Marked()
	k.Shoot("extension-two")
	k.submit()
	p.Shows("Ada Koch")
	q.Shows("Ada Koch")
}
