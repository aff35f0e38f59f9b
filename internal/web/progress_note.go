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

// say is a note about the device; title and more are ids of texts.
func (w way) say(tone view.Tone, title, more string) *view.ProgressNote {
	device := ""
	if w.device != nil {
		device = w.device.CPE.Name
	}
	return &view.ProgressNote{Tone: tone, Title: w.call.T(title, "Device", device), Text: w.call.T(more, "Device", device)}
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
func (w way) cpe(action, label, icon string, primary bool) view.Remedy {
	return view.Remedy{
		Label: w.call.T(label), Icon: icon, Primary: primary,
		Action: view.CustomerPath(w.call.Customer.ID, "cpes", w.device.CPE.ID, action),
		Hidden: []view.Choice{{Value: "next", Label: w.next}},
	}
}

func (w way) cpePage() view.Remedy {
	return view.Remedy{Label: w.call.T("progress.see_device"), Icon: "device", Href: view.CustomerPath(w.call.Customer.ID, "cpes", w.device.CPE.ID)}
}

func (w way) noDevice() *view.ProgressNote {
	if w.device != nil {
		return w.offer(w.say(view.ToneBad, "progress.lost", "progress.lost_text"), auth.ScopeRead, w.cpePage())
	}
	n := w.say(view.ToneWait, "progress.no_device", "progress.no_device_text")
	return w.offer(n, auth.ScopeWrite, view.Remedy{Label: w.call.T("progress.do_attach"), Icon: "plus", Href: view.CustomerPath(w.call.Customer.ID, "channels", w.channel.Channel.ID) + "#device"})
}

func (w way) untrusted() *view.ProgressNote {
	cpe := w.device.CPE
	switch {
	case cpe.Trust == telephony.TrustFrozen:
		n := w.offer(w.say(view.ToneBad, "progress.frozen", "progress.frozen_text"), auth.ScopeRead, w.cpePage())
		return w.offer(n, auth.ScopeWrite, w.cpe("arm", "progress.do_arm", "shield", false))
	case cpe.ArmedUntil.After(w.now):
		n := w.say(view.ToneBusy, "progress.armed", "progress.armed_text")
		n.Title = w.call.T("progress.armed", "Device", cpe.Name, "Until", w.since(cpe.ArmedUntil))
		return w.offer(n, auth.ScopeRead, w.cpePage())
	case cpe.MAC == "":
		return w.offer(w.say(view.ToneWait, "progress.first_access", "progress.first_access_text"), auth.ScopeRead, w.cpePage())
	}
	n := w.offer(w.say(view.ToneWait, "progress.untrusted", "progress.untrusted_text"), auth.ScopeWrite, w.cpe("arm", "progress.do_arm", "shield", true))
	return w.offer(n, auth.ScopeRead, w.cpePage())
}

// addressRefused says what the IP check means here: a link that waits (D17), a
// user who will be logged off (D18), or nobody yet.
func (w way) addressRefused() *view.ProgressNote {
	if !w.refused.IsValid() {
		return nil // allowed while we read
	}
	t, address := w.call.T, w.refused.String()
	n := &view.ProgressNote{Tone: view.ToneBad, Title: t("progress.address", "Address", address), Text: t("progress.address_text")}
	switch {
	case w.channel.Link == nil:
		n.Tone, n.Text = view.ToneWait, t("progress.address_unlinked")
	case w.channel.Login != nil && w.channel.User != nil:
		n.Tone, n.Text = view.ToneWait, t("progress.address_soon", "Name", w.channel.User.Name, "Number", w.channel.User.Number)
	}
	n = w.offer(n, auth.ScopeWrite, view.Remedy{
		Label: t("progress.do_allow", "Address", address), Icon: "check", Primary: true,
		Action: view.CustomerPath(w.call.Customer.ID, "channels", w.channel.Channel.ID, "allow-address"),
		Hidden: []view.Choice{{Value: "address", Label: address}, {Value: "next", Label: w.next}},
	})
	return w.offer(n, auth.ScopeRead, view.Remedy{Label: t("progress.see_allowlist"), Icon: "shield", Href: view.CustomerPath(w.call.Customer.ID, "detail")})
}

func (w way) notPushed() *view.ProgressNote {
	switch {
	case !w.channel.Registered:
		return w.offer(w.say(view.ToneWait, "progress.offline", "progress.offline_text"), auth.ScopeRead, w.cpePage())
	case w.device.CPE.Pushed != w.device.CPE.Wanted:
		return nil // it is being sent
	}
	return w.offer(w.say(view.ToneWait, "progress.silent", "progress.silent_text"), auth.ScopePush, w.cpe("resync", "progress.do_resync", "refresh", true))
}

func (w way) notFetched() *view.ProgressNote {
	cpe := w.device.CPE
	switch {
	case !cpe.RefusedAt.IsZero():
		n := w.offer(w.say(view.ToneBad, "progress.refused", "progress.refused_text"), auth.ScopePush, w.cpe("resync", "progress.do_resync", "refresh", false))
		return w.offer(n, auth.ScopeRead, w.cpePage())
	case !w.device.Pushable || cpe.PushOutcome == telephony.PushUnsupported:
		return w.say(view.ToneBusy, "progress.polls", "progress.polls_text")
	case w.now.Sub(cpe.PushedAt) < patience:
		return nil
	}
	return w.offer(w.say(view.ToneWait, "progress.slow", "progress.slow_text"), auth.ScopePush, w.cpe("resync", "progress.do_resync", "refresh", true))
}

func (w way) notRegistered() *view.ProgressNote {
	if w.device.Fetches && w.now.Sub(w.device.CPE.FetchedAt) < settling {
		return nil
	}
	n := w.say(view.ToneWait, "progress.unregistered", "progress.unregistered_text")
	if !w.device.Fetches {
		n = w.say(view.ToneWait, "progress.unregistered_generic", "progress.unregistered_generic_text")
		n = w.offer(n, auth.ScopeReveal, view.Remedy{
			Label: w.call.T("channels.reveal"), Icon: "eye",
			Action: view.CustomerPath(w.call.Customer.ID, "channels", w.channel.Channel.ID, "credentials"),
		})
	}
	return w.offer(n, auth.ScopeRead, w.cpePage())
}

// arrived is the good end.
func (w way) arrived() *view.ProgressNote {
	user := w.channel.User
	if w.channel.Login == nil || user == nil {
		return &view.ProgressNote{Tone: view.ToneFree, Title: w.call.T("progress.free")}
	}
	n := &view.ProgressNote{Tone: view.ToneOK, Title: w.call.T("progress.logged_in", "Name", user.Name, "Number", user.Number)}
	if w.channel.Login.Kind == telephony.LoginHotdesk {
		n.Title = w.call.T("progress.guest", "Name", user.Name, "Number", user.Number)
		return n
	}
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
