package browser_test

import (
	"testing"

	"tischlein/e2e/browser"
	"tischlein/internal/telephony"
)

// walkC links from the extension, one channel.
func walkC(t *testing.T, say words, as browser.As, keys bool) {
	w := browser.NewWorld(t)
	c, ada := w.Channel("Empfang"), w.Extension("101", "Ada Wirt")
	w.Channel("Lager")
	d := w.Phone(c)
	k := walk(t, w, say, as, keys)
	k.toExtension(ada)
	k.choose(say.extensionField, c.Name)
	k.submit()
	d.Shows(ada.Name)
	d.Untouched()
	w.State(c, telephony.StateLoggedIn)
	if got := w.Linked(c); got != ada.ID {
		t.Errorf("the channel is linked with %q", got)
	}
	k.toChannel(c) // both ways show the same truth
	k.Reads(ada.Name)
}

func TestS09_WalkC_LinkFromTheExtension(t *testing.T) { walkC(t, german, browser.As{}, false) }

func TestS09_WalkC_ByKeyboard(t *testing.T) { walkC(t, german, browser.As{}, true) }

func TestS09_WalkC_WithoutScripts(t *testing.T) { walkC(t, german, browser.As{NoScript: true}, false) }

func TestS09_WalkC_InEnglish(t *testing.T) { walkC(t, english, browser.As{}, false) }

// two links an extension with multi-login from its page with two channels at once, and sees the person at both phones.
func two(t *testing.T, as browser.As, keys bool) {
	w := browser.NewWorld(t)
	bruno := w.MultiLogin("102", "Bruno Koch")
	first, second, third := w.Channel("Empfang"), w.Channel("Küche"), w.Channel("Lager")
	p, q := w.Phone(first), w.Phone(second)
	k := walk(t, w, german, as, keys)
	k.toExtension(bruno)
	k.choose(german.extensionField, first.Name, second.Name)
	if !as.NoScript {
		k.Reads("2 von 2 gewählt")
		k.refusesThird(third)
	}
	k.submit()
	p.Shows(bruno.Name)
	q.Shows(bruno.Name)
	for _, c := range []telephony.Channel{first, second} {
		if got := w.Linked(c); got != bruno.ID {
			t.Errorf("%s is linked with %q", c.Name, got)
		}
	}
	if got := w.Linked(third); got != "" {
		t.Errorf("the third is linked with %q", got)
	}
}

// refusesThird chooses one more than may be, and reads so at once: before saving, and with the two still chosen.
func (k *walker) refusesThird(third telephony.Channel) {
	k.t.Helper()
	switch {
	case k.keys:
		k.TabTo(browser.Drop(german.extensionField))
		k.down(german.extensionField, browser.Option(third.Name).Part())
		k.Press("Enter")
	case k.as.Touch:
		k.Click(browser.Drop(german.extensionField))
		k.Click(browser.Option(third.Name).Part())
	default:
		k.Click(browser.Drop(german.extensionField))
		k.CtrlClick(browser.Option(third.Name).Part())
	}
	k.Reads(german.full)
	if k.Find(browser.Option(third.Name).Part()).Is("selected") {
		k.t.Error("a third is chosen")
	}
	k.Press("Escape")
}

func TestD25_TwoChannelsByCtrlClick(t *testing.T) { two(t, browser.As{}, false) }

func TestD25_TwoChannelsByKeyboard(t *testing.T) { two(t, browser.As{}, true) }

func TestD25_TwoChannelsByTouch(t *testing.T) {
	two(t, browser.As{Touch: true, Width: browser.Phone}, false)
}

func TestD25_TwoChannelsWithoutScripts(t *testing.T) { two(t, browser.As{NoScript: true}, false) }
