package storage

import (
	"reflect"
	"regexp"
	"strconv"
)

// values are what the :names of a text stand for.
type values map[string]any

var name = regexp.MustCompile(`:[a-z][a-z0-9]*`)

// named turns :names into $N in the order in which they first appear, and picks
// their values: PostgreSQL refuses values that no text uses.
func named(text string, v values) (string, []any) {
	var args []any
	seen := map[string]string{}
	text = name.ReplaceAllStringFunc(text, func(s string) string {
		if n, ok := seen[s]; ok {
			return n
		}
		args = append(args, v[s[1:]])
		n := "$" + strconv.Itoa(len(args))
		seen[s] = n
		return n
	})
	return text, args
}

// wide scans a row of several joined tables with the scan functions of each:
// they are run twice, first to say what they want, then to get it. Where a LEFT
// JOIN found nothing they get zero values.
type wide struct {
	cells []reflect.Value
	at    int
	ready bool
}

func (w *wide) Scan(dest ...any) error {
	for _, d := range dest {
		if !w.ready {
			w.cells = append(w.cells, reflect.New(reflect.TypeOf(d)))
			continue
		}
		if cell := w.cells[w.at].Elem(); !cell.IsNil() {
			reflect.ValueOf(d).Elem().Set(cell.Elem())
		}
		w.at++
	}
	return nil
}

// across makes a scan function for rows of joined tables.
func across[T any](scan func(scanner) (T, error)) func(scanner) (T, error) {
	return func(s scanner) (T, error) {
		var w wide
		if none, err := scan(&w); err != nil {
			return none, err
		}
		cells := make([]any, len(w.cells))
		for i, c := range w.cells {
			cells[i] = c.Interface()
		}
		if err := s.Scan(cells...); err != nil {
			var none T
			return none, err
		}
		w.ready = true
		return scan(&w)
	}
}

// list runs a text with :names and scans its rows.
func list[T any](tx *Tx, what, text string, v values, scan func(scanner) (T, error)) ([]T, error) {
	text, args := named(text, v)
	r, err := tx.query(text, args...)
	return all(what, across(scan), r, err)
}

// under puts an alias before each of a list of columns.
func under(alias, columns string) string {
	return column.ReplaceAllString(columns, alias+".$0")
}

var column = regexp.MustCompile(`[a-z_0-9]+`)
