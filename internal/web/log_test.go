package web

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

// logged is a customer with a channel and an extension, which are linked, and
// whom linking anybody else was refused.
func (h *house) logged() (customer, channel string) {
	h.Helper()
	ctx := context.Background()
	c, err := h.app.Customers.Create(ctx, h.system, telephony.Customer{Number: "1001", Name: "Gasthaus Adler"})
	if err != nil {
		h.Fatal(err)
	}
	ch, err := h.app.Channels.Create(ctx, h.system, telephony.Channel{CustomerID: c.ID, Name: "Empfang"})
	if err != nil {
		h.Fatal(err)
	}
	link := app.LinkRequest{CustomerID: c.ID, ChannelID: ch.Channel.ID, Side: telephony.FromChannel}
	for number, name := range map[string]string{"101": "Erika Weber", "102": "Ben Koch"} {
		x, err := h.app.Extensions.Create(ctx, h.system, telephony.Extension{CustomerID: c.ID, Number: number, Name: name}, telephony.Secret("8273"))
		if err != nil {
			h.Fatal(err)
		}
		link.ExtensionID = x.Extension.ID
		_, err = h.app.Links.Link(ctx, h.system, link)
		if second := telephony.CodeOf(err) == telephony.Conflict; err != nil && !second {
			h.Fatal(err)
		}
	}
	return c.ID, ch.Channel.ID
}

func TestU12_TheLogNamesWhoWhatAndWhatItWasBefore(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	customer, _ := h.logged()
	a := b.get("/customers/" + customer + "/log")
	a.wants(h, http.StatusOK)
	for _, s := range []string{"Protokoll", "Verknüpft", "Erika Weber", "Empfang", "abgelehnt", "Rückgängig"} {
		if !strings.Contains(a.text, s) {
			t.Errorf("the log does not say %q", s)
		}
	}
	if x := regexp.MustCompile(`.*(no value|⟦).*`).FindString(a.text); x != "" {
		t.Errorf("a text is missing something: %s", x)
	}
	if a := b.get("/customers/" + customer + "/log?outcome=refused"); strings.Contains(a.text, "/undo") || !strings.Contains(a.text, "abgelehnt") {
		t.Error("the filter for refused attempts shows others")
	}
	if a := b.get("/customers/" + customer + "/log?since=yesterday"); !strings.Contains(a.text, "JJJJ-MM-TT") {
		t.Error("a day that is none is not named")
	}
}

func TestU12_AnEntryOfALinkIsUndoneAndTheLogSaysWhyWhenItCannotBe(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	customer, channel := h.logged()
	log := "/customers/" + customer + "/log"
	undo := regexp.MustCompile(`href="(` + log + `/[^"/]+/undo)"`).FindStringSubmatch(b.get(log).text)
	if undo == nil {
		t.Fatal("the entry of the link offers no undo")
	}
	if a := b.get(undo[1]); a.status != http.StatusOK || !strings.Contains(a.text, "rückgängig") {
		t.Errorf("the question: %d", a.status)
	}
	b.post(undo[1]).wants(h, http.StatusSeeOther)
	if v, err := h.app.Channels.Get(context.Background(), h.system, customer, channel); err != nil || v.Link != nil {
		t.Errorf("after the undo the channel is linked: %+v, %v", v.Link, err)
	}
	if a := b.post(undo[1]); !strings.Contains(a.text, "nicht mehr rückgängig") {
		t.Errorf("undone twice: %d", a.status)
	}
}

func TestU12_TheLogIsExportedAndNoCellIsAFormula(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	customer, _ := h.logged()
	if _, err := h.app.Channels.Create(context.Background(), h.system, telephony.Channel{CustomerID: customer, Name: "=1+1"}); err != nil {
		t.Fatal(err)
	}
	a := b.get("/customers/" + customer + "/log/export.csv")
	a.wants(h, http.StatusOK)
	if !strings.HasPrefix(a.text, "at,actor_kind,actor,") || strings.Count(a.text, "\n") < 4 || !strings.Contains(a.text, ",'=1+1,") {
		t.Errorf("%s: %s", a.header.Get("Content-Type"), a.text)
	}
}

func TestU12_WhatConcernsNoCustomerHasItsLogForTheOperator(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	customer, _ := h.logged()
	b.post("/partners/new", "name", "Nord Telefon").wants(h, http.StatusSeeOther)
	b.post("/tokens/new", "name", "CRM", "role", "operator_support", "days", "30").wants(h, http.StatusOK)
	b.get("/customers").says(h, `href="/log"`)
	a := b.get("/log").wants(h, http.StatusOK)
	a.says(h, "Protokoll", "Nord Telefon", "CRM", "Partner", "Frida Kahl", `aria-current="page"`).hides(h, "Erika Weber", "Empfang", "⟦", "no value")
	b.get("/log?kind=token").says(h, "CRM").hides(h, "Nord Telefon")
	b.get("/log/export.csv").wants(h, http.StatusOK).says(h, ",Nord Telefon,").hides(h, "Empfang")
	h.signedIn(app.UserSpec{Login: "vera", Role: auth.OperatorSupport}).get("/log").wants(h, http.StatusOK)
	k := h.signedIn(app.UserSpec{Login: "karl", Role: auth.CustomerAdmin, CustomerID: customer})
	k.get("/log").wants(h, http.StatusNotFound)
	k.get("/log/export.csv").wants(h, http.StatusNotFound)
	k.get("/customers").hides(h, `href="/log"`)
}
