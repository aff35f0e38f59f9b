package storage

import (
	"crypto/rand"
	"database/sql"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"tischlein/internal/telephony"
)

func (tx *Tx) exec(query string, args ...any) (int64, error) {
	tx.asked.Add(1)
	r, err := tx.tx.ExecContext(tx.ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

func (tx *Tx) query(query string, args ...any) (*sql.Rows, error) {
	tx.asked.Add(1)
	return tx.tx.QueryContext(tx.ctx, query, args...)
}

func (tx *Tx) row(query string, args ...any) *sql.Row {
	tx.asked.Add(1)
	return tx.tx.QueryRowContext(tx.ctx, query, args...)
}

type scanner interface{ Scan(...any) error }

// one scans the single row of a query; no row is "what not found".
func one[T any](what string, r *sql.Row, scan func(scanner) (T, error)) (T, error) {
	v, err := scan(r)
	if errors.Is(err, sql.ErrNoRows) {
		var none T
		return none, telephony.NotFoundf(what)
	}
	if err != nil {
		var none T
		return none, fmt.Errorf("reading %s: %w", what, err)
	}
	return v, nil
}

// all scans every row of a query.
func all[T any](what string, scan func(scanner) (T, error), r *sql.Rows, err error) ([]T, error) {
	if err != nil {
		return nil, fmt.Errorf("listing %s: %w", what, err)
	}
	defer r.Close()
	var list []T
	for r.Next() {
		v, err := scan(r)
		if err != nil {
			return nil, fmt.Errorf("listing %s: %w", what, err)
		}
		list = append(list, v)
	}
	if err := r.Err(); err != nil {
		return nil, fmt.Errorf("listing %s: %w", what, err)
	}
	return list, nil
}

// must reports a write that reached no row as "what not found".
func must(what string, n int64, err error) error {
	if err != nil {
		return fmt.Errorf("writing %s: %w", what, err)
	}
	if n == 0 {
		return telephony.NotFoundf(what)
	}
	return nil
}

// NewID is an id that sorts by time: 26 characters, 48 bits of milliseconds and
// 80 random bits.
func NewID(now time.Time) string {
	var b [16]byte
	ms := uint64(now.UnixMilli())
	for i := range 6 {
		b[i] = byte(ms >> (40 - 8*i))
	}
	rand.Read(b[6:])
	return idEncoding.EncodeToString(b[:])
}

// firstID is the least id that can be made at that millisecond.
func firstID(t time.Time) string {
	var b [16]byte
	ms := uint64(t.UnixMilli())
	for i := range 6 {
		b[i] = byte(ms >> (40 - 8*i))
	}
	return idEncoding.EncodeToString(b[:])
}

var idEncoding = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func fromMicros(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

func addrText(a netip.Addr) string {
	if !a.IsValid() {
		return ""
	}
	return a.String()
}

func addrOf(s string) netip.Addr {
	a, _ := netip.ParseAddr(s) // what is not an address was never one: invalid
	return a
}

func listText(l []string) string {
	if l == nil {
		l = []string{}
	}
	b, _ := json.Marshal(l) // strings always marshal
	return string(b)
}

func listOf(s string) []string {
	var l []string
	json.Unmarshal([]byte(s), &l) //nolint:errcheck // written by listText
	return l
}

func null(s string) sql.NullString { return sql.NullString{String: s, Valid: s != ""} }

// Page is a piece of a sorted list: after the row that Cursor names, at most
// Limit rows, whose text contains Search (folded).
type Page struct {
	Cursor Cursor
	Limit  int
	Search string
}

// Cursor is the sort key and id of the last row seen; zero is the beginning.
type Cursor struct{ Key, ID string }

// like is Search as a LIKE pattern, folded.
func (p Page) like() string { return like(telephony.Fold(p.Search)) }

// like is a part of a text as a LIKE pattern with its wildcards escaped by "!".
func like(part string) string {
	return "%" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(part) + "%"
}
