package api

import (
	"strings"
	"testing"

	"tischlein/internal/storagetest"
)

func TestC10_TrunksAndNumbersByAPI(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, dsn string) {
		h := newHouse(t, dsn)
		customer, channel, extension, _ := h.desk("1001")
		for _, all := range []string{"/v1/trunks", customer + "/trunks"} {
			made := h.do("POST", all, map[string]any{"name": "Netz", "host": "sip.example.net:5061", "sources": []string{map[bool]string{true: "192.0.2.7", false: "198.51.100.0/24"}[all == "/v1/trunks"]},
				"user": "4930", "secret": "streng-geheim", "emergency": "elin"}).want(t, 201)
			one := all + "/" + made.member("id")
			if made.header.Get("Location") != one || made.header.Get("ETag") != `"1"` || made.body["has_secret"] != true {
				t.Errorf("%v %s", made.header, made.text)
			}
			if got := h.do("GET", one, nil).want(t, 200); strings.Contains(got.text, "geheim") || got.member("emergency") != "elin" {
				t.Errorf("%s", got.text)
			}
			h.do("PATCH", one, map[string]any{"host": "192.0.2.9"}, "If-Match", `"7"`).refused(t, 412, "version_changed")
			changed := h.do("PATCH", one, map[string]any{"host": "192.0.2.9", "secret": "noch-geheimer"}, "If-Match", `"1"`).want(t, 200)
			if changed.member("host") != "192.0.2.9" || changed.header.Get("ETag") != `"2"` || strings.Contains(changed.text, "geheimer") {
				t.Errorf("%s", changed.text)
			}
			for field, body := range map[string]map[string]any{
				"host": {"name": "X", "host": "sip:x"}, "sources": {"name": "X", "host": "x", "sources": []string{"10.0.0.0/8"}}, "user": {"name": "X", "host": "x", "secret": "y"},
				"emergency": {"name": "X", "host": "x", "emergency": "pigeon"}, "nmae": {"nmae": "X", "name": "X", "host": "x"},
			} {
				h.do("POST", all, body).want(t, 422).names(t, "body."+field)
			}
			h.do("DELETE", one, nil, "If-Match", `"1"`).refused(t, 412, "version_changed")
			if all != "/v1/trunks" {
				h.do("DELETE", one, nil, "If-Match", `"2"`).want(t, 204)
				h.do("GET", one, nil).want(t, 404)
			}
		}
		numbers := customer + "/numbers"
		made := h.do("POST", numbers, map[string]any{"e164": "+49 30 901820", "extension_id": last(extension), "note": "Zentrale"}).want(t, 201)
		if made.member("e164") != "+4930901820" || made.object("extension").member("number") != "101" {
			t.Errorf("%s", made.text)
		}
		h.do("POST", numbers, map[string]any{"e164": "+4930901820"}).refused(t, 409, "number_taken").names(t, "body.e164")
		h.do("POST", numbers, map[string]any{"e164": "030901820"}).refused(t, 422, "e164_malformed").names(t, "body.e164")
		one := numbers + "/" + made.member("id")
		if got := h.do("GET", extension, nil).want(t, 200); !strings.Contains(got.text, `"numbers":["+4930901820"]`) {
			t.Errorf("%s", got.text)
		}
		h.do("PATCH", extension, map[string]any{"outbound_number": "+49309018299"}).refused(t, 422, "number_foreign").names(t, "body.outbound_number")
		h.do("PATCH", extension, map[string]any{"outbound_number": "+4930901820"}).want(t, 200)
		h.do("DELETE", one, nil).refused(t, 409, "number_shown")
		h.do("PATCH", extension, map[string]any{"outbound_number": ""}).want(t, 200)
		h.do("PATCH", one, map[string]any{"extension_id": ""}, "If-Match", `"1"`).want(t, 200)
		h.do("DELETE", one, nil, "If-Match", `"2"`).want(t, 204)

		if got := h.do("GET", channel, nil).want(t, 200); got.body["unlocated"] != true || got.body["in_call"] != false {
			t.Errorf("%s", got.text)
		}
		if got := h.do("GET", channel+"/explanation", nil).want(t, 200).object("emergency"); got.body["done"] != false || got.member("advice") == "" {
			t.Errorf("%v", got.body)
		}
		h.do("PATCH", channel, map[string]any{"elin": "112"}).refused(t, 422, "e164_malformed").names(t, "body.elin")
		if got := h.do("PATCH", channel, map[string]any{"elin": "+4930901829"}).want(t, 200); got.body["unlocated"] != false || got.member("elin") != "+4930901829" {
			t.Errorf("%s", got.text)
		}
	})
}

func TestC10_CallSettingsByAPI(t *testing.T) {
	h := newHouse(t, storagetest.SQLite(t))
	made := h.do("POST", "/v1/customers", map[string]any{"number": "2000", "name": "Adler", "site_address": "Hauptstraße 1", "decline_all": true, "most_calls": 7}).want(t, 201)
	if made.body["most_calls"] != float64(7) || made.body["most_per_minute"] != float64(300) || made.member("country") != "DE" || made.body["decline_all"] != true || made.body["one_go_code"] != false {
		t.Errorf("%s", made.text)
	}
	one := "/v1/customers/" + made.member("id")
	got := h.do("PATCH", one, map[string]any{"one_go_code": true, "country": "nl", "area_code": "020", "site_elin": "+31201234567", "forward_outside": true, "most_calls": 0}).want(t, 200)
	if got.body["one_go_code"] != true || got.member("country") != "NL" || got.member("area_code") != "20" || got.member("site_address") != "Hauptstraße 1" || got.body["most_calls"] != float64(0) {
		t.Errorf("%s", got.text)
	}
	h.do("PATCH", one, map[string]any{"country": "ZZ"}).refused(t, 422, "country_unknown").names(t, "body.country")
	h.do("PATCH", one, map[string]any{"most_calls": -1}).want(t, 422).names(t, "body.most_calls")
	h.do("PATCH", one, map[string]any{"outbound_number": "+4930901820"}).refused(t, 422, "number_foreign").names(t, "body.outbound_number")

	token := h.do("POST", "/v1/tokens", map[string]any{"name": "c", "role": "customer_admin", "customer_id": made.member("id")}).want(t, 201).member("token")
	as := []string{"Authorization", "Bearer " + token}
	h.do("PATCH", one, map[string]any{"most_calls": 1000}, as...).refused(t, 403, "operator_or_partner")
	h.do("POST", one+"/trunks", map[string]any{"name": "X", "host": "x"}, as...).refused(t, 403, "operator_or_partner")
	h.do("POST", one+"/numbers", map[string]any{"e164": "+4930901820"}, as...).refused(t, 403, "operator_or_partner")
	h.do("GET", "/v1/trunks", nil, as...).want(t, 404)
	h.do("GET", one+"/trunks", nil, as...).want(t, 200)
}
