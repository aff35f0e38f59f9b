package storage

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tischlein/internal/telephony"
)

// TestQ06_WhatNamesNoCustomerIsFoundByAnIndex runs what is asked across customers
// by phones, strangers and queues, and has SQLite tell how it went about it: to read
// every row of a million devices keeps all others from writing meanwhile.
func TestQ06_WhatNamesNoCustomerIsFoundByAnIndex(t *testing.T) {
	db, err := Open(t.Context(), filepath.Join(t.TempDir(), "t.db"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	mac, far := telephony.MAC("805ec0000001"), time.Now().Add(time.Hour)
	lookups := []func(*Tx) error{
		func(tx *Tx) error { _, err := tx.CPEsByMAC(mac); return err },
		func(tx *Tx) error { _, err := tx.RedirectRival("c", "p", mac); return err },
		func(tx *Tx) error { _, err := tx.RedirectShared("c", mac); return err },
		func(tx *Tx) error { _, err := tx.CredentialsByUser("u"); return err },
		func(tx *Tx) error { _, _, err := tx.CPEOfChannel("c"); return err },
		func(tx *Tx) error { _, err := tx.CPEByToken("h"); return err },
		func(tx *Tx) error { _, err := tx.CPEByFirstAccess("h"); return err },
		func(tx *Tx) error { _, err := tx.SiteTokenByHash("h"); return err },
		func(tx *Tx) error { _, err := tx.TokenHashesFrom("abcdef"); return err },
		func(tx *Tx) error { _, err := tx.ArmedMACs(); return err },
		func(tx *Tx) error { _, err := tx.MACsWithPIN(); return err },
		func(tx *Tx) error { _, err := tx.NumberByE164("+49301"); return err },
		func(tx *Tx) error { _, err := tx.CallBacks("+49301", time.Now()); return err },
		func(tx *Tx) error { _, err := tx.CallingDesk("c"); return err },
		func(tx *Tx) error { _, err := tx.SIPUsers([]string{"p"}); return err },
		func(tx *Tx) error { _, err := tx.ClaimDue(false, 10, far); return err },
		func(tx *Tx) error { _, err := tx.ClaimRedirects(10, far); return err },
		func(tx *Tx) error { _, err := tx.DueLogins(10); return err },
		func(tx *Tx) error { _, err := tx.EndPreviousSecrets(10); return err },
		func(tx *Tx) error { _, err := tx.EndPreviousTokens(10); return err },
		// What goes takes with it, or is refused for, what refers to it.
		func(tx *Tx) error { return tx.DeleteCPE("c", "p") },
		func(tx *Tx) error { return tx.DeleteChannel("c", "h") },
		func(tx *Tx) error { return tx.DeleteExtension("c", "x") },
		func(tx *Tx) error { _, err := tx.Histories("c", "p", "", 50); return err },
	}
	migrating := texts(t, db)
	err = db.Update(t.Context(), func(tx *Tx) error {
		for i, f := range lookups {
			if err := f(tx); err != nil && telephony.CodeOf(err) != telephony.NotFound {
				return fmt.Errorf("look-up %d: %w", i, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	asked := slices.DeleteFunc(texts(t, db), func(text string) bool { return slices.Contains(migrating, text) })
	if len(asked) < len(lookups) {
		t.Fatalf("%d statements of %d look-ups were kept: the test does not see what it should", len(asked), len(lookups))
	}
	for _, text := range asked {
		for _, step := range steps(t, db, text) {
			if of, scans := strings.CutPrefix(step, "SCAN "); scans && of != "CONSTANT ROW" && of != "e" { // e: what was found already
				t.Errorf("%s\nof %s", step, text)
			}
		}
	}
}

// texts are the statements that the writer has run with arguments.
func texts(t *testing.T, db *DB) (list []string) {
	t.Helper()
	kept(t, db, func(c *preparedConn) { list = slices.Collect(maps.Keys(c.kept)) })
	return list
}

// steps is how SQLite would run a statement, whatever its arguments.
func steps(t *testing.T, db *DB, text string) (list []string) {
	t.Helper()
	args := make([]any, strings.Count(text, "?"))
	for _, p := range parameter.FindAllString(text, -1) {
		if n, _ := strconv.Atoi(p[1:]); n > len(args) {
			args = make([]any, n)
		}
	}
	r, err := db.r.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+text, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for r.Next() {
		var id, parent, unused int
		var step string
		if err := r.Scan(&id, &parent, &unused, &step); err != nil {
			t.Fatal(err)
		}
		list = append(list, step)
	}
	return list
}
