package web

import (
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
	"tischlein/internal/web/view"
)

// progressRoutes belong to channelRoutes.
var progressRoutes = []Route{
	get("/customers/{customer}/channels/{channel}/progress", OfCustomer, (*Portal).progressShow),
	post("/customers/{customer}/channels/{channel}/allow-address", OfCustomer, auth.ScopeWrite, (*Portal).progressAllowAddress),
}

// progress is the live track of a channel for any page that wants to show it:
// gespeichert, gesendet, abgeholt, angemeldet, and how it ended or what is missing
// first (P10). next is the page that its buttons lead back to. Where there is
// neither a link nor a device it is there, unseen, for when one comes.
func (p *Portal) progress(c *Call, channelID, next string) (m view.Progress, err error) {
	ctx, customer := c.R.Context(), c.Customer.ID
	v, err := p.app.Channels.Get(ctx, c.Actor, customer, channelID)
	if err != nil {
		return m, err
	}
	m = view.Progress{
		ID: "progress-" + channelID, Live: "channel-" + channelID,
		Source: view.CustomerPath(customer, "channels", channelID, "progress") + "?next=" + url.QueryEscape(next),
	}
	if v.CPE == nil && v.Link == nil {
		return m, nil
	}
	e, err := p.app.Channels.Explain(ctx, c.Actor, customer, channelID)
	if err != nil {
		return m, err
	}
	w := way{call: c, channel: v, explained: e, now: p.now(), next: next}
	if v.CPE != nil {
		device, err := p.app.CPEs.Get(ctx, c.Actor, customer, v.CPE.ID)
		if err != nil {
			return m, err
		}
		w.device = &device
		m.Live += " cpe-" + v.CPE.ID
	}
	if w.refused, err = p.refusedAddress(c, v); err != nil {
		return m, err
	}
	if w.saved, err = p.savedAt(c, v); err != nil {
		return m, err
	}
	m.Stations, m.Note = w.stations(), w.note()
	m.Moving = slices.ContainsFunc(m.Stations, func(s view.Station) bool { return s.Phase == view.PhaseNow })
	return m, nil
}

// changes are the audited actions after which a phone may be told something new.
var changes = []string{"create", "update", "link", "unlink", "login", "logout", "attach", "detach", "rotate", "arm", "set_pin", "undo"}

// savedAt is when something of the channel, its user or its device was last
// changed, as the audit log has it.
func (p *Portal) savedAt(c *Call, v app.ChannelView) (at time.Time, err error) {
	of := []string{v.Channel.ID}
	for _, x := range []*telephony.Extension{v.LinkedTo, v.User} {
		if x != nil && !slices.Contains(of, x.ID) {
			of = append(of, x.ID)
		}
	}
	if v.CPE != nil {
		of = append(of, v.CPE.ID)
	}
	for _, id := range of {
		l, err := p.app.Audit.List(c.R.Context(), c.Actor, c.Customer.ID, app.AuditQuery{ObjectID: id, Outcome: "done", Limit: 5})
		if err != nil {
			return at, err
		}
		for _, e := range l.Items {
			if slices.Contains(changes, e.Action) && e.At.After(at) {
				at = e.At
			}
		}
	}
	return at, nil
}

// refusedAddress is the address at which the channel's device is, or at its next
// contact will be, refused; invalid if it is none.
func (p *Portal) refusedAddress(c *Call, v app.ChannelView) (netip.Addr, error) {
	if v.State.Reason == telephony.FailedAddress {
		return v.State.Address, nil
	}
	if v.CPE == nil || !c.Customer.IPListing {
		return netip.Addr{}, nil
	}
	entries, err := p.app.Customers.Allowlist(c.R.Context(), c.Actor, c.Customer.ID)
	list := telephony.Allowlist{On: true}
	for _, e := range entries {
		list.Entries = append(list.Entries, e.Entry)
	}
	refused, _ := list.Check(v.CPE.Addresses())
	return refused, err
}

// progressShow answers the track alone.
func (p *Portal) progressShow(c *Call) error {
	id := c.R.PathValue("channel")
	m, err := p.progress(c, id, localPath(c.R.FormValue("next")))
	if err != nil && telephony.CodeOf(err) == telephony.NotFound && c.R.Header.Get("Tischlein-Live") != "" {
		// The channel is gone, not the page of the extension or device that shows its track.
		return c.Part(http.StatusOK, view.ProgressTrack(view.Progress{ID: "progress-" + id}))
	}
	if err != nil {
		return err
	}
	return c.Part(http.StatusOK, view.ProgressTrack(m))
}

// progressAllowAddress puts the address at which the channel's device was refused
// on the allowlist (S08). It allows what somebody has read on the page, not
// whatever is refused by then.
func (p *Portal) progressAllowAddress(c *Call) error {
	ctx, id := c.R.Context(), c.R.PathValue("channel")
	next := localPath(c.R.FormValue("next"))
	if next == "/" {
		next = view.CustomerPath(c.Customer.ID, "channels", id)
	}
	v, err := p.app.Channels.Get(ctx, c.Actor, c.Customer.ID, id)
	if err != nil {
		return err
	}
	asked := c.R.FormValue("address")
	refused, err := p.refusedAddress(c, v)
	if err != nil {
		return err
	}
	if !refused.IsValid() || refused.String() != asked {
		return c.Redirect(next, Remark("progress.not_refused_now", "Address", asked))
	}
	_, err = p.app.Customers.Allow(ctx, c.Actor, c.Customer.ID, asked, c.T("progress.allow_note", "Channel", v.Channel.Name))
	if err != nil {
		return err
	}
	return c.Redirect(next, Done("progress.allowed", "Address", asked))
}
