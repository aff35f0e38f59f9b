package web

import (
	"net/http"
	"testing"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

func TestD03_GuestsAreNamedWithTheirEndAndLoggedOut(t *testing.T) {
	i := newInn(t)
	_, err := i.app.Customers.Update(t.Context(), i.system, i.customer.ID, 0, func(x *telephony.Customer) error { x.HotdeskHours = 700; return nil })
	i.ok(err)
	reception, weber, other := i.place("Empfang"), i.person("123", "Weber"), i.person("124", "Anders")
	cpe := i.yealink(reception, "01")
	i.guest(reception, weber)
	channel := i.at("channels", reception.ID)
	for _, page := range []string{channel, i.at("cpes", cpe.ID)} {
		i.get(page).says(t, "Gast Weber (123)", "angemeldet gerade eben", "von selbst", channel+"/logout")
	}
	i.get(i.at("extensions", weber.ID)).says(t, "angemeldet gerade eben", "von selbst")
	s := i.signedIn(app.UserSpec{Login: "vera", Role: auth.OperatorSupport})
	for _, page := range []string{channel, i.at("cpes", cpe.ID)} {
		s.get(page).says(t, "Gast Weber (123)", "von selbst").hides(t, "/logout")
	}
	s.post(channel+"/logout").wants(t, http.StatusForbidden)
	i.get(channel+"/logout").wants(t, http.StatusOK).says(t, "Weber (123) an Empfang abmelden?", `value="`+weber.ID+`"`)
	i.post(channel+"/logout", "extension", other.ID).leads(t, channel)
	if i.view(reception).Login == nil {
		t.Fatal("somebody was logged out whom nobody asked about")
	}
	i.post(channel+"/logout", "extension", weber.ID).leads(t, channel)
	if i.view(reception).Login != nil {
		t.Fatal("the guest is still logged in")
	}
	i.post(channel+"/logout", "extension", weber.ID).leads(t, channel)
	i.get(channel+"/logout").leads(t, channel)
	i.get(i.at("log")).says(t, "Angemeldet", "Abgemeldet", "von der Administration abgemeldet", "im Portal")
}

func TestS03_ALinkedUserIsNotLoggedOutAsAGuest(t *testing.T) {
	i := newInn(t)
	reception, ada := i.place("Empfang"), i.person("101", "Ada Wirt")
	i.yealink(reception, "01")
	i.link(reception, ada)
	channel := i.at("channels", reception.ID)
	i.get(channel).hides(t, channel+"/logout")
	i.post(channel+"/logout").leads(t, channel)
	if i.view(reception).Login == nil {
		t.Error("a linked user was logged out")
	}
}
