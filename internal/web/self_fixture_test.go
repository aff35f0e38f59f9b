package web

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"tischlein/internal/app"
	"tischlein/internal/telephony"
)

const pin = "4711"

// office is a customer with phones and people, for their own pages.
type office struct {
	*house
	customer telephony.Customer
	phones   int
}

func (h *house) office(number string) *office {
	h.Helper()
	c, err := h.app.Customers.Create(context.Background(), h.system, telephony.Customer{Number: number, Name: "Gasthaus Adler", Language: "de", TimeZone: "Europe/Berlin"})
	h.fine(err)
	return &office{house: h, customer: c}
}

func (h *house) fine(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

// place is a channel with a phone, as its screen numbers it.
func (o *office) place(name string) telephony.Channel {
	o.Helper()
	o.phones++
	ctx := context.Background()
	c, err := o.app.Channels.Create(ctx, o.system, telephony.Channel{CustomerID: o.customer.ID, Name: name})
	o.fine(err)
	x, err := o.app.CPEs.Create(ctx, o.system, telephony.CPE{CustomerID: o.customer.ID, Driver: "yealink", Model: "T46U", MAC: telephony.MAC(fmt.Sprintf("00156500%04x", o.phones))})
	o.fine(err)
	_, err = o.app.CPEs.Attach(ctx, o.system, o.customer.ID, x.CPE.ID, c.Channel.ID, 0, false)
	o.fine(err)
	if c.Channel.Desk == "" {
		o.Fatal("the place has no number")
	}
	return c.Channel
}

func (o *office) person(number, name string, multi bool) telephony.Extension {
	o.Helper()
	v, err := o.app.Extensions.Create(context.Background(), o.system, telephony.Extension{CustomerID: o.customer.ID, Number: number, Name: name, MultiLogin: multi}, pin)
	o.fine(err)
	return v.Extension
}

func (o *office) link(c telephony.Channel, x telephony.Extension) {
	o.Helper()
	_, err := o.app.Links.Link(context.Background(), o.system, app.LinkRequest{CustomerID: o.customer.ID, ChannelID: c.ID, ExtensionID: x.ID, Side: telephony.FromChannel})
	o.fine(err)
}

// logIn logs somebody in at the phone itself.
func (o *office) logIn(c telephony.Channel, x telephony.Extension) {
	o.Helper()
	_, err := o.app.Logins.Login(context.Background(), o.system, app.LoginRequest{CustomerID: o.customer.ID, ChannelID: c.ID, Number: x.Number, PIN: pin, Path: "key"})
	o.fine(err)
}

// here is whose login is at a channel, "" for nobody's.
func (o *office) here(c telephony.Channel) string {
	o.Helper()
	v, err := o.app.Channels.Get(context.Background(), o.system, o.customer.ID, c.ID)
	o.fine(err)
	if v.Login == nil {
		return ""
	}
	return v.Login.ExtensionID
}

// self is the browser of somebody who has signed in by number and PIN.
func (o *office) self(x telephony.Extension) *browser {
	o.Helper()
	b := o.browser()
	b.post("/sign-in/extension", "customer", o.customer.Number, "number", x.Number, "pin", pin).wants(o, http.StatusSeeOther)
	return b
}

// newOffice is a house with one such customer.
func newOffice(t testing.TB) *office {
	t.Helper()
	return newHouse(t).office("1001")
}

func (o *office) desk(c telephony.Channel) string { return "/desk/" + o.customer.Number + "/" + c.Desk }
