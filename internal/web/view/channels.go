package view

import (
	"context"
	"net/url"

	"github.com/a-h/templ"

	"tischlein/internal/telephony"
	"tischlein/internal/web/text"
)

// ChannelList is the tab Kanäle.
type ChannelList struct {
	Customer telephony.Customer
	Service  string
	Place    Place
	Edit     bool // whoever reads may change channels
	Rows     []ChannelRow
	Pager    Pager
	Total    int
	More     bool           // Total is a lower bound
	Counts   []ChannelCount // none: not asked for
	Later    bool           // the numbers of Counts come after the page
}

// ChannelRow is one channel of the list.
type ChannelRow struct {
	Channel        telephony.Channel
	State          telephony.State
	CPE            *telephony.CPE
	LinkedTo, User *telephony.Extension
	Guest          bool // User hot-desks here
}

// ChannelCount is a filter of the list and how many channels it holds.
type ChannelCount struct {
	Filter string // "" = all
	State  telephony.StateCode
	Number int
}

func (m ChannelList) path(parts ...string) string {
	return CustomerPath(m.Customer.ID, append([]string{"channels"}, parts...)...)
}

func (m ChannelList) columns(ctx context.Context) []Column {
	t := func(id string) string { return text.T(ctx, id) }
	return []Column{
		{Label: t("channels.channel"), Sort: "name", Class: "name"},
		{Label: t("channels.state"), Sort: "state", Class: "bare"},
		{Label: t("channels.user"), Sort: "user"},
		{Label: t("channels.cpe"), Sort: "cpe"},
		{Label: t("channels.location"), Sort: "location", Class: "wide"},
		{Label: t("channels.edit"), Quiet: true, Class: "tight tools-cell"},
	}
}

// countsHref answers the counts, for the same place in the list.
func (m ChannelList) countsHref() string {
	return string(Place{Path: m.path("counts"), Values: m.Place.Values}.With("cursor", ""))
}

// filterHref is the list of all channels that a filter holds, as it is sorted now.
func (m ChannelList) filterHref(c ChannelCount) templ.SafeURL {
	v := url.Values{}
	if sort := m.Place.Get("sort"); sort != "" {
		v.Set("sort", sort)
	}
	return Place{Path: m.path(), Values: v}.With("filter", c.Filter)
}

// shown are the counts that the bar shows: those of no channel are left out,
// unless the list is filtered by them.
func (m ChannelList) shown() (out []ChannelCount) {
	for _, c := range m.Counts {
		if m.Later || c.Number > 0 || c.Filter == "" || c.Filter == m.Place.Get("filter") {
			out = append(out, c)
		}
	}
	return out
}

func (c ChannelCount) word(ctx context.Context) string {
	switch {
	case c.Filter == "":
		return text.T(ctx, "channels.filter_all")
	case c.State == telephony.StateFailed:
		return text.T(ctx, "channels.filter_failed")
	case c.State != "":
		return text.T(ctx, "common.state_"+string(c.State))
	}
	if c.Filter == "linked" {
		return text.T(ctx, "channels.filter_linked")
	}
	return text.T(ctx, "channels.filter_unlinked")
}

func (c ChannelCount) class() string {
	if c.State == "" {
		return "chip-filter tone-idle"
	}
	return "chip-filter tone-" + string(tones[c.State])
}

// found words how many channels match what was searched for.
func (m ChannelList) found(ctx context.Context) string {
	if m.More {
		return text.T(ctx, "channels.found_more", "Count", m.Total)
	}
	return text.N(ctx, "channels.found", m.Total)
}

// live are the events that change the row.
func (r ChannelRow) live() string {
	s := "channel-" + r.Channel.ID
	if r.CPE != nil {
		s += " cpe-" + r.CPE.ID
	}
	for _, x := range []*telephony.Extension{r.LinkedTo, r.User} {
		if x != nil {
			s += " extension-" + x.ID
		}
	}
	return s
}

// blank is the column of a cell that has nothing to say: where rows are cards it
// is left out.
func (c Column) blank(is bool) Column {
	if is {
		c.Class += " blank"
	}
	return c
}
