package server

import (
	"strings"
	"testing"
	"time"

	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

func TestC11_DoctorFindsPlacesWithoutATrunkOrALocation(t *testing.T) {
	cfg := testConfig(t.TempDir())
	s, _ := start(t, cfg)
	cfg = fixed(cfg, s.Addrs())
	a, who := s.App(), auth.Actor{Kind: "cli", Name: "local", Role: auth.OperatorAdmin, Scopes: auth.Scopes}
	check := func() Finding {
		t.Helper()
		f := bad(Check(t.Context(), cfg, time.Now()))["emergency calls"]
		if f.What != "" && f.Advice == "" {
			t.Errorf("no advice: %+v", f)
		}
		return f
	}
	ok := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	if f := check(); f.What != "" {
		t.Errorf("nobody is there yet: %+v", f)
	}
	c, err := a.Customers.Create(t.Context(), who, telephony.Customer{Number: "1001", Name: "Adler"})
	ok(err)
	for _, name := range []string{"Empfang", "Küche"} {
		ch, err := a.Channels.Create(t.Context(), who, telephony.Channel{CustomerID: c.ID, Name: name})
		ok(err)
		if name == "Küche" {
			break // without a device: nobody can call from there
		}
		x, err := a.CPEs.Create(t.Context(), who, telephony.CPE{CustomerID: c.ID, Driver: "yealink", Model: "T46U", MAC: "805ec0000001"})
		ok(err)
		_, err = a.CPEs.Attach(t.Context(), who, c.ID, x.CPE.ID, ch.Channel.ID, 0, false)
		ok(err)
	}
	if f := check(); !strings.Contains(f.Detail, "1 places with a device have no trunk") || !strings.Contains(f.Detail, "1 places with a device do not say") {
		t.Errorf("%+v", f)
	}
	_, err = a.Trunks.Create(t.Context(), who, telephony.Trunk{Name: "Netz", Host: "sip.example.net"})
	ok(err)
	if f := check(); strings.Contains(f.Detail, "trunk") || !strings.Contains(f.Detail, "do not say") {
		t.Errorf("%+v", f)
	}
	_, err = a.Customers.Update(t.Context(), who, c.ID, 0, func(c *telephony.Customer) error { c.SiteAddress = "Hauptstraße 1"; return nil })
	ok(err)
	if f := check(); f.What != "" {
		t.Errorf("%+v", f)
	}
}
