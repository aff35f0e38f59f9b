package telephony_test

import (
	"net/netip"
	"strings"
	"testing"

	. "tischlein/internal/telephony"
)

var adler = Customer{
	ID: "k", Language: "de", LoginCode: "901", LogoutCode: "902", PickupCode: "*8", EmergencyNumbers: []string{"110", "112"}, ExtensionDigits: 3,
	Country: "DE", OutboundNumber: "+4930901820", SiteAddress: "Hauptstraße 1, Berlin", SiteELIN: "+4930901829",
	MostCalls: 7, MostPerMinute: 70, DeclineAll: true, ForwardOutside: true,
}

func wants(t *testing.T, what string, err error, code Code, reason string) {
	t.Helper()
	if err == nil || CodeOf(err) != code || ReasonOf(err) != reason {
		t.Errorf("%s: got %v (%s, %s), want %s, %s", what, err, CodeOf(err), ReasonOf(err), code, reason)
	}
}

func TestH04_WhatADialledTextMeans(t *testing.T) {
	for text, want := range map[string]Dialled{
		"901":                    {Kind: CallLogin, Number: "901"},
		"901*":                   {Kind: CallLogin, Number: "901"},
		"901#":                   {Kind: CallLogin, Number: "901"},
		"902":                    {Kind: CallLogout, Number: "902"},
		"110":                    {Kind: CallEmergency, Number: "110"},
		"1-1-2":                  {Kind: CallEmergency, Number: "112"},
		"101":                    {Kind: CallExtension, Number: "101"},
		"1 0 1":                  {Kind: CallExtension, Number: "101"},
		"+49 (30) 90-18.20":      {Kind: CallOutside, Number: "+4930901820"},
		"030/901820":             {Kind: CallOutside, Number: "030901820"},
		"%2B4930901820":          {Kind: CallOutside, Number: "+4930901820"},
		"9011":                   {Kind: CallOutside, Number: "9011"},
		strings.Repeat("1", 20):  {Kind: CallOutside, Number: strings.Repeat("1", 20)},
		"1101" + "%20" + "7":     {Kind: CallOutside, Number: "11017"},
		"0" + "901" + "00000000": {Kind: CallOutside, Number: "090100000000"},
	} {
		if got, err := ReadDialled(adler, text, false); err != nil || got != want {
			t.Errorf("%q: %+v, %v; want %+v", text, got, err, want)
		}
	}
}

func TestC12_ThePickupCodeStandsAloneOrBeforeAnExtension(t *testing.T) {
	for text, whose := range map[string]string{"*8": "", "*8#": "", "*8101": "101", "%2A8%201-0-1": "101"} {
		if got, err := ReadDialled(adler, text, false); err != nil || got != (Dialled{Kind: CallPickup, Number: "*8", Argument: whose}) {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{"*81", "*81011", "*8*101", "*9", "*9101", "*"} {
		_, err := ReadDialled(adler, text, false)
		wants(t, text, err, NotFound, "dial_code_unknown")
	}
	if got, err := ReadDialled(adler, "*8101", true); err != nil || got.Kind != CallOutside || got.Number != "*8101" {
		t.Errorf("what rings is the switch's: %+v, %v", got, err)
	}
	off := adler
	off.PickupCode = ""
	_, err := ReadDialled(off, "*8101", false)
	wants(t, "without a code", err, NotFound, "dial_code_unknown")

	p, err := DecideCall(Asked{Customer: adler, Desk: Desk{Channel: Channel{ID: "ch"}, User: &Extension{ID: "e", Number: "101", Name: "Erika"}, Login: &Login{}}, Dialled: Dialled{Kind: CallPickup, Number: "*8", Argument: "102"}})
	if err != nil || p.Kind != CallPickup || p.Argument != "102" || p.Callee.Number != "*8" || p.Caller.ExtensionID != "e" || len(p.Rings) != 0 || p.MostCalls != adler.MostCalls {
		t.Errorf("%+v, %v", p, err)
	}
	_, err = DecideCall(Asked{Customer: adler, Dialled: Dialled{Kind: CallPickup, Number: "*8"}})
	wants(t, "at a free desk", err, Forbidden, "desk_free") // H04

	for text, fine := range map[string]bool{"*8": true, "*1234567": true, "8": false, "*": false, "*12345678": false, "**8": false, "*8x": false, "": false} {
		if _, err := PickupCode("pickup_code", text); err == nil != fine {
			t.Errorf("%q as a code: %v", text, err)
		}
	}
}

func TestH04_WhatIsNoNumberHasItsReason(t *testing.T) {
	for text, want := range map[string]struct {
		code   Code
		reason string
	}{
		"":                      {Invalid, "dial_empty"},
		"#":                     {Invalid, "dial_empty"},
		"+":                     {Invalid, "dial_empty"},
		"   ":                   {Invalid, "dial_empty"},
		"5":                     {Invalid, "dial_short"},
		"+4":                    {Invalid, "dial_short"},
		"anna":                  {Invalid, "dial_malformed"},
		"10l":                   {Invalid, "dial_malformed"},
		"101@evil":              {Invalid, "dial_malformed"},
		"1\r\nX: y":             {Invalid, "dial_malformed"},
		"%zz":                   {Invalid, "dial_malformed"},
		"101%":                  {Invalid, "dial_malformed"},
		"101%2":                 {Invalid, "dial_malformed"},
		"%00101":                {Invalid, "dial_malformed"},
		"１０１":                   {Invalid, "dial_malformed"},
		"1+1":                   {Invalid, "dial_malformed"},
		strings.Repeat("1", 21): {Invalid, "dial_long"},
		strings.Repeat("1", 65): {Invalid, "dial_long"},
		"*21*0171":              {NotFound, "dial_code_unknown"},
		"902*101":               {NotFound, "dial_code_unknown"},
		"101*1":                 {NotFound, "dial_code_unknown"},
		"903*101*4711":          {NotFound, "dial_code_unknown"},
		"901*101*4711":          {Forbidden, "one_go_off"},
		"901%2A101%2a4711":      {Forbidden, "one_go_off"},
	} {
		_, err := ReadDialled(adler, text, false)
		wants(t, text, err, want.code, want.reason)
		if err != nil && (strings.Contains(err.Error(), "4711") || len(text) > 3 && strings.Contains(err.Error(), text)) {
			t.Errorf("%q is repeated in %q", text, err)
		}
	}
}

func TestH02_OneGoOnlyWhereTheCustomerAllowsIt(t *testing.T) {
	open := adler
	open.OneGoCode = true
	for _, text := range []string{"901*101*4711", "901%2A101%2A4711", "901*101*4711#"} {
		got, err := ReadDialled(open, text, false)
		if err != nil || got != (Dialled{Kind: CallLogin, Number: "901", Argument: "101*4711"}) {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
	for text, want := range map[string]string{"901*101*4711": "901*…", "901%2a101%2A4711": "901*…", "030901820": "030901820", "anna": "anna", "*21*5": "*21*…", "%2a21%2A5": "%2a21*…", "": "", "*": "*", "91*101*4711": "91*…", "901#101#4711": "901#…", "901%23101%234711": "901#…", "901#101*4711": "901#…", "#21#5": "#21#…"} {
		if got := MaskDialled(text); got != want {
			t.Errorf("%q is logged as %q, want %q", text, got, want)
		}
	}
	if got := MaskDialled(strings.Repeat("9", 500)); len(got) > 64 {
		t.Errorf("%d bytes are logged", len(got))
	}
}

func TestC10_ASwitchUnderstandsWhatIsNotOurs(t *testing.T) {
	for text, want := range map[string]Dialled{
		"*21*5": {Kind: CallOutside, Number: "*21*5"},
		"7":     {Kind: CallOutside, Number: "7"},
		"101":   {Kind: CallExtension, Number: "101"},
		"901":   {Kind: CallLogin, Number: "901"},
		"112":   {Kind: CallEmergency, Number: "112"},
	} {
		if got, err := ReadDialled(adler, text, true); err != nil || got != want {
			t.Errorf("%q: %+v, %v; want %+v", text, got, err, want)
		}
	}
	_, err := ReadDialled(adler, "901*101*4711", true)
	wants(t, "a PIN is not handed to a switch", err, Forbidden, "one_go_off")
}

func TestH04_D16_D22_WhoMayDialWhat(t *testing.T) {
	everything := []CallKind{CallExtension, CallLogin, CallLogout, CallPickup, CallOutside, CallEmergency}
	free := Desk{Channel: Channel{ID: "h", Name: "Empfang", Kind: KindCPE}, CPE: &CPE{}}
	in, refused, waiting, client := free, free, free, free
	in.Login = &Login{}
	refused.Link, refused.Refused = &Link{}, netip.MustParseAddr("203.0.113.7")
	waiting.Link = &Link{}
	client.Channel.Kind = KindClient
	for _, c := range []struct {
		name   string
		desk   Desk
		may    []CallKind
		reason string
	}{
		{"logged in", in, everything, ""},
		{"free", free, []CallKind{CallLogin, CallLogout, CallEmergency}, "desk_free"},
		{"linked, address refused", refused, []CallKind{CallLogin, CallLogout, CallEmergency}, "address_refused"},
		{"linked, not logged in yet", waiting, []CallKind{CallLogin, CallLogout, CallEmergency}, "desk_free"},
		{"client", client, []CallKind{CallEmergency}, "client_without_user"},
	} {
		for _, k := range everything {
			err := DecideDial(c.desk, k)
			may := false
			for _, m := range c.may {
				may = may || m == k
			}
			if may && err != nil {
				t.Errorf("%s may not dial %s: %v", c.name, k, err)
			}
			if !may {
				wants(t, c.name+" dials "+string(k), err, Forbidden, c.reason)
			}
		}
	}
}

func FuzzH04_ReadDialled(f *testing.F) {
	for _, s := range []string{"", "101", "901*101*4711", "+4930", "%2B49", "%", "*#", "anna@x"} {
		f.Add(s)
	}
	open := adler
	open.OneGoCode = true
	f.Fuzz(func(t *testing.T, s string) {
		d, err := ReadDialled(open, s, false)
		if err != nil {
			return
		}
		plain := strings.Trim(strings.TrimPrefix(strings.TrimPrefix(d.Number, "+"), "*"), "0123456789") == "" && strings.Trim(d.Argument, "0123456789*#") == ""
		if !plain || d.Number == "" || d.Kind == "" || d.Argument != "" && d.Kind != CallLogin && d.Kind != CallPickup {
			t.Errorf("%q is read as %+v", s, d)
		}
		if d.Kind == CallLogin && d.Argument != "" && strings.Contains(MaskDialled(s), d.Argument) && len(d.Argument) > 3 {
			t.Errorf("%q is logged as %q", s, MaskDialled(s))
		}
	})
}
