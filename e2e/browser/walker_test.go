package browser_test

import (
	"fmt"
	"strings"
	"testing"

	"tischlein/e2e/browser"
	"tischlein/internal/telephony"
)

// walker goes the walks of the specification with one person's hands: mouse, keyboard, touch; with scripts or without.
type walker struct {
	*browser.Tab
	t    *testing.T
	w    *browser.World
	say  words
	as   browser.As
	keys bool

	channel telephony.Channel // the page that was gone to last
}

func walk(t *testing.T, w *browser.World, say words, as browser.As, keys bool) *walker {
	t.Helper()
	as.Language = say.code
	return &walker{Tab: w.Admin(as), t: t, w: w, say: say, as: as, keys: keys}
}

// follow goes where a link or button leads.
func (k *walker) follow(target browser.Target) {
	k.t.Helper()
	if !k.keys {
		k.Click(target)
		return
	}
	k.TabTo(target)
	k.Press("Enter")
}

// toCustomer types the customer into the search bar and takes its name.
func (k *walker) toCustomer() {
	k.t.Helper()
	k.Go(k.w.Portal + "/")
	search := browser.Field(k.say.search)
	if k.keys {
		k.Press("/")
	} else {
		k.Click(search)
	}
	k.Write("gasthaus adl")
	name := browser.Proposal(k.w.Customer.Name).Part().First()
	switch {
	case k.as.NoScript:
		k.Press("Enter")
		k.follow(browser.Link(k.w.Customer.Name).Part().First())
	case k.keys:
		k.Answered("q=gasthaus+adl") // the proposals for all of it, which replace those for its beginning
		k.Sees(name)
		k.Press("ArrowDown", "Enter")
	default:
		k.Click(name)
	}
	k.Sees(browser.Heading(k.say.master))
}

// openChannel opens the page of a channel by its address.
func (k *walker) openChannel(c telephony.Channel) {
	k.t.Helper()
	k.channel = c
	k.Go(k.w.Portal + "/customers/" + k.w.Customer.ID + "/channels/" + c.ID)
	k.Sees(browser.Heading(k.say.editChannel))
}

// openExtension opens the page of an extension by its address.
func (k *walker) openExtension(x telephony.Extension) {
	k.t.Helper()
	k.Go(k.w.Portal + "/customers/" + k.w.Customer.ID + "/extensions/" + x.ID)
	k.Sees(browser.Heading(k.say.editExtension))
}

// toList goes on to a list of the service.
func (k *walker) toList(tab string) {
	k.t.Helper()
	k.toCustomer()
	k.follow(browser.Link(k.say.service).First())
	k.follow(browser.Link(tab).First())
}

// toChannel goes on by the edit icon beside the channel.
func (k *walker) toChannel(c telephony.Channel) {
	k.t.Helper()
	k.channel = c
	k.toList(k.say.channels)
	k.follow(browser.Link(fmt.Sprintf(k.say.edit, c.Name)))
	k.Sees(browser.Heading(k.say.editChannel))
}

// toExtension goes on by the edit icon beside the extension.
func (k *walker) toExtension(x telephony.Extension) {
	k.t.Helper()
	k.toList(k.say.extensions)
	k.follow(browser.Link(fmt.Sprintf(k.say.edit, x.Name)))
	k.Sees(browser.Heading(k.say.editExtension))
}

// choose chooses these from a field, all at once: the first by a click, the further ones with Ctrl where there is one.
func (k *walker) choose(field string, names ...string) {
	k.t.Helper()
	if k.as.NoScript {
		k.choosePlain(field, names)
		return
	}
	if k.keys {
		k.TabTo(browser.Drop(field))
	} else {
		k.Click(browser.Drop(field))
	}
	for i, n := range names {
		option := browser.Option(n).Part()
		switch {
		case k.keys:
			k.down(field, option)
			k.Press("Enter")
		case i > 0 && !k.as.Touch:
			k.CtrlClick(option)
		default:
			k.Click(option)
		}
	}
	if len(names) > 1 {
		k.Press("Escape")
	}
}

func (k *walker) choosePlain(field string, names []string) {
	k.t.Helper()
	if found := k.All(browser.List(field)); len(found) == 0 {
		k.Choose(browser.Drop(field), names[0])
		return
	}
	for i, n := range names {
		option := browser.Option(n).Part().In(browser.List(field))
		if i == 0 {
			k.Click(option)
		} else {
			k.CtrlClick(option)
		}
	}
}

// down presses the arrow until the option is the one that Enter would take.
func (k *walker) down(field string, option browser.Target) {
	k.t.Helper()
	for range 30 {
		k.Press("ArrowDown")
		if at := k.Pointed(); strings.Contains(at, option.Name()) {
			return
		}
	}
	k.t.Fatalf("the arrow does not reach %s of %q", option, field)
}

// reaches waits until the phone's progress has come to this station; without scripts somebody has to look again.
func (k *walker) reaches(station string) {
	k.t.Helper()
	if k.as.NoScript {
		k.w.State(k.channel, telephony.StateLoggedIn)
		k.Reload()
	}
	k.Tells(browser.Region(k.say.track), station+`\s+`+k.say.done)
}

func (k *walker) submit() {
	k.t.Helper()
	k.follow(browser.Button(k.say.save))
}
