package browser_test

import (
	"testing"

	"tischlein/e2e/browser"
	"tischlein/internal/telephony"
)

// walkB unlinks on the channel's page: Trennen, then Bestätigen, and nothing before (S12). Then the phone is free again.
func walkB(t *testing.T, say words, as browser.As, keys bool) {
	w := browser.NewWorld(t)
	c, ada := w.Channel("Empfang"), w.Extension("101", "Ada Wirt")
	d := w.Phone(c)
	w.Link(c, ada)
	d.Shows(ada.Name)
	k := walk(t, w, say, as, keys)
	k.toChannel(c)
	k.Reads(say.channelField, ada.Name)
	k.follow(browser.Action(say.unlink))
	k.Sees(browser.Button(say.confirm))
	if w.Linked(c) != ada.ID {
		t.Error("unlinked before the confirmation")
	}
	d.Shows(ada.Name)
	if !as.NoScript {
		k.Accessible()
	}
	k.follow(browser.Button(say.confirm))
	d.ShowsNot(ada.Name)
	d.Shows(c.Name)
	d.Untouched()
	w.State(c, telephony.StateLoggedOut)
	k.Sees(browser.Drop(say.channelField))
	if got := w.Linked(c); got != "" {
		t.Errorf("the channel is still linked with %q", got)
	}
	w.LogIn(c, ada) // S05: hotdesking is on again
	d.Shows(ada.Name)
}

func TestS12_WalkB_UnlinkWithConfirmation(t *testing.T) { walkB(t, german, browser.As{}, false) }

func TestS12_WalkB_ByKeyboard(t *testing.T) { walkB(t, german, browser.As{}, true) }

func TestS12_WalkB_WithoutScripts(t *testing.T) { walkB(t, german, browser.As{NoScript: true}, false) }

func TestS12_WalkB_InEnglish(t *testing.T) { walkB(t, english, browser.As{}, false) }

func TestS12_NothingHappensWithoutConfirmation(t *testing.T) {
	w := browser.NewWorld(t)
	c, ada := w.Channel("Empfang"), w.Extension("101", "Ada Wirt")
	w.Link(c, ada)
	k := walk(t, w, german, browser.As{}, false)
	k.toChannel(c)
	k.follow(browser.Action(german.unlink))
	k.Sees(browser.Button(german.confirm))
	k.Press("Escape")
	k.SeesNo(browser.Button(german.confirm))
	k.Reload()
	k.Reads(ada.Name)
	if w.Linked(c) != ada.ID {
		t.Error("unlinked without confirmation")
	}
}

// Whether, and with whom, a channel is linked is seen by clicking its name in the tab Kanäle (S13).
func TestS13_NameOfTheChannelLeadsToTheField(t *testing.T) {
	w := browser.NewWorld(t)
	linked, free, ada := w.Channel("Empfang"), w.Channel("Lager"), w.Extension("101", "Ada Wirt")
	w.Link(linked, ada)
	k := walk(t, w, german, browser.As{}, false)
	k.toList(german.channels)
	k.Sees(browser.Link(free.Name))
	k.follow(browser.Link(linked.Name))
	k.Sees(browser.Heading(german.editChannel))
	k.Tells(browser.Group(german.channelField), ada.Name)
	k.Back()
	k.follow(browser.Link(free.Name))
	if e := k.Find(browser.Drop(german.channelField)); e.Value != "" {
		t.Errorf("the field of a free channel holds %q", e.Value)
	}
}
