package view

import (
	"context"
	"strconv"
	"time"

	"tischlein/internal/telephony"
	"tischlein/internal/web/text"
)

// ChannelPage is the page Kanal bearbeiten.
type ChannelPage struct {
	Customer telephony.Customer
	Service  string
	Channel  telephony.Channel
	State    telephony.State
	Link     *telephony.Link
	LinkedTo *telephony.Extension
	Login    *telephony.Login
	User     *telephony.Extension

	Unlocated bool // neither it nor its customer says where it is (C11)
	InCall    bool
	Form      Form // name, location, elin, version, extension
	Edit      bool // whoever reads may change it
	Now       time.Time
	Choices   Picker // of extensions, where none is linked
	Search    string // what the choices were searched for, without scripts
	Effects   Effects
	Progress  Progress
	Unlink    []Effect // what Trennen would do
	Device    ChannelDevice
}

// ChannelDevice is the device of a channel, or the form that attaches one.
type ChannelDevice struct {
	CPE        *telephony.CPE
	Port       int
	Fetches    bool
	Registered bool
	Detach     []Effect // what detaching would do
	Reveal     bool     // whoever reads may see credentials

	Form    Form // cpe, port
	Choices Picker
	Ports   int // the most that an offered device has
	Effects Effects

	Secret *SIPCredentials // revealed, else nil

	Code DeskCode // what leads end users there, while nobody is linked
}

// SIPCredentials are what is typed into a device that fetches nothing.
type SIPCredentials struct{ User, Password, Realm string }

// ChannelForm is the page that makes a channel.
type ChannelForm struct {
	Customer telephony.Customer
	Service  string
	Form     Form
}

// ChannelQuestion is a question about a channel as a page of its own, for those
// without scripts.
type ChannelQuestion struct {
	Customer telephony.Customer
	Service  string
	Channel  telephony.Channel
	Effects  []Effect
	Linked   *telephony.Extension // whose link it is
	User     *telephony.Extension // who hot-desks there
	Device   string               // name of the attached device, "" = none
	DeviceID string
}

func (m ChannelPage) path(parts ...string) string {
	return CustomerPath(m.Customer.ID, append([]string{"channels", m.Channel.ID}, parts...)...)
}

func (m ChannelQuestion) path(parts ...string) string {
	return CustomerPath(m.Customer.ID, append([]string{"channels", m.Channel.ID}, parts...)...)
}

func (m ChannelPage) question() ChannelQuestion {
	q := ChannelQuestion{Customer: m.Customer, Service: m.Service, Channel: m.Channel, Linked: m.LinkedTo}
	if m.Device.CPE != nil {
		q.Device, q.DeviceID = m.Device.CPE.Name, m.Device.CPE.ID
	}
	return q
}

// live are the events that change the page.
func (m ChannelPage) live() string {
	s := "channel-" + m.Channel.ID
	if m.Device.CPE != nil {
		s += " cpe-" + m.Device.CPE.ID
	}
	if m.LinkedTo != nil {
		s += " extension-" + m.LinkedTo.ID
	}
	return s
}

// guest is who hot-desks at the device now, nil if nobody does.
func (m ChannelPage) guest() *Guest { return GuestOf(m.Login, m.User) }

// crumbs lead to a channel's page; last is the page itself.
func channelCrumbs(ctx context.Context, c telephony.Customer, service string, last ...Crumb) []Crumb {
	return append([]Crumb{
		{text.T(ctx, "common.nav_customers"), "/customers"}, {c.Name, CustomerPath(c.ID)},
		{service + " · " + text.T(ctx, "common.tab_channels"), CustomerPath(c.ID, "channels")},
	}, last...)
}

func personName(x telephony.Extension) string { return x.Number + " " + x.Name }

// linkedSince words who made the link, and when.
func (m ChannelPage) linkedSince(ctx context.Context) string {
	return text.T(ctx, "channels.linked_since", "By", m.Link.By, "At", text.From(ctx).Since(m.Link.Since, m.Now))
}

// loginWord words where the linked extension's login stands.
func (m ChannelPage) loginWord(ctx context.Context) (Tone, string) {
	switch {
	case m.Login != nil && m.State.Code == telephony.StateLoggedIn:
		return ToneOK, text.T(ctx, "channels.login_here")
	case m.Login != nil:
		return ToneBusy, text.T(ctx, "channels.login_record")
	}
	return ToneWait, text.T(ctx, "channels.login_waits")
}

func (m ChannelPage) title(ctx context.Context) string {
	if m.Edit {
		return text.T(ctx, "channels.title_edit")
	}
	return text.T(ctx, "channels.title_see")
}

func channelUnlinkQuestion(ctx context.Context, q ChannelQuestion) Confirmation {
	return Confirmation{
		ID: "channel-unlink", Title: text.T(ctx, "channels.unlink_title", "Name", q.Linked.Name, "Number", q.Linked.Number, "Channel", q.Channel.Name),
		Action: q.path("unlink"), Back: q.path(), Do: text.T(ctx, "channels.confirm"), Danger: true,
		Hidden: []Choice{{Value: "extension", Label: q.Linked.ID}},
	}
}

func channelDeleteQuestion(ctx context.Context, q ChannelQuestion) Confirmation {
	return Confirmation{
		ID: "channel-delete", Title: text.T(ctx, "channels.delete_title", "Channel", q.Channel.Name),
		Action: q.path("delete"), Back: q.path(), Do: text.T(ctx, "channels.delete"), Danger: true,
		Hidden: []Choice{{Value: "version", Label: strconv.FormatInt(q.Channel.Version, 10)}},
	}
}

func channelDetachQuestion(ctx context.Context, q ChannelQuestion) Confirmation {
	return Confirmation{
		ID: "channel-detach", Title: text.T(ctx, "channels.detach_title", "Device", q.Device, "Channel", q.Channel.Name),
		Action: q.path("detach"), Back: q.path(), Do: text.T(ctx, "channels.detach"), Danger: true,
		Hidden: []Choice{{Value: "cpe", Label: q.DeviceID}},
	}
}

// portChoices are the ports to choose from: the first free one unless somebody
// wants another.
func (d ChannelDevice) portChoices(ctx context.Context) []Choice {
	list := []Choice{{"0", text.T(ctx, "channels.port_free")}}
	for n := 1; n <= d.Ports; n++ {
		list = append(list, Choice{strconv.Itoa(n), strconv.Itoa(n)})
	}
	return list
}

func kindWord(ctx context.Context, k telephony.ChannelKind) string {
	if k == telephony.KindClient {
		return text.T(ctx, "channels.kind_client")
	}
	return text.T(ctx, "channels.kind_cpe")
}
