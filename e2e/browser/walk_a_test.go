package browser_test

import (
	"testing"

	"tischlein/e2e/browser"
	"tischlein/internal/telephony"
)

// walkA links from the channel and sees the person appear on the phone, which nobody touched.
func walkA(t *testing.T, say words, as browser.As, keys bool) {
	w := browser.NewWorld(t)
	c, ada := w.Channel("Empfang"), w.Extension("101", "Ada Wirt")
	w.Channel("Lager")
	d := w.Phone(c)
	k := walk(t, w, say, as, keys)
	k.toChannel(c)
	k.choose(say.channelField, ada.Name)
	k.submit()
	d.Shows(ada.Name)
	d.Untouched()
	w.State(c, telephony.StateLoggedIn)
	k.reaches(say.registered)
	if got := w.Linked(c); got != ada.ID {
		t.Errorf("the channel is linked with %q", got)
	}
}

func TestS01_WalkA_LinkFromTheChannel(t *testing.T) { walkA(t, german, browser.As{}, false) }

func TestS01_WalkA_ByKeyboard(t *testing.T) { walkA(t, german, browser.As{}, true) }

func TestS01_WalkA_WithoutScripts(t *testing.T) {
	walkA(t, german, browser.As{NoScript: true}, false)
}

func TestS01_WalkA_InEnglish(t *testing.T) { walkA(t, english, browser.As{}, false) }
