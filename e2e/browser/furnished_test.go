package browser_test

import (
	"testing"

	"tischlein/e2e/browser"
	"tischlein/internal/auth"
)

// house is a world with something of everything, for pages to show.
type house struct {
	*browser.World
	admin                   browser.Person
	channel, extension, cpe string
}

// example is how to come to a page.
type example struct {
	path   string
	also   []string // other faces of the same page
	part   string   // what it is, if it is no page but a part of one, a stream or a file
	nobody bool     // it is for those who are not signed in
	leads  string   // where it leads to, if it is no page of its own
	status int      // of its answer, if it is not 200
}

func furnish(t *testing.T) *house {
	t.Helper()
	h := &house{World: browser.NewWorld(t)}
	h.admin = h.Person("Vera Amt", "vera", auth.OperatorAdmin)
	h.Person("Karl Wirt", "karl", auth.CustomerAdmin)
	reception, kitchen := h.Channel("Empfang"), h.Channel("Küche")
	h.Channel("Lager")
	ada := h.Extension("101", "Ada Wirt")
	bruno := h.MultiLogin("102", "Bruno Koch")
	phone := h.Phone(reception)
	h.Record("Reserve", nil)
	h.Link(reception, ada)
	h.Link(kitchen, bruno)
	phone.Shows("Ada Wirt")
	h.channel, h.extension, h.cpe = reception.ID, ada.ID, phone.CPE.ID
	h.ListAddresses("127.0.0.1", "192.0.2.0-192.0.2.15")
	return h
}

// examples has a row for every GET of the portal.
func (h *house) examples() map[string]example {
	customer := "/customers/" + h.Customer.ID
	return map[string]example{
		"/{$}":                         {path: "/", leads: "/customers"},
		"/language":                    {path: "/language?to=de&next=/sign-in", nobody: true, leads: "/sign-in"},
		"/sign-in":                     {path: "/sign-in", nobody: true},
		"/customers/{customer}/events": {path: customer + "/events", part: "a stream"},
	}
}
