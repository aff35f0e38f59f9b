package web

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"tischlein/internal/telephony"
)

// forms are the portal's forms into which one types, with what is right in each
// field; {name} is from estate.
var forms = []struct {
	path  string
	typed []string
}{
	{"/account", []string{"name", "Frida Kahl", "language", "de", "theme", "dark"}},
	{"/account/password", []string{"password", password, "new_password", "x", "new_password_again", "y"}},
	{"/customers/new", []string{"number", "3333", "name", "Neu", "language", "de", "time_zone", "Europe/Berlin", "partner_id", "{partner}"}},
	{"/customers/{customer}/edit", []string{"number", "1111", "name", "Neu", "language", "de", "time_zone", "Europe/Berlin", "partner_id", "{partner}"}},
	{"/customers/{customer}/detail", []string{"login_code", "*10", "logout_code", "*11", "pickup_code", "*8", "emergency_numbers", "110, 112", "hotdesk_hours", "8", "hotdesk_end", "20:00", "trust_minimum", "", "country", "49", "area_code", "911", "site_address", "Markt 1", "site_elin", "+4991112", "one_go_code", "*12", "most_calls", "5", "most_per_minute", "5"}},
	{"/customers/{customer}/detail/allow", []string{"entry", "192.0.2.0/24", "note", "Haus"}},
	{"/customers/{customer}/channels/new", []string{"name", "Neu", "location", "EG", "kind", "cpe"}},
	{"/customers/{customer}/channels/{channel}", []string{"name", "Neu", "location", "EG", "elin", "+4991112", "extension", "{extension}", "seen", "{extension}"}},
	{"/customers/{customer}/extensions/new", []string{"number", "102", "name", "Neu", "language", "de", "pin", "82730945"}},
	{"/customers/{customer}/extensions/{extension}", []string{"number", "101", "name", "Neu", "language", "de", "channel", "{channel}", "seen", "{channel}", "outbound_number", ""}},
	{"/customers/{customer}/extensions/{extension}/keys", []string{"keys[0].kind", "speed_dial", "keys[0].value", "102", "keys[0].label", "Paul", "do", ""}},
	{"/customers/{customer}/extensions/{extension}/pin", []string{"pin", "82730945"}},
	{"/customers/{customer}/cpes/new", []string{"name", "Neu", "driver", "yealink", "model", "T46U", "mac", "001565000001", "serial", "", "ports", "1", "channel", ""}},
	{"/customers/{customer}/cpes/{cpe}/edit", []string{"name", "Neu", "model", "T46U", "mac", "001565000002", "ports", "1", "note", "Haus"}},
	{"/customers/{customer}/cpes/{cpe}/attach", []string{"channel", "{channel}", "port", "1", "read", "on"}},
	{"/customers/{customer}/numbers/new", []string{"e164", "+49911222", "extension", "{extension}", "note", "Haus"}},
	{"/customers/{customer}/numbers/{phonenumber}", []string{"extension", "{extension}", "note", "Haus"}},
	{"/customers/{customer}/trunks/new", []string{"name", "Neu", "host", "sip.example", "port", "5060", "user", "u", "secret", "s", "sources", "192.0.2.9/32"}},
	{"/customers/{customer}/site-tokens/new", []string{"name", "Neu", "devices", "2", "days", "7", "addresses", "203.0.113.0/24"}},
	{"/trunks/new", []string{"name", "Neu", "host", "sip.example", "port", "5060", "user", "u", "secret", "s", "sources", "192.0.2.8/32"}},
	{"/customers/{customer}/trunks/{trunk}", []string{"name", "Neu", "host", "sip.example", "port", "5060", "user", "u", "secret", "s", "sources", "192.0.2.9/32"}},
	{"/overrides?vendor=yealink", []string{"name", "phone_setting.backlight_time", "value", "30"}},
	{"/customers/{customer}/overrides?vendor=yealink", []string{"name", "phone_setting.backlight_time", "value", "30"}},
	{"/partners/new", []string{"name", "Neu"}},
	{"/partners/{partner}", []string{"name", "Neu"}},
	{"/tokens/new", []string{"name", "Neu", "role", "customer_admin", "customer_id", "1111", "scopes", "read", "days", "30"}},
	{"/users/new", []string{"name", "Neu", "login", "neu", "role", "user", "customer_id", "1111", "extension_id", "101", "language", "de", "partner_id", "{partner}"}},
	{"/users/{user}", []string{"name", "Neu", "login", "neu2", "role", "customer_admin", "customer_id", "1111", "extension_id", "101", "language", "de", "partner_id", "{partner}"}},
}

// hostile are things that people and programs put into fields.
var hostile = []string{
	strings.Repeat("ü", 5000), `"><script>alert(1)</script>`, "a\x00b", "\xff\xfe", "a\u202eb", "a\r\nb: c", "-1", "99999999999999999999", "1e9", "' OR 1=1 --", "../../etc/passwd", "👩‍🚀", "%00", "{{.}}",
}

var wrongFields = regexp.MustCompile(`Eine Angabe stimmt noch nicht\.|Angaben stimmen noch nicht\.`)

// Whatever is put into whichever field: it is taken or refused in words, with what
// was typed still there, and it never becomes part of the page.
func TestU08_NoFieldOfAnyFormTakesUsAmiss(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	e := h.estate("1111", "Nah")
	list := func(x *telephony.Customer) error { x.IPListing = true; return nil } // its form is there while it is on
	if _, err := h.app.Customers.Update(context.Background(), h.system, e["customer"], 0, list); err != nil {
		t.Fatal(err)
	}
	for _, f := range forms {
		at := path(t, f.path, e, e)
		var right []string
		for _, v := range f.typed {
			right = append(right, path(t, v, e, e))
		}
		for i := 0; i < len(right); i += 2 {
			for _, bad := range hostile {
				typed := append([]string{}, right...)
				typed[i+1] = bad
				a := b.post(at, typed...)
				what := f.path + " " + right[i] + " " + bad[:min(len(bad), 30)]
				switch a.status {
				case http.StatusOK, http.StatusSeeOther:
				case http.StatusUnprocessableEntity, http.StatusConflict:
					if !strings.Contains(a.text, `role="alert"`) && !strings.Contains(a.text, "tone-bad") {
						t.Errorf("%s: %d, and nothing says why", what, a.status)
					}
					if a.status == http.StatusUnprocessableEntity && strings.Contains(a.text, `<main`) && !strings.Contains(a.text, `name="`+right[0]+`"`) {
						t.Errorf("%s: %d, and the form is gone", what, a.status)
					}
					if wrongFields.MatchString(a.text) && !strings.Contains(a.text, `<p class="error" id="`) {
						t.Errorf("%s: no field is marked", what)
					}
				default:
					t.Errorf("%s: %d %s", what, a.status, h.log.String())
					h.log.Reset()
				}
				if strings.Contains(a.text, "<script>alert") {
					t.Errorf("%s stands in the page", what)
				}
			}
		}
	}
}
