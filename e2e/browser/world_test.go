package browser_test

import (
	"testing"

	"tischlein/e2e/browser"
	"tischlein/internal/auth"
)

// What the tests of pages stand on: a server, a phone that shows what is linked, somebody signed in.
func TestHarnessMakesAWorld(t *testing.T) {
	w := browser.NewWorld(t)
	c, ada := w.Channel("Empfang"), w.Extension("101", "Ada Wirt")
	d := w.Phone(c)
	w.Link(c, ada)
	d.Shows("Ada Wirt")
	d.Untouched()
	p := w.Person("Vera Amt", "vera", auth.OperatorAdmin)
	b := w.Enter(browser.As{}, p)
	b.Expect(404, "/customers")
	b.Go(w.Portal + "/")
	b.Reads("Vera Amt")
}
