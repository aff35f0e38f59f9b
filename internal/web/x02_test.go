package web

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

var variable = regexp.MustCompile(`{(\w+)(?:\.\.\.)?}`)

// estate is what a customer has: ids by the names that patterns use.
type estate map[string]string

func (h *house) estate(number, partner string) estate {
	h.Helper()
	ctx := context.Background()
	ok := func(err error) {
		h.Helper()
		if err != nil {
			h.Fatal(err)
		}
	}
	p, err := h.app.Partners.Create(ctx, h.system, telephony.Partner{Name: partner})
	ok(err)
	c, err := h.app.Customers.Create(ctx, h.system, telephony.Customer{Number: number, Name: "Geheim " + number, PartnerID: p.ID, Language: "de", TimeZone: "Europe/Berlin"})
	ok(err)
	ch, err := h.app.Channels.Create(ctx, h.system, telephony.Channel{CustomerID: c.ID, Name: "Geheimer Kanal " + number})
	ok(err)
	x, err := h.app.Extensions.Create(ctx, h.system, telephony.Extension{CustomerID: c.ID, Number: "101", Name: "Geheime Person " + number}, "")
	ok(err)
	mac := telephony.MAC("00156500" + number)
	d, err := h.app.CPEs.Create(ctx, h.system, telephony.CPE{CustomerID: c.ID, Driver: "yealink", Model: "T46U", MAC: mac, Name: "Geheimes Telefon " + number})
	ok(err)
	_, err = h.app.CPEs.Attach(ctx, h.system, c.ID, d.CPE.ID, ch.Channel.ID, 0, false)
	ok(err)
	_, err = h.app.Links.Link(ctx, h.system, app.LinkRequest{CustomerID: c.ID, ChannelID: ch.Channel.ID, ExtensionID: x.Extension.ID, Side: telephony.FromChannel})
	ok(err)
	u, _, err := h.app.Users.Create(ctx, h.system, app.UserSpec{Name: "Geheimer Zugang " + number, Login: "secret" + number, Role: auth.CustomerAdmin, CustomerID: c.ID})
	ok(err)
	tk, _, err := h.app.Tokens.Create(ctx, h.system, app.TokenSpec{Name: "Geheimes Token " + number, Role: auth.CustomerAdmin, CustomerID: c.ID})
	ok(err)
	n, err := h.app.Numbers.Create(ctx, h.system, telephony.Number{CustomerID: c.ID, E164: "+4991112" + number, ExtensionID: x.Extension.ID})
	ok(err)
	trunk, err := h.app.Trunks.Create(ctx, h.system, telephony.Trunk{CustomerID: c.ID, Name: "Geheimer Trunk " + number, Host: "trunk.test.example"})
	ok(err)
	_, err = h.app.Devices.Upload(ctx, app.Device{ID: d.CPE.ID, CustomerID: c.ID}, app.Upload{Name: "geheim.log", Body: []byte("Geheim " + number)})
	ok(err)
	uploads, err := h.app.CPEs.Uploads(ctx, h.system, c.ID, d.CPE.ID)
	ok(err)
	log, err := h.app.Audit.List(ctx, h.system, c.ID, app.AuditQuery{Action: "link"})
	ok(err)
	if len(log.Items) == 0 {
		h.Fatal("the link is not in the log")
	}
	site, _, err := h.app.SiteTokens.Create(ctx, h.system, c.ID, app.SiteToken{Name: "Geheimes Standort-Token " + number, Devices: 2, Addresses: []string{"203.0.113.0/24"}, Expires: time.Now().Add(time.Hour)})
	ok(err)
	return estate{"sitetoken": site.ID, "firmware": "0000", "rollout": "0000", "action": "pause", "upload": uploads[0].ID, "customer": c.ID, "channel": ch.Channel.ID, "extension": x.Extension.ID, "cpe": d.CPE.ID, "partner": p.ID,
		"user": u.ID, "token": tk.ID, "entry": log.Items[0].ID, "session": "0000", "mac": string(mac), "phonenumber": n.Number.ID, "trunk": trunk.Trunk.ID, "number": number, "desk": ch.Channel.Desk}
}

// path fills a pattern with ids; whole names the owner of the customer's id, parts
// that of everything below.
func path(t *testing.T, pattern string, whole, parts estate) string {
	t.Helper()
	return variable.ReplaceAllStringFunc(strings.TrimSuffix(pattern, "{$}"), func(v string) string {
		name := variable.FindStringSubmatch(v)[1]
		from := parts
		if name == "customer" {
			from = whole
		}
		id, ok := from[name]
		if !ok {
			t.Fatalf("the pattern %s has {%s}, of which the test knows none: put one into estate", pattern, name)
		}
		return id
	})
}

// snapshot is everything about a customer that a request could have changed.
func (h *house) snapshot(e estate) string {
	h.Helper()
	ctx := context.Background()
	log, err := h.app.Audit.List(ctx, h.system, e["customer"], app.AuditQuery{Limit: 200})
	if err != nil {
		h.Fatal(err)
	}
	ch, err := h.app.Channels.Get(ctx, h.system, e["customer"], e["channel"])
	if err != nil {
		h.Fatal(err)
	}
	return fmt.Sprintf("%d entries, %+v", len(log.Items), ch.Link)
}

// Every route, with every role, on what belongs to somebody else: not found, and
// nothing happens. A new route is in the table and thereby here (X02, D24).
func TestX02_NoRouteReachesAnotherCustomersObjects(t *testing.T) {
	h := newHouse(t)
	h.administrator()
	own, foreign := h.estate("1111", "Nah"), h.estate("2222", "Fern")
	people := map[string]*browser{
		"partner":  h.signedIn(app.UserSpec{Login: "partner", Role: auth.PartnerAdmin, PartnerID: own["partner"]}),
		"customer": h.signedIn(app.UserSpec{Login: "customer", Role: auth.CustomerAdmin, CustomerID: own["customer"]}),
	}
	operators := map[string]*browser{
		"operator": h.signedIn(app.UserSpec{Login: "operator", Role: auth.OperatorAdmin}),
		"support":  h.signedIn(app.UserSpec{Login: "support", Role: auth.OperatorSupport}),
	}
	before := h.snapshot(foreign)
	tried := 0
	try := func(who string, b *browser, r Route, p string) {
		t.Helper()
		tried++
		a := b.do(r.Method, p, strings.NewReader(""))
		if a.status != http.StatusNotFound && !(a.status == http.StatusForbidden && r.Scope != "") {
			t.Errorf("%s %s %s as %s: %d, not found is expected", r.Method, r.Pattern, p, who, a.status)
		}
		for _, secret := range []string{"2222", foreign["mac"]} {
			if strings.Contains(a.text, secret) {
				t.Errorf("%s %s as %s tells %q", r.Method, r.Pattern, who, secret)
			}
		}
	}
	for _, r := range Routes() {
		if r.Reach == OfCustomer {
			for who, b := range people {
				try(who, b, r, path(t, r.Pattern, foreign, foreign))
				if len(variable.FindAllString(r.Pattern, -1)) > 1 {
					try(who, b, r, path(t, r.Pattern, own, foreign))
				}
			}
			for who, b := range operators { // who may see both must not mix them up
				if len(variable.FindAllString(r.Pattern, -1)) > 1 {
					try(who, b, r, path(t, r.Pattern, own, foreign))
				}
				try(who, b, r, path(t, r.Pattern, estate{"customer": "none"}, foreign))
			}
			continue
		}
		if r.Reach == SignedIn && variable.MatchString(r.Pattern) {
			for who, b := range people {
				try(who, b, r, path(t, r.Pattern, foreign, foreign))
			}
		}
	}
	if tried == 0 {
		t.Fatal("no route was tried")
	}
	if after := h.snapshot(foreign); after != before {
		t.Errorf("something was changed: %s, before %s", after, before)
	}
}

// Without a session every route that is not open leads to the sign-in page, and
// with one a role that lacks the route's scope is refused.
func TestX02_EveryRouteAsksWhoItIsAndWhetherTheyMay(t *testing.T) {
	h := newHouse(t)
	h.administrator()
	e := h.estate("1111", "Nah")
	people := map[auth.Role]*browser{
		auth.OperatorSupport: h.signedIn(app.UserSpec{Login: "support", Role: auth.OperatorSupport}),
	}
	for _, r := range Routes() {
		if r.Reach == Open {
			continue
		}
		p := path(t, r.Pattern, e, e)
		a := h.browser().do(r.Method, p, strings.NewReader(""))
		if to := a.header.Get("Location"); a.status != http.StatusSeeOther || !strings.HasPrefix(to, "/sign-in") {
			t.Errorf("%s %s without a session: %d to %q", r.Method, r.Pattern, a.status, to)
		}
		if r.Reach == OfCustomer && r.Scope == "" {
			t.Errorf("%s %s needs no scope", r.Method, r.Pattern)
		}
		for role, b := range people {
			if (auth.Actor{Role: role, Scopes: auth.Scopes}).Can(r.Scope) || r.Scope == "" {
				continue
			}
			if a := b.do(r.Method, p, strings.NewReader("")); a.status != http.StatusForbidden {
				t.Errorf("%s %s as %s: %d", r.Method, r.Pattern, role, a.status)
			}
		}
	}
}

func TestX02_TheTableIsWhole(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range Routes() {
		key := r.Method + " " + r.Pattern
		if seen[key] {
			t.Errorf("%s stands in the table twice", key)
		}
		seen[key] = true
		if r.Handle == nil || r.Method != http.MethodGet && r.Method != http.MethodPost {
			t.Errorf("%s: %+v", key, r)
		}
		if strings.HasPrefix(r.Pattern, "/customers/{customer}") != (r.Reach == OfCustomer) {
			t.Errorf("%s has the reach %s", key, r.Reach)
		}
	}
}
