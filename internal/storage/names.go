package storage

import (
	"fmt"
	"slices"
	"strings"
)

// Names says what the customer's channels, extensions and CPEs of these ids are
// called now; what is gone is missing.
func (tx *Tx) Names(customerID string, ids []string) (map[string]string, error) {
	m := make(map[string]string, len(ids))
	for some := range slices.Chunk(ids, 50) {
		v := values{"customer": customerID}
		names := make([]string, 50)
		for i := range names {
			names[i] = fmt.Sprintf(":among%d", i)
			v[names[i][1:]] = some[min(i, len(some)-1)]
		}
		in := strings.Join(names, ", ")
		rows, err := list(tx, "names", `SELECT id, name FROM channels WHERE customer_id = :customer AND id IN (`+in+`)
			UNION ALL SELECT id, name || ' (' || number || ')' FROM extensions WHERE customer_id = :customer AND id IN (`+in+`)
			UNION ALL SELECT id, name FROM cpes WHERE customer_id = :customer AND id IN (`+in+`)`, v,
			func(s scanner) (x [2]string, err error) { return x, s.Scan(&x[0], &x[1]) })
		if err != nil {
			return nil, err
		}
		for _, x := range rows {
			m[x[0]] = x[1]
		}
	}
	return m, nil
}
