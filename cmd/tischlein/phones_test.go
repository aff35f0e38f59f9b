package main

import (
	"net/netip"
	"strings"
	"testing"
)

// P06: what has a MAC and what has none is the drivers' to say.
func TestP06_ApplicationsInAListOfPhonesHaveNoMAC(t *testing.T) {
	for _, v := range fetching() {
		got, err := readPhones(strings.NewReader(string(v)+" - https://phones.example/f/x/\n"), netip.Addr{})
		if hardware(v) && (err == nil || !strings.Contains(err.Error(), "has a MAC")) {
			t.Errorf("%s without a MAC: %v", v, err)
		}
		if !hardware(v) && (err != nil || len(got) != 1 || got[0].MAC != "") {
			t.Errorf("%s, which has none: %v, %v", v, got, err)
		}
	}
	if hardware("jitsi") || !hardware("htek") {
		t.Error("nothing was tried")
	}
}
