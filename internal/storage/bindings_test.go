package storage_test

import (
	"context"
	"fmt"
	"net/netip"
	"testing"
	"time"

	"tischlein/internal/storage"
	"tischlein/internal/storagetest"
	"tischlein/internal/telephony"
)

// TestC03_EveryBindingOfABatchIsWritten writes and removes batches around the
// sizes of their statements.
func TestC03_EveryBindingOfABatchIsWritten(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, dsn string) {
		db, ctx := storagetest.Open(t, dsn, nil), context.Background()
		for _, n := range []int{0, 1, 3, 4, 5, 15, 16, 21, 63, 64, 65, 153} {
			var put []telephony.Binding
			var ids []string
			for i := range n {
				b := telephony.Binding{
					ChannelID: fmt.Sprintf("%03d-%03d", n, i), CustomerID: "c", SIPUser: fmt.Sprintf("u%d", i), Contact: "sip:a@192.0.2.1",
					Instance: "<urn:uuid:1>", CallID: "call", CSeq: uint32(i + 1), Transport: "udp", Source: netip.MustParseAddrPort("192.0.2.1:5060"),
					Local: "198.51.100.1:5060", UserAgent: "phone", Display: "Ärger", Node: "n1",
					Registered: time.UnixMicro(1_000_000).UTC(), Expires: time.UnixMicro(int64(2_000_000 + i)).UTC(),
				}
				put, ids = append(put, b), append(ids, b.ChannelID)
			}
			for range 2 { // the second time they are there
				for i := range put {
					put[i].CSeq++
				}
				if err := db.Update(ctx, func(tx *storage.Tx) error { return tx.PutBindings(put) }); err != nil {
					t.Fatal(err)
				}
				for _, want := range put {
					if got := binding(t, db, want.ChannelID); got != want {
						t.Fatalf("of %d: got %+v, want %+v", n, got, want)
					}
				}
			}
			keep := min(n, 1)
			if err := db.Update(ctx, func(tx *storage.Tx) error { return tx.DeleteBindings(ids[keep:]) }); err != nil {
				t.Fatal(err)
			}
			for i, id := range ids {
				if there := binding(t, db, id).ChannelID != ""; there != (i < keep) {
					t.Fatalf("of %d: binding %d is there: %v", n, i, there)
				}
			}
		}
	})
}

// binding is the channel's, zero where there is none.
func binding(t *testing.T, db *storage.DB, channel string) (b telephony.Binding) {
	t.Helper()
	err := db.View(context.Background(), func(tx *storage.Tx) (err error) { b, err = tx.Binding("c", channel); return err })
	if err != nil && telephony.CodeOf(err) != telephony.NotFound {
		t.Fatal(err)
	}
	return b
}
