package storage

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/pressly/goose/v3"

	"tischlein/internal/telephony"
)

// fillKeys is step 4: it fills the keys that step 3 made, where there were rows
// before. It is Go because SQL cannot fold an umlaut or read an address alike on
// both databases.
var fillKeys = goose.NewGoMigration(4, &goose.GoFunc{RunTx: func(ctx context.Context, tx *sql.Tx) error {
	for _, s := range []struct {
		read, write string
		keys        func(a, b string) (string, string)
	}{
		{`SELECT id, customer_id, name, location FROM channels WHERE id > $1 ORDER BY id LIMIT 1000`,
			`UPDATE channels SET last_key = $1, location_key = $2 WHERE id = $3 AND customer_id = $4`,
			func(name, location string) (string, string) { return lastKey(name), telephony.Fold(location) }},
		{`SELECT id, customer_id, name, '' FROM extensions WHERE id > $1 ORDER BY id LIMIT 1000`,
			`UPDATE extensions SET last_key = $1 || $2 WHERE id = $3 AND customer_id = $4`,
			func(name, _ string) (string, string) { return lastKey(name), "" }},
		{`SELECT id, customer_id, fetch_addr, register_addr FROM cpes WHERE id > $1 ORDER BY id LIMIT 1000`,
			`UPDATE cpes SET fetch_key = $1, register_key = $2 WHERE id = $3 AND customer_id = $4`,
			func(fetch, register string) (string, string) {
				return addrKey(addrOf(fetch)), addrKey(addrOf(register))
			}},
		{`SELECT entry || ' ' || customer_id, customer_id, entry, '' FROM allowlist WHERE entry || ' ' || customer_id > $1 ORDER BY 1 LIMIT 1000`,
			`UPDATE allowlist SET first_key = $1, last_key = $2 WHERE entry || ' ' || customer_id = $3 AND customer_id = $4`,
			func(entry, _ string) (string, string) {
				e, err := telephony.ParseEntry("entry", entry)
				if err != nil {
					return "", "" // it was never one that admits anybody
				}
				return addrKey(e.First), addrKey(e.Last)
			}},
	} {
		for after, more := "", true; more; {
			var err error
			if after, more, err = fillPage(ctx, tx, s.read, s.write, after, s.keys); err != nil {
				return fmt.Errorf("filling keys: %w", err)
			}
		}
	}
	return nil
}}, nil)

func fillPage(ctx context.Context, tx *sql.Tx, read, write, after string, keys func(a, b string) (string, string)) (last string, more bool, err error) {
	r, err := tx.QueryContext(ctx, read, after)
	rows, err := all("rows", func(s scanner) (x [4]string, err error) { return x, s.Scan(&x[0], &x[1], &x[2], &x[3]) }, r, err)
	if err != nil {
		return "", false, err
	}
	for _, x := range rows {
		a, b := keys(x[2], x[3])
		if _, err := tx.ExecContext(ctx, write, a, b, x[0], x[1]); err != nil {
			return "", false, err
		}
		last = x[0]
	}
	return last, len(rows) > 0, nil
}
