package web

import (
	"time"

	"tischlein/internal/auth"
	"tischlein/internal/telephony"
	"tischlein/internal/web/view"
)

// note says how the way ended, or what is missing first and what mends it; nil
// while it goes on as it should.
func (w way) note() *view.ProgressNote {
	switch w.missing() {
	case "device":
		return w.noDevice()
	case "trust":
		return w.untrusted()
	case "address":
		return w.addressRefused()
	case "pushed":
		return w.notPushed()
	case "fetched":
		return w.notFetched()
	case "registered":
		return w.notRegistered()
	}
	if w.channel.Link != nil && w.channel.Login == nil {
		return nil // the login is made with the device's next contact
	}
	return w.arrived()
}

func (w way) say(tone view.Tone, id string, args ...any) *view.ProgressNote {
	n := &view.ProgressNote{Tone: tone, Title: w.call.T("progress."+id, args...)}
	if more := "progress." + id + "_text"; w.call.Text().Has(more) {
		n.Text = w.call.T(more, args...)
	}
	return n
}

// offer adds a button, if whoever asks may do it.
func (w way) offer(n *view.ProgressNote, need auth.Scope, r view.Remedy) *view.ProgressNote {
	if w.call.Actor.Can(need) {
		r.Primary = r.Primary && len(n.Remedies) == 0
		n.Remedies = append(n.Remedies, r)
	}
	return n
}

// cpe is a button that posts to the device's page and leads back here.
func (w way) cpe(action, icon string, primary bool) view.Remedy {
	return view.Remedy{
		Label: w.call.T("progress.do_" + action), Icon: icon, Primary: primary,
		Action: view.CustomerPath(w.call.Customer.ID, "cpes", w.device.CPE.ID, action),
		Hidden: []view.Choice{{Value: "next", Label: w.next}},
	}
}

func (w way) cpePage() view.Remedy {
	return view.Remedy{Label: w.call.T("progress.see_device"), Icon: "device", Href: view.CustomerPath(w.call.Customer.ID, "cpes", w.device.CPE.ID)}
}

func (w way) noDevice() *view.ProgressNote {
	if w.device != nil {
		return w.offer(w.say(view.ToneBad, "lost", "Device", w.device.CPE.Name), auth.ScopeRead, w.cpePage())
	}
	n := w.say(view.ToneWait, "no_device")
	return w.offer(n, auth.ScopeWrite, view.Remedy{Label: w.call.T("progress.do_attach"), Icon: "plus", Href: view.CustomerPath(w.call.Customer.ID, "channels", w.channel.Channel.ID) + "#device"})
}

func (w way) untrusted() *view.ProgressNote {
	cpe := w.device.CPE
	switch {
	case cpe.Trust == telephony.TrustFrozen:
		n := w.offer(w.say(view.ToneBad, "frozen", "Device", cpe.Name), auth.ScopeRead, w.cpePage())
		return w.offer(n, auth.ScopeWrite, w.cpe("arm", "shield", false))
	case cpe.ArmedUntil.After(w.now):
		return w.offer(w.say(view.ToneBusy, "armed", "Device", cpe.Name, "Until", w.since(cpe.ArmedUntil)), auth.ScopeRead, w.cpePage())
	case cpe.MAC == "":
		return w.offer(w.say(view.ToneWait, "first_access", "Device", cpe.Name), auth.ScopeRead, w.cpePage())
	}
	n := w.offer(w.say(view.ToneWait, "untrusted", "Device", cpe.Name), auth.ScopeWrite, w.cpe("arm", "shield", true))
	return w.offer(n, auth.ScopeRead, w.cpePage())
}

func (w way) addressRefused() *view.ProgressNote {
	address := w.channel.State.Address.String()
	n := w.say(view.ToneBad, "address", "Address", address)
	n = w.offer(n, auth.ScopeWrite, view.Remedy{
		Label: w.call.T("progress.do_allow", "Address", address), Icon: "check", Primary: true,
		Action: view.CustomerPath(w.call.Customer.ID, "channels", w.channel.Channel.ID, "allow-address"),
		Hidden: []view.Choice{{Value: "address", Label: address}, {Value: "next", Label: w.next}},
	})
	return w.offer(n, auth.ScopeRead, view.Remedy{Label: w.call.T("progress.see_allowlist"), Icon: "shield", Href: view.CustomerPath(w.call.Customer.ID, "detail")})
}

func (w way) notPushed() *view.ProgressNote {
	switch {
	case !w.channel.Registered:
		return w.offer(w.say(view.ToneWait, "offline", "Device", w.device.CPE.Name), auth.ScopeRead, w.cpePage())
	case w.device.CPE.Pushed != w.device.CPE.Wanted:
		return nil // it is being sent
	}
	return w.offer(w.say(view.ToneWait, "silent", "Device", w.device.CPE.Name), auth.ScopePush, w.cpe("resync", "refresh", true))
}

func (w way) notFetched() *view.ProgressNote {
	cpe := w.device.CPE
	switch {
	case !cpe.RefusedAt.IsZero():
		n := w.offer(w.say(view.ToneBad, "refused", "Device", cpe.Name), auth.ScopePush, w.cpe("resync", "refresh", false))
		return w.offer(n, auth.ScopeRead, w.cpePage())
	case !w.device.Pushable || cpe.PushOutcome == telephony.PushUnsupported:
		return w.say(view.ToneBusy, "polls", "Device", cpe.Name)
	case w.now.Sub(cpe.PushedAt) < patience:
		return nil
	}
	return w.offer(w.say(view.ToneWait, "slow", "Device", cpe.Name), auth.ScopePush, w.cpe("resync", "refresh", true))
}

func (w way) notRegistered() *view.ProgressNote {
	if w.device.Fetches && w.now.Sub(w.device.CPE.FetchedAt) < settling {
		return nil
	}
	id := "unregistered"
	if !w.device.Fetches {
		id = "unregistered_generic"
	}
	return w.offer(w.say(view.ToneWait, id, "Device", w.device.CPE.Name), auth.ScopeRead, w.cpePage())
}

// arrived is the good end.
func (w way) arrived() *view.ProgressNote {
	if w.channel.Login == nil || w.channel.User == nil {
		return w.say(view.ToneFree, "free", "Channel", w.channel.Channel.Name)
	}
	id := "logged_in"
	if w.channel.Login.Kind == telephony.LoginHotdesk {
		id = "guest"
	}
	n := w.say(view.ToneOK, id, "Name", w.channel.User.Name, "Number", w.channel.User.Number, "Channel", w.channel.Channel.Name)
	if s := w.took(); s > 0 {
		n.Text = w.call.Text().N("progress.took", s)
	}
	return n
}

// took is within how many seconds after saving the phone was registered, 0 when
// that was not so or took longer than a minute. The registrar's clock has
// seconds, so it is rounded up.
func (w way) took() int {
	end := w.at("registered").Add(time.Second)
	if at := w.device.CPE.FetchedAt; at.After(end) {
		end = at
	}
	if w.saved.IsZero() || w.at("registered").Before(w.saved.Truncate(time.Second)) || end.Sub(w.saved) > time.Minute {
		return 0
	}
	return int((end.Sub(w.saved) + time.Second - 1) / time.Second)
}
