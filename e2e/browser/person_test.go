package browser_test

import (
	"testing"

	"tischlein/e2e/browser"
	"tischlein/internal/auth"
)

// The language is the browser's until somebody chooses their own.
func TestU01_LanguageOfTheBrowserThenOnesOwn(t *testing.T) {
	w := browser.NewWorld(t)
	c := w.Channel("Empfang")
	page := w.Portal + "/customers/" + w.Customer.ID + "/channels/" + c.ID
	p := w.Person("Vera Amt", "vera", auth.OperatorAdmin)
	b := w.Enter(browser.As{Language: "en-GB"}, p)
	b.Go(page)
	b.Sees(browser.Heading("Edit channel"), browser.Drop("Link user to channel/CPE"))
	b.Accessible()
	w.SpeaksAndSees(p, "nl", "")
	b.Reload()
	b.Reads("Kanalen")
	b.ReadsNot("Edit channel")
	w.SpeaksAndSees(p, "", "")
	b.Become(browser.As{Language: "fr"}) // none of ours: German
	b.Reload()
	b.Sees(browser.Heading(german.editChannel))
}

// One's own theme wins over the device's.
func TestU05_OnesOwnThemeWins(t *testing.T) {
	w := browser.NewWorld(t)
	p := w.Person("Vera Amt", "vera", auth.OperatorAdmin)
	b := w.Enter(browser.As{}, p)
	b.Go(w.Portal + "/customers")
	light := b.Ground()
	b.Become(browser.As{Dark: true})
	b.Reload()
	dark := b.Ground()
	if light == dark {
		t.Fatalf("by day and by night the page is %s", light)
	}
	w.SpeaksAndSees(p, "", "light")
	b.Reload()
	if got := b.Ground(); got != light {
		t.Errorf("own light theme on a dark device: %s", got)
	}
	b.Accessible()
	b.Become(browser.As{})
	w.SpeaksAndSees(p, "", "dark")
	b.Reload()
	if got := b.Ground(); got != dark {
		t.Errorf("own dark theme on a light device: %s", got)
	}
	b.Accessible()
}

// On a narrow screen the menu is behind a button, and by it one comes everywhere.
func TestU08_MenuOnANarrowScreen(t *testing.T) {
	w := browser.NewWorld(t)
	b := w.Admin(browser.As{Width: browser.Phone, Touch: true})
	b.Go(w.Portal + "/customers")
	b.SeesNo(browser.Link("Partner"))
	b.Click(browser.Button("Menü"))
	b.Sees(browser.Link("Partner"))
	b.Accessible()
	b.Click(browser.Link("Partner"))
	b.Sees(browser.Heading("Partner"))
}
