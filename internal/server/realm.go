package server

import (
	"context"
	"fmt"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// realmOf is the installation's realm: the one it was started with, else the
// configured one, else a new one. The registrar needs it before the use cases are
// open; they check that a configured one does not differ (C01).
func realmOf(ctx context.Context, db *storage.DB, configured string) (string, error) {
	realm := configured
	err := db.View(ctx, func(tx *storage.Tx) error {
		i, err := tx.Installation()
		switch {
		case telephony.CodeOf(err) == telephony.NotFound:
			if realm == "" {
				realm = auth.NewPassword(12).Reveal() + ".tischlein"
			}
			return nil
		case err == nil && realm == "":
			realm = i.Realm
		}
		return err
	})
	if err != nil {
		return "", fmt.Errorf("reading the realm: %w", err)
	}
	return realm, nil
}
