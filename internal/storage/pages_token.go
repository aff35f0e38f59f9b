package storage

// TokenHash is the hash of a token that a device has, or had before the last
// rotation.
type TokenHash struct{ CustomerID, CPEID, Hash string }

// TokenHashesFrom lists the tokens whose hash begins like that: one, but for a
// coincidence.
func (tx *Tx) TokenHashesFrom(start string) ([]TokenHash, error) {
	r, err := tx.query(`SELECT customer_id, id, token_hash FROM cpes WHERE token_hash >= $1 AND token_hash < $2
		UNION ALL SELECT customer_id, id, prev_hash FROM cpes WHERE prev_hash >= $1 AND prev_hash < $2 AND prev_until > $3
		ORDER BY 2, 3 LIMIT 8`, start, start+"g", micros(tx.Now)) // hashes end at f
	return all("token hashes", func(s scanner) (h TokenHash, err error) {
		return h, s.Scan(&h.CustomerID, &h.CPEID, &h.Hash)
	}, r, err)
}
