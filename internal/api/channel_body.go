package api

import (
	"net/netip"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/telephony"
)

type channelBody struct {
	ID         string                `json:"id"`
	Name       string                `json:"name"`
	Kind       telephony.ChannelKind `json:"kind" doc:"cpe or client."`
	Location   string                `json:"location,omitempty"`
	ELIN       string                `json:"elin,omitempty" doc:"The number that stands for the place at the emergency service." example:"+4930901820"`
	Unlocated  bool                  `json:"unlocated" doc:"Neither the channel nor the customer says where it is: nobody could be sent to an emergency call from there."`
	InCall     bool                  `json:"in_call" doc:"Its device is in a call; what would interrupt it waits."`
	SIPUser    string                `json:"sip_user" doc:"The user part of the channel's address of record."`
	Desk       string                `json:"desk,omitempty" doc:"The short number on the phone's screen, by which one logs in there from another screen."`
	State      stateBody             `json:"state"`
	Registered bool                  `json:"registered"`
	CPE        *cpeRef               `json:"cpe,omitempty" doc:"The attached device."`
	Link       *linkBody             `json:"link,omitempty"`
	Login      *loginBody            `json:"login,omitempty"`
	Version    int64                 `json:"version"`
}

type stateBody struct {
	Code    telephony.StateCode `json:"code" enum:"no_device,waiting_for_device,failed,offline,pending,logged_in,logged_out"`
	Reason  string              `json:"reason,omitempty" doc:"Of failed: address_not_listed, device_lost, device_frozen or device_refused."`
	Address string              `json:"address,omitempty" doc:"The address that is not listed."`
	Detail  string              `json:"detail,omitempty" doc:"What was seen."`
	Why     whyCode             `json:"detail_code,omitempty" doc:"What detail says, for programs, where a device was refused or frozen."`
}

type cpeRef struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	MAC    string `json:"mac,omitempty" example:"80:5e:c0:12:34:56"`
	Driver string `json:"driver"`
	Model  string `json:"model,omitempty"`
}

type extensionRef struct {
	ID     string `json:"id"`
	Number string `json:"number"`
	Name   string `json:"name"`
}

type linkBody struct {
	ChannelID   string        `json:"channel_id"`
	ExtensionID string        `json:"extension_id"`
	Extension   *extensionRef `json:"extension,omitempty"`
	Since       time.Time     `json:"since"`
	By          string        `json:"by,omitempty" doc:"Who linked."`
}

type loginBody struct {
	ChannelID   string              `json:"channel_id"`
	ExtensionID string              `json:"extension_id"`
	Extension   *extensionRef       `json:"extension,omitempty"`
	Kind        telephony.LoginKind `json:"kind" doc:"linked: an administrator's link. hotdesk: by number and PIN."`
	Since       time.Time           `json:"since"`
	Address     string              `json:"address,omitempty" doc:"The address a hot-desk login is bound to."`
	Path        string              `json:"path,omitempty" doc:"How it came about: portal, api, code, key or self_service."`
	Until       time.Time           `json:"until,omitzero" doc:"When the customer's limits end a hot-desk login; absent: never."`
}

func address(a netip.Addr) string {
	if !a.IsValid() {
		return ""
	}
	return a.String()
}

func showState(s telephony.State) stateBody {
	return stateBody{s.Code, s.Reason, address(s.Address), s.Detail, codeOf(s.Detail)}
}

func showExtensionRef(e telephony.Extension) extensionRef {
	return extensionRef{e.ID, e.Number, e.Name}
}

func showLink(l telephony.Link) linkBody {
	return linkBody{ChannelID: l.ChannelID, ExtensionID: l.ExtensionID, Since: l.Since, By: l.By}
}

func showLogin(l telephony.Login) loginBody {
	return loginBody{ChannelID: l.ChannelID, ExtensionID: l.ExtensionID, Kind: l.Kind, Since: l.Since, Address: address(l.Address), Path: l.Path, Until: l.Until}
}

func showChannel(v app.ChannelView) channelBody {
	c := v.Channel
	b := channelBody{
		ID: c.ID, Name: c.Name, Kind: c.Kind, Location: c.Location, ELIN: c.ELIN, Unlocated: v.Unlocated, InCall: v.InCall, SIPUser: c.SIPUser, Desk: c.Desk,
		State: showState(v.State), Registered: v.Registered, Version: c.Version,
	}
	if v.CPE != nil {
		b.CPE = &cpeRef{v.CPE.ID, v.CPE.Name, v.CPE.MAC.Colon(), v.CPE.Driver, v.CPE.Model}
	}
	if v.Link != nil {
		l := showLink(*v.Link)
		l.Extension = refOf(v.LinkedTo)
		b.Link = &l
	}
	if v.Login != nil {
		l := showLogin(*v.Login)
		l.Extension = refOf(v.User)
		b.Login = &l
	}
	return b
}

func refOf(e *telephony.Extension) *extensionRef {
	if e == nil {
		return nil
	}
	r := showExtensionRef(*e)
	return &r
}

type stepBody struct {
	Name   string    `json:"name" doc:"link, device, trust, address, pushed, fetched or registered."`
	Done   bool      `json:"done"`
	At     time.Time `json:"at,omitzero" doc:"When it was reached, where that is known."`
	Detail string    `json:"detail" doc:"What is so."`
	Advice string    `json:"advice,omitempty" doc:"What to do."`
}

type explanationBody struct {
	State stateBody  `json:"state"`
	Steps []stepBody `json:"steps" nullable:"false"`
	// Emergency is no station on the way to a registered phone.
	Emergency stepBody  `json:"emergency" doc:"How emergency calls leave here, and where help would come to."`
	Missing   *stepBody `json:"missing,omitempty" doc:"The first step that is not done; absent when all are."`
}

func showExplanation(e app.Explanation) explanationBody {
	show := func(s telephony.Step) stepBody { return stepBody(s) }
	b := explanationBody{State: showState(e.State), Emergency: show(e.Emergency), Steps: each(e.Steps, show)}
	if e.Missing != nil {
		m := show(*e.Missing)
		b.Missing = &m
	}
	return b
}
