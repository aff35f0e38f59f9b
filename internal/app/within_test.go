package app

import (
	"context"
	"testing"
	"time"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/storagetest"
	"tischlein/internal/telephony"
)

// TestD24_ADatabaseThatFailsIsNoWrongInput: a look-up that lost a race is run again
// only if nobody takes it for a customer, a partner or an extension that is not there.
func TestD24_ADatabaseThatFailsIsNoWrongInput(t *testing.T) {
	db := storagetest.Open(t, storagetest.SQLite(t), time.Now)
	admin := auth.Actor{Role: auth.OperatorAdmin, Scopes: auth.Scopes}
	for _, role := range []auth.Role{auth.PartnerAdmin, auth.CustomerAdmin, auth.User} {
		ctx, fail := context.WithCancel(t.Context())
		_ = db.View(ctx, func(tx *storage.Tx) error {
			fail()
			err := Tokens{}.within(tx, admin, &TokenSpec{Name: "t", Role: role, PartnerID: "p", CustomerID: "c", ExtensionID: "x"})
			if err == nil || telephony.CodeOf(err) != telephony.Internal {
				t.Errorf("%s: %v", role, err)
			}
			return err
		})
	}
}
