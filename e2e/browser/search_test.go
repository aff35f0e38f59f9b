package browser_test

import (
	"testing"

	"tischlein/e2e/browser"
)

// The search bar is on every page, "/" goes to it, and it finds things by what people have at hand.
func TestU02_SearchFindsByNumberNameAndMAC(t *testing.T) {
	w := browser.NewWorld(t)
	c, _ := w.Channel("Empfang"), w.Extension("101", "Ada Wirt")
	cpe := w.Record("Telefon Empfang", &c)
	k := walk(t, w, german, browser.As{}, false)
	for _, x := range []struct{ typed, proposal, page string }{
		{"1001", w.Customer.Name, "/customers/" + w.Customer.ID},
		{"101", "Ada Wirt", "/customers/[^/]+/extensions/[^/]+"},
		{"ada w", "Ada Wirt", "/customers/[^/]+/extensions/[^/]+"},
		{"empf", "Empfang", "/customers/[^/]+/channels/" + c.ID},
		{cpe.MAC.Colon(), "Telefon Empfang", "/customers/[^/]+/cpes/" + cpe.ID},
	} {
		k.openChannel(c)
		k.Press("/")
		k.Write(x.typed)
		k.Click(browser.Option(x.proposal).Part().First())
		k.At(x.page)
	}
}
