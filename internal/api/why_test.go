package api

import (
	"context"
	"net/netip"
	"strings"
	"testing"

	"tischlein/internal/app"
	"tischlein/internal/storagetest"
	"tischlein/internal/telephony"
)

// P04, P10: programs read why a device was refused or frozen as a code; what others have
// said has none.
func TestP04_RefusalsHaveACodeForPrograms(t *testing.T) {
	h := newHouse(t, storagetest.SQLite(t))
	_, channel, _, cpe := h.desk("1001")
	d := app.Device{ID: last(cpe), CustomerID: strings.Split(cpe, "/")[3], Driver: "yealink"}
	from := netip.MustParseAddr("203.0.113.9")
	refuse := func(why, code any) {
		t.Helper()
		h.app.Devices.Refused(context.Background(), d, from, why.(string))
		ended, end := context.WithCancel(context.Background())
		end()
		h.app.Run(ended) // writes what was observed
		c := h.do("GET", cpe, nil).want(t, 200).object("convergence").body
		if c["refused_why"] != why || c["refused_code"] != code {
			t.Errorf("the device: %v, %v", c["refused_why"], c["refused_code"])
		}
		s := h.do("GET", channel, nil).want(t, 200).object("state").body
		if s["reason"] != "device_refused" || s["detail"] != why || s["detail_code"] != code {
			t.Errorf("the channel's state: %v", s)
		}
		e := h.do("GET", cpe+"/history", nil).want(t, 200).body["items"].([]any)[0].(map[string]any)
		if e["kind"] != "refused" || e["detail"] != why || e["detail_code"] != code {
			t.Errorf("the history: %v", e)
		}
	}
	refuse("the credential belongs to 80:5e:c0:12:10:01, but the path names 80:5e:c0:65:43:21", "names_other")
	refuse("in words that are foreign", nil)

	h.do("PUT", cpe+"/arm", nil).want(t, 200)
	for _, a := range []string{"203.0.113.9", "203.0.113.10"} {
		_, _ = h.app.Devices.Claim(t.Context(), "805ec0121001", netip.MustParseAddr(a)) // the second finds it frozen
	}
	if tr := h.do("GET", cpe, nil).want(t, 200).object("trust").body; tr["stage"] != "frozen" || tr["frozen_code"] != "two_claimants" {
		t.Errorf("frozen: %v", tr)
	}
}

// The description lists every code.
func TestP04_TheCodesAreInTheDescription(t *testing.T) {
	spec, err := Spec()
	if err != nil {
		t.Fatal(err)
	}
	_, list, found := strings.Cut(string(spec), "\n    WhyCode:\n")
	for _, c := range telephony.WhyCodes() {
		if !found || !strings.Contains(list, "- "+c+"\n") {
			t.Errorf("%s is not there", c)
		}
	}
	if n := strings.Count(string(spec), "/WhyCode"); n < 4 {
		t.Errorf("%d members have it", n)
	}
}
