package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/auth"
)

func TestU09_TheLinkIsPrintedWholeWithThePortalsAddress(t *testing.T) {
	v := app.UserView{ID: "u", UserSpec: app.UserSpec{Login: "ada", Role: auth.OperatorAdmin}}
	l := app.OneTimeLink{Kind: app.LinkInvitation, Token: "welcome-abc", Expires: time.Now().Add(time.Hour)}
	for portal, want := range map[string]string{"": "/welcome/welcome-abc", "https://portal.example/": "https://portal.example/welcome/welcome-abc"} {
		var plain, coded bytes.Buffer
		if err := showLink(&plain, portal, v, l, false); err != nil {
			t.Fatal(err)
		}
		if first, _, _ := strings.Cut(plain.String(), "\n"); first != want || !strings.Contains(plain.String(), "ada") {
			t.Errorf("%q", plain.String())
		}
		if err := showLink(&coded, portal, v, l, true); err != nil {
			t.Fatal(err)
		}
		var got struct{ Link, Login, Kind string }
		if err := json.Unmarshal(coded.Bytes(), &got); err != nil || got.Link != want || got.Login != "ada" || got.Kind != "invitation" {
			t.Errorf("%s: %v", coded.String(), err)
		}
	}
}

func TestU11_UsersAreListedALineEach(t *testing.T) {
	v := app.UserView{ID: "u", State: app.UserInvited, Customer: "Firma", UserSpec: app.UserSpec{Login: "carla@example.com", Name: "Carla Kundin", Role: auth.CustomerAdmin}}
	var plain, coded bytes.Buffer
	if err := showUser(&plain, v, false); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"carla@example.com", "customer_admin", "invited", "never", "Carla Kundin", "Firma"} {
		if !strings.Contains(plain.String(), want) {
			t.Errorf("%q is missing in %q", want, plain.String())
		}
	}
	if err := showUser(&coded, v, true); err != nil || strings.Count(coded.String(), "\n") != 1 || !json.Valid(coded.Bytes()) {
		t.Errorf("%q, %v", coded.String(), err)
	}
}
