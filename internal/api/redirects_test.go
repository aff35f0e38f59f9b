package api

import (
	"context"
	"testing"

	"tischlein/internal/storagetest"
	"tischlein/internal/telephony"
)

func TestP11_RedirectEntryThroughTheAPI(t *testing.T) {
	h := newHouse(t, storagetest.SQLite(t))
	customer, channel, _, cpe := h.desk("1001")
	if h.do("GET", cpe, nil).want(t, 200).body["redirect"] != nil {
		t.Error("there is an entry that nobody wanted")
	}
	h.do("DELETE", cpe+"/redirect", nil).refused(t, 404, "not_found")
	h.do("POST", cpe+"/redirect/retry", nil).refused(t, 404, "not_found")
	r := h.do("PUT", cpe+"/redirect", map[string]any{"serial": "SN1"}).want(t, 200).object("redirect")
	if r.member("state") != "waiting" || r.member("service") != "yealink_rps" || r.body["wanted"] != true || r.member("serial") != "SN1" {
		t.Errorf("%v", r.body)
	}
	due, err := h.app.Redirects.Claim(context.Background(), 1)
	if err != nil || len(due) != 1 {
		t.Fatalf("%v, %v", due, err)
	}
	if err := h.app.Redirects.Done(t.Context(), due[0], telephony.RedirectOwned, ""); err != nil {
		t.Fatal(err)
	}
	if r := h.do("GET", cpe, nil).want(t, 200).object("redirect"); r.member("state") != "owned_by_another" {
		t.Errorf("%v", r.body)
	}
	h.do("GET", channel+"/explanation", nil).want(t, 200)
	h.do("POST", cpe+"/redirect/retry", nil).want(t, 200)
	if due, err := h.app.Redirects.Claim(t.Context(), 1); err != nil || len(due) != 1 {
		t.Errorf("not due after retry: %v, %v", due, err)
	}
	if r := h.do("DELETE", cpe+"/redirect", nil).want(t, 200).object("redirect"); r.body["wanted"] != false {
		t.Errorf("%v", r.body)
	}
	snom := h.do("POST", customer+"/cpes", map[string]any{"name": "S", "driver": "snom", "mac": "00:04:13:00:00:01"}).want(t, 201)
	h.do("PUT", customer+"/cpes/"+snom.member("id")+"/redirect", map[string]any{}).refused(t, 409, "no_redirect_service")
}
