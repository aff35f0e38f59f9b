package phone

import (
	"strings"
	"testing"

	"tischlein/internal/telephony"
)

// What makes a Mitel start again is the same for all and says nothing of anybody: it
// is there without a token, and the way to the device's own directory is in its
// file and nowhere else (P02).
func TestP02_WhatAPhoneDoesAtItsStartNeedsNoToken(t *testing.T) {
	const agent = "Mitel6930 MAC:14-00-E9-12-34-56 V:6.4.0.140-SIP"
	f := newFake("mitel", "1400e9123456")
	f.device.Model = "6930"
	f.armed = []telephony.MAC{f.device.MAC}
	st := newStage(t, f)
	led := st.want(200, ask{path: "/p/1400E9123456.cfg", ua: agent})
	if !strings.Contains(led, "action uri startup: https://prov.example.net/p/mitel-restart.xml") || strings.Count(led, ownToken) != 1 {
		t.Errorf("stage 1:\n%s", led)
	}
	for _, path := range []string{"/p/mitel-restart.xml", "/mitel-restart.xml"} {
		page := st.want(200, ask{path: path, from: "198.51.100.66", ua: agent})
		if !strings.Contains(page, "FastReboot") || secretIn(page) != "" {
			t.Errorf("%s: %q", path, page)
		}
	}
	if own := st.want(200, ask{path: "/d/" + ownToken + "/1400E9123456.cfg", ua: agent}); !strings.Contains(own, "action uri startup:\n") {
		t.Error("it starts again at every start")
	}
}
