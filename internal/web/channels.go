package web

import (
	"net/http"
	"slices"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
	"tischlein/internal/web/view"
)

const channelPath = "/customers/{customer}/channels/{channel}"

var channelRoutes = slices.Concat([]Route{
	get("/customers/{customer}/channels", OfCustomer, (*Portal).channelList),
	get("/customers/{customer}/channels/new", OfCustomer, (*Portal).channelNew).needs(auth.ScopeWrite),
	post("/customers/{customer}/channels/new", OfCustomer, auth.ScopeWrite, (*Portal).channelCreate).keeps(),
	get("/customers/{customer}/channels/counts", OfCustomer, (*Portal).channelCount),
	get(channelPath, OfCustomer, (*Portal).channelEdit),
	post(channelPath, OfCustomer, auth.ScopeWrite, (*Portal).channelUpdate).keeps(),
	get(channelPath+"/choices", OfCustomer, (*Portal).channelChoices),
	get(channelPath+"/effects", OfCustomer, (*Portal).channelEffects).needs(auth.ScopeLink),
	get(channelPath+"/unlink", OfCustomer, (*Portal).channelUnlinkAsk).needs(auth.ScopeLink),
	post(channelPath+"/unlink", OfCustomer, auth.ScopeLink, (*Portal).channelUnlink),
	get(channelPath+"/logout", OfCustomer, (*Portal).channelLogoutAsk).needs(auth.ScopeLogin),
	post(channelPath+"/logout", OfCustomer, auth.ScopeLogin, (*Portal).channelLogout),
	get(channelPath+"/devices", OfCustomer, (*Portal).channelDevices),
	post(channelPath+"/attach", OfCustomer, auth.ScopeWrite, (*Portal).channelAttach).keeps(),
	get(channelPath+"/detach", OfCustomer, (*Portal).channelDetachAsk).needs(auth.ScopeWrite),
	post(channelPath+"/detach", OfCustomer, auth.ScopeWrite, (*Portal).channelDetach),
	post(channelPath+"/credentials", OfCustomer, auth.ScopeReveal, (*Portal).channelCredentials),
	get(channelPath+"/delete", OfCustomer, (*Portal).channelDeleteAsk).needs(auth.ScopeWrite),
	post(channelPath+"/delete", OfCustomer, auth.ScopeWrite, (*Portal).channelDelete),
}, progressRoutes)

// channelQuery is what a list's address asks for.
func channelQuery(c *Call) app.Query {
	v := c.R.URL.Query()
	return app.Query{Cursor: v.Get("cursor"), Search: v.Get("q"), Sort: v.Get("sort"), Filter: v.Get("filter"), Count: true}
}

// channelList is the tab Kanäle.
func (p *Portal) channelList(c *Call) error {
	ctx, customer := c.R.Context(), c.Customer.ID
	l, err := p.app.Channels.List(ctx, c.Actor, customer, channelQuery(c))
	if err != nil {
		return err
	}
	place := c.Place()
	m := view.ChannelList{
		Customer: *c.Customer, Service: p.cfg.Service, Place: place, Edit: c.Actor.Can(auth.ScopeWrite),
		Pager: view.Pager{Place: place, Prev: l.Prev, Next: l.Next, Shown: len(l.Items), Total: l.Total},
		Total: l.Total, More: l.More,
	}
	for _, v := range l.Items {
		m.Rows = append(m.Rows, view.ChannelRow{
			Channel: v.Channel, State: v.State, CPE: v.CPE, LinkedTo: v.LinkedTo, User: v.User,
			Guest: v.Login != nil && v.Login.Kind == telephony.LoginHotdesk,
		})
	}
	if c.Fragment() {
		return c.Part(http.StatusOK, view.ChannelListPart(m))
	}
	if err := p.countChannels(c, &m); err != nil {
		return err
	}
	return c.Page(http.StatusOK, view.Page{Title: c.T("common.tab_channels"), Section: view.SectionService}, view.ChannelListPage(m))
}

// countedAtOnce is up to how many channels the counts come with the list.
const countedAtOnce = 1000

// countChannels adds the filters with how many channels each holds. Counting all
// of a large customer takes longer than the list, so there the numbers come after
// it (Q10).
func (p *Portal) countChannels(c *Call, m *view.ChannelList) error {
	all, err := p.app.Channels.List(c.R.Context(), c.Actor, c.Customer.ID, app.Query{Limit: 1, Count: true})
	if err != nil {
		return err
	}
	if m.Later = all.More || all.Total > countedAtOnce; m.Later {
		m.Counts = channelCounts(app.Health{})
		return nil
	}
	h, err := p.app.Customers.Health(c.R.Context(), c.Actor, c.Customer.ID)
	m.Counts = channelCounts(h)
	return err
}

// channelCount answers the filters with their numbers.
func (p *Portal) channelCount(c *Call) error {
	h, err := p.app.Customers.Health(c.R.Context(), c.Actor, c.Customer.ID)
	if err != nil {
		return err
	}
	place := view.Place{Path: view.CustomerPath(c.Customer.ID, "channels"), Values: c.R.URL.Query()}
	return c.Part(http.StatusOK, view.ChannelCounts(view.ChannelList{Customer: *c.Customer, Place: place, Counts: channelCounts(h)}))
}

// channelCounts are the filters of the list with how many channels each holds.
func channelCounts(h app.Health) []view.ChannelCount {
	all := []view.ChannelCount{{Number: h.Channels}}
	for _, s := range []telephony.StateCode{
		telephony.StateFailed, telephony.StateOffline, telephony.StatePending, telephony.StateWaitingForDevice,
		telephony.StateNoDevice, telephony.StateLoggedIn, telephony.StateLoggedOut,
	} {
		all = append(all, view.ChannelCount{Filter: string(s), State: s, Number: h.States[s]})
	}
	return append(all,
		view.ChannelCount{Filter: "linked", Number: h.Linked},
		view.ChannelCount{Filter: "unlinked", Number: h.Channels - h.Linked})
}
