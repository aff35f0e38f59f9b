package server

import (
	"context"
	"fmt"
	"strings"
	"time"

	"tischlein/internal/config"
	"tischlein/internal/storage"
)

// checkEmergency looks for places with a device whose emergency calls would not
// leave, or not say where help should come to (C11).
func checkEmergency(ctx context.Context, cfg config.Config) Finding {
	f := Finding{What: "emergency calls"}
	db, err := storage.Open(ctx, cfg.DSN(), time.Now)
	if err != nil {
		f.Detail, f.Advice = err.Error(), "see the database"
		return f
	}
	defer db.Close()
	var unlocated, trunkless int
	err = db.View(ctx, func(tx *storage.Tx) error {
		unlocated, trunkless, err = tx.Stranded()
		return err
	})
	if err != nil {
		f.Detail, f.Advice = err.Error(), "see the database"
		return f
	}
	var wrong, advice []string
	if trunkless > 0 {
		wrong = append(wrong, fmt.Sprintf("%d places with a device have no trunk to call for help by", trunkless))
		advice = append(advice, "add a trunk for the installation: tischlein trunk add")
	}
	if unlocated > 0 {
		wrong = append(wrong, fmt.Sprintf("%d places with a device do not say where they are", unlocated))
		advice = append(advice, "write the site's address into their customers, or the place into the channels")
	}
	f.OK = len(wrong) == 0
	f.Detail, f.Advice = strings.Join(wrong, "; "), strings.Join(advice, "; ")
	if f.OK {
		f.Detail = "every place with a device has a trunk and a location"
	}
	return f
}
