package app

import (
	"bytes"
	"context"
	"testing"
	"time"

	"tischlein/internal/auth"
	"tischlein/internal/provision/drivers"
	"tischlein/internal/storagetest"
	"tischlein/internal/telephony"
)

// TestD20_APINIsHashedInItsTurnAndNotAsAWriter: where all turns at hashing are taken,
// who sets a PIN waits, as long as they like, without having asked the database for
// anything that others wait for.
func TestD20_APINIsHashedInItsTurnAndNotAsAWriter(t *testing.T) {
	key, err := auth.NewKey(bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	db := storagetest.Open(t, storagetest.SQLite(t), time.Now)
	a, _, err := Open(t.Context(), Config{DB: db, Key: key, Drivers: drivers.All(), Settings: Settings{BaseURL: "https://prov.test.example"}})
	if err != nil {
		t.Fatal(err)
	}
	admin := auth.Actor{Role: auth.OperatorAdmin, Scopes: auth.Scopes}
	c, err := a.Customers.Create(t.Context(), admin, telephony.Customer{Number: "1", Name: "Firma"})
	if err != nil {
		t.Fatal(err)
	}
	anna, err := a.Extensions.Create(t.Context(), admin, telephony.Extension{CustomerID: c.ID, Number: "21", Name: "Anna"}, "4711")
	if err != nil {
		t.Fatal(err)
	}
	for range cap(a.hashing) {
		a.hashing <- struct{}{}
	}
	gone, leave := context.WithCancel(t.Context())
	leave()
	for what, set := range map[string]func() error{
		"setting": func() error { return a.Extensions.SetPIN(gone, admin, c.ID, anna.Extension.ID, "4712") },
		"creating": func() error {
			_, err := a.Extensions.Create(gone, admin, telephony.Extension{CustomerID: c.ID, Number: "22", Name: "Ben"}, "4711")
			return err
		},
		"a device's": func() error { _, _, err := a.CPEs.MakePIN(gone, admin, c.ID, "x"); return err },
	} {
		before := db.Statements()
		if err := set(); telephony.ReasonOf(err) != "busy" {
			t.Errorf("%s: who gave up waiting is told %v", what, err)
		}
		if n := db.Statements() - before; n > 0 {
			t.Errorf("%s: %d statements", what, n)
		}
	}
}
