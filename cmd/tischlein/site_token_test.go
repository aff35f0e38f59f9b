package main

import (
	"strings"
	"testing"

	"tischlein/internal/app"
	"tischlein/internal/telephony"
)

func TestP03_SiteTokensFromTheCommandLine(t *testing.T) {
	k := newKeeping(t)
	k.says("https://prov.test.example/s/", "site-token", "create", "1001", "Werk 2", "--devices", "3", "--from", "203.0.113.7-203.0.113.9,198.51.100.4")
	if got, err := k.run("site-token", "create", "1001", "Lager", "--devices", "1", "--from", "203.0.113.7", "--for", "24h", "--json"); err != nil || !strings.Contains(got, `"url":"https://prov.test.example/s/`) {
		t.Errorf("%s, %v", got, err)
	}
	k.says("0 of 3", "site-token", "list", "1001")
	k.says("203.0.113.7-203.0.113.9, 198.51.100.4", "site-token", "list", "1001")
	if got, err := k.run("site-token", "list", "1001", "--json"); err != nil || !strings.Contains(got, `"used":0`) || strings.Contains(got, "/s/") {
		t.Errorf("the list shows what a token is: %s, %v", got, err)
	}
	l, err := k.app.SiteTokens.List(t.Context(), administrator, k.customer.ID, app.Query{})
	k.ok(err)
	k.says("", "site-token", "void", "1001", l.Items[0].ID)
	k.says("void since", "site-token", "list", "1001")
	k.refuses("site token", "site-token", "void", "1001", "none")
	k.refuses("expires_range", "site-token", "create", "1001", "X", "--devices", "1", "--from", "203.0.113.7", "--for", "9999h")
	k.refuses("no customer 1002", "site-token", "list", "1002")
}

func TestP14_RotatingFromTheCommandLine(t *testing.T) {
	k := newKeeping(t)
	_, err := k.app.CPEs.Create(t.Context(), administrator, telephony.CPE{CustomerID: k.customer.ID, Driver: "yealink", Model: "T46U", MAC: "001565aa0001", Name: "Theke"})
	k.ok(err)
	k.says("1 CPEs would be given new secrets", "rotate", "1001", "--dry-run")
	k.says("new permanent URL", "rotate", "1001", "--cpe", "Theke", "--what", "token")
	if got, err := k.run("rotate", "1001", "--cpe", "Theke", "--what", "admin,http"); err != nil || strings.Contains(got, "permanent URL") || strings.Count(got, "\n") != 2 {
		t.Errorf("two secrets were named: %s, %v", got, err)
	}
	k.refuses("secret_unknown", "rotate", "1001", "--what", "colour")
	if got, err := k.run("rotate", "1001", "--dry-run", "--json"); err != nil || !strings.Contains(got, `"devices":1`) || !strings.Contains(got, `"dry_run":true`) {
		t.Errorf("%s, %v", got, err)
	}
	k.refuses("secret_unknown", "rotate", "1001", "--cpe", "Theke", "--what", "colour")
}
