package storage_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"tischlein/internal/storage"
	"tischlein/internal/storagetest"
	"tischlein/internal/telephony"
)

func TestUpdateInsideUpdateIsRefused(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, dsn string) {
		db := storagetest.Open(t, dsn, nil)
		err := db.Update(context.Background(), func(tx *storage.Tx) error {
			return db.Update(tx.Context(), func(*storage.Tx) error { return nil })
		})
		if !errors.Is(err, storage.ErrNested) {
			t.Fatalf("got %v, want ErrNested", err)
		}
	})
}

func TestNothingIsWrittenAndNothingRunsWhenTheClosureFails(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, dsn string) {
		db := storagetest.Open(t, dsn, nil)
		ctx, ran := context.Background(), false
		boom := errors.New("boom")
		err := db.Update(ctx, func(tx *storage.Tx) error {
			tx.AfterCommit(func() { ran = true })
			if err := tx.InsertPartner(telephony.Partner{ID: "p", Name: "Ärger & Söhne"}); err != nil {
				return err
			}
			return boom
		})
		if !errors.Is(err, boom) || ran {
			t.Fatalf("err %v, after-commit ran %v", err, ran)
		}
		err = db.View(ctx, func(tx *storage.Tx) error { _, err := tx.Partner("p"); return err })
		if telephony.CodeOf(err) != telephony.NotFound {
			t.Fatalf("the partner is there although its transaction failed: %v", err)
		}
	})
}

func TestNamesThatDifferOnlyInCaseAreOne(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, dsn string) {
		db := storagetest.Open(t, dsn, nil)
		insert := func(id, name string) error {
			return db.Update(context.Background(), func(tx *storage.Tx) error {
				return tx.InsertPartner(telephony.Partner{ID: id, Name: name})
			})
		}
		if err := insert("a", "Ökofon"); err != nil {
			t.Fatal(err)
		}
		if err := insert("b", "ÖKOFON"); telephony.CodeOf(err) != telephony.Conflict {
			t.Fatalf("got %v, want a conflict: lower('Ö') must not depend on the database", err)
		}
	})
}

// Somebody else always changes what this transaction has read, before it can write. It
// loses a few such races, and then writes while the other waits (D23).
func TestD23_WhoLosesEveryRaceWritesAlone(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, dsn string) {
		db := storagetest.Open(t, dsn, nil)
		ctx, read, changed := context.Background(), make(chan bool, 1), make(chan bool, 1)
		change := func(name string, between func()) error {
			return db.Update(ctx, func(tx *storage.Tx) error {
				p, err := tx.Partner("p")
				if err != nil {
					return err
				}
				between()
				p.Name = name
				return tx.UpdatePartner(p)
			})
		}
		if err := db.Update(ctx, func(tx *storage.Tx) error { return tx.InsertPartner(telephony.Partner{ID: "p", Name: "0"}) }); err != nil {
			t.Fatal(err)
		}
		rival := make(chan error)
		go func() {
			var all error
			for range read {
				all = errors.Join(all, change("rival", func() {}))
				changed <- true
			}
			rival <- all
		}()
		tries := 0
		err := change("ours", func() {
			tries++
			select {
			case <-changed: // by the try before, which did not wait for it
			default:
			}
			read <- true
			select {
			case <-changed:
			case <-time.After(time.Second): // it cannot: we are alone
			}
		})
		close(read)
		if err != nil || tries > 6 {
			t.Errorf("after %d tries: %v", tries, err)
		}
		if err := <-rival; err != nil {
			t.Errorf("the other: %v", err)
		}
	})
}
