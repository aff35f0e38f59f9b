package storage_test

import (
	"context"
	"errors"
	"testing"

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
