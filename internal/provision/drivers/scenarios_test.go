package drivers

import (
	"strings"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// testCA is a throw-away certificate without a key anywhere.
const testCA = `-----BEGIN CERTIFICATE-----
MIIBezCCASGgAwIBAgIUSOYxiTYfPdtzDbF6RENH19m2jeEwCgYIKoZIzj0EAwIw
EjEQMA4GA1UEAwwHVGVzdCBDQTAgFw0yNjExMjMwOTUxMzNaGA8yMTI2MTAzMDA5
NTEzM1owEjEQMA4GA1UEAwwHVGVzdCBDQTBZMBMGByqGSM49AgEGCCqGSM49AwEH
A0IABEVJf9K+vFe/ieIUadJ0kCrayIcScD7B186oIeK6oMyHyhlKg3/BOqNMP6ur
AEFp8k0EmBAMgyIyUqVXF0FXQFajUzBRMB0GA1UdDgQWBBSUnWYEAB+yruWmTYd9
JGEAZYD1ijAfBgNVHSMEGDAWgBSUnWYEAB+yruWmTYd9JGEAZYD1ijAPBgNVHRMB
Af8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCIQCZrxyIw5xaS/Wzrrmxq81Hv0F0
JxJgyKef+N/lrqZpZgIgY/Pd/TUfyVzySXPpz+Sl+0NUG0TRbFAEZKkbEfJglNs=
-----END CERTIFICATE-----
`

// testPages is where the keys lead: its token is not the device's own (P02).
const testPages = "https://prov.example.net/k/0123456789abkeyskeyskeyskeyskeyskeys/"

// driverOf is a driver that is known to exist.
func driverOf(vendor string) provision.Driver {
	drv, err := All().Get(vendor)
	if err != nil {
		panic(err)
	}
	return drv
}

type scenario struct {
	name    string
	desired telephony.Desired
}

// desk is a device with one used port; edit changes it.
func desk(vendor string, edit func(*telephony.Desired)) telephony.Desired {
	d := telephony.Desired{
		Driver: vendor, DeviceName: "Empfang",
		BaseURL:        "https://prov.example.net/d/q7Zt0kXn3vB5sYw2mLr9Aa/",
		PagesURL:       testPages,
		RefetchSeconds: 86400,
		SIP: telephony.SIPServer{Realm: "sip.example.net", Host: "sip.example.net", Port: 5060,
			Transport: "udp", Expires: 300, KeepAlive: 25},
		AdminPassword: "Geheim-Admin-4711",
		HTTPUser:      "d-5f3a9c", HTTPPassword: "http-Geheim-2342",
		Language: "de", TimeZone: "Europe/Berlin",
		LoginCode: "901", LogoutCode: "902", PickupCode: "*8", Hotdesking: true,
		Emergency: []string{"112", "110"},
		Lines: []telephony.Line{{Port: 1, State: telephony.LineFree, SIPUser: "c7k2m9x4q1",
			Secret: "sip-Geheim-0815", Place: "Empfang", Language: "de"}},
	}
	if c, ok := cases[vendor]; ok {
		d.Model, d.MAC = c.model, c.mac
	}
	edit(&d)
	return d
}

func login(d *telephony.Desired, state telephony.LineState, number, name string) {
	l := &d.Lines[0]
	l.State, l.Number, l.Name = state, number, name
	d.Person = number
	d.Hotdesking = state != telephony.LineLinked
}

// hostile are names that would break a careless file format.
var hostile = map[string]string{
	"quotes":  `Anna "die <b>Chefin</b>" O'Neil & Söhne \ Co`,
	"newline": "Anna\r\naccount.1.password = gestohlen\naccount.2.enable = 1\x00\x1b",
	"cdata":   `Anna]]></user_realname><user_pass idx="1">gestohlen</user_pass><![CDATA[`,
	"emoji":   "Anna 👩‍💻 Schmidt 🎉",
	"rtl":     "\u202eannA\u202c שרה لیلا\u200f",
	"long":    strings.Repeat("Überlang ", 7) + "x",
	"null":    "%NULL%",
	"comment": "#!version:9.9.9.9",
	"spaces":  "   \u2028 Anna \t Schmidt \u00a0 ",
}

func scenarios(vendor string) []scenario {
	list := []scenario{
		{"hotdesk_free", desk(vendor, func(*telephony.Desired) {})},
		{"linked", desk(vendor, func(d *telephony.Desired) {
			login(d, telephony.LineLinked, "101", "Anna Schmidt")
		})},
		{"hotdesk_logged_in", desk(vendor, func(d *telephony.Desired) {
			login(d, telephony.LineHotdesk, "102", "Jan de Vries")
			d.Lines[0].Language = "nl"
		})},
		{"refused", desk(vendor, func(d *telephony.Desired) {
			d.Lines[0].State, d.Lines[0].Address, d.Hotdesking = telephony.LineRefused, "203.0.113.7", false
		})},
		{"refused_en", desk(vendor, func(d *telephony.Desired) {
			d.Lines[0].State, d.Lines[0].Address, d.Hotdesking = telephony.LineRefused, "2001:db8::7", false
			d.Lines[0].Language = "en"
		})},
		{"no_hotdesking", desk(vendor, func(d *telephony.Desired) { d.Hotdesking = false })},
		{"tls_own_ca", desk(vendor, func(d *telephony.Desired) {
			login(d, telephony.LineLinked, "101", "Anna Schmidt")
			d.BaseURL = "https://192.0.2.10:8443/d/q7Zt0kXn3vB5sYw2mLr9Aa/"
			d.SIP = telephony.SIPServer{Realm: "tischlein.example.net", Host: "192.0.2.10", Port: 5061,
				Transport: "tls", Expires: 600, KeepAlive: 20, RootCA: testCA}
		})},
		{"unused", desk(vendor, func(d *telephony.Desired) {
			d.Lines = []telephony.Line{{Port: 1, State: telephony.LineUnused}}
			d.Hotdesking = false
		})},
		{"unknown_model", desk(vendor, func(d *telephony.Desired) { d.Model = "Z9000"; d.TimeZone = "Mars/Olympus" })},
		{"long_labels", desk(vendor, func(d *telephony.Desired) {
			login(d, telephony.LineHotdesk, "10199", strings.Repeat("Donaudampfschiff", 8))
			d.Lines[0].Place = strings.Repeat("Raum", 40)
		})},
	}
	list = append(list,
		scenario{"desk_number", desk(vendor, func(d *telephony.Desired) { d.Lines[0].Desk = "4711" })},
		scenario{"code_only", desk(vendor, func(d *telephony.Desired) { d.PagesURL = "" })},
	)
	people := []telephony.Key{
		{Kind: telephony.KeyWatch, Label: "Jan", Value: "102"},
		{Kind: telephony.KeyDial, Value: "+49301234567"},
		{Kind: telephony.KeyHotdesk},
		{Kind: telephony.KeyWatch, Label: hostile["quotes"], Value: "103"},
	}
	list = append(list,
		scenario{"keys_linked", desk(vendor, func(d *telephony.Desired) {
			login(d, telephony.LineLinked, "101", "Anna Schmidt")
			d.Lines[0].Keys = people
		})},
		scenario{"keys_hotdesk", desk(vendor, func(d *telephony.Desired) {
			login(d, telephony.LineHotdesk, "101", "Anna Schmidt")
			d.Lines[0].Keys = people
		})},
		scenario{"no_http_credentials", desk(vendor, func(d *telephony.Desired) { d.HTTPUser, d.HTTPPassword = "", "" })},
		scenario{"firmware", desk(vendor, func(d *telephony.Desired) {
			d.Firmware = telephony.Firmware{Version: "99.1.2.3", URL: "https://prov.example.net/f/0123abcd/image-99.1.2.3.rom"}
		})},
	)
	c := cases[vendor]
	if c.small != "" {
		list = append(list, scenario{"no_keys", desk(vendor, func(d *telephony.Desired) { d.Model, d.Lines[0].Desk = c.small, "4711" })})
	}
	if c.several != "" {
		list = append(list, scenario{"several_ports", desk(vendor, func(d *telephony.Desired) {
			d.Model, d.MAC = c.several, c.severalMAC
			login(d, telephony.LineHotdesk, "201", "Halle 1")
			d.Lines = append(d.Lines, telephony.Line{Port: 2, State: telephony.LineLinked, SIPUser: "c2", Secret: "s2-geheim", Number: "202", Name: "Halle 2"})
			if m, _ := driverOf(vendor).Info().Model(c.several); m.Ports < 4 {
				return
			}
			d.Lines = append(d.Lines,
				telephony.Line{Port: 3, State: telephony.LineUnused},
				telephony.Line{Port: 4, State: telephony.LineFree, SIPUser: "c4", Secret: "s4-geheim", Place: "Halle 4", Desk: "4714"})
		})})
	}
	for name, text := range hostile {
		list = append(list, scenario{"hostile_" + name, desk(vendor, func(d *telephony.Desired) {
			login(d, telephony.LineHotdesk, "103", text)
			d.Lines[0].Place, d.DeviceName = text, text
		})})
	}
	return list
}
