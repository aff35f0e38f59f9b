package storage

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/pressly/goose/v3"
)

// fillDesks is step 7: it gives the channels that were there before step 6 their
// short numbers. It is Go because the databases make random numbers differently.
var fillDesks = goose.NewGoMigration(7, &goose.GoFunc{RunTx: func(ctx context.Context, tx *sql.Tx) error {
	r, err := tx.QueryContext(ctx, `SELECT customer_id, id FROM channels WHERE kind = 'cpe' ORDER BY customer_id, id`)
	rows, err := all("channels", func(s scanner) (x [2]string, err error) { return x, s.Scan(&x[0], &x[1]) }, r, err)
	if err != nil {
		return err
	}
	taken, customer := map[string]bool{}, ""
	for _, x := range rows {
		if x[0] != customer {
			taken, customer = map[string]bool{}, x[0]
		}
		n := ""
		for try := 0; n == "" || taken[n]; try++ {
			if n, err = deskNumber(4 + try/16); err != nil {
				return err
			}
		}
		taken[n] = true
		if _, err := tx.ExecContext(ctx, `UPDATE channels SET desk = $1 WHERE customer_id = $2 AND id = $3`, n, x[0], x[1]); err != nil {
			return fmt.Errorf("numbering desks: %w", err)
		}
	}
	return nil
}}, nil)
