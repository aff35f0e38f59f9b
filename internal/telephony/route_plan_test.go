package telephony_test

import (
	"net/netip"
	"reflect"
	"testing"

	. "tischlein/internal/telephony"
)

var (
	erika = &Extension{ID: "e1", Number: "101", Name: "Erika Weber"}
	jan   = &Extension{ID: "e2", Number: "102", Name: "Jan de Vries", Language: "nl"}

	public   = Trunk{ID: "t0", Name: "Netz", Host: "sip.example.net"}
	own      = Trunk{ID: "t1", CustomerID: "k", Name: "Eigener", Host: "own.example.net"}
	foreign  = Trunk{ID: "t2", CustomerID: "other", Name: "Fremder", Host: "foreign.example.net"}
	exchange = Trunk{ID: "t3", CustomerID: "k", Name: "Anlage", Host: "pbx.example.net", Switch: true}
)

func deskOf(e *Extension) Desk {
	d := Desk{Channel: Channel{ID: "h1", CustomerID: "k", Name: "Empfang", Kind: KindCPE, SIPUser: "u1"}, CPE: &CPE{}}
	if e != nil {
		d.Login, d.User = &Login{ChannelID: "h1", ExtensionID: e.ID, Kind: LoginHotdesk}, e
	}
	return d
}

func planned(t *testing.T, a Asked) CallPlan {
	t.Helper()
	p, err := DecideCall(a)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestH05_EveryDeviceOfTheExtensionRingsAndTheCallerIsAPerson(t *testing.T) {
	at := []Ring{{"h2", "u2"}, {"h3", "u3"}}
	p := planned(t, Asked{Customer: adler, Desk: deskOf(jan), Dialled: Dialled{Kind: CallExtension, Number: "101"}, Callee: erika, At: at, Trunks: []Trunk{public}})
	want := CallPlan{Kind: CallExtension, CustomerID: "k", ChannelID: "h1", Language: "nl", Caller: Party{"e2", "102", "Jan de Vries"}, Callee: Party{"e1", "101", "Erika Weber"},
		Rings: at, DeclineAll: true, ForwardOutside: true, MostCalls: 7, MostPerMinute: 70}
	if !reflect.DeepEqual(p, want) {
		t.Errorf("%+v\nwant %+v", p, want)
	}
}

func TestH05_CallingOneselfRingsTheOtherDeviceOnly(t *testing.T) {
	a := Asked{Customer: adler, Desk: deskOf(erika), Dialled: Dialled{Kind: CallExtension, Number: "101"}, Callee: erika, At: []Ring{{"h1", "u1"}, {"h3", "u3"}}}
	if p := planned(t, a); !reflect.DeepEqual(p.Rings, []Ring{{"h3", "u3"}}) {
		t.Errorf("rings %v", p.Rings)
	}
	if len(a.At) != 2 || a.At[0].ChannelID != "h1" {
		t.Error("what the plan was made of has changed")
	}
	a.At = a.At[:1]
	if p := planned(t, a); len(p.Rings) != 0 {
		t.Errorf("rings %v", p.Rings)
	}
}

func TestH05_NobodyThereIsAPlanAndNobodyAtAllIsNot(t *testing.T) {
	a := Asked{Customer: adler, Desk: deskOf(jan), Dialled: Dialled{Kind: CallExtension, Number: "101"}, Callee: erika}
	if p := planned(t, a); len(p.Rings) != 0 || p.Callee.Name != "Erika Weber" {
		t.Errorf("%+v", p)
	}
	a.Callee = nil
	_, err := DecideCall(a)
	wants(t, "a number nobody has", err, NotFound, "dial_unknown")
}

func TestH02_CodesCarryTheirArgumentAndNoLimits(t *testing.T) {
	for _, e := range []*Extension{nil, jan} {
		p := planned(t, Asked{Customer: adler, Desk: deskOf(e), Dialled: Dialled{Kind: CallLogin, Number: "901", Argument: "101*4711"}, Trunks: []Trunk{exchange}})
		language := "de"
		if e != nil {
			language = "nl"
		}
		if p.Argument != "101*4711" || p.Trunk != nil || p.MostCalls != 0 || p.Language != language {
			t.Errorf("%+v", p)
		}
	}
}

func TestC10_WhichTrunkCarriesWhat(t *testing.T) {
	for _, c := range []struct {
		trunks []Trunk
		want   string
	}{
		{[]Trunk{public}, "t0"}, {[]Trunk{public, own}, "t1"}, {[]Trunk{own, public}, "t1"}, {[]Trunk{foreign, public}, "t0"},
		{[]Trunk{public, own, exchange}, "t3"}, {[]Trunk{foreign}, ""}, {nil, ""},
		{[]Trunk{own, {ID: "t9", CustomerID: "k"}}, "t1"},
	} {
		got := ""
		if p := PickTrunk(c.trunks, "k"); p != nil {
			got = p.ID
		}
		if got != c.want {
			t.Errorf("%v: %q, want %q", c.trunks, got, c.want)
		}
	}
}

func TestC10_OutsideNeedsATrunkAndANumberToShow(t *testing.T) {
	a := Asked{Customer: adler, Desk: deskOf(jan), Dialled: Dialled{Kind: CallOutside, Number: "+31201234567"}, Trunks: []Trunk{public, own}}
	p := planned(t, a)
	if p.Trunk == nil || p.Trunk.ID != "t1" || p.Number != "+31201234567" || p.Caller != (Party{"e2", "+4930901820", "Jan de Vries"}) || p.MostCalls != 7 || len(p.Rings) != 0 {
		t.Errorf("%+v", p)
	}
	a.Direct = "+49309018102"
	if p := planned(t, a); p.Caller.Number != a.Direct {
		t.Errorf("shows %s", p.Caller.Number)
	}
	chosen := *jan
	chosen.OutboundNumber = "+49309018100"
	a.Desk = deskOf(&chosen)
	if p := planned(t, a); p.Caller.Number != chosen.OutboundNumber {
		t.Errorf("shows %s", p.Caller.Number)
	}
	a.Desk, a.Direct, a.Customer.OutboundNumber = deskOf(jan), "", ""
	_, err := DecideCall(a)
	wants(t, "nothing to show", err, Forbidden, "no_outbound_number")
	a.Trunks = []Trunk{foreign}
	_, err = DecideCall(a)
	wants(t, "no trunk", err, Unavailable, "no_trunk")
}

func TestC10_ASwitchGetsEverythingWithTheExtensionAsserted(t *testing.T) {
	for _, d := range []Dialled{{Kind: CallExtension, Number: "101"}, {Kind: CallOutside, Number: "*21*5"}} {
		p := planned(t, Asked{Customer: adler, Desk: deskOf(jan), Dialled: d, Trunks: []Trunk{public, exchange}})
		if p.Trunk == nil || p.Trunk.ID != "t3" || p.Number != d.Number || len(p.Rings) != 0 || p.Caller != (Party{"e2", "102", "Jan de Vries"}) {
			t.Errorf("%+v", p)
		}
	}
	_, err := DecideCall(Asked{Customer: adler, Desk: deskOf(nil), Dialled: Dialled{Kind: CallExtension, Number: "101"}, Trunks: []Trunk{exchange}})
	wants(t, "a free desk at a switch", err, Forbidden, "desk_free")
}

func TestD22_C11_EmergencyFromEveryDeskWithThePlaceNeverTheGuest(t *testing.T) {
	guest := *jan
	guest.OutboundNumber = "+31201234567" // at home in Amsterdam
	refused, client := deskOf(nil), deskOf(nil)
	refused.Link, refused.Refused = &Link{}, netip.MustParseAddr("203.0.113.7")
	client.Channel.Kind, client.CPE = KindClient, nil
	for name, d := range map[string]Desk{"free": deskOf(nil), "guest": deskOf(&guest), "address refused": refused, "client": client} {
		p := planned(t, Asked{Customer: adler, Desk: d, Dialled: Dialled{Kind: CallEmergency, Number: "112"}, Direct: "+31201234568", Trunks: []Trunk{public}})
		if p.Trunk == nil || p.Number != "112" || p.Caller.Number != "+4930901820" || p.Location != (Location{"Hauptstraße 1, Berlin", "+4930901829"}) || p.MostCalls != 0 || p.MostPerMinute != 0 {
			t.Errorf("%s: %+v", name, p)
		}
	}
	a := Asked{Customer: adler, Desk: deskOf(&guest), Dialled: Dialled{Kind: CallEmergency, Number: "112"}, Trunks: []Trunk{public}}
	a.Desk.Channel.Location, a.Desk.Channel.ELIN = "Lager, Hof 3", "+4930901828"
	if p := planned(t, a); p.Location != (Location{"Lager, Hof 3", "+4930901828"}) {
		t.Errorf("%+v", p.Location)
	}
	a.Customer.OutboundNumber = ""
	if p := planned(t, a); p.Caller.Number != "+4930901828" {
		t.Errorf("asserts %s rather than the place", p.Caller.Number)
	}
	a.Customer.SiteELIN, a.Desk.Channel.ELIN = "", ""
	if p := planned(t, a); p.Caller.Number != guest.OutboundNumber {
		t.Errorf("asserts %q: the person's is better than none", p.Caller.Number)
	}
	a.Desk.User = erika
	if p := planned(t, a); p.Caller.Number != "" {
		t.Errorf("asserts %q, which nobody outside knows", p.Caller.Number)
	}
	a.Trunks = nil
	_, err := DecideCall(a)
	wants(t, "no trunk", err, Unavailable, "no_trunk")
}

func TestC11_LocatedByTheChannelElseTheSite(t *testing.T) {
	nowhere := Customer{}
	for _, c := range []struct {
		customer Customer
		channel  Channel
		want     bool
	}{
		{nowhere, Channel{}, false}, {adler, Channel{}, true}, {nowhere, Channel{Location: "Lager"}, true}, {nowhere, Channel{ELIN: "+4930901828"}, true},
		{Customer{SiteELIN: "+4930901829"}, Channel{}, true},
	} {
		if Located(c.customer, c.channel) != c.want {
			t.Errorf("%+v at %+v", c.channel, c.customer)
		}
	}
}

func TestC10_WhatATrunkBringsRingsAndNeverLeaves(t *testing.T) {
	from := Party{Number: "+31201234567"}
	p, err := DecideArrival(Arrived{Customer: adler, From: from, Number: "+4930901810", Callee: jan, At: []Ring{{"h1", "u1"}}})
	want := CallPlan{Kind: CallExtension, CustomerID: "k", Language: "nl", Caller: from, Callee: Party{"e2", "102", "Jan de Vries"}, Rings: []Ring{{"h1", "u1"}},
		DeclineAll: true, ForwardOutside: true, MostCalls: 7, MostPerMinute: 70}
	if err != nil || !reflect.DeepEqual(p, want) {
		t.Errorf("%+v, %v\nwant %+v", p, err, want)
	}
	if p, err := DecideArrival(Arrived{Customer: adler, Callee: jan}); err != nil || len(p.Rings) != 0 || p.Trunk != nil {
		t.Errorf("%+v, %v", p, err)
	}
	_, err = DecideArrival(Arrived{Customer: adler, Number: "+4930901810"})
	wants(t, "a number that rings nobody", err, NotFound, "dial_unknown")
}

func TestC11_ACallBackRingsTheDeviceThatCalled(t *testing.T) {
	back := []Ring{{"h9", "u9"}, {"h1", "u1"}}
	p, err := DecideArrival(Arrived{Customer: adler, Number: "+4930901820", CallBack: back})
	if err != nil || !reflect.DeepEqual(p.Rings, back) || p.Callee.Number != "+4930901820" {
		t.Errorf("%+v, %v", p, err)
	}
	p, err = DecideArrival(Arrived{Customer: adler, Number: "+4930901820", Callee: jan, At: []Ring{{"h1", "u1"}}, CallBack: back})
	if err != nil || !reflect.DeepEqual(p.Rings, []Ring{{"h1", "u1"}, {"h9", "u9"}}) {
		t.Errorf("%+v, %v", p, err)
	}
}
