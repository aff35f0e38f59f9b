package web

import (
	"net/netip"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/telephony"
	"tischlein/internal/web/view"
)

// way words the stations from what the records and the registrar say; what is
// missing first was decided by telephony.Chain.
type way struct {
	call      *Call
	channel   app.ChannelView
	device    *app.CPEView // nil: none is attached
	explained app.Explanation
	refused   netip.Addr // which address the IP check refuses, invalid: none
	saved     time.Time  // zero: never changed
	now       time.Time
	next      string
}

// settling is how long after a fetch a phone may take to register before that
// counts as missing; patience how long after a push until it has fetched.
const (
	settling = 30 * time.Second
	patience = 20 * time.Second
)

func (w way) missing() string {
	if w.explained.Missing == nil {
		return ""
	}
	return w.explained.Missing.Name
}

// at is when a step was reached.
func (w way) at(name string) time.Time {
	for _, s := range w.explained.Steps {
		if s.Name == name {
			return s.At
		}
	}
	return time.Time{}
}

// current reports whether the device has what it should have.
func (w way) current() bool { return w.device.CPE.Wanted == w.device.CPE.Fetched }

// barred says that the device cannot get anything at all: it is not there, or
// nothing has proven it.
func (w way) barred() bool {
	m := w.missing()
	return m == "device" || m == "trust"
}

func (w way) stations() []view.Station {
	all := []view.Station{{Phase: view.PhaseDone, At: w.saved}, {Phase: view.PhaseMissing}, {}, {}}
	if w.device != nil {
		all[1], all[2], all[3] = w.pushed(), w.fetched(), w.registered()
	}
	// What comes after something that is missing has not happened yet; a device
	// that does without a station does so all the same.
	blocked := false
	for i, name := range []string{"progress.saved", "progress.pushed", "progress.fetched", "progress.registered"} {
		s := &all[i]
		if blocked && s.Phase != view.PhaseSkipped {
			*s = view.Station{Phase: view.PhaseLater}
		}
		blocked = blocked || s.Phase == view.PhaseMissing || s.Phase == view.PhaseNow
		s.Name = w.call.T(name)
	}
	return all
}

func (w way) pushed() view.Station {
	t, cpe := w.call.T, w.device.CPE
	switch {
	case !w.device.Fetches:
		return view.Station{Phase: view.PhaseSkipped, Detail: t("progress.not_needed")}
	case w.barred():
		return view.Station{Phase: view.PhaseMissing}
	case w.current() && cpe.PushedAt.Before(w.saved):
		return view.Station{Phase: view.PhaseSkipped, Detail: t("progress.not_needed")}
	case !w.device.Pushable:
		return view.Station{Phase: view.PhaseSkipped, Detail: t("progress.not_pushable")}
	case w.current() || cpe.Pushed == cpe.Wanted && (cpe.PushOutcome == telephony.PushAnswered || cpe.PushOutcome == telephony.PushUnsupported):
		return view.Station{Phase: view.PhaseDone, At: w.told(), Took: after(w.saved, w.told())}
	case w.channel.Registered && cpe.Pushed != cpe.Wanted:
		return view.Station{Phase: view.PhaseNow}
	}
	return view.Station{Phase: view.PhaseMissing}
}

// told is when the push had reached the phone: by its answer, or before that by
// its fetch, which may be faster.
func (w way) told() time.Time {
	cpe := w.device.CPE
	if w.current() && cpe.FetchedAt.After(w.saved) && cpe.FetchedAt.Before(cpe.PushedAt) {
		return cpe.FetchedAt
	}
	return cpe.PushedAt
}

func (w way) fetched() view.Station {
	t, cpe := w.call.T, w.device.CPE
	switch {
	case !w.device.Fetches:
		return view.Station{Phase: view.PhaseSkipped, Detail: t("progress.not_needed")}
	case !cpe.RefusedAt.IsZero():
		return view.Station{Phase: view.PhaseMissing}
	case !w.current() || cpe.Fetched == "":
		return view.Station{Phase: view.PhaseNow}
	case cpe.FetchedAt.Before(w.saved):
		return view.Station{Phase: view.PhaseDone, Detail: t("progress.up_to_date")}
	}
	since := w.saved
	if told := w.told(); told.After(since) {
		since = told
	}
	return view.Station{Phase: view.PhaseDone, At: cpe.FetchedAt, Took: after(since, cpe.FetchedAt)}
}

func (w way) registered() view.Station {
	at := w.at("registered")
	switch {
	case w.channel.State.Reason == telephony.FailedAddress:
		return view.Station{Phase: view.PhaseMissing}
	case !w.channel.Registered && w.device.Fetches && w.now.Sub(w.device.CPE.FetchedAt) < settling:
		return view.Station{Phase: view.PhaseNow}
	case !w.channel.Registered:
		return view.Station{Phase: view.PhaseMissing}
	case w.channel.Link != nil && w.channel.Login == nil:
		return view.Station{Phase: view.PhaseNow}
	case at.Before(w.saved.Truncate(time.Second)): // it stayed registered; the registrar's clock has seconds
		return view.Station{Phase: view.PhaseDone, Detail: w.call.T("progress.since", "At", w.since(at))}
	}
	return view.Station{Phase: view.PhaseDone, At: at}
}

// since is the time of day, or the day when it was another one.
func (w way) since(at time.Time) string {
	if w.now.Sub(at) < 12*time.Hour {
		return w.call.Text().Clock(at)
	}
	return w.call.Text().DateTime(at)
}

// after is how much later to is, 0 when it is not.
func after(from, to time.Time) time.Duration {
	if from.IsZero() || to.Before(from) {
		return 0
	}
	return to.Sub(from)
}
