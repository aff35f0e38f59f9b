package browser_test

import (
	"strings"
	"testing"

	"tischlein/e2e/browser"
	"tischlein/internal/telephony"
)

// The morning of an office as its administrator sees it: pages that stay open show who comes and goes by the codes, and
// the log has it all.
func TestH01_AMorningIsSeenLiveInThePortal(t *testing.T) {
	w := browser.NewWorld(t)
	reception, lab := w.Channel("Empfang"), w.Channel("Labor")
	ada, bruno := w.Extension("101", "Ada Wirt"), w.Extension("102", "Bruno Koch")
	here, there := w.Phone(reception), w.Phone(lab)
	k := walk(t, w, german, browser.As{}, false)
	k.openChannel(reception)
	k.Reads(german.free)
	k.Mark()

	logsIn := func(d *browser.Desk, x telephony.Extension) {
		t.Helper()
		if reason := d.Dials("901", x.Number+"#"+browser.PIN+"#"); !strings.Contains(reason, "Logged in: "+x.Number) {
			t.Errorf("%s is told %q", x.Name, reason)
		}
		d.Shows(x.Name)
	}
	logsIn(here, ada)
	k.Reads(german.loggedIn, ada.Name)
	logsIn(there, ada) // she moves, and is asked
	k.Reads(german.free)
	here.ShowsNot(ada.Name)
	logsIn(here, ada) // and back
	k.Reads(german.loggedIn, ada.Name)
	k.Marked() // all of it came by itself

	k.openChannel(lab) // the administrator links Bruno
	k.choose(german.channelField, bruno.Name)
	k.submit()
	k.reaches(german.registered)
	there.Shows(bruno.Name)
	for _, code := range []string{"902", "901"} {
		if reason := there.Dials(code, ""); !strings.Contains(reason, "linked by an administrator") {
			t.Errorf("%s is told %q", code, reason)
		}
	}
	k.Reads(bruno.Name)
	k.follow(browser.Action(german.unlink))
	k.follow(browser.Button(german.confirm))
	there.Shows(lab.Name)
	k.Reads(german.free)
	k.Mark()
	logsIn(there, bruno) // Bruno is free to log in where he likes
	k.Reads(german.loggedIn, bruno.Name)
	k.Marked()

	k.Go(w.Portal + "/customers/" + w.Customer.ID + "/log")
	k.Reads(ada.Name, bruno.Name, "Labor", "Empfang", "Die Administration hat das fest verknüpft; nur sie kann es trennen.")
	k.Accessible()
}
