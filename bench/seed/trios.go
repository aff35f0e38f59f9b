package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"tischlein/bench/fill"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// sitInTrios logs people in: of every three places the first one's extension at
// its own phone, from which it calls, and the second one's, linked, at the second
// and the third phone. file gets a line per trio: "user password number user
// password user password", the caller first.
func sitInTrios(ctx context.Context, db *storage.DB, file string, people []fill.Place) error {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	defer f.Close()
	out := bufio.NewWriter(f)
	for some := range slices.Chunk(people, 3) {
		if len(some) < 3 {
			break
		}
		if some[0].Customer != some[2].Customer {
			return errors.New("a trio of two customers")
		}
		var number string
		err := db.Update(ctx, func(tx *storage.Tx) error {
			callee, err := tx.Extension(some[1].Customer, some[1].Extension)
			if err != nil {
				return err
			}
			number, callee.MultiLogin = callee.Number, true
			if err := tx.UpdateExtension(callee); err != nil {
				return err
			}
			for i, at := range some {
				whose, slot := some[min(i, 1)].Extension, max(i, 1)
				err := tx.Carry(at.Customer, whose, telephony.Plan{
					Link:  &telephony.Link{ChannelID: at.Channel, CustomerID: at.Customer, ExtensionID: whose, Slot: slot, Since: tx.Now, By: "bench"},
					Login: &telephony.Login{ChannelID: at.Channel, CustomerID: at.Customer, ExtensionID: whose, Slot: slot, Kind: telephony.LoginLinked, Since: tx.Now},
				})
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		fmt.Fprintln(out, some[0].SIPUser, some[0].SIPSecret, number, some[1].SIPUser, some[2].SIPUser)
	}
	return out.Flush()
}

// pushed makes every device due but one, which it names as the API does: whoever
// asks the API to push that one wakes the server for all. They are due in the way
// of those that somebody waits for: the other way is paced, and would measure its
// pace.
func pushed(ctx context.Context, dsn string) error {
	db, err := storage.Open(ctx, dsn, time.Now)
	if err != nil {
		return err
	}
	defer db.Close()
	customers, err := customerIDs(ctx, db)
	if err != nil {
		return err
	}
	last := ""
	err = db.Update(ctx, func(tx *storage.Tx) error {
		last = ""
		for _, id := range customers {
			cpes, err := tx.CPEs(id, storage.Page{Limit: 1 << 20})
			if err != nil {
				return err
			}
			for _, c := range cpes {
				if last == "" {
					last = "customers/" + id + "/cpes/" + c.ID
					continue
				}
				if _, err := tx.PushNow(id, c.ID, true); err != nil {
					return err
				}
			}
		}
		return nil
	})
	fmt.Println(last)
	return err
}

// told waits until what came of every push is noted.
func told(ctx context.Context, dsn string) error {
	db, err := storage.Open(ctx, dsn, time.Now)
	if err != nil {
		return err
	}
	defer db.Close()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		var next time.Time
		err := db.View(ctx, func(tx *storage.Tx) (err error) { next, err = tx.NextDue(); return err })
		if err != nil || next.IsZero() {
			return err
		}
	}
	return errors.New("pushes are due still")
}
