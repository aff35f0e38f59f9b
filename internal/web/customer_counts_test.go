package web

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

func TestQ10_ThePageOfALargeCustomerDoesNotWaitForItsCounts(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	own := h.customer("1001")
	page := "/customers/" + own.ID
	b.get(page).says(t, "Noch kein Kanal.", `data-health=""`).hides(t, "Wird gezählt")
	err := h.db.Update(t.Context(), func(tx *storage.Tx) error {
		for i := range 1001 {
			c := telephony.Channel{ID: storage.NewID(tx.Now), CustomerID: own.ID, Name: fmt.Sprintf("Platz %04d", i), Kind: telephony.KindCPE, SIPUser: fmt.Sprintf("user%04d", i)}
			if err := tx.InsertChannel(c); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	b.get(page).says(t, "über 1.000", "Wird gezählt", `hx-get="`+page+`/health"`, page+"?counted=on").hides(t, "1.001", "data-health")
	for _, at := range []string{page + "/health", page + "?counted=on"} { // by itself, and for those without scripts
		b.get(at).wants(t, http.StatusOK).says(t, "1.001", "kein Gerät", `data-health="`+page+`/health"`).hides(t, "Wird gezählt")
	}
	if a := b.get(page + "/health"); strings.Contains(a.text, "<html") {
		t.Error("the counts come with a whole page")
	}
	b.get(page+"/delete").says(t, "über 1.000")
}
