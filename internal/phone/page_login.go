package phone

import (
	"cmp"
	"errors"
	"strings"
	"time"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// resultStands is how many seconds a result is shown before the page closes; the
// new configuration is on its way meanwhile.
const resultStands = 5

// mostTyped bounds what is passed on of what was typed.
const mostTyped = 32

func (p *press) typed(name string) string {
	t := strings.TrimSpace(p.r.URL.Query().Get(name))
	if len(t) > mostTyped {
		t = t[:mostTyped]
	}
	return provision.Clean(t)
}

// login asks for number and PIN until both are there. Browsers that ask for one
// thing at a time bring the number first.
func (p *press) login() provision.Page {
	number, pin := p.typed("number"), p.typed("pin")
	switch {
	case p.spot.Linked.ExtensionID != "" && number == "":
		return p.message(p.word.LogIn, provision.Say(p.text.Linked, named(p.spot.Linked)), 0)
	case number == "":
		return p.form("", number, false)
	case pin == "":
		return p.form("", number, true)
	}
	return p.try(Attempt{Number: number, PIN: telephony.Secret(pin)})
}

// form asks for number and PIN; given says that the number was typed on the page
// before, else it only stands there to be mended.
func (p *press) form(text, number string, given bool) provision.Page {
	return provision.Page{Title: p.word.LogIn, Text: text, Leave: p.text.Back, Target: p.base + "login", Fields: []provision.Field{
		{Name: "number", Label: p.text.Number, Default: number, Given: given},
		{Name: "pin", Label: p.text.PIN, Secret: true},
	}}
}

// try logs in, or asks what is missing for it.
func (p *press) try(a Attempt) provision.Page {
	party, err := p.cfg.Keys.LogIn(p.r.Context(), p.spot, a)
	if err == nil {
		return p.message(p.word.LogIn, provision.Say(p.text.LoggedIn, named(party)), resultStands)
	}
	switch telephony.ReasonOf(err) {
	case "pin_wrong":
		return p.form(p.text.WrongPIN, a.Number, false)
	case "pin_must_change":
		return p.newPINForm(a, p.text.MustChange)
	case "pin_weak":
		return p.newPINForm(a, p.text.WeakPIN)
	case "pin_malformed":
		return p.newPINForm(a, p.text.PINLength)
	case "desk_taken", "maximum_devices":
		return p.question(a, err)
	}
	return p.refusal(p.word.LogIn, err)
}

// newPIN takes the new PIN twice (D20), on one page or on two.
func (p *press) newPIN(ticket string) provision.Page {
	a, ok := p.unseal(p.spot, ticket)
	if !ok {
		return p.form("", "", false)
	}
	fresh := cmp.Or(telephony.Secret(p.typed("new")), a.NewPIN)
	switch {
	case fresh == "":
		return p.newPINForm(a, p.text.MustChange)
	case !p.r.URL.Query().Has("again"):
		a.NewPIN = fresh
		return provision.Page{Title: p.word.LogIn, Leave: p.text.Back, Target: p.base + "login/" + p.seal(p.spot, a),
			Fields: []provision.Field{{Name: "again", Label: p.text.Again, Secret: true}}}
	case p.typed("again") != fresh.Reveal():
		return p.newPINForm(a, p.text.Unequal)
	}
	a.NewPIN = fresh
	return p.try(a)
}

func (p *press) newPINForm(a Attempt, text string) provision.Page {
	a.NewPIN = ""
	return provision.Page{Title: p.word.LogIn, Text: text, Leave: p.text.Back, Target: p.base + "login/" + p.seal(p.spot, a), Fields: []provision.Field{
		{Name: "new", Label: p.text.NewPIN, Secret: true},
		{Name: "again", Label: p.text.Again, Secret: true},
	}}
}

// question asks whether to log in here although somebody else sits here, or to
// log off elsewhere for it (H03).
func (p *press) question(a Attempt, err error) provision.Page {
	var e *telephony.Error
	errors.As(err, &e) // it has a reason, so it is one
	a.Over = telephony.HolderOf(err)
	devices, _ := e.Detail["devices"].([]string)
	page := provision.Page{Title: p.word.LogIn, Leave: p.text.No}
	if e.Reason == "desk_taken" {
		holder, _ := e.Detail["holder"].(string)
		page.Text = provision.Say(p.text.Taken, holder)
		if len(devices) > 0 {
			page.Text += " " + provision.Say(p.text.AlsoOut, strings.Join(devices, ", "))
		}
		page.Choices = []provision.Choice{{Label: p.text.TakeDesk, Short: p.text.Yes, URL: p.taking(a, "")}}
		return page
	}
	choices, _ := e.Detail["choices"].([]telephony.Choice)
	if len(choices) > 1 && len(choices) <= provision.MostChoices {
		var names []string
		for _, c := range choices {
			names = append(names, c.Name)
			page.Choices = append(page.Choices, provision.Choice{Label: provision.Say(p.text.OutAt, c.Name), Short: c.Name, URL: p.taking(a, c.ChannelID)})
		}
		page.Text = provision.Say(p.text.MaximumOf, strings.Join(names, ", "))
		return page
	}
	page.Text = provision.Say(p.text.Maximum, strings.Join(devices, ", "))
	page.Choices = []provision.Choice{{Label: p.text.TakeOver, Short: p.text.Yes, URL: p.taking(a, "")}}
	return page
}

func (p *press) taking(a Attempt, end string) string {
	a.End = end
	return p.base + "take/" + p.seal(p.spot, a)
}

// takeOver is the answer yes.
func (p *press) takeOver(ticket string) provision.Page {
	a, ok := p.unseal(p.spot, ticket)
	if !ok {
		return p.form("", "", false)
	}
	a.TakeOver = true
	return p.try(a)
}

// message is a page that asks nothing; seconds 0 leaves it to the phone.
func (p *press) message(title, text string, seconds int) provision.Page {
	return provision.Page{Title: title, Text: text, Leave: p.text.OK, Seconds: seconds}
}

// refusal says why something was refused, in words for who stands there.
func (p *press) refusal(title string, err error) provision.Page {
	text := p.text.TryAgain
	switch telephony.ReasonOf(err) {
	case "pin_locked":
		text = provision.Say(p.text.PINLocked, p.until(err))
	case "too_many_failures":
		text = p.text.TooMany
	case "hotdesking_off", "linked_by_administrator":
		text = provision.Say(p.text.Linked, named(p.spot.Linked))
	case "fixed_by_administrator":
		text = p.text.Fixed
	case "not_logged_in":
		text = p.text.Nobody
	case "no_device", "device_lost", "channel_is_client", "not_found":
		text = p.text.NotHere
	default:
		if p.r.Context().Err() == nil {
			p.log.Error("answering a key", "cpe", p.spot.Device.ID, "err", err)
		}
	}
	return p.message(title, text, 0)
}

// until is the time of day at which a lock ends, at the place of the phone.
func (p *press) until(err error) string {
	var e *telephony.Error
	errors.As(err, &e)
	at, _ := e.Detail["until"].(time.Time)
	if zone, err := time.LoadLocation(p.spot.TimeZone); err == nil {
		at = at.In(zone)
	}
	return provision.TimeOfDay(at)
}

// named is how a person is spoken of.
func named(x telephony.Party) string { return cmp.Or(x.Name, x.Number) }
